// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {GuardianshipSlot, GuardianshipSlots} from "./GuardianshipSlot.sol";
import {IGuardianship} from "./IGuardianship.sol";

/// @title Guardianships
/// @notice Keeps who acts for a patient by a court's appointment.
abstract contract Guardianships is IGuardianship, Governed {
    // CONSTANTS

    bytes32 private constant _COURT = keccak256("diwan.role.court");

    // IMMUTABLES

    ITrustList internal immutable _TRUST_LIST;

    // STORAGE

    mapping(address patient => mapping(address guardian => GuardianshipSlot)) private _guardianships;

    // CONSTRUCTOR

    /// @param trustList who is a court
    constructor(ITrustList trustList) {
        _TRUST_LIST = trustList;
    }

    // GUARDIANSHIPS

    /// @inheritdoc IGuardianship
    function appointGuardian(address patient, address guardian, uint40 until) external whileOpen {
        bool apart = patient != guardian && patient != address(0) && guardian != address(0);
        require(apart, GuardianInvalid(patient, guardian));
        // Majority comes after years; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        require(until > block.timestamp, GuardianshipInPast(until, uint40(block.timestamp)));
        (uint32 court, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_COURT, _msgSender());
        _guardianships[patient][guardian] = GuardianshipSlots.appointed(block.timestamp, until, court, key, role);
        emit GuardianAppointed(patient, guardian, court, key, until);
    }

    /// @inheritdoc IGuardianship
    function endGuardianship(address patient, address guardian) external {
        address sender = _msgSender();
        GuardianshipSlot slot = _guardianships[patient][guardian];
        bool running = block.timestamp < slot.until() && slot.endedAt() == 0;
        require(running, GuardianshipNotRunning(patient, guardian));
        if (sender != guardian) _TRUST_LIST.requireKey(sender, slot.court(), slot.role());
        _guardianships[patient][guardian] = slot.ended(block.timestamp);
        emit GuardianshipEnded(patient, guardian, sender);
    }

    // VIEWS

    /// @inheritdoc IGuardianship
    function guardianshipOf(address patient, address guardian) external view returns (Guardianship memory) {
        return _guardianships[patient][guardian].unpack();
    }

    /// @inheritdoc IGuardianship
    function guardianStandingOf(address patient, address guardian) external view returns (ITrustList.Standing) {
        return _standingOf(_guardianships[patient][guardian]);
    }

    // INTERNAL

    /// @dev The caller, who must be a guardian of the patient now, and when the guardianship is over.
    function _requireGuardian(address patient) internal view returns (address guardian, uint40 until) {
        guardian = _msgSender();
        GuardianshipSlot slot = _guardianships[patient][guardian];
        ITrustList.Standing standing = _standingOf(slot);
        require(standing == ITrustList.Standing.IN_FORCE, GuardianNotInForce(patient, guardian, standing));
        until = slot.until();
    }

    function _isGuardian(address patient, address guardian) internal view returns (bool) {
        return _standingOf(_guardianships[patient][guardian]) == ITrustList.Standing.IN_FORCE;
    }

    /// @dev A court that lost its accreditation later leaves its guardians; a key that was not the court's alone does not.
    function _standingOf(GuardianshipSlot slot) private view returns (ITrustList.Standing) {
        if (slot.from() == 0) return ITrustList.Standing.NONE;
        if (slot.endedAt() != 0) return ITrustList.Standing.WITHDRAWN;
        if (block.timestamp >= slot.until()) return ITrustList.Standing.EXPIRED;
        return _TRUST_LIST.standingOf(_COURT, slot.court(), slot.key(), slot.from());
    }
}
