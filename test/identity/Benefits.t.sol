// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AnswerHash} from "../../contracts/identity/AnswerHash.sol";
import {Benefits} from "../../contracts/identity/Benefits.sol";
import {BenefitSlot, BenefitSlots} from "../../contracts/identity/BenefitSlot.sol";
import {IBenefits as I} from "../../contracts/identity/IBenefits.sol";
import {IEligibility} from "../../contracts/identity/IEligibility.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {Signatures} from "../../contracts/trust/Signatures.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

contract BenefitsTest {
    /// @dev A claim as the interface's text has it: fields, not a word; looked for by a loop, not by a hash.
    struct Twin {
        uint40 number;
        bytes32 nullifier;
        uint40 claimedAt;
        uint40 deadline;
        uint40 revokedAt;
        uint32 key;
        I.Reason reason;
    }

    uint40 private constant NO_END = type(uint40).max;
    uint40 private constant LENGTH = 1_000;
    /// @dev Of a claim after a revocation.
    bytes4 private constant _ANEW = "anew";
    bytes32 private constant RULES = "rules";

    TrustList private list;
    Benefits private benefits;
    Twin[] private twins;
    uint40 private time = 1_800_000_000;
    uint40 private start = 1_800_000_001;
    uint32 private agency;
    uint32 private rival;
    mapping(bytes4 outcome => uint256) private reached;

    function setUp() public {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        list = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        benefits = Benefits(Artifact.deploy("Benefits", abi.encode(address(manager), list, relays)));
        agency = list.registerBody(address(this), "");
        rival = list.registerBody(address(this), "");
        list.accredit(_policy(), 0, agency, 0, NO_END, 0, "");
        list.accredit("other", 0, rival, 0, NO_END, 0, "");
        _authorize(agency, 1, _policy());
        _authorize(agency, 2, _policy());
        _authorize(rival, 3, "other");
    }

    // WHAT IS RECORDED

    function test_steps_leadToEveryOutcome() public {
        _claim(1);
        for (uint256 seed; seed < 16; ++seed) testFuzz_claimsAndRevocations_agreeWithThePlainTwin(seed);
        bytes4[11] memory outcomes = [
            I.claim.selector,
            I.revoke.selector,
            _ANEW,
            I.PeriodNotBegun.selector,
            I.PeriodNotCurrent.selector,
            ITrustList.NotAccredited.selector,
            Signatures.SignatureExpired.selector,
            Signatures.SignatureInvalid.selector,
            I.BenefitAlreadyClaimed.selector,
            I.BenefitNotClaimed.selector,
            ITrustList.KeyOfAnotherBody.selector
        ];
        for (uint256 i; i < outcomes.length; ++i) assert(reached[outcomes[i]] != 0);
    }

    function testFuzz_claimsAndRevocations_agreeWithThePlainTwin(uint256 seed) public {
        for (uint256 step; step < 24; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            if (r % 8 == 0) time += uint40(r >> 8) % (LENGTH / 2);
            vm.warp(time);
            if (r % 8 < 6) _claim(r >> 16);
            else _revoke(r >> 16);
        }
        for (uint256 n; n < 3; ++n) {
            for (uint40 number; number < 4; ++number) _compare(number, bytes32(n));
        }
    }

    function _claim(uint256 r) private {
        I.Answer memory a = I.Answer({
            rules: RULES,
            period: IEligibility.Period(start, LENGTH),
            number: time < start ? 0 : uint40((time - start) / LENGTH + (r % 8 == 0 ? 1 : 0)),
            nullifier: bytes32((r >> 8) % 3),
            commitment: bytes32(r),
            deadline: time + 100 + uint40((r >> 16) % 4)
        });
        uint256 key = 1 + ((r >> 24) % 8 == 0 ? 2 : (r >> 32) % 2);
        bool badSignature = (r >> 40) % 8 == 0;
        if ((r >> 48) % 8 == 0) a.deadline = time - 1;

        uint256 at = _find(a.number, a.nullifier);
        bytes4 refusal = _refusalOfClaim(a, key, badSignature, at);

        bytes memory signature = TypedData.sign(key, badSignature ? bytes32(r) : _digest(a, vm.addr(key)));
        try benefits.claim(a, vm.addr(key), signature) {
            assert(refusal == 0);
            ++reached[at == twins.length ? I.claim.selector : _ANEW];
            if (at == twins.length) twins.push();
            Twin storage written = twins[at];
            (written.number, written.nullifier, written.key) = (a.number, a.nullifier, uint32(key));
            (written.claimedAt, written.deadline) = (time, a.deadline);
            (written.revokedAt, written.reason) = (0, I.Reason.UNSPECIFIED);
        } catch (bytes memory reason) {
            assert(refusal == bytes4(reason));
            ++reached[refusal];
        }
    }

    /// @dev The error that a claim must meet, in the order of the contract's questions; 0 for none.
    function _refusalOfClaim(
        I.Answer memory a,
        uint256 key,
        bool badSignature,
        uint256 at
    ) private view returns (bytes4) {
        if (time < start) return I.PeriodNotBegun.selector;
        if (a.number != (time - start) / LENGTH) return I.PeriodNotCurrent.selector;
        if (key == 3) return ITrustList.NotAccredited.selector;
        if (a.deadline < time) return Signatures.SignatureExpired.selector;
        if (badSignature) return Signatures.SignatureInvalid.selector;
        if (at == twins.length) return 0;
        if (twins[at].revokedAt == 0) return I.BenefitAlreadyClaimed.selector;
        return a.deadline > twins[at].deadline ? bytes4(0) : I.AnswerIsStale.selector;
    }

    function _revoke(uint256 r) private {
        uint40 number = time < start ? 0 : (time - start) / LENGTH;
        if (r % 4 == 0 && number != 0) --number;
        bytes32 nullifier = bytes32((r >> 8) % 3);
        (uint256 key, I.Reason reason) = (1 + ((r >> 16) % 3), I.Reason((r >> 24) % 5));
        uint256 at = _find(number, nullifier);
        bytes4 refusal = key == 3 ? ITrustList.KeyOfAnotherBody.selector : bytes4(0);
        if (at == twins.length || twins[at].revokedAt != 0) refusal = I.BenefitNotClaimed.selector;
        vm.prank(vm.addr(key));
        try benefits.revoke(_policy(), number, nullifier, reason) {
            assert(refusal == 0);
            ++reached[I.revoke.selector];
            (twins[at].revokedAt, twins[at].reason) = (time, reason);
        } catch (bytes memory why) {
            assert(refusal == bytes4(why));
            ++reached[refusal];
        }
    }

    function _compare(uint40 number, bytes32 nullifier) private view {
        I.Record memory record = benefits.recordOf(_policy(), number, nullifier);
        (I.Status status, ITrustList.Standing decider) = benefits.statusOf(_policy(), number, nullifier);
        uint256 at = _find(number, nullifier);
        if (at == twins.length) {
            assert(record.claimedAt == 0 && record.body == 0 && status == I.Status.NONE);
            assert(decider == ITrustList.Standing.NONE);
            return;
        }
        Twin storage twin = twins[at];
        assert(record.claimedAt == twin.claimedAt && record.deadline == twin.deadline);
        assert(record.revokedAt == twin.revokedAt && record.reason == twin.reason);
        assert(record.body == agency && record.key == twin.key && record.role == 0);
        assert(status == (twin.revokedAt == 0 ? I.Status.CLAIMED : I.Status.REVOKED));
        assert(decider == ITrustList.Standing.IN_FORCE);
    }

    /// @dev Where it is among the twins, or their number.
    function _find(uint40 number, bytes32 nullifier) private view returns (uint256 i) {
        while (i < twins.length && (twins[i].number != number || twins[i].nullifier != nullifier)) ++i;
    }

    // HASHES AND THE SLOT

    function testFuzz_hashesOf_agreeWithTheirTwins(I.Answer calldata a, address decider) public pure {
        (bytes32 policy, bytes32 place, bytes32 signed) = AnswerHash.hashesOf(a, decider);
        assert(policy == keccak256(abi.encode(a.rules, a.period.start, a.period.length)));
        assert(place == keccak256(abi.encode(policy, a.number, a.nullifier)));
        assert(place == AnswerHash.placeOf(policy, a.number, a.nullifier));
        assert(signed == _structHash(policy, a, decider));
    }

    function testFuzz_slot_givesBackWhatItTook(
        uint40 claimedAt,
        uint40 deadline,
        uint40 revokedAt,
        uint32 body,
        uint32 key,
        uint8 role,
        uint8 why
    ) public pure {
        BenefitSlot slot = BenefitSlots.claimed(claimedAt, deadline, body, key, role);
        I.Record memory first = I.Record(claimedAt, deadline, 0, body, key, role, I.Reason.UNSPECIFIED);
        assert(keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(first)));
        I.Reason reason = I.Reason(why % 5);
        I.Record memory last = I.Record(claimedAt, deadline, revokedAt, body, key, role, reason);
        assert(keccak256(abi.encode(slot.revoked(revokedAt, reason).unpack())) == keccak256(abi.encode(last)));
    }

    function testFuzz_currentPeriod_agreesWithItsTwin(uint40 from, uint40 length, uint40 now_) public {
        vm.warp(now_);
        IEligibility.Period memory period = IEligibility.Period(from, length);
        if (now_ < from) {
            vm.expectRevert(abi.encodeWithSelector(I.PeriodNotBegun.selector, from, now_));
            benefits.currentPeriod(period);
            return;
        }
        uint256 number = benefits.currentPeriod(period);
        if (length == 0)
            assert(number == 0);
            // By what the number means: the period begins at or before now, and the next one after.
        else assert(from + number * length <= now_ && now_ < from + (number + 1) * length);
    }

    // HELPERS

    function _policy() private view returns (bytes32) {
        return keccak256(abi.encode(RULES, start, LENGTH));
    }

    function _digest(I.Answer memory a, address decider) private view returns (bytes32) {
        return TypedData.digest("Diwan Benefits", address(benefits), _structHash(_policy(), a, decider));
    }

    function _structHash(bytes32 policy, I.Answer memory a, address decider) private pure returns (bytes32) {
        bytes32 answer = keccak256(
            "Answer(bytes32 policy,uint40 number,bytes32 nullifier,bytes32 commitment,uint40 deadline,address decider)"
        );
        return keccak256(abi.encode(answer, policy, a.number, a.nullifier, a.commitment, a.deadline, decider));
    }

    function _authorize(uint32 body, uint256 key, bytes32 scope) private {
        bytes32[] memory scopes = new bytes32[](1);
        scopes[0] = scope;
        bytes memory consent = TypedData.consent(address(list), body, key);
        list.authorizeKey(body, vm.addr(key), scopes, 0, NO_END, type(uint256).max, consent);
    }
}
