// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotTranscript} from "./BallotTranscript.sol";
import {Generators} from "./Generators.sol";
import {HintedSum} from "./HintedSum.sol";
import {QuestionList, Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";

// slither-disable-start uninitialized-local
// Locals that are not given a value start at zero, as the language says.

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
/// Each term's product is claimed by a hint ({HintedSum}); the last term is compared with the sum of the others, negated. A
/// wrong hint passes with probability 2^-160 a try, as the right one and the one that would balance are both fixed by the
/// transcript. Hints need not be recorded: anyone who has the ballots can compute them again.
///
/// An answer is, in words: g times C1 and C2 (4g), A1 (g), A2 (2g), D and E (4), f (k), z (g), w (1); a ballot is its answers.
///
/// Use: {open}, {add} each ballot, {verify}. Nothing that {add} accepted is proven until {verify} has returned.
library BallotProof {
    using HintedSum for HintedSum.Sum;
    using Questions for QuestionList;

    // TYPES

    /// @notice Ballots that are verified together.
    /// @param configuration the hash of all that the election fixed before its first ballot
    /// @param keyX the x-coordinate of the election's public key H
    /// @param keyParity 0 where the y-coordinate of H is even, 1 where it is odd
    /// @param questions the election's questions
    /// @param ballotLength the length of each, in bytes
    /// @param ciphertextLength the length of the ciphertexts in each, in bytes
    /// @param largest the most options of a question
    /// @param hintsLength the length of the hints, in bytes
    /// @param count how many were added
    /// @param positions where in the calldata each is
    /// @param transcript each answer's digest and responses, what the seed is hashed from
    /// @param written how much of the transcript is written, in bytes
    struct Fold {
        bytes32 configuration;
        uint256 keyX;
        uint256 keyParity;
        QuestionList questions;
        uint256 ballotLength;
        uint256 ciphertextLength;
        uint256 largest;
        uint256 hintsLength;
        uint256 count;
        uint256[] positions;
        bytes transcript;
        uint256 written;
    }

    /// @dev An answer: where in the calldata it starts, its question's size, its challenge, where its responses start and end,
    /// and where in the transcript its digest is.
    struct Answer {
        uint256 position;
        uint256 options;
        uint256 groups;
        uint256 challenge;
        uint256 responses;
        uint256 end;
        uint256 digest;
    }

    /// @dev What the fixed points H, K and Γ are subtracted times, over all ballots.
    struct Coefficients {
        uint256 key;
        uint256 blinding;
        uint256[] gammas;
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

    /// @notice When no ballot was added, or fewer than the fold was opened for.
    /// @param count how many were added
    error BallotFoldIncomplete(uint256 count);

    /// @notice When the hints are shorter or longer than the terms of the sum need.
    /// @param length their length, in bytes
    /// @param expected the length that the terms need, in bytes
    error BallotHintsLengthWrong(uint256 length, uint256 expected);

    /// @notice When the folded equations (2) and (3) do not hold: some ballot encrypts something else than valid choices.
    error BallotProofWrong();

    // FOLD

    /// @notice Prepares to verify ballots of an election together.
    /// @dev The caller has checked that the key is a point, by {Secp256k1-isPoint}.
    /// @param configuration the hash of all that the election fixed before its first ballot
    /// @param keyX the x-coordinate of the election's public key H
    /// @param keyParity 0 where the y-coordinate of H is even, 1 where it is odd
    /// @param questions the election's questions
    /// @param ballots how many ballots there will be
    /// @return fold the empty fold
    function open(
        bytes32 configuration,
        uint256 keyX,
        uint256 keyParity,
        QuestionList questions,
        uint256 ballots
    ) internal pure returns (Fold memory fold) {
        (uint256 answers, uint256 options, uint256 groups, uint256 largest) = questions.size();
        fold.configuration = configuration;
        fold.keyX = keyX;
        fold.keyParity = keyParity;
        fold.questions = questions;
        fold.largest = largest;
        // At most 16 questions of 32 options, and there is calldata for each ballot.
        unchecked {
            fold.ballotLength = 32 * (8 * groups + options + 5 * answers);
            fold.ciphertextLength = 128 * groups;
            // C2, A2, D and E of every answer, but for the A2 that starts the sum; H; Γ_2 to the largest; then one word.
            fold.hintsLength = 128 * (groups + answers) * ballots + 64 * largest - 32;
            // The sum in {verify} needs as many ballots as this has room for.
            fold.transcript = BallotTranscript.allocate(32 * (options + groups + 2 * answers) * ballots);
        }
        fold.positions = new uint256[](ballots);
    }

    /// @notice Adds a ballot and checks all of it that is not folded: lengths, points, scalars, equations (1) and (4).
    /// @param fold where to add it
    /// @param slotKey the voter's slot
    /// @param weight the voter's weight
    /// @param ballot the ballot, which must be in the calldata still when {verify} is called
    /// @return ballotHash the hash of all its ciphertexts and the weight, what a slot keeps
    function add(
        Fold memory fold,
        bytes32 slotKey,
        uint256 weight,
        bytes calldata ballot
    ) internal view returns (bytes32 ballotHash) {
        uint256 expected = fold.ballotLength;
        require(ballot.length == expected, BallotLengthWrong(fold.count, ballot.length, expected));
        uint256 position = _position(ballot);
        // Also refuses more ballots than the fold was opened for, whose transcript would have no room.
        fold.positions[fold.count] = position;

        BallotTranscript.Context memory context = BallotTranscript.Context(fold.configuration, 0, slotKey, weight);
        Answer memory answer;
        answer.position = position;
        bytes memory hashed = BallotTranscript.allocate(fold.ciphertextLength + 32);
        uint256 written;
        // At most 16 answers of 293 words; there is calldata for each ballot.
        unchecked {
            for (QuestionList left = fold.questions; !left.isEmpty(); left = left.rest()) {
                uint256 selections = _enter(answer, left);
                written = BallotTranscript.write(hashed, written, _slice(answer.position, 128 * answer.groups));
                _addAnswer(fold, context, answer, selections);
                answer.position = answer.end;
                ++context.question;
            }
            // The last word: nothing is written after it.
            // slither-disable-next-line unused-return
            BallotTranscript.writeWord(hashed, written, bytes32(weight));
            ++fold.count;
        }
        return keccak256(hashed);
    }

    /// @notice Reverts unless every ballot of the fold holds valid choices.
    /// @param fold the fold, as full as it was opened for
    /// @param hints the products of the sum's terms in order, then the inverse of the sum's Z
    function verify(Fold memory fold, bytes calldata hints) internal view {
        uint256 ballots = fold.count;
        require(ballots != 0 && ballots == fold.positions.length, BallotFoldIncomplete(ballots));
        uint256 expected = fold.hintsLength;
        require(hints.length == expected, BallotHintsLengthWrong(hints.length, expected));

        HintedSum.Sum memory sum;
        sum.next = _position(hints);
        Coefficients memory coefficients = Coefficients(0, 0, new uint256[](fold.largest));
        BallotTranscript.Place memory place;
        place.seed = keccak256(fold.transcript);
        Answer memory answer;
        for (uint256 ballot; ballot < ballots; ++ballot) {
            answer.position = fold.positions[ballot];
            _foldBallot(fold, answer, place, sum, coefficients);
        }
        _addFixed(fold, sum, coefficients);
    }

    // ONE ANSWER BY ITSELF

    /// @dev Turns to the answer of the first of the questions left, whose position is known.
    function _enter(Answer memory answer, QuestionList left) private pure returns (uint256 selections) {
        uint256 options;
        uint256 groups;
        (options, groups, selections) = left.first();
        answer.options = options;
        answer.groups = groups;
        // An answer has 293 words at most.
        unchecked {
            uint256 responses = answer.position + 224 * groups + 128;
            answer.responses = responses;
            answer.end = responses + 32 * (options + groups + 1);
        }
    }

    /// @dev Writes an answer into the transcript, and checks what of it is not folded.
    function _addAnswer(
        Fold memory fold,
        BallotTranscript.Context memory context,
        Answer memory answer,
        uint256 selections
    ) private view {
        uint256 groups = answer.groups;
        uint256 position = answer.position;
        uint256 responses = answer.responses;
        // An answer has 293 words at most.
        unchecked {
            _checkPoints(fold.count, context.question, position, position, position + 128 * groups);
            _checkPoints(fold.count, context.question, position, position + 160 * groups, responses);

            bytes32 digest = BallotTranscript.digest(
                context,
                answer.options,
                groups,
                selections,
                _slice(position, responses - position)
            );
            answer.challenge = uint256(digest) % Secp256k1.N;
            uint256 written = BallotTranscript.writeWord(fold.transcript, fold.written, digest);
            bytes calldata rest = _slice(responses, answer.end - responses);
            fold.written = BallotTranscript.write(fold.transcript, written, rest);
        }

        uint256 sum = _checkScalars(fold.count, context.question, answer);
        require(
            selections == 0 || sum == mulmod(selections, answer.challenge, Secp256k1.N),
            BallotSelectionsWrong(fold.count, context.question)
        );
        _checkCommitments(fold.count, context.question, answer);
    }

    /// @dev Reverts unless what an answer has from one position to another are points.
    function _checkPoints(uint256 ballot, uint256 question, uint256 answer, uint256 start, uint256 end) private pure {
        uint256 wrong = Secp256k1.firstInvalid(start, end);
        if (wrong != 0) revert BallotPointInvalid(ballot, question, (wrong - answer) / 32);
    }

    /// @dev Reverts unless every response is below the curve's order; returns the sum of the f.
    function _checkScalars(uint256 ballot, uint256 question, Answer memory answer) private pure returns (uint256 sum) {
        uint256 position = answer.responses;
        // An answer has 293 words at most, and the sum is reduced each time.
        unchecked {
            uint256 endOfOptions = position + 32 * answer.options;
            uint256 end = answer.end;
            for (; position < end; position += 32) {
                uint256 scalar = _word(position);
                if (scalar >= Secp256k1.N) {
                    revert BallotScalarInvalid(ballot, question, (position - answer.position) / 32);
                }
                if (position < endOfOptions) sum = addmod(sum, scalar, Secp256k1.N);
            }
        }
    }

    /// @dev Reverts unless equation (1) holds for every group: `z·G - x·C1` has the address A1. A challenge of zero, and an A1
    /// of zero or with more than 20 bytes, can't be met: {Secp256k1-multiply} reverts, or its result differs.
    function _checkCommitments(uint256 ballot, uint256 question, Answer memory answer) private view {
        uint256 groups = answer.groups;
        // The challenge is below the order, and an answer has 293 words at most.
        unchecked {
            uint256 negated = Secp256k1.N - answer.challenge;
            uint256 z = answer.responses + 32 * answer.options;
            uint256 a1 = answer.position + 128 * groups;
            uint256 c1 = answer.position;
            for (uint256 group; group < groups; ++group) {
                address product = Secp256k1.multiply(_word(c1), _word(c1 + 32) & 1, negated, _word(z));
                if (uint160(product) != _word(a1)) revert BallotCommitmentWrong(ballot, question, group);
                c1 += 128;
                a1 += 32;
                z += 32;
            }
        }
    }

    // THE FOLD'S SUM

    /// @dev Adds the terms of one ballot's answers to the sum, from the first, whose position is known, on.
    function _foldBallot(
        Fold memory fold,
        Answer memory answer,
        BallotTranscript.Place memory place,
        HintedSum.Sum memory sum,
        Coefficients memory coefficients
    ) private view {
        // At most 16 answers of 293 words.
        unchecked {
            for (QuestionList left = fold.questions; !left.isEmpty(); left = left.rest()) {
                _enter(answer, left);
                answer.challenge = BallotTranscript.readWord(fold.transcript, answer.digest) % Secp256k1.N;
                _foldAnswer(answer, place, sum, coefficients);
                answer.digest += 32 + answer.end - answer.responses;
                answer.position = answer.end;
                ++place.item;
            }
        }
    }

    /// @dev Adds the terms of one answer to the sum, and its responses to the coefficients of the fixed points.
    function _foldAnswer(
        Answer memory answer,
        BallotTranscript.Place memory place,
        HintedSum.Sum memory sum,
        Coefficients memory coefficients
    ) private view {
        uint256 groups = answer.groups;
        place.equation = groups;
        uint256 bitsWeight = BallotTranscript.weightOf(place) % Secp256k1.N;
        uint256 option;
        // An answer has 293 words at most.
        unchecked {
            for (uint256 group; group < groups; ++group) {
                place.equation = group;
                // One weight of all may be fixed: the sum's first term needs no product then.
                uint256 weight = sum.z == 0 ? 1 : BallotTranscript.weightOf(place) % Secp256k1.N;
                _foldGroup(answer, group, weight, sum);
                option = _collect(answer, group, option, weight, bitsWeight, coefficients);
            }
            uint256 d = answer.position + 224 * groups;
            sum.addProduct(_word(d), _word(d + 32), mulmod(bitsWeight, answer.challenge, Secp256k1.N));
            sum.addProduct(_word(d + 64), _word(d + 96), bitsWeight);
            uint256 w = _word(answer.end - 32);
            coefficients.blinding = addmod(coefficients.blinding, mulmod(bitsWeight, w, Secp256k1.N), Secp256k1.N);
        }
    }

    /// @dev Adds a group's `weight·x·C2` and `weight·A2`. The first A2 of all, whose weight is 1, starts the sum.
    function _foldGroup(Answer memory answer, uint256 group, uint256 weight, HintedSum.Sum memory sum) private view {
        // An answer has 293 words at most.
        unchecked {
            uint256 c2 = answer.position + 128 * group + 64;
            uint256 a2 = answer.position + 160 * answer.groups + 64 * group;
            bool isFirst = sum.z == 0;
            if (isFirst) {
                sum.x = _word(a2);
                sum.y = _word(a2 + 32);
                sum.z = 1;
            }
            sum.addProduct(_word(c2), _word(c2 + 32), mulmod(weight, answer.challenge, Secp256k1.N));
            if (!isFirst) sum.addProduct(_word(a2), _word(a2 + 32), weight);
        }
    }

    /// @dev Adds a group's responses to the coefficients: `weight·z` of H, `f·(weight + bitsWeight·(x - f))` of each Γ.
    /// Returns the option after the group's last.
    function _collect(
        Answer memory answer,
        uint256 group,
        uint256 option,
        uint256 weight,
        uint256 bitsWeight,
        Coefficients memory coefficients
    ) private pure returns (uint256 end) {
        uint256[] memory gammas = coefficients.gammas;
        uint256 sameForAll = addmod(weight, mulmod(bitsWeight, answer.challenge, Secp256k1.N), Secp256k1.N);
        end = Questions.firstOption(answer.options, answer.groups, group + 1);
        // An answer has 293 words at most, and a product is below the order.
        unchecked {
            uint256 position = answer.responses + 32 * option;
            for (; option < end; ++option) {
                uint256 f = _word(position);
                uint256 factor = addmod(sameForAll, Secp256k1.N - mulmod(bitsWeight, f, Secp256k1.N), Secp256k1.N);
                gammas[option] = addmod(gammas[option], mulmod(f, factor, Secp256k1.N), Secp256k1.N);
                position += 32;
            }
            uint256 z = _word(answer.responses + 32 * (answer.options + group));
            coefficients.key = addmod(coefficients.key, mulmod(weight, z, Secp256k1.N), Secp256k1.N);
        }
    }

    /// @dev Adds the fixed points times minus their coefficients, and reverts unless the whole sum is infinity: the product of
    /// K and G is compared with minus the rest.
    function _addFixed(Fold memory fold, HintedSum.Sum memory sum, Coefficients memory coefficients) private view {
        uint256 largest = fold.largest;
        uint256[] memory gammas = coefficients.gammas;
        uint256[] memory xs = Generators.xCoordinates(largest);
        address last;
        // Coefficients are below the order; there are 32 generators at most.
        unchecked {
            sum.addProduct(fold.keyX, fold.keyParity, Secp256k1.N - coefficients.key);
            for (uint256 j = 1; j < largest; ++j) {
                sum.addProduct(xs[j - 1], 0, Secp256k1.N - gammas[j]);
            }
            last = Secp256k1.multiply(Generators.K_X, 0, Secp256k1.N - coefficients.blinding, Secp256k1.N - gammas[0]);
        }
        require(last == sum.negatedAddress(), BallotProofWrong());
    }

    // CALLDATA

    /// @dev Where in the calldata some bytes start.
    function _position(bytes calldata part) private pure returns (uint256 position) {
        // The language does not say.
        assembly ("memory-safe") {
            position := part.offset
        }
    }

    // slither-disable-start write-after-write
    // Offset and length are two places, not one that is written twice.

    /// @dev Bytes at a position of the calldata, all within a ballot whose length was compared before.
    function _slice(uint256 position, uint256 length) private pure returns (bytes calldata part) {
        // A slice of a slice checks the bounds again each time.
        assembly ("memory-safe") {
            part.offset := position
            part.length := length
        }
    }
    // slither-disable-end write-after-write

    /// @dev A word at a position of the calldata, within a ballot whose length was compared before.
    function _word(uint256 position) private pure returns (uint256 word) {
        // A word of a slice costs ten times as much in the language, and there are up to 400 a ballot.
        assembly ("memory-safe") {
            word := calldataload(position)
        }
    }
}
// slither-disable-end uninitialized-local
