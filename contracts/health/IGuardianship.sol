// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

/// @notice Guardians who act for a patient, appointed by a court until a time: a minor's until majority.
/// @dev A court is a body accredited in the scope `keccak256("diwan.role.court")`. A guardian counts only as long as the
/// appointment itself stands: not when the court's key is known to have been compromised by then. All times are Unix
/// seconds.
interface IGuardianship {
    /// @notice A guardianship; one slot.
    /// @param from when the court appointed the guardian; 0 for never
    /// @param until first second at which it is over
    /// @param endedAt when it was ended before that; 0 for not
    /// @param court the court's body
    /// @param key the number of the court's key that appointed, within the body
    /// @param role the ordinal of the court's scope among the body's scopes
    struct Guardianship {
        uint40 from;
        uint40 until;
        uint40 endedAt;
        uint32 court;
        uint32 key;
        uint8 role;
    }

    /// @notice A court appointed a guardian, in the place of any earlier appointment of the same one.
    /// @param patient who is under guardianship
    /// @param guardian who acts for the patient
    /// @param court the court's body
    /// @param key the number of the court's key, within the body
    /// @param until first second at which it is over
    event GuardianAppointed(
        address indexed patient,
        address indexed guardian,
        uint32 indexed court,
        uint32 key,
        uint40 until
    );

    /// @notice A guardianship was ended before its time.
    /// @param patient who was under guardianship
    /// @param guardian who acted
    /// @param by the guardian, or a key of the court
    event GuardianshipEnded(address indexed patient, address indexed guardian, address by);

    /// @notice Nobody is their own guardian, and neither side is the zero address.
    /// @param patient who was to be under guardianship
    /// @param guardian who was to act
    error GuardianInvalid(address patient, address guardian);

    /// @notice A guardianship must end after now.
    /// @param until the end asked for, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error GuardianshipInPast(uint40 until, uint40 time);

    /// @notice The account is not a guardian of the patient now.
    /// @param patient whose data it is
    /// @param guardian who acted
    /// @param standing NONE when never appointed, EXPIRED after its time (majority), WITHDRAWN when ended before it, else
    /// what is wrong with the appointment: COMPROMISED when the court's key was no longer the court's alone
    error GuardianNotInForce(address patient, address guardian, ITrustList.Standing standing);

    /// @notice There is no guardianship to end: none was made, or it is over.
    /// @param patient who is said to be under guardianship
    /// @param guardian who is said to act
    error GuardianshipNotRunning(address patient, address guardian);

    /// @notice Appoints a guardian until a time; a court. Another court's appointment of the same guardian is replaced:
    /// guardianships move with the patient from one court to the next.
    /// @dev What the guardian granted before, and has not run out since, is in force again.
    /// @param patient who is under guardianship
    /// @param guardian who shall act for the patient
    /// @param until first second at which it is over: a minor's majority
    function appointGuardian(address patient, address guardian, uint40 until) external;

    /// @notice Ends a guardianship before its time; the guardian, or a key of the court that appointed, accredited or not.
    /// @dev What the guardian granted is no longer in force then.
    /// @param patient who is under guardianship
    /// @param guardian who acts
    function endGuardianship(address patient, address guardian) external;

    /// @notice A guardianship as it is recorded.
    /// @param patient who is under guardianship
    /// @param guardian who acts
    /// @return the slot, all zero when there is none
    function guardianshipOf(address patient, address guardian) external view returns (Guardianship memory);

    /// @notice How a guardian stands now.
    /// @param patient whose guardian is asked about
    /// @param guardian the account
    /// @return IN_FORCE when it may act, otherwise why not, as in GuardianNotInForce
    function guardianStandingOf(address patient, address guardian) external view returns (ITrustList.Standing);
}
