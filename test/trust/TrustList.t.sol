// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {PlainLog} from "../ledger/PlainLog.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {PlainTrustList} from "./PlainTrustList.sol";
import {TrustSteps} from "./TrustSteps.sol";

contract TrustListTest {
    uint256 private constant STEPS = 40;
    uint256 private constant QUESTIONS = 12;

    TrustSteps private steps;
    TrustList private list;
    PlainTrustList private plain;

    function setUp() public {
        steps = TrustSteps(Artifact.deploy("TrustSteps", ""));
        (list, plain) = (steps.LIST(), steps.PLAIN());
    }

    function testFuzz_everything_agreesWithThePlainTwin(uint256 seed) public {
        uint256 first = block.timestamp;
        for (uint256 i; i < STEPS; ++i) {
            _step(uint256(keccak256(abi.encode(seed, i))));
            require(bytes(steps.difference()).length == 0, steps.difference());
        }
        for (uint256 i; i < QUESTIONS; ++i) _ask(uint256(keccak256(abi.encode(seed, "question", i))), first);

        (uint64 size, bytes32 root) = list.checkpoint();
        bytes32[] memory log = steps.log();
        assert(size == log.length);
        assert(root == PlainLog.root(log));
    }

    /// @dev What the fuzz test tries must come off often enough, and be refused often enough.
    function test_steps_succeedAndFail_whenTakenAtRandom() public {
        string[8] memory names = [
            "accredit",
            "suspend",
            "reinstate",
            "withdraw",
            "updateBody",
            "authorizeKey",
            "retireKey",
            "reportCompromise"
        ];
        uint256[8] memory done;
        uint256[8] memory refused;
        for (uint256 round; round < 30; ++round) {
            setUp();
            for (uint256 i; i < STEPS; ++i) _step(uint256(keccak256(abi.encode("steps", round, i))));
            for (uint256 i; i < names.length; ++i) {
                done[i] += steps.count(names[i], true);
                refused[i] += steps.count(names[i], false);
            }
        }
        for (uint256 i; i < names.length; ++i) {
            require(done[i] >= 5, string.concat(names[i], " hardly ever succeeds"));
            require(refused[i] >= 5, string.concat(names[i], " hardly ever fails"));
        }
    }

    /// @dev Many of the steps accredit, or nothing else would find much to do.
    function _step(uint256 r) private {
        steps.pass(uint8(r >> 248));
        uint256 kind = uint8(r >> 240) % 16;
        (uint256 a, uint256 b, uint256 c) = (uint32(r), uint32(r >> 32), uint32(r >> 64));
        (uint256 d, uint256 e, uint256 f) = (uint32(r >> 96), uint32(r >> 128), uint32(r >> 160));
        if (kind < 6) steps.accredit(a, b, c, d, e, f, uint32(r >> 192));
        else if (kind < 8) steps.suspend(a, b, c);
        else if (kind == 8) steps.reinstate(a, b, c);
        else if (kind == 9) steps.withdraw(a, b, c);
        else if (kind < 13) steps.authorize(a, b, c, d, e, f % 8 != 0);
        else if (kind == 13) steps.retire(a, b);
        else if (kind == 14) steps.report(a, b, c);
        else if (a % 2 == 0) steps.handOver(b, c, d);
        else steps.register(b);
    }

    /// @dev About some second from the first one to a little after now.
    function _ask(uint256 r, uint256 first) private view {
        uint40 time = uint40(first + ((r >> 128) % (block.timestamp - first + 8)));
        (bytes32 scope, uint32 body, uint32 key) = (
            steps.scopeAt(uint32(r)),
            steps.bodyAt(r >> 32),
            uint32((r >> 64) % 4)
        );

        (ITrustList.Standing standing, uint32 decidedBy) = list.standingAt(scope, body, time);
        (ITrustList.Standing expected, uint32 expectedBy) = plain.standingAt(scope, body, time);
        assert(standing == expected && decidedBy == expectedBy);
        assert(list.isAccreditedAt(scope, body, time) == (expected == ITrustList.Standing.IN_FORCE));
        assert(list.standingOf(scope, body, key, time) == plain.standingOf(scope, body, key, time));

        address operator = steps.keyAt(r >> 96);
        PlainTrustList.KeyCase memory k = plain.keyCase(operator);
        bool acts = plain.mayAct(scope, operator);
        try list.requireAccredited(scope, operator) returns (uint32 actsFor, uint32 number, uint8) {
            assert(acts && actsFor == k.body && number == k.number);
        } catch {
            assert(!acts);
        }
    }
}
