// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotSums} from "./BallotSums.sol";
import {CountProof} from "./CountProof.sol";
import {IElection} from "./IElection.sol";
import {ITrustees} from "./ITrustees.sol";
import {QuestionList, Questions} from "./Questions.sol";

/// @title Tally
/// @notice What an election needs once it is closed: the sums of its ballots, and the check of its results.
/// @dev Deployed by itself, as an election has no room for it; it keeps nothing, and works on the storage of who calls. Contracts
/// are addresses in its signatures: a library's interface would name their types, which no client knows.
library Tally {
    using Questions for QuestionList;

    /// @notice Adds a chunk of recorded ballots, as {BallotSums} has it.
    /// @param progress how far the caller is; with a count of 0 a sum begins, whatever else it holds
    /// @param questions the election's questions
    /// @param slots for each slot the hash of its ballot's ciphertexts and weight
    /// @param entries the chunk
    /// @return next how far the caller is then
    function accumulate(
        IElection.Progress calldata progress,
        QuestionList questions,
        mapping(bytes32 slotKey => bytes32 ballotHash) storage slots,
        bytes calldata entries
    ) external view returns (IElection.Progress memory next) {
        next = progress;
        BallotSums.accumulate(next, questions, slots, entries);
    }

    /// @notice Fixes the sums of all ballots, and hands them to the trustees.
    /// @param progress the sum of all ballots, from {accumulate}
    /// @param questions the election's questions
    /// @param hashes where the election keeps for each question the hash of its sums
    /// @param trustees who open the sums
    /// @param configuration the election's configuration
    /// @param deadline the last second at which they may
    function fix(
        IElection.Progress calldata progress,
        QuestionList questions,
        mapping(uint256 question => bytes32 sumsHash) storage hashes,
        address trustees,
        bytes32 configuration,
        uint40 deadline
    ) external {
        uint256[] memory sums = BallotSums.finish(progress);
        (bytes32[] memory ofBoth, bytes32[] memory ofFirst) = BallotSums.hash(sums, questions);
        for (uint256 question; question < ofBoth.length; ++question) hashes[question] = ofBoth[question];
        emit IElection.TallyFixed(progress.count, progress.weight, sums);
        ITrustees(trustees).startDecryption(configuration, deadline, ofFirst);
    }

    /// @notice Reverts unless counts are a question's result, as {CountProof} has it, and unless the sums are those that were fixed
    /// and the trustees opened them so.
    /// @param questions the questions from that one on
    /// @param question its index
    /// @param blanks how many of its last options are blank ones
    /// @param weight the total weight of all ballots
    /// @param sumsHash the hash of its sums
    /// @param trustees who opened the sums
    /// @param given the counts
    /// @return reported the counts, those of the blank options, which clients choose among at random, as one
    function resultOf(
        QuestionList questions,
        uint256 question,
        uint256 blanks,
        uint256 weight,
        bytes32 sumsHash,
        address trustees,
        IElection.Count calldata given
    ) external view returns (uint256[] memory reported) {
        require(keccak256(abi.encodePacked(given.sums)) == sumsHash, IElection.SumsUnknown(question));
        ITrustees(trustees).requirePartials(question, given.partials);
        requireCounts(questions, weight, given);
        return report(given.counts, blanks);
    }

    /// @notice Reverts unless counts are a question's result, as {CountProof} has it.
    /// @param questions the questions from that one on
    /// @param weight the total weight of all ballots
    /// @param count the counts, with sums and partial decryptions that the caller vouches for
    function requireCounts(QuestionList questions, uint256 weight, IElection.Count calldata count) public view {
        (uint256 options, uint256 groups, uint256 selections) = questions.first();
        CountProof.check(options, groups, selections, weight, count);
    }

    /// @notice A question's counts as they are reported: those of the blank options as one.
    /// @param counts how often each option was chosen
    /// @param blanks how many of the last options are blank ones
    /// @return reported the counts of the others, then the sum of the blank ones; without blank ones the counts as they are
    function report(uint256[] calldata counts, uint256 blanks) public pure returns (uint256[] memory reported) {
        if (blanks == 0) return counts;
        uint256 named = counts.length - blanks;
        reported = new uint256[](named + 1);
        for (uint256 option; option < counts.length; ++option) {
            reported[option < named ? option : named] += counts[option];
        }
    }

    /// @notice What an election keeps of a caller's progress.
    /// @param progress how far the caller is
    /// @return its hash
    function progressHash(IElection.Progress memory progress) internal pure returns (bytes32) {
        return BallotSums.progressHash(progress);
    }
}
