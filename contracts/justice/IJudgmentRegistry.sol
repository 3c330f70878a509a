// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

/// @notice Judgments and their fate: registered by courts, appealed, and decided upon by courts of appeal.
/// @dev The chain keeps salted commitments: no text, no case number, no party. A decision upon a judgment is a judgment too, so
/// that decisions form a chain, which ends in the judgment that governs the matter; only this one can be changed.
///
/// How a judgment stands depends on what was decided upon it and on how that decision itself stands:
/// - while the decision stands, final or not: AFFIRMED shares its status; SUPERSEDED, REVERSED and ANNULLED are as they say;
/// - when the decision was ANNULLED it counts as not given: the judgment is as before, so an appeal is open again;
/// - when the decision was SUPERSEDED: what it had affirmed is superseded too, everything else stays;
/// - when the decision was REVERSED: the contrary holds. What it had affirmed is reversed; what it had reversed or annulled
///   stands again and shares the status of the judgment that governs; what it had superseded stays superseded.
/// A judgment with a slip stays superseded by the corrected one, which stands in its place in all of the above.
/// A court that decides neither the contrary nor sends a matter back calls its decision superseding.
///
/// A court is judged at the time of registration. Warning: `decidedAt`, and finality before the registration, are what
/// the court claims; the chain proves no more than that the judgment existed at `registeredAt`.
/// Warning: which court stands above which is the law's matter. The chain refuses a court that would decide upon a judgment of
/// its own, and any but the one that the judgment names; chambers that hear appeals from each other are bodies of their own.
/// All times are Unix seconds.
interface IJudgmentRegistry {
    /// @notice How a judgment stands.
    /// UNKNOWN: never registered. NOT_FINAL: it can be appealed. FINAL: no more. UNDER_APPEAL: a court of appeal has it.
    /// SUPERSEDED: another stands in its place, by appeal or by the correction of a slip. REVERSED: a court of appeal
    /// decided the contrary. ANNULLED: it counts as not given.
    enum Status {
        UNKNOWN,
        NOT_FINAL,
        FINAL,
        UNDER_APPEAL,
        SUPERSEDED,
        REVERSED,
        ANNULLED
    }

    /// @notice What was decided upon a judgment.
    /// NONE: nothing yet. AFFIRMED: it stands. SUPERSEDED: the decision stands in its place. REVERSED: the decision is the contrary.
    /// ANNULLED: it counts as not given, for a new decision below or for none. RECTIFIED: its own court corrected a slip.
    enum Outcome {
        NONE,
        AFFIRMED,
        SUPERSEDED,
        REVERSED,
        ANNULLED,
        RECTIFIED
    }

    /// @notice What sort of decision it is; coarse, so that it says little of the case.
    /// JUDGMENT: on the merits. PARTIAL: on a part of them. INTERIM: until the judgment. ORDER: on the procedure, costs or
    /// another decision. SETTLEMENT: agreed by the parties and recorded by the court.
    enum Kind {
        JUDGMENT,
        PARTIAL,
        INTERIM,
        ORDER,
        SETTLEMENT
    }

    /// @notice A judgment to register.
    /// @param commitment the salted hash of its statement
    /// @param caseCommitment the salted hash of the case's number
    /// @param kind what sort of decision it is
    /// @param decidedAt when the court decided, as it claims; not 0, not in the future
    /// @param finalFrom first second at which it cannot be appealed; 0 when that is not known yet, as before its service
    /// @param appealTo the court of appeal that alone may hear an appeal; 0 for any
    struct Judgment {
        bytes32 commitment;
        bytes32 caseCommitment;
        Kind kind;
        uint40 decidedAt;
        uint40 finalFrom;
        uint32 appealTo;
    }

