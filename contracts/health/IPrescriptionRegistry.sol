// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

import {PrescriptionId} from "./PrescriptionId.sol";

/// @notice Prescriptions: issued by prescribers, dispensed once or in parts by pharmacies, and never more than issued.
/// @dev The chain keeps no patient and no medicine: an id, which is the hash of an opening, which is the salted hash of the
/// prescription. Whoever was not shown the prescription can neither find it nor dispense of it.
/// Warning: the first dispensing puts the opening on the chain, from the moment that it is sent, and also when it fails. An
/// accredited pharmacy that sees it there could dispense too, in its own name, and even first.
/// Warning: an accredited prescriber that sees an id on its way to the chain could issue something under it first. So the
/// pharmacy compares who issued with whom the prescription names. All times are Unix seconds.
interface IPrescriptionRegistry {
    /// @notice How a prescription stands.
    /// UNKNOWN: never issued. ISSUED: nothing was dispensed, or all of it taken back. PARTLY_DISPENSED, DISPENSED: some or
    /// all of it was. CANCELLED: for good. EXPIRED: over before all was dispensed.
    enum State {
        UNKNOWN,
        ISSUED,
        PARTLY_DISPENSED,
        DISPENSED,
        CANCELLED,
        EXPIRED
    }

    /// @notice Why a prescription was cancelled; coarse, so that it says nothing of the patient. NONE: it was not.
    enum CancelReason {
        NONE,
        IN_ERROR,
        REPLACED,
        NO_LONGER_NEEDED,
        KEY_COMPROMISED,
        OTHER
    }

    /// @notice A prescription; one slot.
    /// @param issuedAt when it was issued; 0 when it never was
    /// @param expiresAt first second at which nothing can be dispensed any more
    /// @param prescriber the body that issued it
    /// @param key the number of the key that did, within the body
    /// @param role the ordinal of prescribing among the body's scopes
    /// @param issued how much was prescribed, in units of the prescription
    /// @param remaining how much of it is left
    /// @param pharmacy the body that dispensed last; 0 for none
    /// @param pharmacyRole the ordinal of dispensing among that body's scopes
    /// @param dispensed how much was dispensed last; 0 when nothing was, or when it was taken back
    /// @param reason why it was cancelled; NONE when it was not
    struct Record {
        uint40 issuedAt;
        uint40 expiresAt;
        uint32 prescriber;
        uint32 key;
        uint8 role;
        uint16 issued;
        uint16 remaining;
        uint32 pharmacy;
        uint8 pharmacyRole;
        uint16 dispensed;
        CancelReason reason;
    }

    /// @notice A prescription was issued.
    /// @param id the prescription
    /// @param prescriber the body that issued it
    /// @param key the number of the key that did, within the body
    /// @param quantity how much, in units of the prescription
    /// @param expiresAt first second at which nothing can be dispensed any more
    event PrescriptionIssued(
        PrescriptionId indexed id,
        uint32 indexed prescriber,
        uint32 key,
        uint16 quantity,
        uint40 expiresAt
    );

    /// @notice A pharmacy dispensed all or a part.
    /// @param id the prescription
    /// @param pharmacy the body that dispensed
    /// @param key the number of the key that did, within the body
    /// @param quantity how much
    event PrescriptionDispensed(PrescriptionId indexed id, uint32 indexed pharmacy, uint32 key, uint16 quantity);

    /// @notice The pharmacy that dispensed last took it back.
    /// @param id the prescription
    /// @param pharmacy the body
    /// @param quantity how much was taken back
    event DispensingReversed(PrescriptionId indexed id, uint32 indexed pharmacy, uint16 quantity);

    /// @notice A prescription was cancelled.
    /// @param id the prescription
    /// @param reason why
    event PrescriptionCancelled(PrescriptionId indexed id, CancelReason reason);

    /// @notice A prescription of this id was issued before.
    /// @param id the prescription
    error PrescriptionIssuedBefore(PrescriptionId id);

    /// @notice A prescription must end after now.
    /// @param id the prescription
    /// @param expiresAt the end given
    /// @param time the block's time
    error PrescriptionEndInvalid(PrescriptionId id, uint40 expiresAt, uint40 time);

