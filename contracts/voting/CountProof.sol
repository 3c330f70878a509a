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

    /// @dev What is needed for each group.
    /// @param hints where in the calldata the hints start
    /// @param next where the next one is
    /// @param gammas the x-coordinates of the generators from Γ_2 on
    struct Opening {
        uint256 hints;
        uint256 next;
        uint256[] gammas;
    }

    // ERRORS

    /// @notice There are more or fewer counts, sums or partial decryptions than the question has options and groups.
    /// @param counts how many counts were given
    /// @param sums how many words of sums
    /// @param partials how many trustees' partial decryptions
    error CountLengthWrong(uint256 counts, uint256 sums, uint256 partials);

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
        uint256 partials = count.partials.length;
        require(
            count.counts.length == options && count.sums.length == 4 * groups && partials != 0,
            CountLengthWrong(count.counts.length, count.sums.length, partials)
        );
        uint256 products = _checkBounds(count.counts, selections, weight);
        _checkHintsLength(count, products);
        _checkCoefficients(count.partials, count.hints);

        Opening memory opening;
        uint256[] calldata hints = count.hints;
        // The hints' length is checked, so that their words are read without the language's checks.
        assembly ("memory-safe") {
            mstore(opening, hints.offset)
        }
        opening.next = opening.hints + 32 * partials;
        opening.gammas = Generators.xCoordinates(options);
        for (uint256 group; group < groups; ++group) {
            uint256 from = Questions.firstOption(options, groups, group);
            uint256 end = Questions.firstOption(options, groups, group + 1);
            require(_opens(opening, count, group, from, end), CountWrong(group));
        }
    }

    // INTERNAL

    /// @dev Checks every count and their sum; returns how many need a product, all but those of 0 and that of Γ_1.
    function _checkBounds(
        uint256[] calldata counts,
        uint256 selections,
        uint256 weight
    ) private pure returns (uint256 products) {
        uint256 total;
        for (uint256 option; option < counts.length; ++option) {
            uint256 number = counts[option];
            require(number <= weight, CountTooLarge(option, number, weight));
            total += number;
            if (number != 0 && option != 0) ++products;
        }
        require(selections == 0 || total == selections * weight, CountTotalWrong(total, selections * weight));
    }

    function _checkHintsLength(IElection.Count calldata count, uint256 products) private pure {
        uint256 partials = count.partials.length;
        uint256 expected = partials + 2 * products;
        for (uint256 i; i < count.sums.length; i += 4) {
            expected += count.sums[i] == 0 ? 1 : 2 * partials - 1;
        }
        require(count.hints.length == expected, CountHintsLengthWrong(count.hints.length, expected));
    }

    /// @dev `λ_i = Π j / (j - i)` over the other trustees j, so that `λ_i·Π (j - i) = Π j` modulo the group's order. The same
    /// index twice makes the left side 0, and never the right one.
    function _checkCoefficients(ITrustees.Partial[] calldata partials, uint256[] calldata hints) private pure {
        // Indices have eight bits.
        unchecked {
            for (uint256 i; i < partials.length; ++i) {
                uint256 index = partials[i].index;
                uint256 left = hints[i];
                uint256 right = 1;
                for (uint256 k; k < partials.length; ++k) {
                    if (k == i) continue;
                    uint256 other = partials[k].index;
                    left = mulmod(left, Secp256k1.N + other - index, Secp256k1.N);
                    right = mulmod(right, other, Secp256k1.N);
                }
                require(left == right, CountCoefficientWrong(index, hints[i]));
            }
        }
    }

    /// @dev Whether the counts of the options from one to before another are what the group's sum decrypts to.
    function _opens(
        Opening memory opening,
        IElection.Count calldata count,
        uint256 group,
        uint256 from,
        uint256 end
    ) private view returns (bool) {
        CurveSum.Sum memory sum;
        CurveSum.addAny(sum, count.sums[4 * group + 2], count.sums[4 * group + 3]);
        for (uint256 option = from == 0 ? 1 : from; option < end; ++option) {
            uint256 number = count.counts[option];
            if (number != 0) _subtract(opening, sum, opening.gammas[option - 1], 0, number);
        }
        uint256 baseCount = from == 0 ? count.counts[0] : 0;
        if (count.sums[4 * group] == 0) return _isMultipleOfBase(opening, sum, baseCount);

        uint256 last = count.partials.length - 1;
        for (uint256 i; i < last; ++i) {
            (uint256 x, uint256 y) = _partial(count.partials[i], group);
            _subtract(opening, sum, x, y & 1, count.hints[i]);
        }
        (uint256 lastX, uint256 lastY) = _partial(count.partials[last], group);
        return _isLastTerm(opening, sum, lastX, lastY & 1, count.hints[last], baseCount);
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
        uint256 inverse;
        assembly ("memory-safe") {
            inverse := calldataload(position)
        }
        opening.next = position + 32;
        return CurveSum.toAffine(sum, inverse);
    }

    /// @dev Subtracts a point times a factor, whose product is the next hint.
    function _subtract(
        Opening memory opening,
        CurveSum.Sum memory sum,
        uint256 x,
        uint256 parity,
        uint256 factor
    ) private view {
        uint256 position = opening.next;
        uint256 productX;
        uint256 productY;
        assembly ("memory-safe") {
            productX := calldataload(position)
            productY := calldataload(add(position, 0x20))
        }
        require(
            Secp256k1.multiply(x, parity, factor, 0) == Secp256k1.toAddress(productX, productY),
            CountProductWrong((position - opening.hints) / 32)
        );
        // A product's coordinates are below P, as ecrecover's are, and none is 0.
        CurveSum.add(sum, productX, Secp256k1.P - productY);
        opening.next = position + 64;
    }

    /// @dev A trustee's partial decryption of a group.
    function _partial(ITrustees.Partial calldata partial_, uint256 group) private pure returns (uint256 x, uint256 y) {
        uint256[] calldata words = partial_.partials;
        return (words[2 * group], words[2 * group + 1]);
    }
}
// slither-disable-end uninitialized-local
