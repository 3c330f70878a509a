// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IJudgmentRegistry as J} from "../../contracts/justice/IJudgmentRegistry.sol";
import {IPowerOfAttorneyRegistry as P} from "../../contracts/justice/IPowerOfAttorneyRegistry.sol";
import {IServiceRegistry as S} from "../../contracts/justice/IServiceRegistry.sol";
import {JudgmentSlot, JudgmentSlots} from "../../contracts/justice/JudgmentSlot.sol";
import {PowerSlot, PowerSlots} from "../../contracts/justice/PowerSlot.sol";
import {ServiceSlot, ServiceSlots} from "../../contracts/justice/ServiceSlot.sol";

/// @title SlotsTest
/// @notice Each field is read back as it was packed, whatever stands beside it.
contract SlotsTest {
    function testFuzz_judgment_keepsEveryField(uint256 seed, uint256 more, uint8 how) external view {
        J.Judgment memory g = J.Judgment(
            bytes32(seed),
            bytes32(more),
            J.Kind(how % 5),
            uint40(seed),
            uint40(seed >> 40),
            uint32(seed >> 80)
        );
        J.Record memory r;
        (r.registeredAt, r.court, r.key, r.role) = (
            uint40(more),
            uint32(more >> 40),
            uint32(more >> 72),
            uint8(more >> 104)
        );
        (r.decidedAt, r.finalFrom, r.appealTo, r.kind) = (g.decidedAt, g.finalFrom, g.appealTo, g.kind);
        JudgmentSlot slot = this.pack(g, r);
        assert(_same(slot, r));
        (slot, r.isUponAnother) = (slot.upon(), true);
        assert(_same(slot, r));
        (slot, r.isAppealed) = (slot.appealed(true), true);
        assert(_same(slot, r));
        (slot, r.outcome) = (slot.decided(J.Outcome.RECTIFIED).decided(J.Outcome(how % 6)), J.Outcome(how % 6));
        assert(_same(slot, r));
        (slot, r.isDisplaced) = (slot.displaced(), true);
        assert(_same(slot, r));
        (slot, r.depth) = (slot.following(how % 255), (how % 255) + 1);
        assert(_same(slot, r));
        (slot, r.finalFrom) = (slot.finalAt(~r.finalFrom), ~r.finalFrom);
        assert(_same(slot, r));
        (slot, r.isAppealed) = (slot.appealed(false), false);
        assert(_same(slot, r));
        // A corrected text takes what was decided, and nothing of what was decided upon it.
        (slot, r.registeredAt, r.key, r.role) = (
            slot.corrected(~r.registeredAt, ~r.key, ~r.role),
            ~r.registeredAt,
            ~r.key,
            ~r.role
        );
        (r.outcome, r.depth, r.isDisplaced) = (J.Outcome.NONE, 0, false);
        assert(_same(slot, r));
    }

    function pack(J.Judgment calldata g, J.Record calldata r) external pure returns (JudgmentSlot) {
        return JudgmentSlots.registered(r.registeredAt, g, r.court, r.key, r.role);
    }

    function testFuzz_service_keepsEveryField(uint256 seed, uint32 first, uint32 second, uint8 why) external pure {
        S.Record memory r;
        (r.sentAt, r.until, r.server, r.key) = (
            uint40(seed) >> 1,
            uint40(seed >> 40),
            uint32(seed >> 80),
            uint32(seed >> 112)
        );
        (r.role, r.isByBailiff) = (uint8(seed >> 144), why % 2 == 0);
        (uint32 key, bool bailiff) = (uint32(seed >> 160) | 1, r.isByBailiff);
        S.Failure failure = S.Failure(1 + (why % 5));
        ServiceSlot slot = ServiceSlots.sent(r.sentAt, r.until, r.server, r.key, r.role, bailiff);
        assert(_same(slot, r));
        S.Record memory failed = abi.decode(abi.encode(r), (S.Record));
        (failed.failure, failed.endedAt) = (failure, r.sentAt + second);
        assert(_same(slot.failed(uint256(r.sentAt) + second, failure), failed));
        (slot, r.deliveredAt, r.deliveryKey) = (slot.delivered(uint256(r.sentAt) + first, key), r.sentAt + first, key);
        assert(_same(slot, r));
        (r.isAcknowledged, r.endedAt) = (true, r.sentAt + second);
        assert(_same(slot.acknowledged(uint256(r.sentAt) + second), r));
        // After 136 years the time stays, and nothing beside it moves.
        r.endedAt = r.sentAt + type(uint32).max;
        assert(_same(slot.acknowledged(uint256(r.sentAt) + type(uint32).max + 1 + second), r));
    }

    function testFuzz_power_keepsEveryField(uint256 seed, uint40 time, uint32 version, bool signed) external pure {
        P.Power memory p = P.Power(
            uint40(seed),
            uint40(seed >> 40),
            uint40(seed >> 80),
            uint32(seed >> 120),
            P.State.GRANTED,
            seed >> 255 == 1
        );
        PowerSlot slot = PowerSlots.granted(p.from, p.until, p.changedAt, p.version, p.isBySignature);
        assert(_same(slot, p));
        for (uint256 i = 2; i < 4; ++i) {
            (p.changedAt, p.version, p.state, p.isBySignature) = (time, version, P.State(i), signed);
            assert(_same(slot.ended(time, version, P.State(i), signed), p));
        }
    }

    function _same(JudgmentSlot slot, J.Record memory r) private pure returns (bool) {
        return keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(r));
    }

    function _same(ServiceSlot slot, S.Record memory r) private pure returns (bool) {
        return keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(r));
    }

    function _same(PowerSlot slot, P.Power memory p) private pure returns (bool) {
        return keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(p));
    }
}
