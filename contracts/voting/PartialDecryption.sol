// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveSum} from "./CurveSum.sol";
import {Secp256k1} from "./Secp256k1.sol";

// slither-disable-start uninitialized-local
// Locals that are not given a value start at zero, as the language says.

/// @title The proof of a partial decryption
/// @notice Checks that a trustee applied the key share it was dealt to the sum of the ballots, and to nothing else.
/// @dev With S_g the sum of the first halves of the ciphertexts of group g, trustee i gives `D_g = s·S_g`, where `Y = s·G` is
/// known from the key ceremony. One proof of equal logarithms (Chaum, Pedersen, CRYPTO '92) covers all groups, folded by weights
/// `v_0 = 1, v_g = keccak256(seed | g)` with `seed = keccak256(all S | all D)`:
///
///     T1 = r·G,  T2 = r·Σ v_g·S_g,  c = keccak256(tag | chain | contract | configuration | question | trustee | Y | all S |
///     all D | address(T1) | address(T2)) mod N,  z = r + c·s
///
/// The proof is the words `c, z, T2 (2)`, then a point for each product that is added, then the inverse of the sum's Z. T1 is
/// what ecrecover says `z·G - c·Y` is. Of T2 ecrecover can say nothing, so it is given, and `T2 + Σ c·v_g·D_g - Σ z·v_g·S_g = 0`
/// is summed up: for each g `c·v_g·D_g`, then `-z·v_g·S_g`, with the lead's S (the first group's) left over, whose product
/// needs no point since it must have the address of the sum of all others. That makes 2g + 1 calls of ecrecover; to give
/// z·S and c·D and compute T2 takes as many and one point more.
///
/// A group whose S is infinity (each of its voters colluded) has D = infinity, written (0, 0), and no place in the sum. Where
/// all are, there is nothing to prove. Every point that the proof brings is checked; S and Y are the contract's own.
/// A prover gains nothing by two points with one address (2^80 work): for each pair of T1 and T2 one challenge is good.
library PartialDecryption {
    bytes32 private constant TAG = keccak256("diwan/partial-decryption/v1");

    uint256 private constant N = Secp256k1.N;

    /// @notice What is proved, from the contract's own storage.
    /// @dev The chain and the contract are the present ones.
    struct Statement {
        /// The hash of the election's configuration.
        bytes32 configuration;
        /// The question's index.
        uint256 question;
        /// The trustee's index.
        uint256 trustee;
        /// The x-coordinate of the trustee's public share Y, which is not infinity.
        uint256 shareX;
        /// Its y-coordinate.
        uint256 shareY;
        /// The coordinates x and y of each group's S; two zeros for infinity.
        uint256[] sums;
    }

    /// @notice There are more or fewer words of partial decryptions or of proof than the groups need.
    /// @param partials how many words of partial decryptions were given
    /// @param proof how many words of proof were given
    error PartialDecryptionLength(uint256 partials, uint256 proof);

    /// @notice A point is not on the curve, not canonical, or infinity where it must not be or the other way round.
    /// @param x its x-coordinate
    /// @param y its y-coordinate
    error PartialDecryptionPointInvalid(uint256 x, uint256 y);

    /// @notice A response is 0 or not below the group's order.
    /// @param response the response
    error PartialDecryptionResponseInvalid(uint256 response);

    /// @notice The challenge is not the hash of what is proved.
    /// @param given the challenge in the proof
    /// @param hashed the challenge that was computed
    error PartialDecryptionChallengeWrong(uint256 given, uint256 hashed);

    /// @notice A point given as a product is another point.
    /// @param index the index of its first word in the proof
    error PartialDecryptionProductWrong(uint256 index);

    /// @notice The partial decryption was not made with the trustee's share.
    /// @param question the question's index
    /// @param trustee the trustee's index
    error PartialDecryptionRefused(uint256 question, uint256 trustee);

    /// @notice Reverts unless the partial decryptions are those of the trustee.
    /// @param statement what is proved
    /// @param partials the coordinates x and y of each group's D; two zeros for infinity
    /// @param proof the proof, empty where every sum is infinity
    function check(Statement memory statement, uint256[] calldata partials, uint256[] calldata proof) internal view {
        uint256 summed = _checkPartials(statement.sums, partials, proof.length);
        if (summed == 0) return;

        require(Secp256k1.isPoint(proof[2], proof[3]), PartialDecryptionPointInvalid(proof[2], proof[3]));
        require(proof[1] != 0 && proof[1] < N, PartialDecryptionResponseInvalid(proof[1]));
        _checkChallenge(statement, partials, proof);
        require(
            _closes(statement.sums, partials, proof),
            PartialDecryptionRefused(statement.question, statement.trustee)
        );
    }

    /// @dev Checks lengths and points, and counts the groups whose sum is not infinity.
    function _checkPartials(
        uint256[] memory sums,
        uint256[] calldata partials,
        uint256 proofLength
    ) private pure returns (uint256 summed) {
        require(partials.length == sums.length, PartialDecryptionLength(partials.length, proofLength));
        for (uint256 i; i < sums.length; i += 2) {
            (uint256 x, uint256 y) = (partials[i], partials[i + 1]);
            bool isInfinity = sums[i] == 0;
            require(isInfinity ? x == 0 && y == 0 : Secp256k1.isPoint(x, y), PartialDecryptionPointInvalid(x, y));
            if (!isInfinity) ++summed;
        }
        // c, z, T2 (2), a point for each product but the last, the inverse.
        uint256 expected = summed == 0 ? 0 : 4 * summed + 3;
        require(proofLength == expected, PartialDecryptionLength(partials.length, proofLength));
    }

    /// @dev The comparison with a hash modulo N also refuses a challenge of N or more. One of 0 has no product.
    function _checkChallenge(
        Statement memory statement,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) private view {
        (uint256 given, uint256 response) = (proof[0], proof[1]);
        // Below N, as a subtraction further on has no other proof that it does not underflow.
        require(given != 0 && given < N, PartialDecryptionChallengeWrong(given, 0));
        address t1 = Secp256k1.multiply(statement.shareX, statement.shareY & 1, N - given, response);
        uint256 hashed =
            uint256(
                keccak256(
                    bytes.concat(
                        abi.encode(TAG, block.chainid, address(this), statement.configuration),
                        abi.encode(statement.question, statement.trustee, statement.shareX, statement.shareY),
                        abi.encodePacked(statement.sums, partials),
                        abi.encode(t1, Secp256k1.toAddress(proof[2], proof[3]))
                    )
                )
            ) % N;
        require(given == hashed, PartialDecryptionChallengeWrong(given, hashed));
    }

    /// @dev Whether the folded equation holds.
    function _closes(
        uint256[] memory sums,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) private view returns (bool) {
        bytes32 seed = keccak256(abi.encodePacked(sums, partials));
        CurveSum.Sum memory sum = CurveSum.start(proof[2], proof[3]);
        address last;
        uint256 cursor = 4;
        for (uint256 i; i < sums.length; i += 2) {
            if (sums[i] == 0) continue;
            uint256 weight = i == 0 ? 1 : uint256(keccak256(abi.encode(seed, i / 2))) % N;
            _addProduct(sum, partials[i], partials[i + 1], mulmod(proof[0], weight, N), proof, cursor);
            cursor += 2;
            uint256 factor = mulmod(proof[1], weight, N);
            if (last == address(0)) {
                last = Secp256k1.multiply(sums[i], sums[i + 1] & 1, factor, 0);
            } else {
                _addProduct(sum, sums[i], sums[i + 1], N - factor, proof, cursor);
                cursor += 2;
            }
        }
        (uint256 x, uint256 y) = CurveSum.toAffine(sum, proof[cursor]);
        return Secp256k1.toAddress(x, y) == last;
    }

    /// @dev Adds `factor·(x, y)`, which the proof claims at the cursor. The addition reverts in its exceptional cases, as
    /// everywhere in a proof; a prover with a random r meets none.
    function _addProduct(
        CurveSum.Sum memory sum,
        uint256 x,
        uint256 y,
        uint256 factor,
        uint256[] calldata proof,
        uint256 cursor
    ) private view {
        (uint256 productX, uint256 productY) = (proof[cursor], proof[cursor + 1]);
        require(
            Secp256k1.toAddress(productX, productY) == Secp256k1.multiply(x, y & 1, factor, 0),
            PartialDecryptionProductWrong(cursor)
        );
        (sum.x, sum.y, sum.z) = Secp256k1.add(sum.x, sum.y, sum.z, productX, productY);
    }
}
// slither-disable-end uninitialized-local
