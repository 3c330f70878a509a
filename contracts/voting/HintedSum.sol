// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Secp256k1} from "./Secp256k1.sol";

/// @title HintedSum
/// @notice Adds up multiples of points that the caller claims in its calldata, each checked before it is added.
/// @dev ecrecover gives the 20-byte hash of a product, never its coordinates. So they are a hint, whose address must be the
/// product's. To find a wrong point with a given address takes 2^160 tries.
library HintedSum {
    /// @notice A sum in Jacobian coordinates, and its hints.
    /// @param x its X
    /// @param y its Y
    /// @param z its Z, not 0
    /// @param next where in the calldata the next hint is; whoever starts a sum has compared the length of all
    struct Sum {
        uint256 x;
        uint256 y;
        uint256 z;
        uint256 next;
    }

    /// @notice When a hint is not the product that it stands for.
    /// @param position where in the calldata it is
    error HintWrong(uint256 position);

    /// @notice When a hint is not the inverse of the sum's Z.
    /// @param inverse the hint
    error HintInverseWrong(uint256 inverse);

    /// @notice Adds a point times a factor, and passes its hint.
    /// @param sum the sum
    /// @param x the point's x-coordinate, below the curve's order
    /// @param parity 0 where its y-coordinate is even, 1 where it is odd; other bits are ignored
    /// @param factor the factor
    function addProduct(Sum memory sum, uint256 x, uint256 parity, uint256 factor) internal view {
        uint256 position;
        uint256 hintX;
        uint256 hintY;
        uint256 input = mulmod(factor, x, Secp256k1.N);
        bool answered;
        bool isProduct;
        // The same as {Secp256k1-multiply} and {Secp256k1-toAddress}, without the base point: as calls, and with the calldata
        // read by the language, it costs a third more, 5 to 100 times a ballot. Of ecrecover's answer, and of the word that
        // it leaves as it was where it gives none, see there.
        assembly ("memory-safe") {
            position := mload(add(sum, 0x60))
            hintX := calldataload(position)
            hintY := calldataload(add(position, 0x20))
            let free := mload(0x40)
            mstore(free, 0)
            mstore(add(free, 0x20), add(27, and(parity, 1)))
            mstore(add(free, 0x40), x)
            mstore(add(free, 0x60), input)
            mstore(0x00, 0)
            answered := and(eq(returndatasize(), 0x20), staticcall(gas(), 1, free, 0x80, 0x00, 0x20))
            let product := mload(0x00)
            mstore(0x00, hintX)
            mstore(0x20, hintY)
            isProduct := eq(product, and(keccak256(0x00, 0x40), 0xffffffffffffffffffffffffffffffffffffffff))
            mstore(add(sum, 0x60), add(position, 0x40))
        }
        if (!answered) revert Secp256k1.CurveMultiplicationFailed(x, factor);
        if (!isProduct) revert HintWrong(position);
        (sum.x, sum.y, sum.z) = Secp256k1.add(sum.x, sum.y, sum.z, hintX, hintY);
    }

    /// @notice The address of minus the sum, by the hint that is the inverse of its Z.
    /// @param sum the sum
    /// @return opposite the address
    function negatedAddress(Sum memory sum) internal pure returns (address opposite) {
        uint256 position = sum.next;
        uint256 inverse;
        // As above.
        assembly ("memory-safe") {
            inverse := calldataload(position)
        }
        require(mulmod(sum.z, inverse, Secp256k1.P) == 1, HintInverseWrong(inverse));
        uint256 square = mulmod(inverse, inverse, Secp256k1.P);
        uint256 x = mulmod(sum.x, square, Secp256k1.P);
        uint256 y = mulmod(sum.y, mulmod(inverse, square, Secp256k1.P), Secp256k1.P);
        return Secp256k1.toAddress(x, Secp256k1.P - y);
    }
}
