// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPrescriptionRegistry as I} from "../../contracts/health/IPrescriptionRegistry.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {PrescriptionModel} from "../health/PrescriptionModel.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {vm, Vm} from "../helpers/Vm.sol";

/// @title PrescriptionHistory
/// @notice Adds up from the events alone what was dispensed, remembers how each prescription looked before each call, and
/// notes what must never happen.
contract PrescriptionHistory is PrescriptionModel {
    bool public exceeded;
    bool public cancelledChanged;
    bool public dispensedWhenOver;
    bool public issueChanged;

    mapping(bytes32 id => uint256) private _issued;
    mapping(bytes32 id => uint256) private _dispensed;
    mapping(bytes32 id => I.Record) private _before;

    constructor() {
        vm.recordLogs();
    }

    function _observe() internal override {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter == address(registry)) _count(logs[i]);
        }
        for (uint256 n; n < BOOKS; ++n) {
            bytes32 id = bytes32(abi.encode(_idOf(n)));
            I.Record memory r = registry.recordOf(_idOf(n));
            I.Record memory old = _before[id];
            if (_issued[id] < _dispensed[id] || r.remaining != _issued[id] - _dispensed[id]) exceeded = true;
            bool cancelled = old.reason != I.CancelReason.NONE;
            if (cancelled && (r.reason != old.reason || r.remaining < old.remaining)) cancelledChanged = true;
            if (r.remaining < old.remaining && time >= old.expiresAt) dispensedWhenOver = true;
            if (old.issuedAt != 0 && _hashOfIssue(old) != _hashOfIssue(r)) issueChanged = true;
            _before[id] = r;
        }
    }

    function _count(Vm.Log memory log) private {
        bytes32 id = log.topics.length > 1 ? log.topics[1] : bytes32(0);
        if (log.topics[0] == I.PrescriptionIssued.selector) {
            (, uint16 quantity, ) = abi.decode(log.data, (uint32, uint16, uint40));
            _issued[id] += quantity;
        } else if (log.topics[0] == I.PrescriptionDispensed.selector) {
            (, uint16 quantity) = abi.decode(log.data, (uint32, uint16));
            _dispensed[id] += quantity;
        } else if (log.topics[0] == I.DispensingReversed.selector) {
            _dispensed[id] -= abi.decode(log.data, (uint16));
        }
    }

    function _hashOfIssue(I.Record memory r) private pure returns (bytes32) {
        return keccak256(abi.encode(r.issuedAt, r.expiresAt, r.prescriber, r.key, r.role, r.issued));
    }

    /// @notice Whether one that is not cancelled, though its key is known compromised, can be annulled by whoever asks.
    function compromisedCanBeAnnulled() external returns (bool) {
        vm.warp(time);
        uint256 snapshot = vm.snapshotState();
        bool can = true;
        for (uint256 n; n < BOOKS; ++n) {
            (I.State state, , ITrustList.Standing prescriber) = registry.statusOf(_idOf(n));
            if (prescriber != ITrustList.Standing.COMPROMISED || state == I.State.CANCELLED) continue;
            this.annul(0, uint8(n));
            (state, , ) = registry.statusOf(_idOf(n));
            can = can && state == I.State.CANCELLED;
        }
        vm.revertToState(snapshot);
        return can;
    }
}

contract PrescriptionInvariants {
    PrescriptionHistory private history;

    function setUp() public {
        history = PrescriptionHistory(Artifact.deploy("PrescriptionHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_prescriptionsDoWhatThePlainBooksSay() public {
        assert(history.agreed());
        assert(history.agrees());
    }

    function invariant_neverIsMoreDispensedThanIssued() public view {
        assert(!history.exceeded());
    }

    function invariant_nothingIsDispensedOfWhatIsCancelledOrOver() public view {
        assert(!history.cancelledChanged());
        assert(!history.dispensedWhenOver());
    }

    function invariant_whatWasIssuedNeverChanges() public view {
        assert(!history.issueChanged());
    }

    function invariant_whatACompromisedKeyIssuedAnybodyCanAnnul() public {
        assert(history.compromisedCanBeAnnulled());
    }
}
