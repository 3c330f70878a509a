// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {DepositSlot, DepositSlots} from "../../contracts/justice/DepositSlot.sol";
import {ExhibitSlot, ExhibitSlots} from "../../contracts/justice/ExhibitSlot.sol";
import {IEvidenceRegistry as I} from "../../contracts/justice/IEvidenceRegistry.sol";
import {NextSteps} from "../../contracts/justice/NextSteps.sol";
import {OfferSlot, OfferSlots} from "../../contracts/justice/OfferSlot.sol";
import {WitnessSlot, WitnessSlots} from "../../contracts/justice/WitnessSlot.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";
import {PlainLog} from "../ledger/PlainLog.sol";

/// @title EvidenceRegistryTest
/// @notice Each field is read back as it was packed, whatever stands beside it; the state machine says what the plan says; and
/// members are proved in batches of any size, by whom and when they were deposited.
contract EvidenceRegistryTest {
    uint40 private constant NO_END = type(uint40).max;
    bytes32 private constant CUSTODIAN = keccak256("diwan.role.evidence-custodian");
    bytes32 private constant CAPTURE_TOOL = keccak256("diwan.role.capture-tool");

    TrustList private list;
    I private registry;
    uint32 private custodian;
    uint32 private tool;
    bytes32[] private logged;

    function setUp() public {
        vm.warp(1_800_000_000);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        list = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = I(Artifact.deploy("EvidenceRegistry", abi.encode(address(manager), list, relays)));
        (custodian, tool) = (list.registerBody(address(this), ""), list.registerBody(address(this), ""));
        list.accredit(CUSTODIAN, 0, custodian, 0, NO_END, 0, "");
        list.accredit(CAPTURE_TOOL, 0, tool, 0, NO_END, 0, "");
        bytes32[] memory scopes = new bytes32[](1);
        scopes[0] = CUSTODIAN;
        bytes memory consent = TypedData.consent(address(list), custodian, 1);
        list.authorizeKey(custodian, vm.addr(1), scopes, 0, NO_END, type(uint256).max, consent);
    }

    // SLOTS

    function testFuzz_exhibit_keepsEveryField(
        uint256 seed,
        uint32 body,
        uint8 role,
        uint32 court,
        uint8 how
    ) external pure {
        I.Exhibit memory e;
        (e.depositedAt, e.depositor, e.key, e.tool) = (
            uint40(seed),
            uint32(seed >> 40),
            uint32(seed >> 72),
            uint32(seed >> 104)
        );
        (e.custodian, e.custodianRole, e.state) = (e.depositor, uint8(seed >> 136), I.State.DEPOSITED);
        ExhibitSlot slot = ExhibitSlots.deposited(e.depositedAt, e.depositor, e.key, e.custodianRole, e.tool);
        assert(_same(slot, e));
        (slot, e.isSealed) = (slot.withOtherSeal(), true);
        assert(_same(slot, e));
        (slot, e.court) = (slot.withCourt(~court).withCourt(court), court);
        assert(_same(slot, e));
        (slot, e.state) = (slot.withState(I.State.DESTROYED).withState(I.State(how % 9)), I.State(how % 9));
        assert(_same(slot, e));
        (slot, e.isHeld) = (slot.withOtherHold(), true);
        assert(_same(slot, e));
        (slot, e.custodian, e.custodianRole) = (slot.handedTo(~body, ~role).handedTo(body, role), body, role);
        e.hop = 2;
        assert(_same(slot, e));
        assert(slot.stateNumber() == uint256(e.state) && slot.situation() == 3);
        (slot, e.isSealed) = (slot.withOtherSeal(), false);
        assert(_same(slot, e) && slot.situation() == 2);
        (slot, e.isHeld) = (slot.withOtherHold(), false);
        assert(_same(slot, e) && slot.situation() == 0);
    }

    /// @dev The last hop but one: the count fills its field, and nothing beside it moves.
    function test_exhibit_countsToItsLastHop() external pure {
        ExhibitSlot slot = ExhibitSlots.deposited(1, 2, 3, 4, 5);
        for (uint256 i = 1; i <= type(uint16).max; ++i) slot = slot.handedTo(uint32(i), 0);
        I.Exhibit memory e = slot.unpack();
        assert(e.hop == type(uint16).max && e.state == I.State.DEPOSITED && e.court == 0 && !e.isSealed);
    }

    function testFuzz_deposit_keepsEveryField(uint256 seed, uint64 first) external pure {
        I.Deposit memory d = I.Deposit(
            uint40(seed),
            uint32(seed >> 40),
            first,
            uint32(seed >> 72),
            uint8(seed >> 104),
            uint32(seed >> 112)
        );
        DepositSlot slot = DepositSlots.deposited(d.depositedAt, d.depositor, first, d.key, d.role, d.tool);
        assert(keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(d)));
    }

    function testFuzz_offer_keepsEveryField(uint32 to, uint40 until, uint16 hop) external pure {
        I.Offer memory o = OfferSlots.made(to, until, hop).unpack();
        assert(o.to == to && o.until == until && o.hop == hop);
    }

    function testFuzz_witness_keepsEveryField(uint40 time, uint32 key, uint8 role) external pure {
        WitnessSlot w = WitnessSlots.attested(time, key, role);
        assert(w.attestedAt() == time && w.key() == key && w.role() == role);
    }

    // STATES

    /// @dev The plan, state by state, in words of its own.
    function test_allow_saysWhatThePlanSays() external pure {
        for (uint256 s; s < 9; ++s) {
            for (uint256 a; a < 12; ++a) {
                (I.State state, I.Action action) = (I.State(s), I.Action(a));
                bool isOpen = state != I.State.UNKNOWN && state != I.State.RETURNED && state != I.State.DESTROYED;
                assert(NextSteps.stateAllows(state, action) == (isOpen && _isPlanned(state, action)));
                for (uint256 flags; flags < 4; ++flags) {
                    (bool isSealed, bool isHeld) = (flags % 2 == 1, flags > 1);
                    ExhibitSlot slot = ExhibitSlots.deposited(1, 1, 1, 0, 1).withState(state);
                    if (isSealed) slot = slot.withOtherSeal();
                    if (isHeld) slot = slot.withOtherHold();
                    bool planned = isOpen && _isPlanned(state, action) && _isFree(action, isSealed, isHeld);
                    assert(NextSteps.allow(slot, a) == planned);
                }
            }
        }
    }

    function _isPlanned(I.State state, I.Action action) private pure returns (bool) {
        bool isBeforeCourt = state == I.State.TENDERED || state == I.State.CHALLENGED || state == I.State.REBUTTED;
        if (action == I.Action.TENDER) return state == I.State.DEPOSITED || state == I.State.EXCLUDED;
        if (action == I.Action.CHALLENGE) return state == I.State.TENDERED || state == I.State.REBUTTED;
        if (action == I.Action.REBUT) return state == I.State.CHALLENGED;
        if (action == I.Action.ADMIT) return isBeforeCourt;
        if (action == I.Action.EXCLUDE) return isBeforeCourt || state == I.State.ADMITTED;
        if (action == I.Action.RETURN || action == I.Action.DESTROY) return !isBeforeCourt;
        return true;
    }

    function _isFree(I.Action action, bool isSealed, bool isHeld) private pure returns (bool) {
        if (action == I.Action.HAND_OVER || action == I.Action.SEAL) return !isSealed;
        if (action == I.Action.UNSEAL) return isSealed;
        if (action == I.Action.HOLD) return !isHeld;
        if (action == I.Action.LIFT_HOLD) return isHeld;
        if (action == I.Action.RETURN || action == I.Action.DESTROY) return !isSealed && !isHeld;
        return true;
    }

    // MEMBERS

    function testFuzz_members_areProvedInLogsOfAnyShape(uint256 seed) external {
        delete logged;
        for (uint256 run; run < 4; ++run) {
            uint256 r = uint256(keccak256(abi.encode(seed, run)));
            (bytes32[] memory commitments, uint256 first) = (_commitments(r, 1 + (r % 20)), logged.length);
            for (uint256 i; i < commitments.length; ++i) logged.push(commitments[i]);
            vm.warp(block.timestamp + (r % 1000));
            vm.prank(vm.addr(1));
            registry.depositMany(tool, commitments, 0);
            uint256 index = first + ((r >> 32) % commitments.length);
            _expectMember(logged, index, true);
            // An entry of an earlier batch is not proved by a later checkpoint.
            if (first != 0) _expectRefused(_member(logged, (r >> 64) % first, true));
        }
    }

    function testFuzz_members_areProvedUnderRootsOfAnySize(uint256 seed) external {
        bytes32[] memory commitments = _commitments(seed, 1 + (seed % 70));
        bytes32 root = PlainLog.root(commitments);
        vm.prank(vm.addr(1));
        registry.depositBatch(tool, root, uint64(commitments.length), 0);
        uint256 index = (seed >> 32) % commitments.length;
        I.BatchedExhibit memory forged = _member(commitments, index, false);
        forged.commitment = keccak256(abi.encode(seed, "forged"));
        _expectRefused(forged);
        _expectMember(commitments, index, false);
    }

    function _expectMember(bytes32[] memory entries, uint256 index, bool inLog) private {
        I.BatchedExhibit memory member = _member(entries, index, inLog);
        I.Verdict memory before = registry.statusOfMember(member);
        vm.prank(vm.addr(1));
        registry.singleOut(member);
        I.Exhibit memory e = registry.exhibitOf(member.commitment);
        assert(keccak256(abi.encode(before.exhibit)) == keccak256(abi.encode(e)));
        assert(e.depositedAt == block.timestamp && e.depositor == custodian && e.key == 1 && e.tool == tool);
        assert(e.custodian == custodian && e.state == I.State.DEPOSITED && e.hop == 0);
    }

    function _expectRefused(I.BatchedExhibit memory member) private {
        vm.prank(vm.addr(1));
        try registry.singleOut(member) {
            assert(false);
        } catch (bytes memory why) {
            assert(bytes4(why) == I.ExhibitNotMember.selector);
        }
    }

    function _member(
        bytes32[] memory entries,
        uint256 index,
        bool inLog
    ) private view returns (I.BatchedExhibit memory member) {
        member.commitment = entries[index];
        member.place.depositor = custodian;
        member.place.inLog = inLog;
        member.place.root = PlainLog.root(entries);
        (member.place.size, member.place.index) = (uint64(entries.length), uint64(index));
        member.place.path = PlainLog.path(index, entries);
    }

    function _commitments(uint256 seed, uint256 count) private pure returns (bytes32[] memory commitments) {
        commitments = new bytes32[](count);
        for (uint256 i; i < count; ++i) commitments[i] = keccak256(abi.encode(seed, count, i));
    }

    function _same(ExhibitSlot slot, I.Exhibit memory e) private pure returns (bool) {
        return keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(e));
    }
}
