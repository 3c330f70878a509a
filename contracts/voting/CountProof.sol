// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveSum} from "./CurveSum.sol";
import {Generators} from "./Generators.sol";
import {IElection} from "./IElection.sol";
import {ITrustees} from "./ITrustees.sol";
import {Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";

// slither-disable-start uninitialized-local
// Locals that are not given a value start at zero, as the language says.

/// @title CountProof
/// @notice Checks the counts of a question against the encrypted sum of its ballots and the trustees' partial decryptions.
/// @dev For each group, over the trustees i and the group's options j:
///
///     ΣC2 = Σ counts_j·Γ_j + Σ λ_i·D_i
///
/// where λ_i are the Lagrange coefficients at 0, so that the last sum is the secret key times ΣC1. Products are claimed by
/// hints, whose addresses are compared with ecrecover's, and subtracted from ΣC2. The last D's product needs none: it must have
/// the address of what is left, and Γ_1 = G, which ecrecover adds for nothing, is taken with it. Options that nobody chose have
/// no product. So an honest result never needs the coordinates of infinity, and additions are complete ({CurveSum}).
///
/// Hints are, in words: λ for each trustee, in order; then for each group `counts_j·Γ_j` for each option but Γ_1's with a count
/// above 0, `λ_i·D_i` for each trustee but the last, and the inverse of the Z of what is left (anything where that is infinity).
/// A group whose ΣC1 is infinity, as only all its voters together can bring about, has no D and no product of one.
///
/// Bounded counts have one solution, or there would be a relation among the generators. To find other counts that pass by the
/// address alone takes 2^160 tries divided by the total weight, as no more than so many are compared with one sum.
library CountProof {
    // TYPES

    /// @dev Where in the calldata everything is, once its lengths are checked: read so, as the language checks each of the some
    /// hundred accesses again.
    /// @param counts where the counts start
    /// @param sums where the sums start
    /// @param hints where the hints start
    /// @param next where the next hint is
    /// @param partials where each trustee's partial decryptions start
    /// @param indices each trustee's index
    /// @param gammas the x-coordinates of the generators from Γ_2 on
    struct Opening {
        uint256 counts;
        uint256 sums;
        uint256 hints;
        uint256 next;
        uint256[] partials;
        uint256[] indices;
        uint256[] gammas;
    }

    // ERRORS

    /// @notice There are more or fewer counts, sums or partial decryptions than the question has options and groups.
    /// @param counts how many counts were given
    /// @param sums how many words of sums
    /// @param partials how many trustees' partial decryptions
    error CountLengthWrong(uint256 counts, uint256 sums, uint256 partials);

    /// @notice A trustee's partial decryption has more or fewer words than the groups need.
    /// @param trustee the trustee's index
    /// @param length how many words were given
    error CountPartialLengthWrong(uint256 trustee, uint256 length);

    /// @notice There are more or fewer hints than the counts and the partial decryptions need.
    /// @param length how many words were given
    /// @param expected how many are needed
    error CountHintsLengthWrong(uint256 length, uint256 expected);

    /// @notice A count is above the total weight of the ballots.
    /// @param option the option
    /// @param count its count
    /// @param weight the total weight
    error CountTooLarge(uint256 option, uint256 count, uint256 weight);

    /// @notice The counts do not add up to what all ballots together selected.
    /// @param total what they add up to
    /// @param expected the total weight times the selections of each ballot
    error CountTotalWrong(uint256 total, uint256 expected);

    /// @notice What was given as a trustee's Lagrange coefficient is not that.
    /// @param trustee the trustee's index
    /// @param coefficient what was given
    error CountCoefficientWrong(uint256 trustee, uint256 coefficient);

    /// @notice A point given as a product is another point.
    /// @param word the place of its first word in the hints
    error CountProductWrong(uint256 word);

    /// @notice The counts are not what a group's sum decrypts to.
    /// @param group the group
    error CountWrong(uint256 group);

    // CHECK

    /// @notice Reverts unless the counts are the question's result.
    /// @dev The caller vouches for the sums and for the partial decryptions: of as many different trustees as are needed, each
    /// proven, none with index 0.
    /// @param options how many options the question has
    /// @param groups how many groups
    /// @param selections how many each ballot selects; 0 in approval voting
    /// @param weight the total weight of all ballots, below 2^128
    /// @param count the counts, with what opens the sums
    function check(
        uint256 options,
        uint256 groups,
        uint256 selections,
        uint256 weight,
        IElection.Count calldata count
    ) internal view {
        Opening memory opening = _locate(options, groups, count);
        uint256 products = _checkBounds(opening.counts, options, selections, weight);
        _checkHintsLength(opening, groups, products, count.hints.length);
        _checkCoefficients(opening);

        opening.gammas = Generators.xCoordinates(options);
        uint256 from;
        for (uint256 group; group < groups; ++group) {
            uint256 end = Questions.firstOption(options, groups, group + 1);
            require(_opens(opening, group, from, end), CountWrong(group));
            from = end;
        }
    }

    // INTERNAL

    /// @dev Checks all lengths but that of the hints, and says where everything is.
    function _locate(
        uint256 options,
        uint256 groups,
        IElection.Count calldata count
    ) private pure returns (Opening memory opening) {
        uint256[] calldata words = count.counts;
        uint256[] calldata sums = count.sums;
        ITrustees.Partial[] calldata partials = count.partials;
        uint256 trustees = partials.length;
        require(
            words.length == options && sums.length == 4 * groups && trustees != 0,
            CountLengthWrong(words.length, sums.length, trustees)
        );
        opening.counts = _position(words);
        opening.sums = _position(sums);
        opening.hints = _position(count.hints);
        opening.partials = new uint256[](trustees);
        opening.indices = new uint256[](trustees);
        for (uint256 i; i < trustees; ++i) {
            ITrustees.Partial calldata own = partials[i];
            (opening.indices[i], words) = (own.index, own.partials);
            require(words.length == 2 * groups, CountPartialLengthWrong(own.index, words.length));
            opening.partials[i] = _position(words);
        }
    }

    /// @dev Checks every count and their sum; returns how many need a product, all but those of 0 and that of Γ_1.
    function _checkBounds(
        uint256 position,
        uint256 options,
        uint256 selections,
        uint256 weight
    ) private pure returns (uint256 products) {
        uint256 total;
        // At most 32 counts below 2^128.
        unchecked {
            for (uint256 option; option < options; ++option) {
                uint256 number = _word(position + 32 * option);
                if (number > weight) revert CountTooLarge(option, number, weight);
                total += number;
                if (number != 0 && option != 0) ++products;
            }
            if (selections != 0 && total != selections * weight) revert CountTotalWrong(total, selections * weight);
        }
    }

    function _checkHintsLength(Opening memory opening, uint256 groups, uint256 products, uint256 length) private pure {
        // At most 32 groups, 32 products and 255 trustees.
        unchecked {
            uint256 trustees = opening.indices.length;
            uint256 expected = trustees + 2 * products;
            for (uint256 group; group < groups; ++group) {
                expected += _word(opening.sums + 128 * group) == 0 ? 1 : 2 * trustees - 1;
            }
            require(length == expected, CountHintsLengthWrong(length, expected));
            opening.next = opening.hints + 32 * trustees;
        }
    }

    /// @dev `λ_i = Π j / (j - i)` over the other trustees j, so that `λ_i·Π (j - i) = Π j` modulo the group's order. The same
    /// index twice makes the left side 0, and never the right one.
    function _checkCoefficients(Opening memory opening) private pure {
        uint256[] memory indices = opening.indices;
        uint256 trustees = indices.length;
        // Indices have eight bits.
        unchecked {
            for (uint256 i; i < trustees; ++i) {
                uint256 index = indices[i];
                uint256 left = _word(opening.hints + 32 * i);
                uint256 right = 1;
                for (uint256 k; k < trustees; ++k) {
                    if (k == i) continue;
                    uint256 other = indices[k];
                    left = mulmod(left, Secp256k1.N + other - index, Secp256k1.N);
                    right = mulmod(right, other, Secp256k1.N);
                }
                if (left != right) revert CountCoefficientWrong(index, _word(opening.hints + 32 * i));
            }
        }
    }

    /// @dev Whether the counts of the options from one to before another are what the group's sum decrypts to.
    function _opens(Opening memory opening, uint256 group, uint256 from, uint256 end) private view returns (bool) {
        // Positions in the calldata, whose lengths are checked.
        unchecked {
            CurveSum.Sum memory sum;
            uint256 sums = opening.sums + 128 * group;
            CurveSum.addAny(sum, _word(sums + 64), _word(sums + 96));
            for (uint256 option = from == 0 ? 1 : from; option < end; ++option) {
                uint256 number = _word(opening.counts + 32 * option);
                if (number != 0) _subtract(opening, sum, opening.gammas[option - 1], 0, number);
            }
            uint256 baseCount = from == 0 ? _word(opening.counts) : 0;
            if (_word(sums) == 0) return _isMultipleOfBase(opening, sum, baseCount);

            uint256 last = opening.indices.length - 1;
            for (uint256 i; i < last; ++i) {
                uint256 position = opening.partials[i] + 64 * group;
                _subtract(opening, sum, _word(position), _word(position + 32) & 1, _word(opening.hints + 32 * i));
            }
            uint256 lastPosition = opening.partials[last] + 64 * group;
            uint256 factor = _word(opening.hints + 32 * last);
            return _isLastTerm(opening, sum, _word(lastPosition), _word(lastPosition + 32) & 1, factor, baseCount);
        }
    }

    /// @dev Whether what is left is `factor·D + baseCount·G`.
    function _isLastTerm(
        Opening memory opening,
        CurveSum.Sum memory sum,
        uint256 x,
        uint256 parity,
        uint256 factor,
        uint256 baseCount
    ) private view returns (bool) {
        (uint256 leftX, uint256 leftY) = _left(opening, sum);
        if (leftX != 0) return Secp256k1.multiply(x, parity, factor, baseCount) == Secp256k1.toAddress(leftX, leftY);
        // All voters and a trustee can bring it about together. No D is infinity, and so no product of one is.
        if (baseCount == 0) return false;
        return
            Secp256k1.multiply(x, parity, factor, 0) ==
            Secp256k1.multiply(Secp256k1.G_X, 0, Secp256k1.N - baseCount, 0);
    }

    /// @dev Whether what is left is `baseCount·G`.
    function _isMultipleOfBase(
        Opening memory opening,
        CurveSum.Sum memory sum,
        uint256 baseCount
    ) private view returns (bool) {
        (uint256 leftX, uint256 leftY) = _left(opening, sum);
        if (leftX == 0 || baseCount == 0) return leftX == 0 && baseCount == 0;
        return Secp256k1.multiply(Secp256k1.G_X, 0, baseCount, 0) == Secp256k1.toAddress(leftX, leftY);
    }

    /// @dev The coordinates of what is left, by the inverse that is the next hint.
    function _left(Opening memory opening, CurveSum.Sum memory sum) private pure returns (uint256 x, uint256 y) {
        uint256 position = opening.next;
        opening.next = position + 32;
        return CurveSum.toAffine(sum, _word(position));
    }

    /// @dev Subtracts a point times a factor, whose product is the next hint.
    function _subtract(
        Opening memory opening,
        CurveSum.Sum memory sum,
        uint256 x,
        uint256 parity,
        uint256 factor
    ) private view {
        // Positions in the calldata; a product's coordinates are below P, as ecrecover's are.
        unchecked {
            uint256 position = opening.next;
            opening.next = position + 64;
            uint256 productX = _word(position);
            uint256 productY = _word(position + 32);
            if (Secp256k1.multiply(x, parity, factor, 0) != Secp256k1.toAddress(productX, productY)) {
                revert CountProductWrong((position - opening.hints) / 32);
            }
            CurveSum.add(sum, productX, Secp256k1.P - productY);
        }
    }

    /// @dev Where in the calldata words start.
    function _position(uint256[] calldata words) private pure returns (uint256 position) {
        assembly ("memory-safe") {
            position := words.offset
        }
    }

    /// @dev The word at a position in the calldata.
    function _word(uint256 position) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(position)
        }
    }
}
// slither-disable-end uninitialized-local
