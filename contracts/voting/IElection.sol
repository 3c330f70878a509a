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
    /// @dev SETUP: the trustees register. KEY_CEREMONY: they make the key; voting has not begun. OPEN: ballots are cast. CLOSED:
    /// they are summed up. TALLYING: trustees open the sums. FINAL: the results are known and checked. ANNULLED: by the
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
    /// @param blanks how many options at the end of each question are blank ones, whose sum alone is reported: 8 bits a question
    /// @param texts hash of the texts' hashes, `keccak256(abi.encode(Text[]))`
    /// @param commission hash of its commission's members, `keccak256(abi.encodePacked(address[]))`
    /// @param trustees who make the key and open the sums
    /// @param roll root of the roll, 0 when it is published later
    /// @param gate who says which others may vote; 0 for nobody
    /// @param gateScope what the gate is to ask for
    /// @param gateFreeze what was issued after this second does not count at the gate
    /// @param opensAt the first second of voting
    /// @param closesAt the first second after it, unless it is extended
    /// @param challengePeriod how long a roll is public before the opening, at least, in seconds
    /// @param tallyPeriod how long after the close trustees may open the sums, in seconds
    /// @param longestExtension how much later than `closesAt` voting may end at most, in seconds
    /// @param minimumBallots how many voters must have cast for the sums to be opened
    /// @param mostExtensions how many extensions there may be
    /// @param quorum how many members of the commission decide
    /// @param hasPaper whether totals of kiosks or paper must be recorded before the sums are opened
    struct Terms {
        QuestionList questions;
        uint256 blanks;
        bytes32 texts;
        bytes32 commission;
        ITrustees trustees;
        bytes32 roll;
        IVoterGate gate;
        bytes32 gateScope;
        uint40 gateFreeze;
        uint40 opensAt;
        uint40 closesAt;
        uint32 challengePeriod;
        uint32 tallyPeriod;
        uint32 longestExtension;
        uint32 minimumBallots;
        uint8 mostExtensions;
        uint8 quorum;
        bool hasPaper;
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
}
