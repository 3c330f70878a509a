// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Arithmetic on secp256k1 by way of ecrecover
/// @notice Checks, multiplies and adds points of the curve that Ethereum's own signatures use.
/// @dev The precompile at address 1 gives the address of `(s/r)·P - (h/r)·G`, where `P` has x-coordinate `r`: one
/// multiplication of an arbitrary point for 3,000 gas, as the 20-byte hash of its result. Whoever calls supplies the point it
/// claims as the result, and the contract compares addresses. A point is its two affine coordinates; there is none for
/// infinity here, and no function takes or returns it.
library Secp256k1 {
    /// @dev The field's prime. SEC 2, section 2.4.1.
    uint256 internal constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;
    /// @dev The order of the base point G. SEC 2, section 2.4.1.
    uint256 internal constant N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    /// @dev The x-coordinate of the base point, whose y-coordinate is even. SEC 2, section 2.4.1.
    uint256 internal constant G_X = 0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798;

    /// @notice The multiplication has no result: a factor of zero, no such point, or a result at infinity.
    /// @param x the x-coordinate of the multiplied point
    /// @param factor what it was multiplied by
    error CurveMultiplicationFailed(uint256 x, uint256 factor);

    /// @notice Two points with one x-coordinate were added, which the formula for different points would get wrong.
    /// @param x the x-coordinate of the added point
    error CurveAdditionExceptional(uint256 x);

    /// @notice Whether two coordinates are canonical and on the curve, with an x-coordinate that ecrecover takes.
    /// @dev A point with x between N and P exists for one x in 2^128; ecrecover does not take it, so nothing here does.
    /// @param x the x-coordinate
    /// @param y the y-coordinate
    /// @return whether it is such a point
    function isPoint(uint256 x, uint256 y) internal pure returns (bool) {
        return x < N && y < P && mulmod(y, y, P) == addmod(mulmod(mulmod(x, x, P), x, P), 7, P);
    }

    /// @notice Where in the calldata the first of some points is that {isPoint} refuses.
    /// @param position where the points start, not 0
    /// @param end where they end, a multiple of 64 after the start
    /// @return wrong the position of the first that is none; 0 where all are points
    function firstInvalid(uint256 position, uint256 end) internal pure returns (uint256 wrong) {
        // {isPoint} in a loop over words read by the language costs three times as much, 5 to 130 times a ballot.
        assembly ("memory-safe") {
            for {} lt(position, end) {
                position := add(position, 0x40)
            } {
                let x := calldataload(position)
                let y := calldataload(add(position, 0x20))
                let isOnCurve := eq(mulmod(y, y, P), addmod(mulmod(mulmod(x, x, P), x, P), 7, P))
                if iszero(and(and(lt(x, N), lt(y, P)), isOnCurve)) {
                    wrong := position
                    break
                }
            }
        }
    }

    /// @notice The address that stands for a point: the last 20 bytes of the hash of its coordinates.
    /// @param x the x-coordinate
    /// @param y the y-coordinate
    /// @return pointAddress the address
    function toAddress(uint256 x, uint256 y) internal pure returns (address pointAddress) {
        // Scratch memory, as the compiler has no cheaper way to hash two words.
        assembly ("memory-safe") {
            mstore(0x00, x)
            mstore(0x20, y)
            pointAddress := and(keccak256(0x00, 0x40), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }

    /// @notice The address of `factor·P + baseFactor·G`.
    /// @dev Reverts with {CurveMultiplicationFailed} where ecrecover gives nothing. It then succeeds and returns no data, and
    /// a stale output word would be read as its answer: so the word is cleared before, and the length of the answer checked.
    /// @param x the x-coordinate of P, below N
    /// @param parity 0 where the y-coordinate of P is even, 1 where it is odd
    /// @param factor the scalar of P, below N
    /// @param baseFactor the scalar of G, below N
    /// @return product the address of the result
    function multiply(
        uint256 x,
        uint256 parity,
        uint256 factor,
        uint256 baseFactor
    ) internal view returns (address product) {
        bool answered;
        assembly ("memory-safe") {
            let input := mload(0x40)
            // (s/r)·P - (h/r)·G with r = x, s = factor·x, h = -baseFactor·x
            mstore(input, sub(N, mulmod(baseFactor, x, N)))
            mstore(add(input, 0x20), add(27, parity))
            mstore(add(input, 0x40), x)
            mstore(add(input, 0x60), mulmod(factor, x, N))
            mstore(0x00, 0)
            answered := and(eq(returndatasize(), 0x20), staticcall(gas(), 1, input, 0x80, 0x00, 0x20))
            product := mload(0x00)
        }
        require(answered && product != address(0), CurveMultiplicationFailed(x, factor));
    }

    /// @notice Adds an affine point to a sum in Jacobian coordinates (`x = sumX / sumZ²`, `y = sumY / sumZ³`).
    /// @dev 11 multiplications; https://hyperelliptic.org/EFD/g1p/auto-shortw-jacobian.html (madd). Reverts with
    /// {CurveAdditionExceptional} where both have one x-coordinate: `P + P` by this formula is a false infinity.
    /// @param sumX the sum's X
    /// @param sumY the sum's Y
    /// @param sumZ the sum's Z, not 0
    /// @param x the added point's x-coordinate
    /// @param y the added point's y-coordinate
    /// @return newX the new sum's X
    /// @return newY the new sum's Y
    /// @return newZ the new sum's Z, not 0
    function add(
        uint256 sumX,
        uint256 sumY,
        uint256 sumZ,
        uint256 x,
        uint256 y
    ) internal pure returns (uint256 newX, uint256 newY, uint256 newZ) {
        uint256 difference;
        // Inline: as calls and checked arithmetic the same costs three times as much, 10 to 40 times a ballot.
        assembly ("memory-safe") {
            let z2 := mulmod(sumZ, sumZ, P)
            difference := addmod(mulmod(x, z2, P), sub(P, sumX), P)
            let slope := addmod(mulmod(y, mulmod(sumZ, z2, P), P), sub(P, sumY), P)
            let square := mulmod(difference, difference, P)
            let cube := mulmod(difference, square, P)
            let v := mulmod(sumX, square, P)
            newX := addmod(addmod(mulmod(slope, slope, P), sub(P, cube), P), sub(P, addmod(v, v, P)), P)
            newY := addmod(mulmod(slope, addmod(v, sub(P, newX), P), P), sub(P, mulmod(sumY, cube, P)), P)
            newZ := mulmod(sumZ, difference, P)
        }
        require(difference != 0, CurveAdditionExceptional(x));
    }
}
