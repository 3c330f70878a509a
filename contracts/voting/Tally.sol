// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotSums} from "./BallotSums.sol";
import {CountProof} from "./CountProof.sol";
import {IElection} from "./IElection.sol";
import {QuestionList, Questions} from "./Questions.sol";

/// @title Tally
/// @notice What an election needs once it is closed: the sums of its ballots, and the check of its results.
/// @dev Deployed by itself, as an election has no room for it; it keeps nothing, and works on the storage of who calls.
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

    /// @notice The sums of all ballots, and what an election and its trustees keep of them.
    /// @param progress the sum of all ballots, from {accumulate}
    /// @param questions the election's questions
    /// @return sums for each group of each question the coordinates of the sums of C1 and C2, two zeros for infinity
    /// @return hashes for each question the hash of its part of these
    /// @return firstHashes for each question the hash of the coordinates of the sums of C1 alone
    function finish(
        IElection.Progress calldata progress,
        QuestionList questions
    ) external view returns (uint256[] memory sums, bytes32[] memory hashes, bytes32[] memory firstHashes) {
        sums = BallotSums.finish(progress);
        (hashes, firstHashes) = BallotSums.hash(sums, questions);
    }

    /// @notice Reverts unless counts are a question's result, as {CountProof} has it.
    /// @param questions the questions from that one on
    /// @param weight the total weight of all ballots
    /// @param count the counts, with sums and partial decryptions that the caller vouches for
    function requireCounts(QuestionList questions, uint256 weight, IElection.Count calldata count) external view {
        (uint256 options, uint256 groups, uint256 selections) = questions.first();
        CountProof.check(options, groups, selections, weight, count);
    }

    /// @notice A question's counts as they are reported: those of the blank options, which clients choose among at random, as
    /// one.
    /// @param counts how often each option was chosen
    /// @param blanks how many of the last options are blank ones
    /// @return reported the counts of the others, then the sum of the blank ones; without blank ones the counts as they are
    function report(uint256[] calldata counts, uint256 blanks) external pure returns (uint256[] memory reported) {
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
