// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {DidGuardians} from "./DidGuardians.sol";
import {DidSlot} from "./DidSlot.sol";
import {IDidRecovery} from "./IDidRecovery.sol";
import {PlanSlot} from "./PlanSlot.sol";

/// @title DidRecovery
/// @notice Freezes, recovers and deactivates DIDs.
/// @dev The council's stop holds what gives anybody new power (other guardians, a thaw), not what saves a DID.
abstract contract DidRecovery is DidGuardians {
    // CONSTANTS

    bytes32 private constant _RECOVER = keccak256(
        "Recover(address identity,address newOwner,bytes32 guardians,uint256 nonce,uint256 deadline)"
    );

    // FREEZE

    /// @inheritdoc IDidRecovery
    function freeze(address identity) external {
        DidSlot did = _livingDid(identity);
        _freeze(identity, did, _requireOwner(identity, did));
    }

    /// @inheritdoc IDidRecovery
    function freezeAsGuardian(address identity, Guardians calldata guardians) external {
        DidSlot did = _livingDid(identity);
        _requireGuardians(identity, guardians);
        address guardian = _msgSender();
        _find(identity, guardians.members, 0, guardian);
        _freeze(identity, did, guardian);
    }

    /// @inheritdoc IDidRecovery
    function scheduleThaw(address identity) external whileOpen {
        _scheduleExit(identity, Plan.THAW);
    }

    /// @inheritdoc IDidRecovery
    function thaw(address identity) external whileOpen {
        _takeExit(identity, Plan.THAW);
        DidSlot did = _relinked(identity, _dids[identity]);
        _dids[identity] = did.withNextNonce();
        emit DIDOwnerChanged(identity, did.owner(identity), did.link());
        emit DidThawed(identity);
    }

    // DEACTIVATION

    /// @inheritdoc IDidRecovery
    function scheduleDeactivation(address identity) external {
        _scheduleExit(identity, Plan.DEACTIVATION);
    }

    /// @inheritdoc IDidRecovery
    function deactivate(address identity) external {
        DidSlot did = _livingDid(identity);
        if (did.state() == State.FROZEN) {
            _takeExit(identity, Plan.DEACTIVATION);
            _deactivate(identity, did);
        } else {
            _requireOwner(identity, did);
            _deactivateNow(identity, did);
        }
    }

    // RECOVERY

    /// @inheritdoc IDidRecovery
    function recover(
        address identity,
        address newOwner,
        Guardians calldata guardians,
        Approval[] calldata approvals,
        uint256 deadline
    ) external {
        DidSlot did = _livingDid(identity);
        require(newOwner != address(0), NewOwnerMissing(identity));
        bytes32 commitment = _requireGuardians(identity, guardians);
        _requireApprovals(
            identity,
            guardians,
            approvals,
            _hashTypedDataV4(keccak256(abi.encode(_RECOVER, identity, newOwner, commitment, did.nonce(), deadline))),
            deadline
        );

        uint40 dueAt = _after(guardians.delay);
        _dids[identity] = did.withNextNonce();
        _plans[identity] = _plans[identity].planned(Plan.RECOVERY, dueAt, newOwner);
        emit RecoveryStarted(identity, newOwner, dueAt);
    }

    /// @inheritdoc IDidRecovery
    function executeRecovery(address identity) external {
        PlanSlot plan = _plans[identity];
        _requirePlan(identity, plan, Plan.RECOVERY);
        _requireDue(identity, plan.dueAt());
        _plans[identity] = PlanSlot.wrap(0);

        DidSlot did = _dids[identity];
        did = did.state() == State.FROZEN ? _relinked(identity, did) : did.touched(block.number);
        _setOwner(identity, did, plan.newOwner());
        emit RecoveryExecuted(identity, plan.newOwner());
    }

    /// @inheritdoc IDidRecovery
    function vetoRecovery(address identity) external {
        DidSlot did = _activeDid(identity);
        _requireOwner(identity, did);
        _veto(identity, did);
    }

    /// @inheritdoc IDidRecovery
    function vetoRecoveryAsVetoer(address identity, Guardians calldata guardians) external {
        DidSlot did = _livingDid(identity);
        _requireGuardians(identity, guardians);
        require(_msgSender() == guardians.veto, NotVetoer(identity, _msgSender()));
        _veto(identity, did);
    }

    // INTERNAL: WRITES

    function _freeze(address identity, DidSlot did, address by) private {
        if (did.state() == State.FROZEN) return _cancelExit(identity, by);
        did = did.touched(block.number).withState(State.FROZEN);
        _dids[identity] = did;
        emit DIDOwnerChanged(identity, address(0), did.link());
    }

    function _scheduleExit(address identity, Plan what) private {
        DidSlot did = _livingDid(identity);
        _requireOwner(identity, did);
        require(did.state() == State.FROZEN, DidNotFrozen(identity));
        PlanSlot plan = _plans[identity];
        _requireNoRecovery(identity, plan);
        uint40 dueAt = _after(_EXIT_DELAY);
        _plans[identity] = plan.planned(what, dueAt, address(0));
        emit ExitScheduled(identity, what, dueAt);
    }

    function _cancelExit(address identity, address by) private {
        PlanSlot plan = _plans[identity];
        require(plan.kind() == Plan.THAW || plan.kind() == Plan.DEACTIVATION, DidIsFrozen(identity));
        _plans[identity] = plan.withoutPlan();
        emit ExitCancelled(identity, by);
    }

    /// @dev Uses up the end of a freeze that is due. An exit waits for a frozen DID only, and no recovery beside it.
    function _takeExit(address identity, Plan what) private {
        PlanSlot plan = _plans[identity];
        _requirePlan(identity, plan, what);
        _requireDue(identity, plan.dueAt());
        _plans[identity] = plan.withoutPlan();
    }

    /// @dev The DID out of its freeze, whose block drops out of what resolvers go back to: they take an owner of zero
    /// for the end. So that block must be over.
    function _relinked(address identity, DidSlot did) private view returns (DidSlot) {
        require(did.changed() != block.number, DidFrozenInThisBlock(identity, block.number));
        return did.relinked(block.number).withState(State.ACTIVE);
    }

    function _veto(address identity, DidSlot did) private {
        PlanSlot plan = _plans[identity];
        _requirePlan(identity, plan, Plan.RECOVERY);
        _plans[identity] = plan.withoutPlan();
        _dids[identity] = did.withNextNonce();
        emit RecoveryVetoed(identity, _msgSender());
    }

    function _deactivateNow(address identity, DidSlot did) internal {
        require(_guardians[identity] == 0, DeactivationMustWait(identity));
        _deactivate(identity, did);
    }

    function _deactivate(address identity, DidSlot did) private {
        _plans[identity] = PlanSlot.wrap(0);
        _setOwner(identity, did.touched(block.number).withState(State.DEACTIVATED), address(0));
        emit DidDeactivated(identity);
    }
}
