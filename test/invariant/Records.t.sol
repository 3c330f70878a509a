// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IRecordRegistry as I} from "../../contracts/health/IRecordRegistry.sol";
import {RecordRegistry} from "../../contracts/health/RecordRegistry.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm, Vm} from "../helpers/Vm.sol";

/// @title RecordHistory
/// @notice Lets two providers act on a few records, and notes what must never happen.
contract RecordHistory {
    uint256 private constant RECORDS = 6;
    bytes32 private constant PROVIDER = keccak256("diwan.role.health-provider");

    bool public anchoringChanged;
    bool public movedBack;
    bool public changedByAnother;
    bool public successorWrong;
    bool public suspendedAnchored;
    bool public suspendedCouldNotEnd;

    TrustList private immutable _LIST;
    RecordRegistry private immutable _REGISTRY;
    uint32[2] private _providers;
    bool[2] private _suspended;
    uint256 private _time = 1_800_000_000;
    mapping(bytes32 commitment => I.Record) private _before;
    mapping(bytes32 commitment => uint256) private _successors;

    constructor() {
        vm.warp(_time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        _LIST = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        _REGISTRY = RecordRegistry(Artifact.deploy("RecordRegistry", abi.encode(address(manager), _LIST, relays)));
        for (uint256 i; i < 2; ++i) {
            _providers[i] = _LIST.registerBody(address(this), "");
            _LIST.accredit(PROVIDER, 0, _providers[i], 0, type(uint40).max, 0, "");
            _authorize(_providers[i], i + 1);
        }
        vm.recordLogs();
    }

    // STEPS

    function anchor(uint256 by, uint256 record, uint16 kind) external {
        _act(by, abi.encodeCall(I.anchor, (_record(record), kind)), true);
    }

    function anchorMany(uint256 by, uint256 record, uint16 kind) external {
        bytes32[] memory two = new bytes32[](2);
        (two[0], two[1]) = (_record(record), _record(record + 1));
        _act(by, abi.encodeCall(I.anchorMany, (two, kind)), true);
    }

    function anchorBatch(uint256 by, uint256 record, uint16 kind) external {
        _act(by, abi.encodeCall(I.anchorBatch, (_record(record), 1, kind)), true);
    }

    function amend(uint256 by, uint256 old, uint256 next, uint8 reason) external {
        _act(by, abi.encodeCall(I.amend, (_record(old), _record(next), I.Reason(1 + (reason % 2)))), true);
    }

    function markInError(uint256 by, uint256 record) external {
        _end(by, record, abi.encodeCall(I.markInError, (_record(record))), true);
    }

    function tombstone(uint256 by, uint256 record, uint8 reason) external {
        bytes32[] memory one = new bytes32[](1);
        one[0] = _record(record);
        _end(by, record, abi.encodeCall(I.tombstone, (one, I.Reason(4 + (reason % 3)))), false);
    }

    function suspend(uint256 which) external {
        which %= 2;
        bool was = _suspended[which];
        if (was) _LIST.reinstate(PROVIDER, _providers[which], "");
        else _LIST.suspend(PROVIDER, _providers[which], "");
        _suspended[which] = !was;
    }

    function wait(uint16 time) external {
        _time += time;
        vm.warp(_time);
    }

    // INTERNAL

    /// @dev A provider ends a record of its own that can be ended, suspended or not.
    function _end(uint256 by, uint256 record, bytes memory call, bool mustBeCurrent) private {
        I.Record memory r = _REGISTRY.recordOf(_record(record));
        bool can = r.provider == _providers[by % 2] && r.state != I.State.ERASED && r.state != I.State.UNKNOWN;
        if (mustBeCurrent) can = can && r.state == I.State.CURRENT;
        bool done = _act(by, call, false);
        if (_suspended[by % 2] && can != done) suspendedCouldNotEnd = true;
    }

    function _act(uint256 by, bytes memory call, bool creates) private returns (bool done) {
        by %= 2;
        vm.warp(_time);
        vm.prank(vm.addr(by + 1));
        (done, ) = address(_REGISTRY).call(call);
        if (done && creates && _suspended[by]) suspendedAnchored = true;
        _readEvents();
        for (uint256 n; n < RECORDS; ++n) _observe(_record(n), _providers[by]);
    }

    function _observe(bytes32 commitment, uint32 by) private {
        (I.Record memory old, I.Record memory r) = (_before[commitment], _REGISTRY.recordOf(commitment));
        if (old.anchoredAt != 0 && _anchoring(old) != _anchoring(r)) anchoringChanged = true;
        if (old.state != r.state) {
            bool forward = r.state > old.state && (old.state <= I.State.CURRENT || r.state == I.State.ERASED);
            if (!forward) movedBack = true;
            if (r.provider != by) changedByAnother = true;
        }
        // Erased since, or superseded still: in both cases it has had one successor if it was superseded.
        if (r.state == I.State.SUPERSEDED && _successors[commitment] != 1) successorWrong = true;
        if (_successors[commitment] > 1) successorWrong = true;
        _before[commitment] = r;
    }

    function _readEvents() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(_REGISTRY) || logs[i].topics[0] != I.RecordAmended.selector) continue;
            (bytes32 old, bytes32 next) = (logs[i].topics[2], logs[i].topics[3]);
            ++_successors[old];
            (I.Record memory a, I.Record memory b) = (_REGISTRY.recordOf(old), _REGISTRY.recordOf(next));
            if (b.version != a.version + 1 || b.kind != a.kind || b.provider != a.provider) successorWrong = true;
        }
    }

    function _anchoring(I.Record memory r) private pure returns (bytes32) {
        return keccak256(abi.encode(r.anchoredAt, r.provider, r.key, r.role, r.kind, r.version));
    }

    function _record(uint256 n) private pure returns (bytes32) {
        return keccak256(abi.encode("record", n % RECORDS));
    }

    function _authorize(uint32 body, uint256 key) private {
        bytes32[] memory scopes = new bytes32[](1);
        scopes[0] = PROVIDER;
        bytes memory consent = TypedData.consent(address(_LIST), body, key);
        _LIST.authorizeKey(body, vm.addr(key), scopes, 0, type(uint40).max, type(uint256).max, consent);
    }
}

contract RecordInvariants {
    RecordHistory private history;

    function setUp() public {
        history = RecordHistory(Artifact.deploy("RecordHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_whatWasAnchoredNeverChanges() public view {
        assert(!history.anchoringChanged());
    }

    function invariant_statesOnlyMoveOn() public view {
        assert(!history.movedBack());
    }

    function invariant_onlyItsProviderChangesARecord() public view {
        assert(!history.changedByAnother());
    }

    function invariant_aSupersededRecordHasOneSuccessor() public view {
        assert(!history.successorWrong());
    }

    function invariant_aSuspendedProviderOnlyEnds() public view {
        assert(!history.suspendedAnchored());
        assert(!history.suspendedCouldNotEnd());
    }
}
