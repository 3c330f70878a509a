// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotProof} from "../../contracts/voting/BallotProof.sol";
import {Generators} from "../../contracts/voting/Generators.sol";
import {HintedSum} from "../../contracts/voting/HintedSum.sol";
import {Question, QuestionList, Questions} from "../../contracts/voting/Questions.sol";
import {Secp256k1} from "../../contracts/voting/Secp256k1.sol";

/// @title CurveHarness
/// @notice Reaches the ballot's libraries one function at a time.
contract CurveHarness {
    using BallotProof for BallotProof.Fold;
    using HintedSum for HintedSum.Sum;
    using Questions for QuestionList;

    function isPoint(uint256 x, uint256 y) external pure returns (bool) {
        return Secp256k1.isPoint(x, y);
    }

    /// @dev The index of the first pair of words that is no point; as many as there are if all are.
    function firstInvalid(bytes calldata points) external pure returns (uint256) {
        uint256 start;
        assembly ("memory-safe") {
            start := points.offset
        }
        uint256 wrong = Secp256k1.firstInvalid(start, start + points.length);
        return wrong == 0 ? points.length / 64 : (wrong - start) / 64;
    }

    function toAddress(uint256 x, uint256 y) external pure returns (address) {
        return Secp256k1.toAddress(x, y);
    }

    function multiply(uint256 x, uint256 parity, uint256 factor, uint256 baseFactor) external view returns (address) {
        return Secp256k1.multiply(x, parity, factor, baseFactor);
    }

    function add(
        uint256 sumX,
        uint256 sumY,
        uint256 sumZ,
        uint256 x,
        uint256 y
    ) external pure returns (uint256, uint256, uint256) {
        return Secp256k1.add(sumX, sumY, sumZ, x, y);
    }

    /// @dev The address of minus `(startX, startY) + Σ factors[i]·(xs[i], ys[i])`.
    function sum(
        uint256 startX,
        uint256 startY,
        uint256[] calldata xs,
        uint256[] calldata ys,
        uint256[] calldata factors,
        bytes calldata hints
    ) external view returns (address) {
        HintedSum.Sum memory total;
        (total.x, total.y, total.z) = (startX, startY, 1);
        uint256 start;
        assembly ("memory-safe") {
            start := hints.offset
        }
        total.next = start;
        for (uint256 i; i < xs.length; ++i) total.addProduct(xs[i], ys[i], factors[i]);
        return total.negatedAddress();
    }

    function generators(uint256 last) external pure returns (uint256[] memory) {
        return Generators.xCoordinates(last);
    }

    function blinding() external pure returns (uint256) {
        return Generators.K_X;
    }

    function pack(Question[] memory questions) external pure returns (QuestionList) {
        return Questions.pack(questions);
    }

    function isValid(Question memory question) external pure returns (bool) {
        return Questions.isValid(question);
    }

    function first(QuestionList list) external pure returns (uint256, uint256, uint256) {
        return list.first();
    }

    function rest(QuestionList list) external pure returns (QuestionList) {
        return list.rest();
    }

    function isEmpty(QuestionList list) external pure returns (bool) {
        return list.isEmpty();
    }

    function firstOption(uint256 options, uint256 groups, uint256 group) external pure returns (uint256) {
        return Questions.firstOption(options, groups, group);
    }

    /// @dev Opens a fold for as many ballots as said, adds those given, and verifies it.
    function fold(
        Question[] memory questions,
        uint256 keyX,
        uint256 opened,
        bytes32 slotKey,
        bytes[] calldata ballots,
        bytes calldata hints
    ) external view {
        BallotProof.Fold memory open = BallotProof.open(0, keyX, 0, Questions.pack(questions), opened);
        for (uint256 i; i < ballots.length; ++i) open.add(slotKey, 1, ballots[i]);
        open.verify(hints);
    }
}