    /// @notice A judgment as it is kept; one slot.
    /// @param registeredAt when it was registered; 0 for never
    /// @param decidedAt when the court decided, as it claims
    /// @param finalFrom first second at which it cannot be appealed; 0 when that is not known yet
    /// @param court the court's index in the trust list
    /// @param key the number of the key that registered it, within the court
    /// @param role the ordinal of the court's role among its scopes
    /// @param appealTo the court of appeal that alone may hear an appeal; 0 for any
    /// @param kind what sort of decision it is
    /// @param outcome what was decided upon it last
    /// @param depth how many decisions came before it in its chain
    /// @param isUponAnother whether it decides upon another judgment, by a court of appeal
    /// @param isAppealed whether a court of appeal took an appeal that was not withdrawn
    /// @param isDisplaced whether it was annulled, and another decision then given instead: annulled for good
    struct Record {
        uint40 registeredAt;
        uint40 decidedAt;
        uint40 finalFrom;
        uint32 court;
        uint32 key;
        uint8 role;
        uint32 appealTo;
        Kind kind;
        Outcome outcome;
        uint8 depth;
        bool isUponAnother;
        bool isAppealed;
        bool isDisplaced;
    }

    /// @notice An appeal that a court of appeal took; one slot.
    /// @param lodgedAt when it was recorded; 0 when there is none, or it was withdrawn
    /// @param court the court of appeal's index in the trust list
    /// @param key the number of the key that recorded it, within the court
    /// @param role the ordinal of the court's role among its scopes
    struct Appeal {
        uint40 lodgedAt;
        uint32 court;
        uint32 key;
        uint8 role;
    }

    /// @notice All that is known of a judgment's fate.
    /// @param status how it stands
    /// @param outcome what was decided upon it, where that decision counts; NONE otherwise
    /// @param successor the decision upon it that counts; 0 when there is none
    /// @param governing the judgment at the end of its chain, which may be itself
    /// @param kind what sort of decision it is
    /// @param court the court's index in the trust list
    /// @param key the number of the key that registered it, within the court
    /// @param isUponAnother whether it decides upon another judgment, by a court of appeal
    /// @param registeredAt when it was registered: proved by the chain
    /// @param decidedAt when the court decided: claimed by the court
    /// @param finalFrom first second at which the governing judgment cannot be appealed; 0 when that is not known yet
    /// @param appealCourt the court of appeal that has, or had, an appeal of it that was not withdrawn; 0 for none
    /// @param standing how the court stood at the registration: COMPROMISED when its key is known to have been
    /// @param standingNow how the court and that key stand now
    /// @param governingStanding how the governing judgment's court stood at that one's registration
    struct Verdict {
        Status status;
        Outcome outcome;
        bytes32 successor;
        bytes32 governing;
        Kind kind;
        uint32 court;
        uint32 key;
        bool isUponAnother;
        uint40 registeredAt;
        uint40 decidedAt;
        uint40 finalFrom;
        uint32 appealCourt;
        ITrustList.Standing standing;
        ITrustList.Standing standingNow;
        ITrustList.Standing governingStanding;
    }

    /// @notice A judgment was registered.
    /// @param commitment the judgment
    /// @param caseCommitment the salted hash of the case's number
    /// @param court the court's index in the trust list
    /// @param key the number of the key that registered it, within the court
    /// @param kind what sort of decision it is
    /// @param decidedAt when the court decided, as it claims
    /// @param finalFrom first second at which it cannot be appealed; 0 when that is not known yet
    /// @param appealTo the court of appeal that alone may hear an appeal; 0 for any
    event JudgmentRegistered(
        bytes32 indexed commitment,
        bytes32 indexed caseCommitment,
        uint32 indexed court,
        uint32 key,
        Kind kind,
        uint40 decidedAt,
        uint40 finalFrom,
        uint32 appealTo
    );

    /// @notice The court told from when its judgment is final.
    /// @param commitment the judgment
    /// @param finalFrom first second at which it cannot be appealed
    event FinalitySet(bytes32 indexed commitment, uint40 finalFrom);

