// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

/// @notice Exhibits: deposited by accredited custodians with an accredited tool, handed on with both parties' consent, judged by courts.
/// @dev The chain keeps salted commitments. An exhibit's commitment binds its statement, which names the digests with their
/// algorithms, the tool's version, the case, the time of capture that is claimed and the block that it cannot be older than:
/// what is claimed is not on the chain, where it would look proved. What the chain proves is that the statement existed at
/// `depositedAt`, who deposited it, with which tool, who has held it since, and what courts decided.
///
/// An exhibit is deposited alone, in a slot of its own, or with others as a member of a batch: in its depositor's
/// transparency log, or under a root. Either batch is an RFC 9162 tree over the commitments. A member gets a slot of its own, and so
/// custody and a state, when its depositor singles it out. All times are Unix seconds; all digests are salted hashes.
interface IEvidenceRegistry {
    /// @notice How an exhibit stands.
    /// UNKNOWN: never deposited. DEPOSITED: held, before any court. TENDERED: to a court. CHALLENGED: by a party. REBUTTED: the
    /// challenge was answered. ADMITTED, EXCLUDED: the court decided. RETURNED, DESTROYED: for good.
    enum State {
        UNKNOWN,
        DEPOSITED,
        TENDERED,
        CHALLENGED,
        REBUTTED,
        ADMITTED,
        EXCLUDED,
        RETURNED,
        DESTROYED
    }

    /// @notice What can be done with an exhibit.
    enum Action {
        HAND_OVER,
        SEAL,
        UNSEAL,
        TENDER,
        CHALLENGE,
        REBUT,
        ADMIT,
        EXCLUDE,
        RETURN,
        DESTROY,
        HOLD,
        LIFT_HOLD
    }

    /// @notice Why an offered exhibit was not taken.
    /// SEAL_BROKEN: the physical one. MISMATCH: it is not what the statement says. DAMAGED. NOT_ADDRESSEE: not this body's task.
    enum Refusal {
        NONE,
        SEAL_BROKEN,
        MISMATCH,
        DAMAGED,
        NOT_ADDRESSEE,
        OTHER
    }

    /// @notice An exhibit with a slot of its own.
    /// @param depositedAt when its commitment was deposited; 0 for never
    /// @param depositor the depositor's index in the trust list
    /// @param key the number of the key that deposited it, within the depositor
    /// @param tool the capture tool's index in the trust list
    /// @param custodian the index of the body that holds it
    /// @param custodianRole the ordinal of the custodian's role among its scopes
    /// @param court the court in charge, to which it was tendered or which holds it; 0 for none
    /// @param hop how often custody changed
    /// @param state how it stands
    /// @param isSealed whether it may not be moved until a court unseals it
    /// @param isHeld whether a court forbade its return and destruction
    struct Exhibit {
        uint40 depositedAt;
        uint32 depositor;
        uint32 key;
        uint32 tool;
        uint32 custodian;
        uint8 custodianRole;
        uint32 court;
        uint16 hop;
        State state;
        bool isSealed;
        bool isHeld;
    }

    /// @notice Exhibits that were deposited together; one slot.
    /// @param depositedAt when; 0 for never
    /// @param depositor the depositor's index in the trust list
    /// @param first the index of the first of them: 0, but for a batch in the log
    /// @param key the number of the key that deposited them, within the depositor
    /// @param role the ordinal of the depositor's role among its scopes
    /// @param tool the capture tool's index in the trust list
    struct Deposit {
        uint40 depositedAt;
        uint32 depositor;
        uint64 first;
        uint32 key;
        uint8 role;
        uint32 tool;
    }

    /// @notice Where an exhibit stands in a batch, proved by RFC 9162, section 2.1.3; the leaf's entry is its commitment.
    /// @param depositor the depositor's index in the trust list
    /// @param inLog whether the batch is in the depositor's log
    /// @param root the tree's root: the log's as of the batch's end, or the batch's own
    /// @param size the tree's entries: the log's as of the batch's end, or the batch's own
    /// @param index the exhibit's index in the tree, from 0
    /// @param path siblings from the leaf up
    struct Place {
        uint32 depositor;
        bool inLog;
        bytes32 root;
        uint64 size;
        uint64 index;
        bytes32[] path;
    }

    /// @notice An exhibit of a batch.
    /// @param commitment the exhibit
    /// @param place where it stands
    struct BatchedExhibit {
        bytes32 commitment;
        Place place;
    }

