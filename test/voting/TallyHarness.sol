// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IElection} from "../../contracts/voting/IElection.sol";
import {Question, QuestionList, Questions} from "../../contracts/voting/Questions.sol";
import {BallotSums} from "../../contracts/voting/BallotSums.sol";
import {Tally} from "../../contracts/voting/Tally.sol";

/// @title TallyHarness
/// @notice Sums up and counts as an election does, of ballots, weights and partial decryptions that it believes.
contract TallyHarness {
    using Questions for QuestionList;

    QuestionList private immutable QUESTIONS;

    mapping(bytes32 slotKey => bytes32 ballotHash) private _ballots;
    mapping(address by => bytes32 progress) private _progress;

    event BallotsAccumulated(address indexed by, uint32 count);

    error ProgressUnknown(bytes32 given, bytes32 kept);

    constructor(Question[] memory questions) {
        QUESTIONS = Questions.pack(questions);
    }

    /// @notice Records a ballot for anyone, as if its proof were verified.
    function record(bytes32 slotKey, bytes32 ballotHash) external {
        _ballots[slotKey] = ballotHash;
    }

    /// @notice Adds a chunk to the caller's sum, and keeps its hash.
    function accumulate(IElection.Progress calldata progress, bytes calldata entries) external {
        bytes32 given = Tally.progressHash(progress);
        bytes32 kept = _progress[msg.sender];
        require(progress.count == 0 || given == kept, ProgressUnknown(given, kept));
        IElection.Progress memory next = Tally.accumulate(progress, QUESTIONS, _ballots, entries);
        _progress[msg.sender] = Tally.progressHash(next);
        emit BallotsAccumulated(msg.sender, next.count);
    }

    /// @notice What {accumulate} would keep the hash of.
    function preview(
        IElection.Progress calldata progress,
        bytes calldata entries
    ) external view returns (IElection.Progress memory) {
        return Tally.accumulate(progress, QUESTIONS, _ballots, entries);
    }

    function progressOf(address by) external view returns (bytes32) {
        return _progress[by];
    }

    function progressHash(IElection.Progress calldata progress) external pure returns (bytes32) {
        return Tally.progressHash(progress);
    }

    function finish(
        IElection.Progress calldata progress
    ) external view returns (uint256[] memory sums, bytes32[] memory hashes, bytes32[] memory firstHashes) {
        sums = BallotSums.finish(progress);
        (hashes, firstHashes) = BallotSums.hash(sums, QUESTIONS);
    }

    /// @notice Checks the counts of a question.
    function requireCounts(uint256 question, uint256 weight, IElection.Count calldata count) external view {
        QuestionList left = QUESTIONS;
        for (uint256 i; i < question; ++i) left = left.rest();
        Tally.requireCounts(left, weight, count);
    }

    function report(uint256[] calldata counts, uint256 blanks) external pure returns (uint256[] memory) {
        return Tally.report(counts, blanks);
    }
}