    /// @notice A court of appeal took an appeal.
    /// @param commitment the judgment
    /// @param appealCommitment the salted hash of the notice of appeal
    /// @param court the court of appeal's index in the trust list
    /// @param key the number of the key that recorded it, within the court
    event AppealLodged(bytes32 indexed commitment, bytes32 indexed appealCommitment, uint32 indexed court, uint32 key);

    /// @notice An appeal was withdrawn.
    /// @param commitment the judgment
    /// @param court the court of appeal that had it
    /// @param finalFrom first second at which the judgment cannot be appealed; 0 when that is not known yet
    event AppealWithdrawn(bytes32 indexed commitment, uint32 indexed court, uint40 finalFrom);

    /// @notice A judgment was decided upon; the decision was registered in the same transaction.
    /// @param commitment the judgment
    /// @param next the decision
    /// @param court the decision's court
    /// @param outcome what was decided
    event FateDecided(bytes32 indexed commitment, bytes32 indexed next, uint32 indexed court, Outcome outcome);

    /// @notice A decision that had been annulled was displaced by another: it is annulled for good.
    /// @param commitment the decision
    event DecisionDisplaced(bytes32 indexed commitment);

    /// @notice A judgment needs a commitment and that of its case.
    /// @param commitment the judgment's
    /// @param caseCommitment the case's
    error JudgmentCommitmentMissing(bytes32 commitment, bytes32 caseCommitment);

    /// @notice The commitment was registered before.
    /// @param commitment the judgment
    /// @param court the court that registered it
    /// @param registeredAt when, in Unix seconds
    error JudgmentExists(bytes32 commitment, uint32 court, uint40 registeredAt);

    /// @notice A court decided neither at 0 nor in the future.
    /// @param decidedAt the time given, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error DecisionTimeInvalid(uint40 decidedAt, uint40 time);

    /// @notice A judgment is not final before it was decided, nor before its court says so.
    /// @param finalFrom the time given, in Unix seconds
    /// @param earliest the earliest that may be given, in Unix seconds
    error FinalityInvalid(uint40 finalFrom, uint40 earliest);

    /// @notice From when the judgment is final was told before.
    /// @param commitment the judgment
    /// @param finalFrom that time, in Unix seconds
    error FinalityIsSet(bytes32 commitment, uint40 finalFrom);

    /// @notice No such judgment was registered.
    /// @param commitment the commitment
    error JudgmentUnknown(bytes32 commitment);

    /// @notice The judgment's status does not allow this.
    /// @param commitment the judgment
    /// @param status how it stands
    error JudgmentStatusRefuses(bytes32 commitment, Status status);

    /// @notice Another decision was given upon the judgment: what is to change is that one, or what was decided upon it.
    /// @param commitment the judgment
    /// @param governing the judgment that governs
    error JudgmentIsDecidedUpon(bytes32 commitment, bytes32 governing);

    /// @notice The judgment, or the appeal, is another court's.
    /// @param commitment the judgment
    /// @param court the court whose it is
    /// @param caller the caller's body
    error JudgmentOfAnotherCourt(bytes32 commitment, uint32 court, uint32 caller);

    /// @notice No court decides upon a judgment of its own.
    /// @param commitment the judgment
    /// @param court the court
    error CourtReviewsItself(bytes32 commitment, uint32 court);

    /// @notice An appeal of a judgment ends in one of AFFIRMED, SUPERSEDED, REVERSED and ANNULLED.
    /// @param commitment the judgment
    /// @param outcome what was given
    error AppealOutcomeInvalid(bytes32 commitment, Outcome outcome);

    /// @notice An appeal needs the salted hash of its notice.
    /// @param commitment the judgment
    error AppealCommitmentMissing(bytes32 commitment);

    /// @notice No more may follow upon each other.
    /// @param commitment the judgment
    /// @param most how many may stand before it: fewer for a correction, which leaves room for the courts above
    error JudgmentChainTooLong(bytes32 commitment, uint8 most);