    /// @notice An offer to take an exhibit; one slot.
    /// @param to the body that may take it; 0 when there is none
    /// @param until first second at which it no longer may
    /// @param hop the exhibit's hop at the offer: custody that changed since makes it void
    struct Offer {
        uint32 to;
        uint40 until;
        uint16 hop;
    }

    /// @notice A witness's signature, which somebody else may carry.
    /// @param witness the witness's key
    /// @param role `keccak256("diwan.role.notary")`, `…certification-authority` or `…forensic-centre`
    /// @param deadline last second at which the signature counts
    /// @param signature by the key, or by a wallet (ERC-1271)
    struct Attestation {
        address witness;
        bytes32 role;
        uint256 deadline;
        bytes signature;
    }

    /// @notice A body's co-attestation; one slot.
    /// @param attestedAt when; 0 for never
    /// @param key the number of the key that signed, within the body
    /// @param role the role in which it signed
    struct Witness {
        uint40 attestedAt;
        uint32 key;
        bytes32 role;
    }

    /// @notice What `statusOf` answers; all zero for UNKNOWN.
    /// @param exhibit the slot; for a member that was not singled out what its batch says
    /// @param standing how the depositor and its key stood at the deposit
    /// @param standingNow how they stand now
    /// @param toolStanding how the capture tool stood at the deposit
    /// @param toolStandingNow how it stands now
    struct Verdict {
        Exhibit exhibit;
        ITrustList.Standing standing;
        ITrustList.Standing standingNow;
        ITrustList.Standing toolStanding;
        ITrustList.Standing toolStandingNow;
    }

    /// @notice What may be done next, and by whom.
    /// @param action what
    /// @param role the role of the key that does it; 0 for the custodian's
    /// @param body the body whose key it must be; 0 for any in that role
    struct Next {
        Action action;
        bytes32 role;
        uint32 body;
    }

    /// @notice An exhibit was deposited alone.
    /// @param commitment the exhibit
    /// @param depositor the depositor's index in the trust list
    /// @param tool the capture tool's index in the trust list
    /// @param caseTag the first 32 bits of the salted hash of the case's number
    event ExhibitDeposited(bytes32 indexed commitment, uint32 indexed depositor, uint32 tool, bytes4 caseTag);

    /// @notice Exhibits were deposited in the depositor's log; the entries are in the log's own event.
    /// @param depositor the depositor's index in the trust list
    /// @param first index of the first of them
    /// @param size the log's entries after them
    /// @param root the log's root after them
    /// @param tool the capture tool's index in the trust list
    /// @param caseTag the first 32 bits of the salted hash of the case's number
    event ExhibitsLogged(
        uint32 indexed depositor,
        uint64 first,
        uint64 size,
        bytes32 root,
        uint32 tool,
        bytes4 caseTag
    );

    /// @notice Exhibits were deposited under a root.
    /// @param depositor the depositor's index in the trust list
    /// @param root the tree's root
    /// @param size the tree's entries
    /// @param tool the capture tool's index in the trust list
    /// @param caseTag the first 32 bits of the salted hash of the case's number
    event ExhibitBatchDeposited(uint32 indexed depositor, bytes32 root, uint64 size, uint32 tool, bytes4 caseTag);

    /// @notice A member of a batch got a slot of its own.
    /// @param commitment the exhibit
    /// @param batch the batch's id
    /// @param index the exhibit's index in it
    event ExhibitSingledOut(bytes32 indexed commitment, bytes32 indexed batch, uint64 index);

    /// @notice A body co-attested an exhibit or a batch.
    /// @param subject the exhibit's commitment, or the batch's id
    /// @param body the witness's index in the trust list
    /// @param key the number of the key that signed, within the body
    /// @param role the role in which it signed
    event DepositWitnessed(bytes32 indexed subject, uint32 indexed body, uint32 key, bytes32 role);

    /// @notice The custodian offered an exhibit.
    /// @param commitment the exhibit
    /// @param to the body that may take it
    /// @param hop the exhibit's hop
    /// @param until first second at which it no longer may
    event CustodyOffered(bytes32 indexed commitment, uint32 indexed to, uint16 hop, uint40 until);

    /// @notice The custodian took an offer back.
    /// @param commitment the exhibit
    /// @param to the body that it had been made to
    event OfferRecalled(bytes32 indexed commitment, uint32 indexed to);

