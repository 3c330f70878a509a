// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {PlainLog} from "../ledger/PlainLog.sol";
import {PlainTrustList} from "../trust/PlainTrustList.sol";
import {TrustSteps} from "../trust/TrustSteps.sol";

/// @dev Hardhat calls at random only what is compiled with the file that it runs.
contract TrustHandler is TrustSteps {}

/// @dev README.md says each of these as a sentence.
contract TrustListInvariants {
    TrustSteps private steps;
    TrustList private list;
    PlainTrustList private plain;

    function setUp() public {
        steps = TrustHandler(Artifact.deploy("TrustHandler", ""));
        (list, plain) = (steps.LIST(), steps.PLAIN());
    }

    /// @notice What Hardhat calls at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(steps);
    }

    function invariant_succeedsOrFailsAsThePlainRulesSay() external view {
        require(bytes(steps.difference()).length == 0, steps.difference());
    }

    function invariant_whoeverStandsReachesTheCouncil() external view {
        for (uint256 i; i < 12; ++i) {
            (bytes32 scope, uint32 body) = (steps.scopeAt(i), uint32(1 + i / 2));
            if (!list.isAccreditedAt(scope, body, uint40(block.timestamp))) continue;

            ITrustList.Accreditation memory a = list.accreditationOf(scope, body);
            for (uint256 depth = 1; ; ++depth) {
                assert(depth <= 4);
                assert(a.decision == ITrustList.Decision.ACCREDITED);
                assert(a.from <= block.timestamp && block.timestamp < a.until);
                if (a.parent == 0) break;
                ITrustList.Accreditation memory p = list.accreditationOf(scope, a.parent);
                assert(a.levels < p.levels && p.from <= a.from);
                a = p;
            }
            assert(a.levels <= 3);
        }
    }

    function invariant_aBurntKeyNeverActsAgain() external view {
        for (uint256 i; i < 4; ++i) {
            address key = steps.keyAt(i);
            PlainTrustList.KeyCase memory k = plain.keyCase(key);
            if (!k.burnt) continue;
            assert(list.keyOf(key).compromisedSince == k.burntFrom);
            assert(!_acts(steps.scopeAt(0), key) && !_acts(steps.scopeAt(1), key));
            for (uint8 role; role < 2; ++role) {
                try list.requireKey(key, k.body, role) {
                    assert(false);
                } catch {}
            }
        }
    }

    function invariant_aKeyKeepsItsBodyAndItsNumber() external view {
        for (uint256 i; i < 4; ++i) {
            ITrustList.Key memory k = list.keyOf(steps.keyAt(i));
            PlainTrustList.KeyCase memory first = plain.keyCase(steps.keyAt(i));
            assert(k.body == first.body && k.index == first.number);
            assert(k.body == 0 || k.index <= list.bodyOf(k.body).keys);
            for (uint256 j; j < i; ++j) {
                ITrustList.Key memory other = list.keyOf(steps.keyAt(j));
                assert(k.body == 0 || k.body != other.body || k.index != other.index);
            }
        }
    }

    function invariant_thePastNeverChanges() external view {
        TrustSteps.Memory[] memory memories = steps.memories();
        for (uint256 i; i < memories.length; ++i) {
            TrustSteps.Memory memory m = memories[i];
            (ITrustList.Standing standing, uint32 decidedBy) = list.standingAt(m.scope, m.body, m.time);
            assert(standing == m.standing && decidedBy == m.decidedBy);
        }
    }

    function invariant_theLogHoldsEveryChange() external view {
        bytes32[] memory log = steps.log();
        (uint64 size, bytes32 root) = list.checkpoint();
        assert(size == log.length);
        assert(root == PlainLog.root(log));
    }

    function _acts(bytes32 scope, address key) private view returns (bool) {
        try list.requireAccredited(scope, key) {
            return true;
        } catch {
            return false;
        }
    }
}
