// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustees} from "./ITrustees.sol";
import {IVoterGate} from "./IVoterGate.sol";
import {QuestionList} from "./Questions.sol";

/// @notice One election: its rules, its roll, its ballots and their count.
/// @dev Ballots are encrypted to the trustees' key, and proven valid when they are cast. Only their sum is opened, after the
/// close. All can be replayed from the events. Times are Unix seconds.
interface IElection {
    /// @notice How an election stands. It moves forward only.
    /// @dev SETUP: the trustees register. KEY_CEREMONY: they make the key, in one round or several; voting has not begun. OPEN:
    /// ballots are cast. CLOSED: they are summed up. TALLYING: trustees open the sums. FINAL: the results are known and checked. ANNULLED: by the
    /// commission. FAILED: not ready at the opening, too few ballots, or trustees that did not open the sums in time.
    enum State {
        SETUP,
        KEY_CEREMONY,
        OPEN,
        CLOSED,
        TALLYING,
        FINAL,
        ANNULLED,
        FAILED
    }

    /// @notice Why a ballot of a batch was not recorded.
    enum SkipReason {
        SIGNATURE_EXPIRED,
        SLOT_CHANGED,
        SIGNATURE_INVALID,
        NOT_ON_ROLL,
        BALLOT_SPOILED
    }

    /// @notice What an election fixes when it is made.
    /// @param questions its questions
    /// @param roll root of the roll, 0 when it is published later
    /// @param opensAt the first second of voting
    /// @param closesAt the first second after it, unless it is extended
    /// @param blanks how many options at the end of each question are blank ones, whose sum alone is reported: 8 bits a question
    /// @param texts hash of the texts' hashes, `keccak256(abi.encode(Text[]))`
    /// @param commission hash of its commission's members, `keccak256(abi.encodePacked(address[]))`
    /// @param trustees who make the key and open the sums
    /// @param gate who says which others may vote; 0 for nobody
    /// @param gateScope what the gate is to ask for
    /// @param gateFreeze what was issued after this second does not count at the gate
    /// @param challengePeriod how long a roll is public before the opening, at least, in seconds
    /// @param tallyPeriod how long after the close trustees may open the sums, in seconds
    /// @param longestExtension how much later than `closesAt` voting may end at most, in seconds
    /// @param minimumBallots how many voters must have cast for the sums to be opened
    /// @param mostExtensions how many extensions there may be
    /// @param quorum how many members of the commission decide
    /// @param hasPaper whether totals of kiosks or paper must be recorded before the sums are opened
    struct Terms {
        QuestionList questions;
        bytes32 roll;
        uint40 opensAt;
        uint40 closesAt;
        uint256 blanks;
        bytes32 texts;
        bytes32 commission;
        ITrustees trustees;
        IVoterGate gate;
        bytes32 gateScope;
        uint40 gateFreeze;
        uint32 challengePeriod;
        uint32 tallyPeriod;
        uint32 longestExtension;
        uint32 minimumBallots;
        uint8 mostExtensions;
        uint8 quorum;
        bool hasPaper;
    }

    /// @notice The election's key, as a ballot brings it: cheaper than to read it, and compared with what is frozen.
    /// @param x its x-coordinate
    /// @param parity 0 where its y-coordinate is even, 1 where it is odd
    struct Key {
        uint256 x;
        uint256 parity;
    }

    /// @notice A roll as the commission publishes it.
    /// @param root root of OpenZeppelin's StandardMerkleTree over (bytes32 slotKey, address voter, uint64 weight); 0 for nobody
    /// @param voters how many entries it has
    /// @param weight the sum of their weights
    /// @param file hash of the file that lists the entries, SHA-256
    struct Roll {
        bytes32 root;
        uint32 voters;
        uint64 weight;
        bytes32 file;
    }

    /// @notice A member's signature.
    /// @param member the member's place in the commission's list, from 0
    /// @param signature EIP-712, or ERC-1271
    struct Signature {
        uint8 member;
        bytes signature;
    }