    /// @notice An offered exhibit was not taken.
    /// @param commitment the exhibit
    /// @param to the body that did not take it
    /// @param key the number of the key that said so, within that body
    /// @param refusal why
    event OfferRejected(bytes32 indexed commitment, uint32 indexed to, uint32 key, Refusal refusal);

    /// @notice Custody changed, with both parties' consent. An exhibit has as many of these events as its hop counts.
    /// @param commitment the exhibit
    /// @param to the body that holds it
    /// @param from the body that held it
    /// @param toKey the number of the key that took it, within its body
    event CustodyChanged(bytes32 indexed commitment, uint32 indexed to, uint32 from, uint32 toKey);

    /// @notice The custodian sealed an exhibit.
    /// @param commitment the exhibit
    /// @param custodian the body that holds it
    event ExhibitSealed(bytes32 indexed commitment, uint32 indexed custodian);

    /// @notice A court unsealed an exhibit.
    /// @param commitment the exhibit
    /// @param court the court
    /// @param order the order's salted hash
    event ExhibitUnsealed(bytes32 indexed commitment, uint32 court, bytes32 order);

    /// @notice The custodian tendered an exhibit to a court.
    /// @param commitment the exhibit
    /// @param court the court, in charge of it from then on
    event ExhibitTendered(bytes32 indexed commitment, uint32 indexed court);

    /// @notice A party challenged an exhibit.
    /// @param commitment the exhibit
    /// @param advocate the party's advocate
    /// @param grounds the challenge's salted hash
    event ExhibitChallenged(bytes32 indexed commitment, uint32 indexed advocate, bytes32 grounds);

    /// @notice A challenge was answered.
    /// @param commitment the exhibit
    /// @param body the advocate or the custodian that answered
    /// @param answer the answer's salted hash
    event ExhibitRebutted(bytes32 indexed commitment, uint32 indexed body, bytes32 answer);

    /// @notice A court admitted an exhibit.
    /// @param commitment the exhibit
    /// @param court the court
    /// @param decision the decision's salted hash
    event ExhibitAdmitted(bytes32 indexed commitment, uint32 court, bytes32 decision);

    /// @notice A court excluded an exhibit.
    /// @param commitment the exhibit
    /// @param court the court
    /// @param decision the decision's salted hash
    event ExhibitExcluded(bytes32 indexed commitment, uint32 court, bytes32 decision);

    /// @notice The custodian returned an exhibit to its owner.
    /// @param commitment the exhibit
    /// @param custodian the body that held it
    /// @param order the order's salted hash
    event ExhibitReturned(bytes32 indexed commitment, uint32 indexed custodian, bytes32 order);

    /// @notice The custodian destroyed an exhibit.
    /// @param commitment the exhibit
    /// @param custodian the body that held it
    /// @param order the order's salted hash
    /// @param first the body of the first witness
    /// @param second the body of the second
    event ExhibitDestroyed(
        bytes32 indexed commitment,
        uint32 indexed custodian,
        bytes32 order,
        uint32 first,
        uint32 second
    );

    /// @notice A court forbade an exhibit's return and destruction.
    /// @param commitment the exhibit
    /// @param court the court, in charge of it from then on
    /// @param order the order's salted hash
    event ExhibitHeld(bytes32 indexed commitment, uint32 court, bytes32 order);

    /// @notice A court lifted its hold.
    /// @param commitment the exhibit
    /// @param court the court
    /// @param order the order's salted hash
    event ExhibitReleased(bytes32 indexed commitment, uint32 court, bytes32 order);

    /// @notice The commitment was deposited before.
    /// @param commitment the exhibit
    /// @param depositor who deposited it
    /// @param depositedAt when, in Unix seconds
    error ExhibitExists(bytes32 commitment, uint32 depositor, uint40 depositedAt);

    /// @notice No exhibit with a slot of its own has this commitment.
    /// @param commitment the commitment
    error ExhibitUnknown(bytes32 commitment);

    /// @notice The capture tool was not accredited at the deposit.
    /// @param tool its index in the trust list
    /// @param standing how it stood
    error CaptureToolNotAccredited(uint32 tool, ITrustList.Standing standing);

    /// @notice A batch needs a root and a size.
    /// @param root the tree's root
    /// @param size the tree's entries
    error ExhibitBatchInvalid(bytes32 root, uint64 size);

    /// @notice The depositor deposited the batch before.
    /// @param root the tree's root
    /// @param size the tree's entries
    /// @param depositedAt when, in Unix seconds
    error ExhibitBatchExists(bytes32 root, uint64 size, uint40 depositedAt);

