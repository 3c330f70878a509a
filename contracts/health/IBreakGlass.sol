// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Access to a patient's data in an emergency, without consent: for a short time, with a reason, in the open, and
/// reviewed by a second body.
/// @dev The chain judges no emergency. It sees to it that each use is told to the patient by an event, that somebody else
/// looks at it, and that a provider whose uses nobody looks at comes to a stop. All times are Unix seconds.
interface IBreakGlass {
    /// @notice Why a provider breaks the glass. UNSPECIFIED is refused.
    enum EmergencyReason {
        UNSPECIFIED,
        LIFE_THREATENING,
        UNABLE_TO_CONSENT,
        PUBLIC_HEALTH_EMERGENCY,
        CONSENT_UNREACHABLE,
        OTHER
    }

    /// @notice What a review came to. PENDING: there was none yet.
    enum Outcome {
        PENDING,
        JUSTIFIED,
        UNJUSTIFIED
    }

    /// @notice A use of the break-glass. Who reviewed it, and when, its review's event tells.
    /// @param openedAt when the window opened; 0 when there is no such use
    /// @param until first second at which it is closed: the end of the window, or an earlier review that found the use
    /// unjustified
    /// @param provider the body that broke the glass
    /// @param key the number of the key that did, within the body
    /// @param role the ordinal of emergency care among the body's scopes
    /// @param reason why
    /// @param number which of the body's uses it is, from 1
    /// @param outcome what the review came to
    struct EmergencyUse {
        uint40 openedAt;
        uint40 until;
        uint32 provider;
        uint32 key;
        uint8 role;
        EmergencyReason reason;
        uint32 number;
        Outcome outcome;
    }

    /// @notice A provider broke the glass: the patient's client shows this.
    /// @param id the use
    /// @param patient whose data the provider may read until then
    /// @param provider the body
    /// @param key the number of the key that did, within the body
    /// @param until first second at which the window is closed
    /// @param reason why
    /// @param commitment salted hash of what the provider wrote down about it
    event GlassBroken(
        bytes32 indexed id,
        address indexed patient,
        uint32 indexed provider,
        uint32 key,
        uint40 until,
        EmergencyReason reason,
        bytes32 commitment
    );

    /// @notice A use of the break-glass was reviewed.
    /// @param id the use
    /// @param reviewer the body that reviewed it
    /// @param key the number of the key that did, within the body
    /// @param outcome what the review came to
    /// @param findings salted hash of what the reviewer wrote down
    event BreakGlassReviewed(
        bytes32 indexed id,
        uint32 indexed reviewer,
        uint32 key,
        Outcome outcome,
        bytes32 findings
    );

    /// @notice The council set how many unreviewed uses stop a provider.
    /// @param limit that many
    event ReviewLimitChanged(uint32 limit);

    /// @notice A deployment's longest window must be between a second and 72 hours.
    /// @param maxWindow the longest window given, in seconds
    /// @param most the most that it can be, in seconds
    error MaxWindowInvalid(uint40 maxWindow, uint40 most);

    /// @notice The window must be between a second and the longest one.
    /// @param window the window asked for, in seconds
    /// @param maxWindow the longest one, in seconds
    error EmergencyWindowInvalid(uint40 window, uint40 maxWindow);

    /// @notice Whose data it is about must be said, so that the patient sees it.
    /// @param body the provider
    error EmergencyPatientMissing(uint32 body);

    /// @notice A reason must be given.
    /// @param patient whose data it is about
    error EmergencyReasonMissing(address patient);

    /// @notice Too many of the provider's uses wait for a review, or the council has set no limit yet, which is 0.
    /// @param body the provider
    /// @param unreviewed how many wait
    /// @param limit how many stop it
    error BreakGlassBlocked(uint32 body, uint32 unreviewed, uint32 limit);

    /// @notice A use of the provider waits for a review while 192 later ones were made.
    /// @param body the provider
    /// @param number which of its uses waits, from 1
    error BreakGlassReviewOverdue(uint32 body, uint32 number);

    /// @notice The provider broke the glass for this patient in this second: that window is open.
    /// @param id the use
    error GlassBrokenBefore(bytes32 id);

    /// @notice There is no such use.
    /// @param id the use asked for
    error BreakGlassUnknown(bytes32 id);

    /// @notice A use is reviewed once.
    /// @param id the use
    /// @param outcome what the review came to
    error BreakGlassReviewedBefore(bytes32 id, Outcome outcome);

    /// @notice Nobody reviews a use of its own.
    /// @param id the use
    /// @param body the provider, to which the reviewer's key belongs
    error ReviewerNotIndependent(bytes32 id, uint32 body);

    /// @notice A review must come to an outcome.
    /// @param id the use
    error ReviewOutcomeMissing(bytes32 id);

    /// @notice The body has no open window that it opened then.
    /// @param patient whose data it is about
    /// @param body the provider
    /// @param openedAt when the window is said to have been opened
    /// @param until first second at which it was closed; 0 when there was none
    error BreakGlassNotOpen(address patient, uint32 body, uint40 openedAt, uint40 until);

    /// @notice Breaks the glass: the caller's body may read the patient's data from now on until the window ends.
    /// @dev By a key accredited in `keccak256("diwan.role.emergency-care")`. The council's stop does not hold it: an
    /// emergency does not wait, and one that cannot be recorded is one that no patient hears of. What holds it is the
    /// limit, and a suspension of the body.
    /// @param patient whose data
    /// @param window how long, in seconds: more than 0, at most `maxWindow()`
    /// @param reason why
    /// @param commitment salted hash of what the provider wrote down about it
    /// @return id the use: `keccak256(abi.encode(patient, body, openedAt))`
    function breakGlass(
        address patient,
        uint40 window,
        EmergencyReason reason,
        bytes32 commitment
    ) external returns (bytes32 id);

    /// @notice Reviews a use, once; a body other than the provider. UNJUSTIFIED closes a window that is still open.
    /// @dev By a key accredited in `keccak256("diwan.role.break-glass-review")`.
    /// @param id the use
    /// @param outcome what the review came to
    /// @param findings salted hash of what the reviewer wrote down
    function review(bytes32 id, Outcome outcome, bytes32 findings) external;

    /// @notice Sets how many unreviewed uses stop a provider; the council only. 0 stops them all. Whatever it is, a use that
    /// 192 later ones outran stops its provider until it is reviewed.
    /// @param limit that many
    function setReviewLimit(uint32 limit) external;

    /// @notice A use of the break-glass. How its key stood tells `ITrustList.standingOf`.
    /// @param id the use
    /// @return the use, all zero when there is none
    function breakGlassOf(bytes32 id) external view returns (EmergencyUse memory);

    /// @notice How many of a provider's uses wait for a review.
    /// @param body the provider
    /// @return that many
    function unreviewedOf(uint32 body) external view returns (uint32);

    /// @notice How many unreviewed uses stop a provider.
    /// @return that many; 0 while the council has set none, when nobody may break the glass
    function reviewLimit() external view returns (uint32);

    /// @notice The longest window that can be asked for.
    /// @return its length in seconds
    function maxWindow() external view returns (uint40);
}
