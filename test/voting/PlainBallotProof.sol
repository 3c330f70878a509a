// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Question} from "../../contracts/voting/Questions.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";

/// @dev What a ballot is proven against, and the generators as the tests derived them: gammas[0] is the base point.
struct Setup {
    uint256 chain;
    address verifier;
    bytes32 configuration;
    Point key;
    Point blinding;
    Point[] gammas;
    Question[] questions;
}

/// @title PlainBallotProof
/// @notice Verifies a ballot as its four equations are written: each by itself, without folding, hints or ecrecover.
library PlainBallotProof {
    using PlainCurve for Point;

    /// @dev An answer taken apart.
    struct Answer {
        Point[] c1;
        Point[] c2;
        address[] a1;
        Point[] a2;
        Point d;
        Point e;
        uint256[] f;
        uint256[] z;
        uint256 w;
        uint256 x;
    }

    function isValid(
        Setup memory setup,
        bytes32 slotKey,
        uint256 weight,
        bytes memory ballot
    ) internal view returns (bool) {
        if (ballot.length != lengthOf(setup.questions)) return false;
        uint256 start;
        for (uint256 q; q < setup.questions.length; ++q) {
            Question memory question = setup.questions[q];
            bool isCanonical;
            Answer memory answer;
            (isCanonical, answer) = parse(question, ballot, start);
            answer.x = uint256(digest(setup, q, slotKey, weight, ballot, start)) % PlainCurve.N;
            if (!isCanonical || !_holds(setup, question, answer)) return false;
            start += 32 * wordsOf(question);
        }
        return true;
    }

    function wordsOf(Question memory question) internal pure returns (uint256) {
        return 8 * uint256(question.groups) + question.options + 5;
    }

    function lengthOf(Question[] memory questions) internal pure returns (uint256 length) {
        for (uint256 q; q < questions.length; ++q) length += 32 * wordsOf(questions[q]);
    }

    function groupOf(Question memory question, uint256 option) internal pure returns (uint256 group) {
        while (option >= ((group + 1) * question.options) / question.groups) ++group;
    }

    function wordAt(bytes memory data, uint256 start) internal pure returns (uint256 word) {
        for (uint256 i; i < 32; ++i) word = (word << 8) | uint8(data[start + i]);
    }

    function digest(
        Setup memory setup,
        uint256 q,
        bytes32 slotKey,
        uint256 weight,
        bytes memory ballot,
        uint256 start
    ) internal pure returns (bytes32) {
        Question memory question = setup.questions[q];
        bytes memory text = abi.encode(
            keccak256("diwan/ballot/v1"),
            setup.chain,
            setup.verifier,
            setup.configuration,
            q,
            slotKey,
            weight,
            question.options,
            question.groups,
            question.selections,
            question.approval
        );
        uint256 committed = 7 * uint256(question.groups) + 4;
        for (uint256 i; i < committed; ++i) text = bytes.concat(text, bytes32(wordAt(ballot, start + 32 * i)));
        return keccak256(text);
    }

    function parse(
        Question memory question,
        bytes memory ballot,
        uint256 start
    ) internal pure returns (bool isCanonical, Answer memory answer) {
        uint256 g = question.groups;
        uint256 k = question.options;
        answer.c1 = new Point[](g);
        answer.c2 = new Point[](g);
        answer.a1 = new address[](g);
        answer.a2 = new Point[](g);
        answer.f = new uint256[](k);
        answer.z = new uint256[](g);
        isCanonical = true;
        for (uint256 i; i < g; ++i) {
            answer.c1[i] = _point(ballot, start + 128 * i);
            answer.c2[i] = _point(ballot, start + 128 * i + 64);
            uint256 a1 = wordAt(ballot, start + 128 * g + 32 * i);
            answer.a1[i] = address(uint160(a1));
            answer.a2[i] = _point(ballot, start + 160 * g + 64 * i);
            answer.z[i] = wordAt(ballot, start + 224 * g + 128 + 32 * (k + i));
            isCanonical = isCanonical && a1 != 0 && a1 < 2 ** 160 && answer.z[i] < PlainCurve.N;
            isCanonical = isCanonical && _isPoint(answer.c1[i]) && _isPoint(answer.c2[i]) && _isPoint(answer.a2[i]);
        }
        answer.d = _point(ballot, start + 224 * g);
        answer.e = _point(ballot, start + 224 * g + 64);
        for (uint256 j; j < k; ++j) {
            answer.f[j] = wordAt(ballot, start + 224 * g + 128 + 32 * j);
            isCanonical = isCanonical && answer.f[j] < PlainCurve.N;
        }
        answer.w = wordAt(ballot, start + 224 * g + 128 + 32 * (k + g));
        isCanonical = isCanonical && answer.w < PlainCurve.N && _isPoint(answer.d) && _isPoint(answer.e);
    }

    function _point(bytes memory ballot, uint256 start) private pure returns (Point memory) {
        return Point(wordAt(ballot, start), wordAt(ballot, start + 32));
    }

    function _isPoint(Point memory a) private pure returns (bool) {
        return a.x < PlainCurve.N && a.isOnCurve();
    }

    function _holds(Setup memory setup, Question memory question, Answer memory answer) private view returns (bool) {
        if (!question.approval && !_fourth(question, answer)) return false;
        for (uint256 i; i < question.groups; ++i) {
            if (!_first(answer, i) || !_second(setup, question, answer, i)) return false;
        }
        return _third(setup, answer);
    }

    /// @dev x·C1 + A1 = z·G, with the address of A1 alone.
    function _first(Answer memory answer, uint256 i) private view returns (bool) {
        Point memory right = PlainCurve.base().multiply(answer.z[i]);
        Point memory a1 = right.add(answer.c1[i].multiply(answer.x).negate());
        return !a1.isInfinity() && a1.toAddress() == answer.a1[i];
    }

    /// @dev x·C2 + A2 = z·H + Σ f·Γ.
    function _second(
        Setup memory setup,
        Question memory question,
        Answer memory answer,
        uint256 i
    ) private view returns (bool) {
        Point memory right = setup.key.multiply(answer.z[i]);
        for (uint256 j; j < question.options; ++j) {
            if (groupOf(question, j) == i) right = right.add(setup.gammas[j].multiply(answer.f[j]));
        }
        return answer.c2[i].multiply(answer.x).add(answer.a2[i]).equal(right);
    }

    /// @dev x·D + E = w·K + Σ f(x - f)·Γ.
    function _third(Setup memory setup, Answer memory answer) private view returns (bool) {
        Point memory right = setup.blinding.multiply(answer.w);
        for (uint256 j; j < answer.f.length; ++j) {
            uint256 f = answer.f[j];
            uint256 factor = mulmod(f, addmod(answer.x, PlainCurve.N - f, PlainCurve.N), PlainCurve.N);
            right = right.add(setup.gammas[j].multiply(factor));
        }
        return answer.d.multiply(answer.x).add(answer.e).equal(right);
    }

    /// @dev Σ f = L·x.
    function _fourth(Question memory question, Answer memory answer) private pure returns (bool) {
        uint256 sum;
        for (uint256 j; j < answer.f.length; ++j) sum = addmod(sum, answer.f[j], PlainCurve.N);
        return sum == mulmod(question.selections, answer.x, PlainCurve.N);
    }
}