    /// @notice No such batch was deposited.
    /// @param depositor the depositor's index in the trust list
    /// @param inLog whether it should be in the log
    /// @param root the tree's root
    /// @param size the tree's entries
    error ExhibitBatchUnknown(uint32 depositor, bool inLog, bytes32 root, uint64 size);

    /// @notice The proof does not show the exhibit in the batch.
    /// @param commitment the exhibit
    /// @param root the tree's root
    /// @param index the index given
    error ExhibitNotMember(bytes32 commitment, bytes32 root, uint64 index);

    /// @notice Nothing was deposited that could be witnessed.
    /// @param subject what was given
    error WitnessSubjectUnknown(bytes32 subject);

    /// @notice A co-attestation needs a signature, a destruction those of two.
    /// @param given how many were given
    /// @param needed how many are needed
    error WitnessesMissing(uint256 given, uint256 needed);

    /// @notice Only notaries, certification authorities and forensic centres are witnesses.
    /// @param role the role given
    error WitnessRoleInvalid(bytes32 role);

    /// @notice A body is no witness in its own cause, nor twice.
    /// @param subject the exhibit's commitment, or the batch's id
    /// @param body the body
    error WitnessNotIndependent(bytes32 subject, uint32 body);

    /// @notice The bodies named must ascend.
    /// @param body the body out of order
    error WitnessesUnordered(uint32 body);

    /// @notice An offer must end after now.
    /// @param until the end given, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error OfferEndInvalid(uint40 until, uint40 time);

    /// @notice There is no offer of the exhibit to that body, or custody changed since.
    /// @param commitment the exhibit
    /// @param to the body that it stands for; 0 when there is none
    /// @param caller the caller's body
    error OfferMissing(bytes32 commitment, uint32 to, uint32 caller);

    /// @notice The offer has ended.
    /// @param commitment the exhibit
    /// @param until its end, in Unix seconds
    error OfferLapsed(bytes32 commitment, uint40 until);

    /// @notice A refusal needs a reason.
    /// @param commitment the exhibit
    error RefusalReasonMissing(bytes32 commitment);

    /// @notice Custody passes to another body.
    /// @param commitment the exhibit
    /// @param custodian the body that holds it
    error CustodianIsSame(bytes32 commitment, uint32 custodian);

    /// @notice The exhibit changed hands as often as can be counted.
    /// @param commitment the exhibit
    error HopsExhausted(bytes32 commitment);

    /// @notice The exhibit's state does not allow this.
    /// @param commitment the exhibit
    /// @param state how it stands
    /// @param action what was asked
    error ExhibitStateRefuses(bytes32 commitment, State state, Action action);

    /// @notice The exhibit is sealed, or for unsealing is not.
    /// @param commitment the exhibit
    /// @param isSealed whether it is
    /// @param action what was asked
    error ExhibitSealRefuses(bytes32 commitment, bool isSealed, Action action);

    /// @notice The exhibit is held by a court, or for lifting is not.
    /// @param commitment the exhibit
    /// @param isHeld whether it is
    /// @param action what was asked
    error ExhibitHoldRefuses(bytes32 commitment, bool isHeld, Action action);

    /// @notice Another court is in charge of the exhibit.
    /// @param commitment the exhibit
    /// @param court the court in charge
    /// @param other the court that is not
    error CourtNotInCharge(bytes32 commitment, uint32 court, uint32 other);

    /// @notice What is decided upon an exhibit needs the salted hash of the order, decision, challenge or answer.
    /// @param commitment the exhibit
    /// @param action what was asked
    error GroundsMissing(bytes32 commitment, Action action);

    /// @notice Deposits an exhibit.
    /// @dev By a key accredited in `keccak256("diwan.role.evidence-custodian")`, with a tool accredited in
    /// `keccak256("diwan.role.capture-tool")`; the depositor is the first custodian. The council's stop does not hold it.
    /// @param tool the capture tool's index in the trust list
    /// @param commitment the salted hash of the statement
    /// @param caseTag the first 32 bits of the salted hash of the case's number
    function deposit(uint32 tool, bytes32 commitment, bytes4 caseTag) external;

    /// @notice Deposits exhibits in the depositor's log; as `deposit`, but held by the council's stop.
    /// @param tool the capture tool's index in the trust list
    /// @param commitments the salted hashes of the statements, in the log's order
    /// @param caseTag the first 32 bits of the salted hash of the case's number
    function depositMany(uint32 tool, bytes32[] calldata commitments, bytes4 caseTag) external;

