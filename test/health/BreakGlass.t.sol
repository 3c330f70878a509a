// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {EmergencySlot, EmergencySlots} from "../../contracts/health/EmergencySlot.sol";
import {IBreakGlass as I} from "../../contracts/health/IBreakGlass.sol";
import {ReviewSlot} from "../../contracts/health/ReviewSlot.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

/// @dev Body 1 breaks the glass with keys 1 and 2, body 2 breaks it and reviews with key 3, body 3 reviews with key 4.
contract BreakGlassTest {
    /// @dev A use as the interface's text has it; looked for by a loop, not by a hash.
    struct Twin {
        address patient;
        uint8 key;
        uint40 openedAt;
        uint40 end;
        I.EmergencyReason reason;
        I.Outcome outcome;
        uint40 reviewedAt;
    }

    error OutcomeNotReached(uint256 outcome);

    uint40 private constant NO_END = type(uint40).max;
    uint40 private constant MAX_WINDOW = 500;
    bytes32 private constant EMERGENCY = keccak256("diwan.role.emergency-care");
    bytes32 private constant REVIEW = keccak256("diwan.role.break-glass-review");

    TrustList private list;
    I private registry;
    Twin[] private twins;
    uint40 private time = 1_800_000_000;
    uint32 private limit;
    bool private suspended;
    mapping(bytes4 outcome => uint256) private reached;

    function setUp() public {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        list = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = I(Artifact.deploy("ConsentRegistry", abi.encode(address(manager), list, MAX_WINDOW, relays)));
        for (uint32 body = 1; body <= 3; ++body) {
            list.registerBody(address(this), "");
            if (body != 3) list.accredit(EMERGENCY, 0, body, 0, NO_END, 0, "");
            if (body != 1) list.accredit(REVIEW, 0, body, 0, NO_END, 0, "");
        }
        for (uint8 key = 1; key <= 4; ++key) _authorize(key);
    }

    // WHAT IS RECORDED

    function test_steps_leadToEveryOutcome() public {
        for (uint256 seed; seed < 24; ++seed) testFuzz_usesAndReviews_agreeWithThePlainTwin(seed);
        bytes4[11] memory outcomes = [
            I.breakGlass.selector,
            I.review.selector,
            ITrustList.NotAccredited.selector,
            I.EmergencyPatientMissing.selector,
            I.EmergencyWindowInvalid.selector,
            I.EmergencyReasonMissing.selector,
            I.BreakGlassBlocked.selector,
            I.GlassBrokenBefore.selector,
            I.ReviewOutcomeMissing.selector,
            I.ReviewerNotIndependent.selector,
            I.BreakGlassReviewedBefore.selector
        ];
        for (uint256 i; i < outcomes.length; ++i) require(reached[outcomes[i]] != 0, OutcomeNotReached(i));
    }

    function testFuzz_usesAndReviews_agreeWithThePlainTwin(uint256 seed) public {
        for (uint256 step; step < 40; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            uint256 what = r % 16;
            if (what < 8) _open(r >> 8);
            else if (what < 12) _review(r >> 8);
            else if (what == 12) _setLimit(uint32(r >> 8) % 5);
            else if (what == 13) _suspendOrReinstate();
            else time += uint40(r >> 8) % 300;
            vm.warp(time);
        }
        for (uint256 i; i < twins.length; ++i) _compare(twins[i]);
        assert(registry.unreviewedOf(1) == _waiting(1) && registry.unreviewedOf(2) == _waiting(2));
        assert(registry.reviewLimit() == limit);
    }

    function _open(uint256 r) private {
        uint8 key = uint8(1 + (r % 3));
        address patient = address(uint160((r >> 8) % 12 == 0 ? 0 : 0x5000 + ((r >> 8) % 2)));
        uint40 window = uint40((r >> 16) % 12 == 0 ? MAX_WINDOW + 1 : (r >> 16) % MAX_WINDOW);
        I.EmergencyReason reason = I.EmergencyReason((r >> 32) % 6);
        bytes4 refusal = _refusalOfOpening(key, patient, window, reason);
        vm.prank(vm.addr(key));
        try registry.breakGlass(patient, window, reason, bytes32(r)) returns (bytes32 id) {
            assert(refusal == 0 && id == keccak256(abi.encode(patient, _bodyOf(key), time)));
            ++reached[I.breakGlass.selector];
            twins.push(Twin(patient, key, time, time + window, reason, I.Outcome.PENDING, 0));
        } catch (bytes memory why) {
            assert(refusal == bytes4(why));
            ++reached[refusal];
        }
    }

    function _refusalOfOpening(
        uint8 key,
        address patient,
        uint40 window,
        I.EmergencyReason reason
    ) private view returns (bytes4) {
        uint32 body = _bodyOf(key);
        if (suspended && body == 1) return ITrustList.NotAccredited.selector;
        if (patient == address(0)) return I.EmergencyPatientMissing.selector;
        if (window == 0 || window > MAX_WINDOW) return I.EmergencyWindowInvalid.selector;
        if (reason == I.EmergencyReason.UNSPECIFIED) return I.EmergencyReasonMissing.selector;
        if (_waiting(body) >= limit) return I.BreakGlassBlocked.selector;
        for (uint256 i; i < twins.length; ++i) {
            bool same = twins[i].patient == patient && _bodyOf(twins[i].key) == body;
            if (same && twins[i].openedAt == time) return I.GlassBrokenBefore.selector;
        }
        return 0;
    }

    function _review(uint256 r) private {
        if (twins.length == 0) return;
        uint8 key = uint8(1 + (r % 4));
        Twin storage twin = twins[twins.length - 1 - ((r >> 8) % (twins.length < 6 ? twins.length : 6))];
        I.Outcome outcome = I.Outcome((r >> 16) % 3);
        bytes4 refusal = 0;
        if (_bodyOf(key) == 1) refusal = ITrustList.NotAccredited.selector;
        else if (outcome == I.Outcome.PENDING) refusal = I.ReviewOutcomeMissing.selector;
        else if (_bodyOf(twin.key) == _bodyOf(key)) refusal = I.ReviewerNotIndependent.selector;
        else if (twin.outcome != I.Outcome.PENDING) refusal = I.BreakGlassReviewedBefore.selector;
        vm.prank(vm.addr(key));
        try registry.review(_idOf(twin), outcome, bytes32(r)) {
            assert(refusal == 0);
            ++reached[I.review.selector];
            (twin.outcome, twin.reviewedAt) = (outcome, time);
        } catch (bytes memory why) {
            assert(refusal == bytes4(why));
            ++reached[refusal];
        }
    }

    function _setLimit(uint32 to) private {
        registry.setReviewLimit(to);
        limit = to;
    }

    function _suspendOrReinstate() private {
        suspended = !suspended;
        if (suspended) list.suspend(EMERGENCY, 1, "");
        else list.reinstate(EMERGENCY, 1, "");
    }

    function _compare(Twin storage twin) private view {
        I.EmergencyUse memory use = registry.breakGlassOf(_idOf(twin));
        assert(use.openedAt == twin.openedAt && use.provider == _bodyOf(twin.key));
        assert(use.key == (twin.key == 2 ? 2 : 1) && use.role == 0 && use.reason == twin.reason);
        assert(use.outcome == twin.outcome && use.number == _numberOf(twin));
        bool cut = twin.outcome == I.Outcome.UNJUSTIFIED && twin.reviewedAt < twin.end;
        assert(use.until == (cut ? twin.reviewedAt : twin.end));
    }

    function _waiting(uint32 body) private view returns (uint32 count) {
        for (uint256 i; i < twins.length; ++i) {
            if (_bodyOf(twins[i].key) == body && twins[i].outcome == I.Outcome.PENDING) ++count;
        }
    }

    /// @dev How many uses its body made up to this one.
    function _numberOf(Twin storage twin) private view returns (uint32 count) {
        bytes32 id = _idOf(twin);
        for (uint256 i; i < twins.length; ++i) {
            if (_bodyOf(twins[i].key) == _bodyOf(twin.key)) ++count;
            if (_idOf(twins[i]) == id) return count;
        }
    }

    function _idOf(Twin storage twin) private view returns (bytes32) {
        return keccak256(abi.encode(twin.patient, _bodyOf(twin.key), twin.openedAt));
    }

    // THE SLOTS

    function testFuzz_reviewSlot_agreesWithAPlainList(uint256 seed) public pure {
        bool[] memory waits = new bool[](500);
        (uint32 count, uint32 waiting) = (0, 0);
        ReviewSlot slot;
        for (uint256 step; step < 700; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            // The use 192 before the next one.
            bool full = count >= 192 && waits[count + 1 - 192];
            assert(slot.isFull() == full);
            uint32 number = count == 0 ? 0 : uint32(count - ((r >> 8) % (count < 200 ? count : 200)));
            if (full) number = count + 1 - 192;
            if (!full && (r % 4 != 0 || number == 0)) {
                if (count == 499) continue;
                slot = slot.afterOpening();
                waits[++count] = true;
                ++waiting;
            } else {
                assert(slot.isWaiting(number) == waits[number]);
                if (!waits[number]) continue;
                slot = slot.afterReview(number);
                waits[number] = false;
                --waiting;
            }
            assert(slot.opened() == count && slot.waiting() == waiting);
        }
        for (uint32 number = 1; number <= count; ++number) assert(slot.isWaiting(number) == waits[number]);
    }

    function testFuzz_emergencySlot_givesBackWhatItTook(
        uint40 openedAt,
        uint24 window,
        uint32 provider,
        uint32 key,
        uint8 role,
        uint8 why,
        uint32 number,
        uint40 faultedAt
    ) public pure {
        I.EmergencyReason reason = I.EmergencyReason(why % 6);
        openedAt %= type(uint40).max - type(uint24).max;
        EmergencySlot slot = EmergencySlots.created(openedAt, window, provider, key, role, reason, number);
        for (uint256 i; i < 2; ++i) {
            assert(slot.openedAt() == openedAt && slot.provider() == provider && slot.key() == key);
            assert(slot.role() == role && slot.reason() == reason && slot.number() == number);
            uint40 end = openedAt + window;
            bool cut = i == 1 && faultedAt != 0 && faultedAt < end;
            assert(slot.until() == (cut ? faultedAt : end));
            assert(slot.faultedAt() == (i == 0 ? 0 : faultedAt));
            slot = slot.faulted(faultedAt);
        }
    }

    // HELPERS

    function _bodyOf(uint8 key) private pure returns (uint32) {
        return key == 1 ? 1 : key - 1;
    }

    function _authorize(uint8 key) private {
        uint32 body = _bodyOf(key);
        bytes32[] memory scopes = new bytes32[](body == 2 ? 2 : 1);
        scopes[0] = body == 3 ? REVIEW : EMERGENCY;
        if (body == 2) scopes[1] = REVIEW;
        bytes memory consent = TypedData.consent(address(list), body, key);
        list.authorizeKey(body, vm.addr(key), scopes, 0, NO_END, type(uint256).max, consent);
    }
}