    /// @notice The judgment is not final, or a court that it rests on did not stand.
    /// @param commitment the judgment
    /// @param status how it stands
    /// @param standing how its own court stood at the registration, or else the governing judgment's court
    error JudgmentNotEnforceable(bytes32 commitment, Status status, ITrustList.Standing standing);

    /// @notice Registers a judgment of the first instance.
    /// @dev By a key accredited in `keccak256("diwan.role.court")`.
    /// @param judgment the judgment
    function register(Judgment calldata judgment) external;

    /// @notice Tells from when a judgment is final, where that was not known at its registration; once.
    /// @dev By the judgment's court, accredited now, while the judgment is NOT_FINAL.
    /// @param commitment the judgment
    /// @param finalFrom first second at which it cannot be appealed; not in the past
    function setFinality(bytes32 commitment, uint40 finalFrom) external;

    /// @notice Corrects a slip: a text with the same decision in the judgment's place. The appeal's time runs on.
    /// @dev By the judgment's court, accredited now, while the judgment is NOT_FINAL or FINAL and governs, and no ten stand before it:
    /// the rest of the chain is for decisions.
    /// @param commitment the judgment
    /// @param next the salted hash of the corrected judgment's statement
    /// @param caseCommitment the salted hash of the case's number
    function rectify(bytes32 commitment, bytes32 next, bytes32 caseCommitment) external;

    /// @notice Takes an appeal of a judgment that is not final. Appeals of several parties are one to the chain.
    /// @dev By a key accredited in `keccak256("diwan.role.court-of-appeal")`: not of the judgment's own court, and of the court
    /// that the judgment names, if it names one.
    /// @param commitment the judgment
    /// @param appealCommitment the salted hash of the notice of appeal
    function appeal(bytes32 commitment, bytes32 appealCommitment) external;

    /// @notice Ends an appeal without a decision. The judgment becomes final at its time, or now, when that passed meanwhile.
    /// @dev By any key of the court of appeal that took it, in the role in which it was taken, accredited or not.
    /// @param commitment the judgment
    function withdrawAppeal(bytes32 commitment) external;

    /// @notice Decides an appeal: registers the decision, and settles the judgment's fate.
    /// @dev By a key, accredited in `keccak256("diwan.role.court-of-appeal")`, of the court that took the appeal.
    /// @param commitment the judgment
    /// @param outcome AFFIRMED, SUPERSEDED, REVERSED or ANNULLED
    /// @param next the decision
    function decideAppeal(bytes32 commitment, Outcome outcome, Judgment calldata next) external;

    /// @notice Annuls a judgment that is final: the extraordinary remedy, as for a judgment that a stolen key registered.
    /// @dev By a key accredited in `keccak256("diwan.role.court-of-appeal")`, not of the judgment's own court.
    /// @param commitment the judgment
    /// @param next the decision that annuls
    function annul(bytes32 commitment, Judgment calldata next) external;

    /// @notice How a judgment stands, and all that is known of its fate.
    /// @param commitment the judgment
    /// @return the verdict, all zero when it is unknown
    function statusOf(bytes32 commitment) external view returns (Verdict memory);

    /// @notice Reverts unless a judgment is final, and its court and that of the governing judgment stood at the registration.
    /// @param commitment the judgment
    function requireFinal(bytes32 commitment) external view;

    /// @notice A judgment as it is kept.
    /// @param commitment the judgment
    /// @return the slot, all zero when there is none
    function judgmentOf(bytes32 commitment) external view returns (Record memory);

    /// @notice What was last decided upon a judgment, whether it counts or not.
    /// @param commitment the judgment
    /// @return the decision's commitment, 0 for none
    function decisionUpon(bytes32 commitment) external view returns (bytes32);

    /// @notice The appeal of a judgment.
    /// @param commitment the judgment
    /// @return the slot, all zero when there is none, or it was withdrawn
    function appealOf(bytes32 commitment) external view returns (Appeal memory);
}