    /// @notice Deposits exhibits under the root of an RFC 9162 tree over their commitments; as `deposit`.
    /// @param tool the capture tool's index in the trust list
    /// @param root the tree's root
    /// @param size the tree's entries
    /// @param caseTag the first 32 bits of the salted hash of the case's number
    function depositBatch(uint32 tool, bytes32 root, uint64 size, bytes4 caseTag) external;

    /// @notice Gives a member of a batch a slot of its own, with the batch's time, depositor, key and tool.
    /// @dev By a key of the depositor, accredited or not: what it holds it must be able to hand on. Refused where the same commitment
    /// was deposited alone, be it by another body, which can read it in the log.
    /// @param member the exhibit and its proof
    function singleOut(BatchedExhibit calldata member) external;

    /// @notice Records that accredited witnesses co-attest what was deposited.
    /// @dev Each signs `CoAttestation(bytes32 subject,bytes32 role,address witness,uint256 deadline)`; anyone may carry it.
    /// Distinct bodies, none of them the depositor, each once.
    /// @param subject the exhibit's commitment, or the batch's id
    /// @param attestations the signatures
    function witnessDeposit(bytes32 subject, Attestation[] calldata attestations) external;

    /// @notice Offers an exhibit to another custodian, in place of an offer before.
    /// @dev By a key of the custodian, accredited or not; the other accredited now.
    /// @param commitment the exhibit
    /// @param to the body that may take it
    /// @param until first second at which it no longer may
    function offer(bytes32 commitment, uint32 to, uint40 until) external;

    /// @notice Takes an offer back.
    /// @param commitment the exhibit
    function recall(bytes32 commitment) external;

    /// @notice Takes an offered exhibit.
    /// @dev By a key, accredited as a custodian, of the body that it was offered to.
    /// @param commitment the exhibit
    function accept(bytes32 commitment) external;

    /// @notice Does not take an offered exhibit.
    /// @dev By a key, accredited as a custodian, of the body that it was offered to.
    /// @param commitment the exhibit
    /// @param refusal why
    function reject(bytes32 commitment, Refusal refusal) external;

    /// @notice Hands an exhibit over with both parties' signatures, which anyone may carry.
    /// @dev Both sign `HandOver(bytes32 exhibit,uint16 hop,address from,address to,uint256 deadline)`, with the exhibit's
    /// present hop; so neither signature serves twice.
    /// @param deadline last second at which the signatures count
    /// @param commitment the exhibit
    /// @param from a key of the custodian, accredited or not
    /// @param fromSignature by `from`
    /// @param to a key that is accredited as a custodian
    /// @param toSignature by `to`
    function handOver(
        uint256 deadline,
        bytes32 commitment,
        address from,
        bytes calldata fromSignature,
        address to,
        bytes calldata toSignature
    ) external;

    /// @notice Seals an exhibit: it is not moved, returned or destroyed until a court unseals it.
    /// @dev By a key of the custodian.
    /// @param commitment the exhibit
    function seal(bytes32 commitment) external;

    /// @notice Unseals an exhibit.
    /// @dev By a key accredited in `keccak256("diwan.role.court")`, of the court in charge where there is one.
    /// @param commitment the exhibit
    /// @param order the order's salted hash
    function liftSeal(bytes32 commitment, bytes32 order) external;

    /// @notice Tenders an exhibit to a court, which is in charge of it from then on.
    /// @dev By a key of the custodian; the court accredited now. An exhibit that was excluded may be tendered again.
    /// @param court the court's index in the trust list
    /// @param commitment the exhibit
    function tender(uint32 court, bytes32 commitment) external;

    /// @notice Challenges an exhibit that was tendered.
    /// @dev By a key accredited in `keccak256("diwan.role.advocate")`.
    /// @param commitment the exhibit
    /// @param grounds the challenge's salted hash
    function openChallenge(bytes32 commitment, bytes32 grounds) external;

    /// @notice Answers a challenge.
    /// @dev By a key accredited in `keccak256("diwan.role.advocate")`.
    /// @param commitment the exhibit
    /// @param answer the answer's salted hash
    function rebutAsAdvocate(bytes32 commitment, bytes32 answer) external;

    /// @notice Answers a challenge as the custodian.
    /// @dev By a key of the custodian, accredited or not.
    /// @param commitment the exhibit
    /// @param answer the answer's salted hash
    function rebut(bytes32 commitment, bytes32 answer) external;

