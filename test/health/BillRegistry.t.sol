// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {BillId} from "../../contracts/health/BillId.sol";
import {BillSlot, BillSlots} from "../../contracts/health/BillSlot.sol";
import {IBillRegistry as I} from "../../contracts/health/IBillRegistry.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

/// @dev Bodies 1 and 2 bill, with keys 1, 2 and key 3; bodies 3 and 4 pay, with keys 4 and 5.
contract BillRegistryTest {
    /// @dev A bill's whole history; how it stands is worked out of it.
    struct Step {
        I.State to;
        uint8 key;
        uint40 time;
        I.RejectReason reason;
    }

    error OutcomeNotReached(uint256 outcome);

    uint40 private constant NO_END = type(uint40).max;
    bytes32 private constant PROVIDER = keccak256("diwan.role.health-provider");
    bytes32 private constant PAYER = keccak256("diwan.role.payer");

    TrustList private list;
    I private registry;
    uint40 private time = 1_800_000_000;
    uint40[6] private compromised;
    /// @dev By the body that billed, from 1, and the invoice.
    mapping(uint256 body => mapping(uint256 invoice => Step[])) private histories;
    mapping(bytes4 outcome => uint256) private reached;

    function setUp() public {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        list = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = I(Artifact.deploy("BillRegistry", abi.encode(address(manager), list, relays)));
        for (uint32 body = 1; body <= 4; ++body) {
            list.registerBody(address(this), "");
            list.accredit(body < 3 ? PROVIDER : PAYER, 0, body, 0, NO_END, 0, "");
        }
        for (uint8 key = 1; key <= 5; ++key) {
            bytes32[] memory scopes = new bytes32[](1);
            scopes[0] = key < 4 ? PROVIDER : PAYER;
            bytes memory consent = TypedData.consent(address(list), _bodyOf(key), key);
            list.authorizeKey(_bodyOf(key), vm.addr(key), scopes, 0, NO_END, type(uint256).max, consent);
        }
    }

    // WHAT IS RECORDED

    function test_steps_leadToEveryOutcome() public {
        uint256 clean = vm.snapshotState();
        uint256[13] memory met;
        bytes4[13] memory outcomes = [
            I.submit.selector,
            I.withdraw.selector,
            I.pay.selector,
            I.reject.selector,
            I.refund.selector,
            ITrustList.NotAccredited.selector,
            ITrustList.KeyNotInForce.selector,
            ITrustList.KeyOfAnotherBody.selector,
            I.BillSubmittedBefore.selector,
            I.BillUnknown.selector,
            I.BillPaidBefore.selector,
            I.BillIsWithdrawn.selector,
            I.BillProviderNotStanding.selector
        ];
        for (uint256 seed; seed < 32; ++seed) {
            testFuzz_anything_agreesWithTheHistories(seed);
            for (uint256 i; i < 13; ++i) met[i] += reached[outcomes[i]];
            vm.revertToState(clean);
            clean = vm.snapshotState();
        }
        for (uint256 i; i < 13; ++i) require(met[i] != 0, OutcomeNotReached(i));
    }

    function testFuzz_anything_agreesWithTheHistories(uint256 seed) public {
        for (uint256 step; step < 60; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            uint256 what = r % 32;
            if (what == 31) _compromise(r >> 8);
            else if (what > 27) time += uint40(r >> 8) % 100;
            else _act(r >> 8);
            vm.warp(time);
        }
        for (uint256 body = 1; body < 3; ++body) {
            for (uint256 invoice; invoice < 3; ++invoice) _compare(body, invoice);
        }
    }

    function _act(uint256 r) private {
        uint8 key = uint8(1 + (r % 5));
        (uint256 body, uint256 invoice) = (1 + ((r >> 8) % 2), (r >> 16) % 3);
        I.RejectReason reason = I.RejectReason((r >> 24) % 7);
        I.State to = I.State(1 + ((r >> 32) % 5));
        // A bill is submitted by its own provider, whichever other was drawn.
        if (to == I.State.SUBMITTED && key < 4) body = _bodyOf(key);
        Step[] storage history = histories[body][invoice];
        bytes4 refusal = _refusal(to, key, history, body, reason);
        vm.prank(vm.addr(key));
        (bool done, bytes memory answer) = address(registry).call(_call(to, body, invoice, reason));
        assert((done ? bytes4(0) : bytes4(answer)) == refusal);
        ++reached[done ? bytes4(_call(to, body, invoice, reason)) : refusal];
        if (done) history.push(Step(to, key, time, to == I.State.REJECTED ? reason : I.RejectReason.NONE));
    }

    function _call(
        I.State to,
        uint256 body,
        uint256 invoice,
        I.RejectReason reason
    ) private pure returns (bytes memory) {
        BillId id = _idOf(body, invoice);
        if (to == I.State.SUBMITTED) return abi.encodeCall(I.submit, (bytes32(invoice)));
        if (to == I.State.PAID) return abi.encodeCall(I.pay, (id));
        if (to == I.State.REJECTED) return abi.encodeCall(I.reject, (id, reason));
        if (to == I.State.REFUNDED) return abi.encodeCall(I.refund, (id));
        return abi.encodeCall(I.withdraw, (id));
    }

    /// @dev The error that a call must meet, in the order of the contract's questions; 0 for none.
    function _refusal(
        I.State to,
        uint8 key,
        Step[] storage history,
        uint256 body,
        I.RejectReason reason
    ) private view returns (bytes4) {
        I.State now_ = _stateOf(history);
        bytes4 stands = bytes4(0);
        if (now_ == I.State.UNKNOWN) stands = I.BillUnknown.selector;
        if (now_ == I.State.PAID) stands = I.BillPaidBefore.selector;
        if (now_ == I.State.WITHDRAWN) stands = I.BillIsWithdrawn.selector;

        if (to == I.State.REFUNDED) {
            if (now_ != I.State.PAID) return I.BillNotPaid.selector;
            return _refusalOfKey(key, _bodyOf(history[history.length - 1].key));
        }
        if (to == I.State.WITHDRAWN) return stands != 0 ? stands : _refusalOfKey(key, uint32(body));

        if (compromised[key] != 0) return ITrustList.KeyNotInForce.selector;
        if ((to == I.State.SUBMITTED) != (key < 4)) return ITrustList.NotAccredited.selector;
        if (to == I.State.SUBMITTED) {
            bool fresh = now_ == I.State.UNKNOWN || now_ == I.State.WITHDRAWN;
            return fresh ? bytes4(0) : I.BillSubmittedBefore.selector;
        }
        if (to == I.State.REJECTED && reason == I.RejectReason.NONE) return I.RejectReasonMissing.selector;
        if (stands != 0) return stands;
        bool bad = _standingOf(_submission(history)) != ITrustList.Standing.IN_FORCE;
        return to == I.State.PAID && bad ? I.BillProviderNotStanding.selector : bytes4(0);
    }

    function _refusalOfKey(uint8 key, uint32 body) private view returns (bytes4) {
        if (compromised[key] != 0) return ITrustList.KeyNotInForce.selector;
        return _bodyOf(key) == body ? bytes4(0) : ITrustList.KeyOfAnotherBody.selector;
    }

    function _compromise(uint256 r) private {
        uint8 key = uint8(1 + (r % 5));
        uint40 since = time - (uint40(r >> 8) % 200);
        if (compromised[key] != 0 && since >= compromised[key]) return;
        list.reportCompromise(vm.addr(key), since);
        compromised[key] = since;
    }

    function _compare(uint256 body, uint256 invoice) private view {
        Step[] storage history = histories[body][invoice];
        (I.State state, ITrustList.Standing provider, ITrustList.Standing payer) = registry.statusOf(
            _idOf(body, invoice)
        );
        I.Record memory expected;
        I.Record memory record = registry.recordOf(_idOf(body, invoice));
        assert(state == _stateOf(history));
        if (history.length != 0) {
            Step storage last = history[history.length - 1];
            Step storage first = _submission(history);
            assert(provider == _standingOf(first));
            (expected.submittedAt, expected.provider) = (first.time, uint32(body));
            expected.key = first.key == 2 ? 2 : 1;
            (expected.changedAt, expected.state, expected.reason) = (last.time, last.to, last.reason);
            (expected.payer, expected.payerKey) = _lastPayer(history);
            assert(payer == (state == I.State.PAID ? _standingOf(last) : ITrustList.Standing.NONE));
        } else {
            assert(provider == ITrustList.Standing.NONE && payer == ITrustList.Standing.NONE);
        }
        assert(keccak256(abi.encode(record)) == keccak256(abi.encode(expected)));
    }

    function _stateOf(Step[] storage history) private view returns (I.State) {
        return history.length == 0 ? I.State.UNKNOWN : history[history.length - 1].to;
    }

    /// @dev The last submission.
    function _submission(Step[] storage history) private view returns (Step storage step) {
        uint256 i = history.length - 1;
        while (history[i].to != I.State.SUBMITTED) --i;
        return history[i];
    }

    /// @dev Who last paid or rejected since the last submission, and with which key.
    function _lastPayer(Step[] storage history) private view returns (uint32, uint32) {
        for (uint256 i = history.length; i != 0; --i) {
            I.State to = history[i - 1].to;
            if (to == I.State.PAID || to == I.State.REJECTED) return (_bodyOf(history[i - 1].key), 1);
            if (to == I.State.SUBMITTED) break;
        }
        return (0, 0);
    }

    function _standingOf(Step storage step) private view returns (ITrustList.Standing) {
        uint40 since = compromised[step.key];
        bool burnt = since != 0 && since <= step.time;
        return burnt ? ITrustList.Standing.COMPROMISED : ITrustList.Standing.IN_FORCE;
    }

    // THE SLOT

    function testFuzz_slot_givesBackWhatItTook(
        uint40 submittedAt,
        uint32 provider,
        uint32 key,
        uint8 role,
        uint40 changedAt,
        uint8 to,
        uint8 why
    ) public pure {
        I.State next = I.State(to % 6);
        I.RejectReason reason = I.RejectReason(why % 7);
        BillSlot slot = BillSlots.submitted(submittedAt, provider, key, role);
        I.Record memory r;
        (r.submittedAt, r.provider, r.key, r.role) = (submittedAt, provider, key, role);
        (r.changedAt, r.state) = (submittedAt, I.State.SUBMITTED);
        assert(_same(slot, r));
        // Over what all its bits were set.
        slot = slot.decided(NO_END, type(uint32).max, type(uint32).max, type(uint8).max, I.State(5), I.RejectReason(6));
        slot = slot.decided(changedAt, key, provider, role, next, reason);
        (r.changedAt, r.payer, r.payerKey, r.payerRole) = (changedAt, key, provider, role);
        (r.state, r.reason) = (next, reason);
        assert(_same(slot, r));
        slot = slot.changed(submittedAt, I.State.REFUNDED);
        (r.changedAt, r.state, r.reason) = (submittedAt, I.State.REFUNDED, I.RejectReason.NONE);
        assert(_same(slot, r));
    }

    function _same(BillSlot slot, I.Record memory r) private pure returns (bool) {
        return keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(r));
    }

    function testFuzz_billIdOf_isOfProviderAndCommitment(uint32 provider, bytes32 commitment) public view {
        bytes32 id = keccak256(bytes.concat(bytes32(uint256(provider)), commitment));
        assert(BillId.unwrap(registry.billIdOf(provider, commitment)) == id);
    }

    // HELPERS

    function _idOf(uint256 body, uint256 invoice) private pure returns (BillId) {
        return BillId.wrap(keccak256(abi.encode(body, invoice)));
    }

    function _bodyOf(uint8 key) private pure returns (uint32) {
        return key < 3 ? 1 : key - 1;
    }
}
