// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Secp256k1} from "./Secp256k1.sol";

/// @title Sums of other people's points
/// @notice Adds points of secp256k1 that others chose, whatever they chose: the same point twice, opposite points, infinity.
/// @dev Dealers and voters who collude can bring about every exceptional case of the addition formulas, and a sum that
/// reverted on one would stop a key ceremony or a tally for ever. So each case has its formula here, and no function fails for
/// what is added. A sum is in Jacobian coordinates, and infinity is (0, 0, 0). An affine point is its two coordinates, and
/// infinity is (0, 0). The curve has no point with x = 0 (7 is no square) and none with y = 0 (its order is odd), so that
/// neither stands for anything else. Points are expected to be on the curve: whoever records one checks it once.
///
/// A running sum over ballots starts at the generator K and gives it back at the end ({start}, {finish}), which keeps it from
/// infinity and from the dearer cases unless somebody knows log K. Every case is right without that too.
library CurveSum {
    /// @dev The field's prime, Secp256k1.P: assembly takes no constant of another library.
    uint256 private constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;

    /// @notice A sum in Jacobian coordinates: `x = X / Z²`, `y = Y / Z³`, each below P; infinity is three zeros.
    struct Sum {
        uint256 x;
        uint256 y;
        uint256 z;
    }

    /// @notice What was given as the inverse of a sum's Z is not its inverse.
    /// @param z the sum's Z
    /// @param inverse what was given
    error CurveInverseWrong(uint256 z, uint256 inverse);

    /// @notice What was given as a multiple of a point is another point.
    /// @param x the x-coordinate of the multiplied point
    /// @param factor what it is multiplied by
    error CurveMultipleWrong(uint256 x, uint256 factor);

    /// @notice Starts a running sum at a blinding point, which {finish} takes off.
    /// @param x the x-coordinate of the generator K
    /// @param y its y-coordinate
    /// @return sum the sum
    function start(uint256 x, uint256 y) internal pure returns (Sum memory sum) {
        (sum.x, sum.y, sum.z) = (x, y, 1);
    }

    /// @notice Takes off the point that a running sum started with.
    /// @param sum the sum, which becomes that of the added points alone
    /// @param x the x-coordinate of the generator K
    /// @param y its y-coordinate
    function finish(Sum memory sum, uint256 x, uint256 y) internal pure {
        add(sum, x, P - y);
    }

    /// @notice Adds an affine point other than infinity.
    /// @dev 11 multiplications; https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian.html (madd). All exceptional cases, a sum
    /// at infinity among them, make the difference of the x-coordinates 0, so that the usual case pays one comparison for them.
    /// @param sum the sum, which becomes the new one
    /// @param x the point's x-coordinate
    /// @param y the point's y-coordinate
    function add(Sum memory sum, uint256 x, uint256 y) internal pure {
        uint256 difference;
        uint256 slope;
        // Inline: it runs twice a group and ballot, and as calls and checked arithmetic costs three times as much.
        assembly ("memory-safe") {
            let sumX := mload(sum)
            let sumY := mload(add(sum, 0x20))
            let sumZ := mload(add(sum, 0x40))
            let z2 := mulmod(sumZ, sumZ, P)
            difference := addmod(mulmod(x, z2, P), sub(P, sumX), P)
            slope := addmod(mulmod(y, mulmod(sumZ, z2, P), P), sub(P, sumY), P)
            if difference {
                let square := mulmod(difference, difference, P)
                let cube := mulmod(difference, square, P)
                let v := mulmod(sumX, square, P)
                let newX := addmod(addmod(mulmod(slope, slope, P), sub(P, cube), P), sub(P, addmod(v, v, P)), P)
                mstore(sum, newX)
                mstore(
                    add(sum, 0x20),
                    addmod(mulmod(slope, addmod(v, sub(P, newX), P), P), sub(P, mulmod(sumY, cube, P)), P)
                )
                mstore(add(sum, 0x40), mulmod(sumZ, difference, P))
            }
        }
        if (difference == 0) _addAtSameX(sum, slope, x, y);
    }

    /// @notice Adds an affine point that may be infinity.
    /// @param sum the sum, which becomes the new one
    /// @param x the point's x-coordinate, 0 for infinity
    /// @param y the point's y-coordinate, 0 for infinity
    function addAny(Sum memory sum, uint256 x, uint256 y) internal pure {
        if (x != 0) add(sum, x, y);
    }

    /// @notice Adds a multiple of a point, as a weighted ballot is one.
    /// @dev The multiple is claimed, and its address compared with ecrecover's. It exists for every point of the curve and every
    /// factor here, so that only a wrong claim reverts.
    /// @param sum the sum, which becomes the new one
    /// @param point the multiplied point's two coordinates
    /// @param factor what it is multiplied by, from 1 to below the group's order
    /// @param multiple the two coordinates of what is claimed as the multiple
    function addMultiple(
        Sum memory sum,
        uint256[2] memory point,
        uint256 factor,
        uint256[2] memory multiple
    ) internal view {
        address product = Secp256k1.multiply(point[0], point[1] & 1, factor, 0);
        require(Secp256k1.toAddress(multiple[0], multiple[1]) == product, CurveMultipleWrong(point[0], factor));

        add(sum, multiple[0], multiple[1]);
    }

    /// @notice Adds another sum.
    /// @dev https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian.html (add-1998-cmo-2).
    /// @param sum the sum, which becomes the new one
    /// @param other what is added to it, which stays
    function addSum(Sum memory sum, Sum memory other) internal pure {
        if (other.z == 0) return;
        if (sum.z == 0) return _set(sum, other.x, other.y, other.z);

        uint256 z2 = mulmod(sum.z, sum.z, P);
        uint256 otherZ2 = mulmod(other.z, other.z, P);
        uint256 x = mulmod(sum.x, otherZ2, P);
        uint256 y = mulmod(sum.y, mulmod(other.z, otherZ2, P), P);
        uint256 difference = _minus(mulmod(other.x, z2, P), x);
        uint256 slope = _minus(mulmod(other.y, mulmod(sum.z, z2, P), P), y);
        if (difference == 0) {
            if (slope == 0) return double(sum);
            return _set(sum, 0, 0, 0);
        }

        uint256 square = mulmod(difference, difference, P);
        uint256 cube = mulmod(difference, square, P);
        uint256 v = mulmod(x, square, P);
        uint256 newX = _minus(_minus(mulmod(slope, slope, P), cube), addmod(v, v, P));
        uint256 newY = _minus(mulmod(slope, _minus(v, newX), P), mulmod(y, cube, P));
        _set(sum, newX, newY, mulmod(mulmod(sum.z, other.z, P), difference, P));
    }

    /// @notice Doubles a sum.
    /// @dev https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian-0.html (dbl-2009-l). Infinity stays infinity, and no other
    /// point's double is it.
    /// @param sum the sum, which becomes its double
    function double(Sum memory sum) internal pure {
        uint256 y2 = mulmod(sum.y, sum.y, P);
        uint256 d = mulmod(4, mulmod(sum.x, y2, P), P);
        uint256 slope = mulmod(3, mulmod(sum.x, sum.x, P), P);
        uint256 newX = _minus(mulmod(slope, slope, P), addmod(d, d, P));
        uint256 newY = _minus(mulmod(slope, _minus(d, newX), P), mulmod(8, mulmod(y2, y2, P), P));
        _set(sum, newX, newY, mulmod(2, mulmod(sum.y, sum.z, P), P));
    }

    /// @notice Multiplies a sum by a small number.
    /// @dev Double and add, most significant bit first: for a trustee's index at most 4 doublings and 3 additions.
    /// @param sum the sum, which becomes its multiple
    /// @param factor what it is multiplied by
    function multiply(Sum memory sum, uint256 factor) internal pure {
        Sum memory base = Sum(sum.x, sum.y, sum.z);
        _set(sum, 0, 0, 0);
        uint256 bit = 1;
        // Neither shift loses the bit: the first ends above half of the factor.
        while (bit <= factor >> 1) bit <<= 1;
        for (; bit != 0; bit >>= 1) {
            double(sum);
            if (factor & bit != 0) addSum(sum, base);
        }
    }

    /// @notice Evaluates a polynomial with points as coefficients: `Σ index^k · coefficient_k`, by Horner's rule.
    /// @param coefficients the coordinates x and y of each coefficient, the constant term first; two zeros for infinity
    /// @param index where, a small number
    /// @return sum the value
    function evaluate(uint256[] memory coefficients, uint256 index) internal pure returns (Sum memory sum) {
        for (uint256 end = coefficients.length; end != 0; end -= 2) {
            multiply(sum, index);
            addAny(sum, coefficients[end - 2], coefficients[end - 1]);
        }
    }

    /// @notice The affine coordinates of a sum, by the inverse of its Z that the caller brings.
    /// @dev A sixth of the gas of {invert}. Only whoever reads a sum that others cannot change meanwhile can know the inverse.
    /// One sum in 2^128 has an x-coordinate above the group's order, which ecrecover does not take.
    /// @param sum the sum
    /// @param inverse the inverse of its Z modulo P; of no importance for infinity
    /// @return x its x-coordinate, 0 for infinity
    /// @return y its y-coordinate, 0 for infinity
    function toAffine(Sum memory sum, uint256 inverse) internal pure returns (uint256 x, uint256 y) {
        if (sum.z == 0) return (0, 0);
        require(mulmod(sum.z, inverse, P) == 1, CurveInverseWrong(sum.z, inverse));

        uint256 square = mulmod(inverse, inverse, P);
        x = mulmod(sum.x, square, P);
        y = mulmod(sum.y, mulmod(inverse, square, P), P);
    }

    /// @notice The inverse of a sum's Z, for {toAffine} where no caller brings it.
    /// @dev `z^(P - 2)` by the precompile at address 5 (EIP-198): 4,080 gas since Osaka (EIP-7883), 1,360 since Berlin, 13,056
    /// before. {toAffine} checks it again, so that a chain without the precompile reverts and never sums wrongly.
    /// @param z the Z, not 0
    /// @return inverse its inverse modulo P
    function invert(uint256 z) internal view returns (uint256 inverse) {
        return _power(z, P - 2);
    }

    /// @notice The even one of the two y-coordinates of points with an x-coordinate.
    /// @dev `(x³ + 7)^((P + 1) / 4)` is a square root, as P is 3 modulo 4. By the same precompile as {invert}.
    /// @param x the x-coordinate of a point
    /// @return y the even y-coordinate
    function evenY(uint256 x) internal view returns (uint256 y) {
        uint256 square = addmod(mulmod(mulmod(x, x, P), x, P), 7, P);
        y = _power(square, (P + 1) / 4);
        if (y & 1 != 0) y = P - y;
    }

    /// @dev A power modulo P.
    function _power(uint256 base, uint256 exponent) private view returns (uint256 power) {
        // The precompile has no syntax of its own.
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, 0x20)
            mstore(add(input, 0x20), 0x20)
            mstore(add(input, 0x40), 0x20)
            mstore(add(input, 0x60), base)
            mstore(add(input, 0x80), exponent)
            mstore(add(input, 0xa0), P)
            mstore(0x00, 0)
            // Whether it answered shows in the result, which is not 0 for a base that is not.
            pop(staticcall(gas(), 5, input, 0xc0, 0x00, 0x20))
            power := mload(0x00)
        }
    }

    /// @dev Adds a point where {add} has no formula: to infinity, to itself or to its opposite.
    function _addAtSameX(Sum memory sum, uint256 slope, uint256 x, uint256 y) private pure {
        if (sum.z == 0) return _set(sum, x, y, 1);
        if (slope == 0) return double(sum);
        _set(sum, 0, 0, 0);
    }

    function _set(Sum memory sum, uint256 x, uint256 y, uint256 z) private pure {
        (sum.x, sum.y, sum.z) = (x, y, z);
    }

    function _minus(uint256 one, uint256 other) private pure returns (uint256) {
        // No underflow: every coordinate is below P.
        unchecked {
            return addmod(one, P - other, P);
        }
    }
}