    /// @notice A ballot that its voter signed.
    /// @param slotKey the voter's slot
    /// @param voter who signed
    /// @param weight the voter's weight
    /// @param proof the roll's siblings from the entry up
    /// @param evidence what the voter shows at the gate; empty for a voter on the roll
    /// @param replaces what the slot held when the voter signed, 0 for nothing
    /// @param deadline the last second at which the signature counts
    /// @param signature EIP-712 `Ballot(bytes32 slotKey,bytes32 ballotHash,bytes32 replaces,uint40 deadline)`, or ERC-1271
    /// @param ballot ciphertexts and proofs
    struct SignedBallot {
        bytes32 slotKey;
        address voter;
        uint64 weight;
        bytes32[] proof;
        bytes evidence;
        bytes32 replaces;
        uint40 deadline;
        bytes signature;
        bytes ballot;
    }

    /// @notice How far a caller has summed up.
    /// @param count how many ballots
    /// @param weight the sum of their weights
    /// @param last the key of the last slot
    /// @param sums for each group of each question the running sums of C1 and C2, begun at the generator K, three words each:
    /// Jacobian X, Y, Z
    struct Progress {
        uint32 count;
        uint128 weight;
        bytes32 last;
        uint256[] sums;
    }

    /// @notice What opens a question's sum.
    /// @param counts how often each option was chosen, weighted
    /// @param partials the trustees' partial decryptions, as many as the threshold
    /// @param sums for each group the coordinates of the sums of C1 and C2
    /// @param hints the trustees' Lagrange coefficients, then for each group the points that the multiplications yield and the
    /// inverse of the sum's Z, as {CountProof} wants them
    struct Count {
        uint256[] counts;
        ITrustees.Partial[] partials;
        uint256[] sums;
        uint256[] hints;
    }

    /// @notice A roll was published, in the place of any before.
    /// @param root its root
    /// @param revision its number, from 1
    /// @param voters how many entries it has
    /// @param weight the sum of their weights
    /// @param file hash of the file that lists the entries, SHA-256
    event RollPublished(bytes32 indexed root, uint32 indexed revision, uint32 voters, uint64 weight, bytes32 file);

    /// @notice Somebody objects to the roll.
    /// @param root the roll objected to
    /// @param objector who objects
    /// @param grounds hash of the objection's text
    event RollObjected(bytes32 indexed root, address indexed objector, bytes32 grounds);

    /// @notice Rules, roll and key are frozen; ballots can be cast from the opening on.
    /// @param configuration the hash of all that the election fixed
    /// @param roll the roll's root
    /// @param keyX the key's x-coordinate
    /// @param keyY its y-coordinate
    event ElectionOpened(bytes32 indexed configuration, bytes32 roll, uint256 keyX, uint256 keyY);

    /// @notice A ballot was recorded, in the place of any that the slot held.
    /// @param slotKey the voter's slot
    /// @param ballotHash what the slot holds now: the hash of the ciphertexts and the weight
    /// @param weight the voter's weight
    /// @param ballot ciphertexts and proofs
    event BallotCast(bytes32 indexed slotKey, bytes32 indexed ballotHash, uint64 weight, bytes ballot);

    /// @notice A valid ballot of a batch was not recorded.
    /// @param slotKey the voter's slot
    /// @param ballotHash the ballot
    /// @param reason why
    event BallotSkipped(bytes32 indexed slotKey, bytes32 indexed ballotHash, SkipReason reason);

    /// @notice A ballot was committed to, to be audited or cast.
    /// @param slotKey the slot that it was made for
    /// @param ballotHash the ballot
    /// @param auditor who may open it
    event BallotCommitted(bytes32 indexed slotKey, bytes32 indexed ballotHash, address indexed auditor);

    /// @notice A ballot was opened for audit. It can never be cast.
    /// @param slotKey the slot that it was made for
    /// @param ballotHash the ballot
    /// @param weight the weight that it was made for
    /// @param ciphertexts the ciphertexts of all questions
    /// @param randomness the randomness of each ciphertext
    /// @param choices for each question, bit j for option j
    event BallotSpoiled(
        bytes32 indexed slotKey,
        bytes32 indexed ballotHash,
        uint64 weight,
        uint256[] ciphertexts,
        uint256[] randomness,
        uint256[] choices
    );

    /// @notice The close was put off.
    /// @param closesAt the new close
    /// @param grounds hash of the announcement of the outage
    event ElectionExtended(uint40 closesAt, bytes32 grounds);

