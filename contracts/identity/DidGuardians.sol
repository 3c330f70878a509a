// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Signatures} from "../trust/Signatures.sol";

import {DidOwners} from "./DidOwners.sol";
import {DidSlot} from "./DidSlot.sol";
import {IDidRecovery} from "./IDidRecovery.sol";
import {PlanSlot} from "./PlanSlot.sol";

/// @title DidGuardians
/// @notice Who may bring back a DID, and what waits to happen to it.
abstract contract DidGuardians is IDidRecovery, DidOwners {
    // IMMUTABLES

    uint40 internal immutable _EXIT_DELAY;
    uint40 private immutable _GUARDIANS_DELAY;

    // STORAGE

    mapping(address identity => bytes32 commitment) internal _guardians;
    mapping(address identity => bytes32 commitment) private _nextGuardians;
    mapping(address identity => PlanSlot) internal _plans;

    // CONSTRUCTOR

    /// @param exitDelay seconds between the scheduling of a freeze's end and its execution
    /// @param guardiansDelay seconds between the scheduling of other guardians and their setting
    constructor(uint40 exitDelay, uint40 guardiansDelay) {
        (_EXIT_DELAY, _GUARDIANS_DELAY) = (exitDelay, guardiansDelay);
    }

    // GUARDIANS

    /// @inheritdoc IDidRecovery
    function setGuardians(address identity, bytes32 commitment) external whileOpen {
        DidSlot did = _livingDid(identity);
        _requireOwner(identity, did);
        // A thief of a frozen DID must not become its guardian at once.
        if (did.state() == State.ACTIVE && _guardians[identity] == 0) {
            _dropGuardiansChange(identity);
            _guardians[identity] = commitment;
            emit GuardiansSet(identity, commitment);
            return;
        }
        uint40 dueAt = _after(_GUARDIANS_DELAY);
        _nextGuardians[identity] = commitment;
        _plans[identity] = _plans[identity].withGuardiansDueAt(dueAt);
        emit GuardiansScheduled(identity, commitment, dueAt);
    }

    /// @inheritdoc IDidRecovery
    function applyGuardians(address identity) external whileOpen {
        PlanSlot plan = _plans[identity];
        _requireDue(identity, plan.guardiansDueAt());
        _requireNoRecovery(identity, plan);
        bytes32 commitment = _nextGuardians[identity];
        _plans[identity] = plan.withGuardiansDueAt(0);
        _guardians[identity] = commitment;
        emit GuardiansSet(identity, commitment);
    }

    /// @inheritdoc IDidRecovery
    function cancelGuardians(address identity) external {
        _requireOwner(identity, _livingDid(identity));
        require(_dropGuardiansChange(identity), NothingScheduled(identity));
    }

    // VIEWS

    /// @inheritdoc IDidRecovery
    function guardiansOf(address identity) external view returns (bytes32, bytes32, uint40) {
        return (_guardians[identity], _nextGuardians[identity], _plans[identity].guardiansDueAt());
    }

    /// @inheritdoc IDidRecovery
    function planOf(address identity) external view returns (Plan, uint40, address) {
        PlanSlot plan = _plans[identity];
        return (plan.kind(), plan.dueAt(), plan.newOwner());
    }

    /// @inheritdoc IDidRecovery
    function delays() external view returns (uint40, uint40) {
        return (_EXIT_DELAY, _GUARDIANS_DELAY);
    }

    // INTERNAL: WRITES

    /// @dev Drops a change of guardians that waits, if any: what a former key scheduled must not outlive that key.
    function _dropGuardiansChange(address identity) internal returns (bool dropped) {
        PlanSlot plan = _plans[identity];
        dropped = plan.guardiansDueAt() != 0;
        if (dropped) {
            _plans[identity] = plan.withGuardiansDueAt(0);
            emit GuardiansCancelled(identity);
        }
    }

    // INTERNAL: RULES

    function _after(uint40 delay) internal view returns (uint40) {
        uint256 time = block.timestamp + delay;
        return time < type(uint40).max ? uint40(time) : type(uint40).max;
    }

    function _requireDue(address identity, uint40 dueAt) internal view {
        require(dueAt != 0, NothingScheduled(identity));
        // A step waits for days; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        require(block.timestamp >= dueAt, NotYetDue(identity, dueAt));
    }

    function _requireNoRecovery(address identity, PlanSlot plan) internal pure {
        require(plan.kind() != Plan.RECOVERY, RecoveryIsPending(identity, plan.dueAt()));
    }

    function _requirePlan(address identity, PlanSlot plan, Plan what) internal pure {
        require(plan.kind() == what, NothingScheduled(identity));
    }

    function _requireGuardians(address identity, Guardians calldata guardians) internal view returns (bytes32 given) {
        given = keccak256(abi.encode(guardians));
        require(given == _guardians[identity], GuardiansMismatch(identity, given));
    }

    /// @dev The place behind an account in the list, looked for from `start` on.
    function _find(
        address identity,
        address[] calldata members,
        uint256 start,
        address account
    ) internal pure returns (uint256) {
        for (uint256 i = start; i < members.length; ++i) {
            if (members[i] == account) return i + 1;
        }
        revert NotGuardian(identity, account);
    }

    /// @dev Both lists ascend, so one walk along the members finds all that signed, and nobody twice.
    function _requireApprovals(
        address identity,
        Guardians calldata guardians,
        Approval[] calldata approvals,
        bytes32 digest,
        uint256 deadline
    ) internal view {
        uint256 least = guardians.threshold == 0 ? 1 : guardians.threshold;
        require(approvals.length >= least, TooFewGuardians(identity, approvals.length, least));
        uint256 next = 0;
        for (uint256 i = 0; i < approvals.length; ++i) {
            next = _find(identity, guardians.members, next, approvals[i].guardian);
            Signatures.requireValid(approvals[i].guardian, digest, approvals[i].signature, deadline);
        }
    }
}