    /// @notice Admits an exhibit.
    /// @dev By a key, accredited in `keccak256("diwan.role.court")`, of the court in charge.
    /// @param commitment the exhibit
    /// @param decision the decision's salted hash
    function decideAdmission(bytes32 commitment, bytes32 decision) external;

    /// @notice Excludes an exhibit, even one that was admitted.
    /// @dev By a key, accredited in `keccak256("diwan.role.court")`, of the court in charge.
    /// @param commitment the exhibit
    /// @param decision the decision's salted hash
    function decideExclusion(bytes32 commitment, bytes32 decision) external;

    /// @notice Returns an exhibit to its owner, for good.
    /// @dev By a key of the custodian.
    /// @param commitment the exhibit
    /// @param order the order's salted hash
    function returnExhibit(bytes32 commitment, bytes32 order) external;

    /// @notice Destroys an exhibit, for good.
    /// @dev By a key of the custodian, with the signatures of two witnesses of different bodies, neither the custodian, over
    /// `Destruction(bytes32 exhibit,bytes32 order,bytes32 role,address witness,uint256 deadline)`.
    /// @param commitment the exhibit
    /// @param order the order's salted hash
    /// @param witnesses the two signatures
    function destroy(bytes32 commitment, bytes32 order, Attestation[] calldata witnesses) external;

    /// @notice Forbids an exhibit's return and destruction. The court is in charge of it from then on.
    /// @dev By a key accredited in `keccak256("diwan.role.court")`, of the court in charge where there is one.
    /// @param commitment the exhibit
    /// @param order the order's salted hash
    function hold(bytes32 commitment, bytes32 order) external;

    /// @notice Lifts a hold.
    /// @dev By a key, accredited in `keccak256("diwan.role.court")`, of the court in charge.
    /// @param commitment the exhibit
    /// @param order the order's salted hash
    function releaseFromHold(bytes32 commitment, bytes32 order) external;

    /// @notice How an exhibit with a slot of its own stands.
    /// @param commitment the exhibit
    /// @return the verdict
    function statusOf(bytes32 commitment) external view returns (Verdict memory);

    /// @notice How a member of a batch stands, singled out or not; reverts where the proof does not hold.
    /// @param member the exhibit and its proof
    /// @return the verdict, all zero when there is no such batch
    function statusOfMember(BatchedExhibit calldata member) external view returns (Verdict memory);

    /// @notice What may be done with an exhibit next, and by whom, as far as state, seal and hold allow.
    /// @param commitment the exhibit
    /// @return the actions; none at the end
    function nextOf(bytes32 commitment) external view returns (Next[] memory);

    /// @notice An exhibit as it is kept.
    /// @param commitment the exhibit
    /// @return the slot, all zero when there is none
    function exhibitOf(bytes32 commitment) external view returns (Exhibit memory);

    /// @notice The offer of an exhibit, void or not.
    /// @param commitment the exhibit
    /// @return the slot, all zero when there is none
    function currentOfferOf(bytes32 commitment) external view returns (Offer memory);

    /// @notice A batch as it is kept.
    /// @param batch its id
    /// @return the slot, all zero when there is none
    function depositOf(bytes32 batch) external view returns (Deposit memory);

    /// @notice A batch's id.
    /// @param depositor the depositor's index in the trust list
    /// @param inLog whether it is in the depositor's log
    /// @param root the tree's root
    /// @param size the tree's entries
    /// @return the id
    function batchIdOf(uint32 depositor, bool inLog, bytes32 root, uint64 size) external pure returns (bytes32);

    /// @notice The size and root of a depositor's log as of now.
    /// @param depositor the depositor's index in the trust list
    /// @return size its entries
    /// @return root its root
    function checkpointOf(uint32 depositor) external view returns (uint64 size, bytes32 root);

    /// @notice A body's co-attestation.
    /// @param subject the exhibit's commitment, or the batch's id
    /// @param body the witness's index in the trust list
    /// @return what it signed, all zero when it did not
    function witnessOf(bytes32 subject, uint32 body) external view returns (Witness memory);

    /// @notice Whether so many of the named bodies co-attested, each judged in the second in which it did.
    /// @param subject the exhibit's commitment, or the batch's id
    /// @param bodies indices in the trust list, ascending
    /// @param threshold how many of them
    /// @return whether they did
    function isCoAttested(bytes32 subject, uint32[] calldata bodies, uint256 threshold) external view returns (bool);
}