    /// @notice The commission annulled the election.
    /// @param grounds hash of the decision
    event ElectionAnnulled(bytes32 grounds);

    /// @notice Totals of kiosks or paper were recorded. They stand apart from the encrypted ballots.
    /// @param ballots how many ballots they count
    /// @param counts how often each option was chosen, question after question
    /// @param record hash of the record that the commission signed at the count
    event PaperRecorded(uint32 ballots, uint64[] counts, bytes32 record);

    /// @notice Somebody summed up further.
    /// @param by who
    /// @param count how many ballots are in that sum
    event BallotsAccumulated(address indexed by, uint32 count);

    /// @notice All ballots are summed up.
    /// @param ballots how many
    /// @param weight the sum of their weights
    /// @param sums for each group of each question the coordinates of the sums of C1 and C2
    event TallyFixed(uint32 ballots, uint128 weight, uint256[] sums);

    /// @notice A question's result, checked against the opened sum.
    /// @param question the question's index
    /// @param ballots how many voters cast
    /// @param weight the sum of their weights
    /// @param counts how often each option was chosen, weighted, the blank ones added up at the end
    event ResultPublished(uint256 indexed question, uint32 ballots, uint128 weight, uint256[] counts);

    /// @notice All results are published.
    event ElectionFinalized();

    /// @notice It is another state of the election, or not yet or no longer the time.
    /// @param state how it stands
    error ElectionStateWrong(State state);

    /// @notice The trustees have no key yet, or there is neither a roll nor a gate.
    error ElectionNotReady();

    /// @notice The roll is still open to objections, or it is too late for another.
    /// @param until until when the present one can be objected to
    /// @param opensAt when voting begins
    error RollPeriodWrong(uint40 until, uint40 opensAt);

    /// @notice The election was made with a gate and without a roll, and takes none.
    error RollNotPlanned();

    /// @notice A decision was signed for another revision of the roll.
    /// @param given the revision that was signed
    /// @param expected the next one
    error RollRevisionWrong(uint32 given, uint32 expected);

    /// @notice The key is not the election's.
    /// @param x the x-coordinate that was brought
    /// @param parity the parity that was brought
    error ElectionKeyWrong(uint256 x, uint256 parity);

    /// @notice The voter is not on the roll with this slot and weight.
    /// @param slotKey the slot
    /// @param voter the voter
    /// @param weight the weight
    error VoterNotOnRoll(bytes32 slotKey, address voter, uint256 weight);

    /// @notice The ballot was opened for audit.
    /// @param slotKey the slot that it was made for
    /// @param ballotHash the ballot
    error BallotIsSpoiled(bytes32 slotKey, bytes32 ballotHash);

    /// @notice The ballot that a voter signed can't be recorded.
    /// @param slotKey the slot
    /// @param ballotHash the ballot
    /// @param reason why
    error BallotNotRecordable(bytes32 slotKey, bytes32 ballotHash, SkipReason reason);

    /// @notice The ballot was not committed to by the caller, and only such a one can be audited.
    /// @param slotKey the slot that it was made for
    /// @param ballotHash the ballot
    error BallotNotCommitted(bytes32 slotKey, bytes32 ballotHash);

    /// @notice The ballot is in its slot: it counts, and can't be opened.
    /// @param slotKey the slot
    /// @param ballotHash the ballot
    error BallotIsRecorded(bytes32 slotKey, bytes32 ballotHash);

    /// @notice An extension must be later than the close and not beyond what was fixed, and there may be so many.
    /// @param closesAt the close that was asked for
    /// @param latest the latest close that is allowed
    /// @param left how many extensions are left
    error ExtensionInvalid(uint40 closesAt, uint40 latest, uint256 left);

    /// @notice The election has no totals of kiosks or paper, has them already, or has other options.
    /// @param counts how many options were counted
    /// @param expected how many it has
    error PaperInvalid(uint256 counts, uint256 expected);

    /// @notice The totals of kiosks or paper must be recorded before the sums are fixed.
    error PaperMissing();

    /// @notice Too few trustees have opened the sums as yet.
    error SumsNotOpened();

    /// @notice What was brought is not how far the caller has summed up.
    /// @param given the hash of what was brought
    /// @param expected the hash that is kept, 0 for nothing
    error ProgressUnknown(bytes32 given, bytes32 expected);

