// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotTranscript} from "./BallotTranscript.sol";
import {Generators} from "./Generators.sol";
import {Question, Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";

/// @title BallotProof
/// @notice Verifies that encrypted ballots hold valid choices, one ballot or many at once, and learns nothing else of them.
/// @dev The bit-commitment protocol of Bootle, Cerulli, Chaidos, Ghadafi, Groth and Petit (ESORICS 2015) over ElGamal
/// ciphertexts `C1 = r·G, C2 = r·H + Σ m_j·Γ_j`. With challenge x and responses f, z, w:
///   (1) x·C1 + A1 = z·G                 for each group; A1 is the address of a point
///   (2) x·C2 + A2 = z·H + Σ f_j·Γ_j     for each group
///   (3) x·D + E = w·K + Σ f_j(x - f_j)·Γ_j
///   (4) Σ f_j = L·x                     not in approval voting
/// (1) and (4) are checked by themselves, since the soundness of Γ_1 = G rests on (1). Every (2) and (3) of all ballots is
/// folded into one sum with weights hashed from all challenges and all responses, and the sum must be infinity.
/// Each term's product is claimed by a hint, a point whose address must equal ecrecover's; the last term is compared with the
/// sum of the others, negated. A wrong hint passes with probability 2^-160 a try, as the right one and the one that would
/// balance are both fixed by the transcript. Hints need not be recorded: anyone who has the ballots can compute them again.
///
/// Use: {open}, {add} each ballot, {verify}. Nothing that {add} accepted is proven until {verify} has returned.
library BallotProof {
    // TYPES

    /// @notice What all ballots of an election are proven against.
    /// @dev The caller has checked the key (a point, by {Secp256k1-isPoint}) and the questions (by {Questions-check}).
    /// @param configuration the hash of all that the election fixed before its first ballot
    /// @param keyX the x-coordinate of the election's public key H
    /// @param keyParity 0 where the y-coordinate of H is even, 1 where it is odd
    /// @param questions the questions in order
    struct Statement {
        bytes32 configuration;
        uint256 keyX;
        uint256 keyParity;
        Question[] questions;
    }

    /// @notice Ballots that are verified together.
    /// @param statement what they are proven against
    /// @param ballots how many were added
    /// @param ballotLength the length of each, in bytes
    /// @param ciphertextLength the length of the ciphertexts in each, in bytes
    /// @param largest the most options of a question
    /// @param hintPoints how many points the hints are
    /// @param transcript each answer's digest and responses, what the seed is hashed from
    /// @param written how much of the transcript is written, in bytes
    /// @param blocks where in the calldata each answer is
    /// @param challenges each answer's challenge
    struct Fold {
        Statement statement;
        uint256 ballots;
        uint256 ballotLength;
        uint256 ciphertextLength;
        uint256 largest;
        uint256 hintPoints;
        bytes transcript;
        uint256 written;
        uint256[] blocks;
        uint256[] challenges;
    }

    /// @dev The sum of the terms so far, in Jacobian coordinates, and where in the calldata the hints start and the next is.
    struct Sum {
        uint256 x;
        uint256 y;
        uint256 z;
        uint256 hints;
        uint256 next;
    }

    /// @dev What the fixed points H, K and Γ are subtracted times, over all ballots.
    struct Coefficients {
        uint256 key;
        uint256 blinding;
        uint256[] gammas;
    }

    /// @dev An answer's position in the calldata and the weights that are the same for all its equations.
    struct Answer {
        uint256 start;
        uint256 challenge;
        uint256 bitsWeight;
        uint256 responses;
    }

    // ERRORS

    /// @notice When a ballot is shorter or longer than the answers to all questions.
    /// @param ballot its place in the fold
    /// @param length its length, in bytes
    /// @param expected the length of the answers, in bytes
    error BallotLengthWrong(uint256 ballot, uint256 length, uint256 expected);

    /// @notice When two words of a ballot are no point: off the curve, or not canonical.
    /// @param ballot its place in the fold
    /// @param question the question's index
    /// @param word the place of the first of both in the answer
    error BallotPointInvalid(uint256 ballot, uint256 question, uint256 word);

    /// @notice When a response is not below the curve's order.
    /// @param ballot its place in the fold
    /// @param question the question's index
    /// @param word the place of the response in the answer
    error BallotScalarInvalid(uint256 ballot, uint256 question, uint256 word);

    /// @notice When the response for a group's randomness does not fit its ciphertext and commitment: equation (1).
    /// @param ballot its place in the fold
    /// @param question the question's index
    /// @param group the group
    error BallotCommitmentWrong(uint256 ballot, uint256 question, uint256 group);

    /// @notice When not exactly as many options are selected as the question asks for: equation (4).
    /// @param ballot its place in the fold
    /// @param question the question's index
    error BallotSelectionsWrong(uint256 ballot, uint256 question);

    /// @notice When fewer ballots were added than the fold was opened for, or none.
    /// @param ballots how many were added
    error BallotFoldIncomplete(uint256 ballots);

    /// @notice When the hints are shorter or longer than the terms of the sum.
    /// @param length their length, in bytes
    /// @param expected the length of what the terms need, in bytes
    error BallotHintsLengthWrong(uint256 length, uint256 expected);

    /// @notice When a hint is not the product that it stands for.
    /// @param hint its place among the hints
    error BallotHintWrong(uint256 hint);

    /// @notice When the last hint is not the inverse of the sum's Z.
    /// @param inverse the hint
    error BallotInverseWrong(uint256 inverse);

    /// @notice When the folded equations (2) and (3) do not hold: some ballot encrypts something else than valid choices.
    error BallotProofWrong();

    // FOLD

    /// @notice Prepares to verify ballots together.
    /// @param statement what they are proven against
    /// @param ballots how many there will be
    /// @return fold the empty fold
    function open(Statement memory statement, uint256 ballots) internal pure returns (Fold memory fold) {
        fold.statement = statement;
        uint256 transcriptWords;
        uint256 count = statement.questions.length;
        for (uint256 q; q < count; ++q) {
            Question memory question = statement.questions[q];
            uint256 responses = Questions.responseWords(question);
            fold.ballotLength += 32 * (Questions.committedWords(question) + responses);
            fold.ciphertextLength += 32 * Questions.ciphertextWords(question);
            fold.hintPoints += 2 * uint256(question.groups) + 2;
            transcriptWords += 1 + responses;
            if (question.options > fold.largest) fold.largest = question.options;
        }
        // Every point of a ballot but the one that starts the sum; H; Γ_2 to the largest.
        fold.hintPoints = fold.hintPoints * ballots + fold.largest - 1;
        fold.transcript = new bytes(32 * transcriptWords * ballots);
        fold.blocks = new uint256[](count * ballots);
        fold.challenges = new uint256[](count * ballots);
    }

    /// @notice Adds a ballot and checks all of it that is not folded: lengths, points, scalars, equations (1) and (4).
    /// @param fold where to add it
    /// @param slotKey the voter's slot
    /// @param weight the voter's weight
    /// @param ballot the ballot, which the calldata holds still when {verify} is called
    /// @return ballotHash the hash of all its ciphertexts and the weight, what a slot keeps
    function add(
        Fold memory fold,
        bytes32 slotKey,
        uint256 weight,
        bytes calldata ballot
    ) internal view returns (bytes32 ballotHash) {
        require(ballot.length == fold.ballotLength, BallotLengthWrong(fold.ballots, ballot.length, fold.ballotLength));
        bytes memory hashed = new bytes(fold.ciphertextLength + 32);
        uint256 end;
        uint256 start;
        uint256 count = fold.statement.questions.length;
        for (uint256 q; q < count; ++q) {
            Question memory question = fold.statement.questions[q];
            end = BallotTranscript.write(hashed, end, ballot[start:start + 32 * Questions.ciphertextWords(question)]);
            start = _addAnswer(fold, q, slotKey, weight, ballot, start);
        }
        BallotTranscript.writeWord(hashed, end, bytes32(weight));
        ++fold.ballots;
        return keccak256(hashed);
    }

    /// @notice Reverts unless every ballot of the fold holds valid choices.
    /// @param fold the fold, as full as it was opened for
    /// @param hints the products of the sum's terms in order, then the inverse of the sum's Z
    function verify(Fold memory fold, bytes calldata hints) internal view {
        uint256 count = fold.statement.questions.length;
        require(fold.ballots != 0 && fold.ballots * count == fold.blocks.length, BallotFoldIncomplete(fold.ballots));
        uint256 expected = 64 * fold.hintPoints + 32;
        require(hints.length == expected, BallotHintsLengthWrong(hints.length, expected));

        Sum memory sum;
        // The language gives no position of a calldata slice.
        assembly ("memory-safe") {
            mstore(add(sum, 0x60), hints.offset)
            mstore(add(sum, 0x80), hints.offset)
        }
        Coefficients memory coefficients;
        coefficients.gammas = new uint256[](fold.largest);
        bytes32 seed = keccak256(fold.transcript);
        for (uint256 item; item < fold.blocks.length; ++item) {
            _foldAnswer(fold, item, fold.statement.questions[item % count], seed, sum, coefficients);
        }
        _addFixed(fold.statement, sum, coefficients);
    }

    // INTERNAL

    /// @dev Checks what is not folded of one answer, and returns where in the ballot the next one starts.
    function _addAnswer(
        Fold memory fold,
        uint256 q,
        bytes32 slotKey,
        uint256 weight,
        bytes calldata ballot,
        uint256 start
    ) private view returns (uint256 end) {
        Question memory question = fold.statement.questions[q];
        uint256 responses = start + 32 * Questions.committedWords(question);
        end = responses + 32 * Questions.responseWords(question);
        bytes32 digest = BallotTranscript.digest(
            fold.statement.configuration,
            q,
            question,
            slotKey,
            weight,
            ballot[start:responses]
        );
        uint256 challenge = uint256(digest) % Secp256k1.N;
        uint256 position;
        // The language gives no position of a calldata slice.
        assembly ("memory-safe") {
            position := add(ballot.offset, start)
        }
        uint256 item = fold.ballots * fold.statement.questions.length + q;
        fold.blocks[item] = position;
        fold.challenges[item] = challenge;
        fold.written = BallotTranscript.writeWord(fold.transcript, fold.written, digest);
        fold.written = BallotTranscript.write(fold.transcript, fold.written, ballot[responses:end]);

        _checkPoints(fold.ballots, q, question, position);
        _checkScalars(fold.ballots, q, question, position, challenge);
        _checkCommitments(fold.ballots, q, question, position, challenge);
    }

    /// @dev Reverts unless every C1, C2, A2, D and E of an answer is a point.
    function _checkPoints(uint256 ballot, uint256 q, Question memory question, uint256 position) private pure {
        uint256 ciphertexts = Questions.ciphertextWords(question);
        uint256 end = Questions.committedWords(question);
        // Words of an answer number 293 at most.
        unchecked {
            for (uint256 word; word < end; word += 2) {
                // The addresses A1, one a group, are compared in equation (1).
                if (word == ciphertexts) word += question.groups;
                if (!Secp256k1.isPoint(_word(position, word), _word(position, word + 1))) {
                    revert BallotPointInvalid(ballot, q, word);
                }
            }
        }
    }

    /// @dev Reverts unless every response is below the curve's order, and equation (4) holds where it must.
    function _checkScalars(
        uint256 ballot,
        uint256 q,
        Question memory question,
        uint256 position,
        uint256 challenge
    ) private pure {
        uint256 word = Questions.committedWords(question);
        uint256 lastOption = word + question.options;
        uint256 end = word + Questions.responseWords(question);
        uint256 sum;
        // At most 32 selected options and 293 words; the sum is reduced each time.
        unchecked {
            for (; word < end; ++word) {
                uint256 scalar = _word(position, word);
                if (scalar >= Secp256k1.N) revert BallotScalarInvalid(ballot, q, word);
                if (word < lastOption) sum = addmod(sum, scalar, Secp256k1.N);
            }
        }
        require(
            question.approval || sum == mulmod(question.selections, challenge, Secp256k1.N),
            BallotSelectionsWrong(ballot, q)
        );
    }

    /// @dev Reverts unless equation (1) holds for every group: `z·G - x·C1` has the address A1. A challenge of zero, and an A1
    /// of zero or with more than 20 bytes, can't be met: {Secp256k1-multiply} reverts, or its result differs.
    function _checkCommitments(
        uint256 ballot,
        uint256 q,
        Question memory question,
        uint256 position,
        uint256 challenge
    ) private view {
        uint256 groups = question.groups;
        uint256 firstZ = Questions.committedWords(question) + question.options;
        // The challenge is below the order, words number 293 at most.
        unchecked {
            for (uint256 i; i < groups; ++i) {
                address product = Secp256k1.multiply(
                    _word(position, 4 * i),
                    _word(position, 4 * i + 1) & 1,
                    Secp256k1.N - challenge,
                    _word(position, firstZ + i)
                );
                if (uint160(product) != _word(position, 4 * groups + i)) revert BallotCommitmentWrong(ballot, q, i);
            }
        }
    }

    /// @dev Adds the terms of one answer to the sum, and its responses to the coefficients of the fixed points.
    function _foldAnswer(
        Fold memory fold,
        uint256 item,
        Question memory question,
        bytes32 seed,
        Sum memory sum,
        Coefficients memory coefficients
    ) private view {
        uint256 groups = question.groups;
        Answer memory answer;
        answer.start = fold.blocks[item];
        answer.challenge = fold.challenges[item];
        answer.bitsWeight = BallotTranscript.weightOf(seed, item, groups) % Secp256k1.N;
        answer.responses = Questions.committedWords(question);
        // Words number 293 at most.
        unchecked {
            for (uint256 i; i < groups; ++i) {
                // One weight of all may be fixed.
                uint256 weight = 1;
                if (item | i != 0) weight = BallotTranscript.weightOf(seed, item, i) % Secp256k1.N;
                _foldGroup(answer, question, i, weight, sum);
                _collect(answer, question, i, weight, coefficients);
            }
            uint256 bits = 7 * groups;
            _addTerm(sum, answer.start, bits, mulmod(answer.bitsWeight, answer.challenge, Secp256k1.N));
            _addTerm(sum, answer.start, bits + 2, answer.bitsWeight);
            coefficients.blinding = addmod(
                coefficients.blinding,
                mulmod(answer.bitsWeight, _word(answer.start, bits + 4 + groups + question.options), Secp256k1.N),
                Secp256k1.N
            );
        }
    }

    /// @dev Adds a group's `weight·x·C2` and `weight·A2`. The first A2 of all, whose weight is 1, starts the sum.
    function _foldGroup(
        Answer memory answer,
        Question memory question,
        uint256 group,
        uint256 weight,
        Sum memory sum
    ) private view {
        // Words number 293 at most.
        unchecked {
            uint256 a2 = 5 * uint256(question.groups) + 2 * group;
            bool isFirst = sum.z == 0;
            if (isFirst) {
                sum.x = _word(answer.start, a2);
                sum.y = _word(answer.start, a2 + 1);
                sum.z = 1;
            }
            _addTerm(sum, answer.start, 4 * group + 2, mulmod(weight, answer.challenge, Secp256k1.N));
            if (!isFirst) _addTerm(sum, answer.start, a2, weight);
        }
    }

    /// @dev Adds a group's responses to the coefficients: `weight·z` of H, `f·(weight + bitsWeight·(x - f))` of each Γ.
    function _collect(
        Answer memory answer,
        Question memory question,
        uint256 group,
        uint256 weight,
        Coefficients memory coefficients
    ) private pure {
        uint256 end = Questions.firstOption(question, group + 1);
        // Words number 293 at most; a response is below the order.
        unchecked {
            for (uint256 j = Questions.firstOption(question, group); j < end; ++j) {
                uint256 f = _word(answer.start, answer.responses + j);
                uint256 opposite = addmod(answer.challenge, Secp256k1.N - f, Secp256k1.N);
                uint256 factor = addmod(weight, mulmod(answer.bitsWeight, opposite, Secp256k1.N), Secp256k1.N);
                coefficients.gammas[j] = addmod(coefficients.gammas[j], mulmod(f, factor, Secp256k1.N), Secp256k1.N);
            }
            uint256 z = _word(answer.start, answer.responses + question.options + group);
            coefficients.key = addmod(coefficients.key, mulmod(weight, z, Secp256k1.N), Secp256k1.N);
        }
    }

    /// @dev Adds the fixed points times minus their coefficients, and reverts unless the whole sum is infinity: the product of
    /// K and G is compared with minus the rest.
    function _addFixed(Statement memory statement, Sum memory sum, Coefficients memory coefficients) private view {
        uint256 largest = coefficients.gammas.length;
        uint256[31] memory xs = Generators.xCoordinates(largest);
        address last;
        // Coefficients are below the order; there are 32 generators at most.
        unchecked {
            _addProduct(sum, statement.keyX, statement.keyParity, Secp256k1.N - coefficients.key);
            for (uint256 j = 1; j < largest; ++j) {
                _addProduct(sum, xs[j - 1], 0, Secp256k1.N - coefficients.gammas[j]);
            }
            last = Secp256k1.multiply(
                Generators.K_X,
                0,
                Secp256k1.N - coefficients.blinding,
                Secp256k1.N - coefficients.gammas[0]
            );
        }
        uint256 inverse = _word(sum.next, 0);
        require(mulmod(sum.z, inverse, Secp256k1.P) == 1, BallotInverseWrong(inverse));
        uint256 square = mulmod(inverse, inverse, Secp256k1.P);
        uint256 x = mulmod(sum.x, square, Secp256k1.P);
        uint256 y = mulmod(sum.y, mulmod(inverse, square, Secp256k1.P), Secp256k1.P);
        require(last == Secp256k1.toAddress(x, Secp256k1.P - y), BallotProofWrong());
    }

    /// @dev Adds a point of a ballot times a factor.
    function _addTerm(Sum memory sum, uint256 position, uint256 word, uint256 factor) private view {
        // Words number 293 at most.
        unchecked {
            _addProduct(sum, _word(position, word), _word(position, word + 1) & 1, factor);
        }
    }

    /// @dev Adds a point times a factor, by the hint that claims the product.
    function _addProduct(Sum memory sum, uint256 x, uint256 parity, uint256 factor) private view {
        uint256 next = sum.next;
        uint256 hintX = _word(next, 0);
        uint256 hintY = _word(next, 1);
        if (Secp256k1.multiply(x, parity, factor, 0) != Secp256k1.toAddress(hintX, hintY)) {
            revert BallotHintWrong((next - sum.hints) / 64);
        }
        (sum.x, sum.y, sum.z) = Secp256k1.add(sum.x, sum.y, sum.z, hintX, hintY);
        // Bounded by the calldata's length.
        unchecked {
            sum.next = next + 64;
        }
    }

    /// @dev A word of the calldata. Positions are those of ballots and hints whose lengths were compared before.
    function _word(uint256 position, uint256 index) private pure returns (uint256 word) {
        // A word of a slice by its index costs ten times as much in the language, and there are up to 400 a ballot.
        assembly ("memory-safe") {
            word := calldataload(add(position, shl(5, index)))
        }
    }
}
