// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AnchorSlot, AnchorSlots} from "../../contracts/health/AnchorSlot.sol";
import {BatchSlot, BatchSlots} from "../../contracts/health/BatchSlot.sol";
import {IRecordRegistry as I} from "../../contracts/health/IRecordRegistry.sol";
import {RecordRegistry} from "../../contracts/health/RecordRegistry.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";
import {PlainLog} from "../ledger/PlainLog.sol";

import {RecordModel} from "./RecordModel.sol";

contract RecordRegistryTest {
    /// @dev A record's fields without the enums, which no fuzzer makes.
    struct Fields {
        uint40 anchoredAt;
        uint40 changedAt;
        uint32 provider;
        uint32 key;
        uint8 role;
        uint16 kind;
        uint16 version;
    }

    uint40 private constant NO_END = type(uint40).max;
    bytes32 private constant PROVIDER = keccak256("diwan.role.health-provider");

    TrustList private list;
    RecordRegistry private registry;
    RecordModel private model;
    uint40 private time = 1_800_000_000;
    uint32[2] private providers;
    uint256 private series;
    mapping(bytes4 outcome => uint256) private reached;

    function setUp() public {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        list = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = RecordRegistry(Artifact.deploy("RecordRegistry", abi.encode(address(manager), list, relays)));
        model = RecordModel(Artifact.deploy("RecordModel", ""));
        for (uint256 i; i < 2; ++i) {
            providers[i] = list.registerBody(address(this), "");
            list.accredit(PROVIDER, 0, providers[i], 0, NO_END, 0, "");
        }
        // Keys 1 and 2 are the first provider's, key 3 the second's.
        _authorize(providers[0], 1);
        _authorize(providers[0], 2);
        _authorize(providers[1], 3);
    }

    // WHAT IS RECORDED

    function test_steps_leadToEveryOutcome() public {
        for (uint256 seed; seed < 40; ++seed) testFuzz_steps_agreeWithTheModel(seed);
        bytes4[15] memory outcomes = [
            I.anchor.selector,
            I.anchorMany.selector,
            I.anchorBatch.selector,
            I.amend.selector,
            I.markInError.selector,
            I.tombstone.selector,
            I.amendMember.selector,
            I.endMembers.selector,
            I.RecordExists.selector,
            I.RecordUnknown.selector,
            I.RecordStateRefuses.selector,
            I.RecordReasonInvalid.selector,
            I.RecordOfAnotherProvider.selector,
            I.RecordBatchExists.selector,
            ITrustList.KeyOfAnotherBody.selector
        ];
        for (uint256 i; i < outcomes.length; ++i) assert(reached[outcomes[i]] != 0);
    }

    function testFuzz_steps_agreeWithTheModel(uint256 seed) public {
        ++series;
        for (uint256 step; step < 20; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            time += uint40(r % 3);
            vm.warp(time);
            _step(r >> 8);
        }
        RecordModel.Twin[] memory twins = model.twins();
        for (uint256 i; i < twins.length; ++i) _compare(twins[i]);
        for (uint256 run; run < model.runs(); ++run) _compareRun(run);
        for (uint256 i; i < 2; ++i) _compareLog(providers[i]);
    }

    function _step(uint256 r) private {
        (uint256 key, bytes32 a, bytes32 b) = (1 + (r % 3), _record(r >> 8), _record(r >> 16));
        (uint32 body, uint32 number) = key == 3 ? (providers[1], 1) : (providers[0], uint32(key));
        (uint16 kind, I.Reason reason) = (uint16(r >> 24), I.Reason((r >> 40) % 7));
        // Most of the time a reason that is right for an amendment, or for an erasure.
        if ((r >> 48) % 4 != 0) reason = (r >> 56) % 2 == 0 ? I.Reason.AMENDED : I.Reason.ORDERED;
        uint256 what = (r >> 64) % 8;
        vm.prank(vm.addr(key));
        if (what < 2) {
            try registry.anchor(a, kind) {
                _done(I.anchor.selector, model.anchor(body, number, a, kind));
            } catch (bytes memory why) {
                _refused(why, model.anchor(body, number, a, kind));
            }
        } else if (what == 2) {
            _anchorTogether(r >> 72, body, number, kind);
        } else if (what == 3) {
            try registry.amend(a, b, reason) {
                _done(I.amend.selector, model.amend(body, number, a, b, reason));
            } catch (bytes memory why) {
                _refused(why, model.amend(body, number, a, b, reason));
            }
        } else if (what == 4) {
            try registry.markInError(a) {
                _done(I.markInError.selector, model.end(body, a, I.State.ENTERED_IN_ERROR, I.Reason.ENTERED_IN_ERROR));
            } catch (bytes memory why) {
                _refused(why, model.end(body, a, I.State.ENTERED_IN_ERROR, I.Reason.ENTERED_IN_ERROR));
            }
        } else if (what == 5) {
            bytes32[] memory one = new bytes32[](1);
            one[0] = a;
            try registry.tombstone(one, reason) {
                _done(I.tombstone.selector, model.end(body, a, I.State.ERASED, reason));
            } catch (bytes memory why) {
                _refused(why, model.end(body, a, I.State.ERASED, reason));
            }
        } else if (model.runs() != 0) {
            _changeMember(r >> 72, body, number, b, reason);
        }
    }

    function _anchorTogether(uint256 r, uint32 body, uint32 number, uint16 kind) private {
        bytes32[] memory commitments = new bytes32[](1 + (r % 3));
        for (uint256 i; i < commitments.length; ++i) commitments[i] = _record(((r >> 8) % 2) + i);
        if ((r >> 16) % 2 == 0) {
            registry.anchorMany(commitments, kind);
            model.anchorMany(body, number, commitments, kind);
            ++reached[I.anchorMany.selector];
            return;
        }
        // The precompile would take the prank for itself.
        bytes32 root = PlainLog.root(commitments);
        vm.prank(vm.addr(body == providers[1] ? 3 : number));
        try registry.anchorBatch(root, uint64(commitments.length), kind) {
            _done(I.anchorBatch.selector, model.anchorBatch(body, number, commitments, kind));
        } catch (bytes memory why) {
            _refused(why, model.anchorBatch(body, number, commitments, kind));
        }
    }

    function _changeMember(uint256 r, uint32 body, uint32 number, bytes32 next, I.Reason reason) private {
        uint256 run = r % model.runs();
        uint256 offset = (r >> 8) % model.runAt(run).states.length;
        I.Member[] memory members = new I.Member[](1);
        members[0] = model.memberOf(run, offset);
        uint256 key = body == providers[1] ? 3 : number;
        I.State state = I.State((r >> 16) % 5);
        if ((r >> 24) % 4 != 0) state = I.State.ERASED;
        vm.prank(vm.addr(key));
        if ((r >> 32) % 2 == 0) {
            try registry.amendMember(members[0], next, reason) {
                _done(I.amendMember.selector, model.amendMember(body, number, run, offset, next, reason));
            } catch (bytes memory why) {
                _refused(why, model.amendMember(body, number, run, offset, next, reason));
            }
        } else {
            try registry.endMembers(members, state, reason) {
                _done(I.endMembers.selector, model.endMember(body, run, offset, state, reason));
            } catch (bytes memory why) {
                _refused(why, model.endMember(body, run, offset, state, reason));
            }
        }
    }

    function _done(bytes4 step, bytes4 refusal) private {
        assert(refusal == 0);
        ++reached[step];
    }

    function _refused(bytes memory why, bytes4 refusal) private {
        if (refusal == bytes4("key")) refusal = ITrustList.KeyOfAnotherBody.selector;
        assert(refusal == bytes4(why));
        ++reached[refusal];
    }

    function _compare(RecordModel.Twin memory t) private view {
        I.Record memory r = registry.recordOf(t.commitment);
        assert(r.anchoredAt == t.anchoredAt && r.changedAt == t.changedAt && r.provider == t.provider);
        assert(r.key == t.key && r.role == 0 && r.kind == t.kind && r.version == t.version);
        assert(r.state == t.state && r.reason == t.reason);
        I.Verdict memory v = registry.statusOf(t.commitment);
        assert(v.anchoredAt == t.anchoredAt && v.changedAt == t.changedAt && v.provider == t.provider);
        assert(v.key == t.key && v.kind == t.kind && v.version == t.version);
        assert(v.state == t.state && v.reason == t.reason);
        assert(v.standing == ITrustList.Standing.IN_FORCE && v.standingNow == ITrustList.Standing.IN_FORCE);
    }

    function _compareRun(uint256 run) private view {
        RecordModel.Run memory twin = model.runAt(run);
        for (uint256 offset; offset < twin.states.length; ++offset) {
            I.Member memory member = model.memberOf(run, offset);
            I.Verdict memory v = registry.statusOfMember(member);
            assert(v.state == twin.states[offset] && v.reason == I.Reason.NONE && v.changedAt == 0);
            assert(v.provider == twin.provider && v.key == twin.key && v.kind == twin.kind && v.version == 1);
            assert(v.anchoredAt == twin.anchoredAt && v.standing == ITrustList.Standing.IN_FORCE);
        }
    }

    function _compareLog(uint32 provider) private view {
        (uint64 size, bytes32 root) = registry.checkpointOf(provider);
        bytes32[] memory entries;
        for (uint256 run; run < model.runs(); ++run) {
            RecordModel.Run memory twin = model.runAt(run);
            if (twin.provider == provider && twin.inLog) entries = twin.entries;
        }
        assert(size == entries.length && root == PlainLog.root(entries));
    }

    // MEMBERS

    function testFuzz_members_areThoseThatTheModelProves(uint256 seed, uint8 before, uint8 count, uint8 index) public {
        (bytes32[] memory earlier, bytes32[] memory own) = (
            new bytes32[](before % 12),
            new bytes32[](1 + (count % 12))
        );
        for (uint256 i; i < earlier.length; ++i) earlier[i] = keccak256(abi.encode(seed, "earlier", i));
        for (uint256 i; i < own.length; ++i) own[i] = keccak256(abi.encode(seed, "own", i));
        vm.startPrank(vm.addr(1));
        if (earlier.length != 0) registry.anchorMany(earlier, 1);
        registry.anchorMany(own, 2);
        vm.stopPrank();

        bytes32[] memory all = new bytes32[](earlier.length + own.length);
        for (uint256 i; i < all.length; ++i) all[i] = i < earlier.length ? earlier[i] : own[i - earlier.length];
        uint256 at = index % all.length;
        bytes32[] memory path = PlainLog.path(at, all);
        I.Membership memory membership = I.Membership(
            providers[0],
            true,
            PlainLog.root(all),
            uint64(all.length),
            uint64(at),
            path
        );

        // In the tree, but anchored by the run before when it is one of the earlier.
        _expectMember(I.Member(all[at], membership), at >= earlier.length);
        _expectMember(I.Member(keccak256(abi.encode(seed)), membership), false);
        if (path.length == 0) return;
        path[seed % path.length] ^= bytes32(uint256(1) << (seed % 256));
        _expectMember(I.Member(all[at], membership), false);
    }

    function _expectMember(I.Member memory member, bool isOne) private view {
        try registry.statusOfMember(member) returns (I.Verdict memory v) {
            assert(isOne && v.state == I.State.CURRENT && v.kind == 2);
        } catch (bytes memory why) {
            assert(!isOne && bytes4(why) == I.RecordNotMember.selector);
        }
    }

    // THE SLOTS

    function testFuzz_anchorSlot_givesBackWhatItTook(
        Fields calldata f,
        uint8 state,
        uint8 why,
        uint40 again
    ) public pure {
        AnchorSlot slot = AnchorSlots.anchored(f.anchoredAt, f.provider, f.key, f.role, f.kind, f.version);
        _expectFields(slot, f, 0, I.State.CURRENT, I.Reason.NONE);
        slot = slot.changed(f.changedAt, I.State(state % 5), I.Reason(why % 7));
        _expectFields(slot, f, f.changedAt, I.State(state % 5), I.Reason(why % 7));
        _expectFields(
            slot.changed(again, I.State.ERASED, I.Reason.ORDERED),
            f,
            again,
            I.State.ERASED,
            I.Reason.ORDERED
        );
    }

    /// @dev Read field by field, and laid out as its text says.
    function _expectFields(
        AnchorSlot slot,
        Fields calldata f,
        uint40 changedAt,
        I.State state,
        I.Reason reason
    ) private pure {
        I.Record memory twin = I.Record(
            f.anchoredAt,
            changedAt,
            f.provider,
            f.key,
            f.role,
            f.kind,
            f.version,
            state,
            reason
        );
        assert(keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(twin)));
        uint256 word = uint256(f.anchoredAt) + uint256(changedAt) * 2 ** 40 + uint256(f.provider) * 2 ** 80;
        word += uint256(f.key) * 2 ** 112 + uint256(f.role) * 2 ** 144 + uint256(f.kind) * 2 ** 152;
        word += uint256(f.version) * 2 ** 168 + uint256(state) * 2 ** 184 + uint256(reason) * 2 ** 192;
        assert(AnchorSlot.unwrap(slot) == word);
    }

    function testFuzz_batchSlot_givesBackWhatItTook(I.Batch calldata b) public pure {
        BatchSlot slot = BatchSlots.anchored(b.anchoredAt, b.first, b.key, b.role, b.kind);
        assert(keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(b)));
        uint256 word = uint256(b.anchoredAt) + uint256(b.first) * 2 ** 40 + uint256(b.key) * 2 ** 104;
        assert(BatchSlot.unwrap(slot) == word + uint256(b.role) * 2 ** 136 + uint256(b.kind) * 2 ** 144);
    }

    function testFuzz_listOf_agreesWithItsText(uint32 provider, bytes32 root, uint64 size) public view {
        assert(registry.listOf(provider, true, root, size) == bytes32(uint256(provider)));
        assert(registry.listOf(provider, false, root, size) == keccak256(abi.encode(provider, false, root, size)));
    }

    // HELPERS

    /// @dev One of eight, which are others in each series of steps.
    function _record(uint256 r) private view returns (bytes32) {
        return bytes32(8 * series + (r % 8));
    }

    function _authorize(uint32 body, uint256 key) private {
        bytes32[] memory scopes = new bytes32[](1);
        scopes[0] = PROVIDER;
        bytes memory consent = TypedData.consent(address(list), body, key);
        list.authorizeKey(body, vm.addr(key), scopes, 0, NO_END, type(uint256).max, consent);
    }
}