    /// @notice There is nothing to count, or more than is left.
    /// @param counts how many questions were given
    /// @param left how many are left
    error CountsInvalid(uint256 counts, uint256 left);

    /// @notice The sums are not those that were fixed.
    /// @param question the question's index
    error SumsUnknown(uint256 question);

    // THE COMMISSION

    /// @notice Publishes a roll in the place of any before; anyone, with the signatures of a quorum.
    /// @dev EIP-712 `PublishRoll(bytes32 root,uint32 voters,uint64 weight,bytes32 file,uint32 revision,uint40 deadline)`. A roll
    /// must be public for the challenge period before the opening. An election that has a gate takes one only in the place of
    /// the roll that it was made with.
    /// @param roll the roll
    /// @param revision its number: one more than that of the present one
    /// @param members the commission's members
    /// @param signatures their signatures, in the order of the list
    /// @param deadline the last second at which the signatures count
    function publishRoll(
        Roll calldata roll,
        uint32 revision,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external;

    /// @notice Objects to the present roll; anyone. The commission answers by another roll, by annulling, or off the chain.
    /// @param grounds hash of the objection's text
    function objectToRoll(bytes32 grounds) external;

    /// @notice Puts the close off because of an outage; anyone, with the signatures of a quorum.
    /// @dev EIP-712 `Extend(uint40 closesAt,bytes32 grounds,uint40 deadline)`. Only before the close, and within what was fixed.
    /// @param newCloseAt the new close
    /// @param grounds hash of the announcement of the outage
    /// @param members the commission's members
    /// @param signatures their signatures, in the order of the list
    /// @param deadline the last second at which the signatures count
    function extend(
        uint40 newCloseAt,
        bytes32 grounds,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external;

    /// @notice Annuls the election; anyone, with the signatures of a quorum. Not after the first partial decryption: the
    /// commission would decide knowing the result.
    /// @dev EIP-712 `Annul(bytes32 grounds,uint40 deadline)`.
    /// @param grounds hash of the decision
    /// @param members the commission's members
    /// @param signatures their signatures, in the order of the list
    /// @param deadline the last second at which the signatures count
    function annul(
        bytes32 grounds,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external;

    /// @notice Records totals of kiosks or paper, once; anyone, with two members' signatures. Before the sums are opened.
    /// @dev EIP-712 `RecordPaper(uint32 ballots,uint64[] counts,bytes32 record,uint40 deadline)`.
    /// @param ballots how many ballots they count
    /// @param counts how often each option was chosen, question after question
    /// @param record hash of the record of the count
    /// @param members the commission's members
    /// @param signatures their signatures, in the order of the list
    /// @param deadline the last second at which the signatures count
    function recordPaper(
        uint32 ballots,
        uint64[] calldata counts,
        bytes32 record,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external;

    // BALLOTS

    /// @notice Freezes rules, roll and key; anyone, once the key is made and the roll was public long enough, before the opening.
    function open() external;

    /// @notice Casts a ballot of the caller, who is on the roll. It replaces what the slot held.
    /// @dev The caller is who sent the transaction or called: no relay names a voter.
    /// @param key the election's key
    /// @param slotKey the caller's slot
    /// @param weight the caller's weight
    /// @param proof the roll's siblings from the entry up
    /// @param ballot ciphertexts and proofs
    /// @param hints what the multiplications yield, as {BallotProof} wants them
    function cast(
        Key calldata key,
        bytes32 slotKey,
        uint64 weight,
        bytes32[] calldata proof,
        bytes calldata ballot,
        bytes calldata hints
    ) external;

    /// @notice Casts a ballot of the caller, whom the gate knows; as `cast`.
    /// @param key the election's key
    /// @param slotKey the caller's election-specific pseudonym
    /// @param evidence what the caller shows at the gate
    /// @param ballot ciphertexts and proofs
    /// @param hints what the multiplications yield
    function castAtGate(
        Key calldata key,
        bytes32 slotKey,
        bytes calldata evidence,
        bytes calldata ballot,
        bytes calldata hints
    ) external;

    /// @notice Casts a ballot that its voter signed; anyone. Reverts where it can't be recorded.
    /// @param key the election's key
    /// @param signed the ballot
    /// @param hints what the multiplications yield
    function castSigned(Key calldata key, SignedBallot calldata signed, bytes calldata hints) external;

    /// @notice Casts ballots that their voters signed; anyone. Proofs are verified together, and a wrong one reverts all. What
    /// can't be recorded for another reason is skipped, with an event.
    /// @param key the election's key
    /// @param signed the ballots, in the order in which they are to be recorded
    /// @param hints what the multiplications of all yield
    function castBatch(Key calldata key, SignedBallot[] calldata signed, bytes calldata hints) external;

    // AUDIT

    /// @notice Commits to a ballot before it is decided whether to cast or to audit it.
    /// @param slotKey the slot that it was made for
    /// @param ballotHash the ballot
    function commitBallot(bytes32 slotKey, bytes32 ballotHash) external;

    /// @notice Opens a ballot that the caller committed to and that is not recorded. It can never be cast then.
    /// @param key the election's key
    /// @param slotKey the slot that it was made for
    /// @param weight the weight that it was made for
    /// @param ciphertexts for each group of each question C1 and C2, two words each
    /// @param randomness for each group of each question r
    /// @param choices for each question, bit j for option j
    function spoil(
        Key calldata key,
        bytes32 slotKey,
        uint64 weight,
        uint256[] calldata ciphertexts,
        uint256[] calldata randomness,
        uint256[] calldata choices
    ) external;

    // COUNT

    /// @notice Sums up recorded ballots after the close; anyone, each caller a sum of their own, in strictly ascending order of
    /// the slots. The first sum of all ballots is fixed.
    /// @param progress how far the caller is; count 0 and no sums to begin, or to begin again
    /// @param entries the next ballots, as {Tally} wants them
    function accumulate(Progress calldata progress, bytes calldata entries) external;

    /// @notice Publishes the results of the next questions, checked against the opened sums; anyone.
    /// @param counts one or more questions, in order
    function finalize(Count[] calldata counts) external;

    // VIEWS

    /// @notice How the election stands.
    /// @return how
    function state() external view returns (State);

    /// @notice What the election fixed when it was made.
    /// @return the terms
    function terms() external view returns (Terms memory);

    /// @notice The key that ballots are encrypted to, once the election is frozen.
    /// @return the key, 0 before
    function electionKey() external view returns (Key memory);

    /// @notice The hash of all that is frozen at the opening: terms, roll and key.
    /// @dev `keccak256(abi.encode(keccak256(abi.encode(terms)), roll, keyX, keyY & 1))`. Ballots and partial decryptions bind it.
    /// @return the hash, 0 before the election is frozen
    function configuration() external view returns (bytes32);

    /// @notice When voting begins and ends, whatever was put off.
    /// @return opensAt the first second of voting
    /// @return closesAt the first second after it
    function votingPeriod() external view returns (uint40 opensAt, uint40 closesAt);

    /// @notice How many voters have cast.
    /// @return how many
    function turnout() external view returns (uint32);

    /// @notice Which roll holds.
    /// @return root its root
    /// @return revision its number: 0 for that of the terms
    /// @return publishedAt when it was published
    function roll() external view returns (bytes32 root, uint32 revision, uint40 publishedAt);

    /// @notice What a slot holds.
    /// @param slotKey the slot
    /// @return the ballot's hash, 0 for none
    function ballotOf(bytes32 slotKey) external view returns (bytes32);

    /// @notice Whether a voter's ballot counts: a receipt's check.
    /// @param slotKey the voter's slot
    /// @param ballotHash the ballot
    /// @return whether the slot holds it
    function isRecorded(bytes32 slotKey, bytes32 ballotHash) external view returns (bool);

    /// @notice Whether a ballot was opened for audit.
    /// @param slotKey the slot that it was made for
    /// @param ballotHash the ballot
    /// @return whether it was
    function isSpoiled(bytes32 slotKey, bytes32 ballotHash) external view returns (bool);

    /// @notice How far somebody has summed up.
    /// @param by who
    /// @return the hash of the progress, 0 for nothing
    function progressOf(address by) external view returns (bytes32);

    /// @notice How many questions have a result.
    /// @return how many
    function counted() external view returns (uint8);
}