    /// @notice Nothing is no quantity.
    /// @param id the prescription
    error PrescriptionQuantityMissing(PrescriptionId id);

    /// @notice No prescription of this id was issued.
    /// @param id the prescription
    error PrescriptionUnknown(PrescriptionId id);

    /// @notice All of it was dispensed.
    /// @param id the prescription
    /// @param pharmacy the body that dispensed last
    error PrescriptionSpent(PrescriptionId id, uint32 pharmacy);

    /// @notice Less remains than was to be dispensed.
    /// @param id the prescription
    /// @param quantity how much was to be dispensed
    /// @param remaining how much is left
    /// @param pharmacy the body that dispensed last; 0 for none
    error PrescriptionExceeded(PrescriptionId id, uint16 quantity, uint16 remaining, uint32 pharmacy);

    /// @notice The prescription is over.
    /// @param id the prescription
    /// @param expiresAt first second at which it was
    error PrescriptionExpired(PrescriptionId id, uint40 expiresAt);

    /// @notice The prescription was cancelled.
    /// @param id the prescription
    /// @param reason why
    error PrescriptionIsCancelled(PrescriptionId id, CancelReason reason);

    /// @notice The prescriber's key is not known to have been compromised when the prescription was issued.
    /// @param id the prescription
    /// @param standing how the prescriber stood then, as it is known now
    error PrescriberNotCompromised(PrescriptionId id, ITrustList.Standing standing);

    /// @notice A cancellation needs a reason.
    /// @param id the prescription
    error CancelReasonMissing(PrescriptionId id);

    /// @notice There is no dispensing to take back: none was made, or the last was taken back.
    /// @param id the prescription
    error NothingDispensed(PrescriptionId id);

    /// @notice Issues a prescription.
    /// @dev By a key accredited in `keccak256("diwan.role.prescriber")`.
    /// @param id the hash of the opening, as `PrescriptionId` says
    /// @param quantity how much, in units of the prescription, such as packs; more than 0
    /// @param expiresAt first second at which nothing can be dispensed any more
    function issue(PrescriptionId id, uint16 quantity, uint40 expiresAt) external;

    /// @notice Dispenses all or a part, when that much remains and the prescription is neither over nor cancelled.
    /// @dev By a key accredited in `keccak256("diwan.role.pharmacy")`. The council's stop does not hold it: what was
    /// prescribed must reach the patient. Of two pharmacies in one block the first gets it, the other an error.
    /// Warning: it does not ask whether the prescriber's key was compromised at the issue, which would cost each counter
    /// a tenth more. `statusOf` tells, beforehand, and `annul` puts an end to all of such a key.
    /// @param opening what the prescription's id is the hash of
    /// @param quantity how much; more than 0
    function dispense(bytes32 opening, uint16 quantity) external;

    /// @notice Takes the last dispensing back, as when it was entered in error; any key of the pharmacy that made it,
    /// accredited or not. What was taken back can be dispensed again while the prescription lasts.
    /// @param id the prescription
    function reverse(PrescriptionId id) external;

    /// @notice Cancels a prescription, whatever was dispensed; any key of the prescriber's body, accredited or not.
    /// @param id the prescription
    /// @param reason why
    function cancel(PrescriptionId id, CancelReason reason) external;

    /// @notice Cancels prescriptions whose prescriber's key is known to have been compromised when they were issued;
    /// anyone may. Passes over those that are cancelled.
    /// @param ids the prescriptions
    function annul(PrescriptionId[] calldata ids) external;

    /// @notice How a prescription stands.
    /// @param id the prescription
    /// @return state whether it can be dispensed of, or why not
    /// @return remaining how much of it is left
    /// @return prescriber how the prescriber stood when it was issued: IN_FORCE, unless its key is known to have been
    /// compromised then, when nothing should be dispensed; NONE when it never was issued
    function statusOf(
        PrescriptionId id
    ) external view returns (State state, uint16 remaining, ITrustList.Standing prescriber);

    /// @notice The record of a prescription.
    /// @param id the prescription
    /// @return the slot, all zero when there is none
    function recordOf(PrescriptionId id) external view returns (Record memory);
}
