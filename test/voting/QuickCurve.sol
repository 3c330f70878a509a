// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PlainCurve, Point} from "./PlainCurve.sol";

/// @title QuickCurve
/// @notice The multiplications of the tests' prover, some 30 times faster than the plain ones, with which a test compares them.
library QuickCurve {
    uint256 private constant P = PlainCurve.P;

    function multiply(Point memory a, uint256 factor) internal view returns (Point memory) {
        factor %= PlainCurve.N;
        if (factor == 0 || PlainCurve.isInfinity(a)) return Point(0, 0);
        uint256 x = a.x;
        uint256 y = a.y;
        uint256 z = 1;
        uint256 bit = 255;
        while ((factor >> bit) & 1 == 0) --bit;
        while (bit != 0) {
            --bit;
            (x, y, z) = _double(x, y, z);
            // Below the order the partial factor is never one that meets the added point or its opposite.
            if ((factor >> bit) & 1 == 1) (x, y, z) = _add(x, y, z, a);
        }
        uint256 inverse = PlainCurve.inverse(z);
        uint256 square = mulmod(inverse, inverse, P);
        return Point(mulmod(x, square, P), mulmod(y, mulmod(square, inverse, P), P));
    }

    function _double(uint256 x, uint256 y, uint256 z) private pure returns (uint256, uint256, uint256) {
        unchecked {
            uint256 y2 = mulmod(y, y, P);
            uint256 s = mulmod(4, mulmod(x, y2, P), P);
            uint256 m = mulmod(3, mulmod(x, x, P), P);
            uint256 newX = addmod(mulmod(m, m, P), P - addmod(s, s, P), P);
            uint256 newY = addmod(mulmod(m, addmod(s, P - newX, P), P), P - mulmod(8, mulmod(y2, y2, P), P), P);
            return (newX, newY, mulmod(2, mulmod(y, z, P), P));
        }
    }

    function _add(
        uint256 x,
        uint256 y,
        uint256 z,
        Point memory a
    ) private pure returns (uint256 newX, uint256 newY, uint256 newZ) {
        unchecked {
            uint256 z2 = mulmod(z, z, P);
            uint256 h = addmod(mulmod(a.x, z2, P), P - x, P);
            uint256 r = addmod(mulmod(a.y, mulmod(z, z2, P), P), P - y, P);
            require(h != 0);
            uint256 h2 = mulmod(h, h, P);
            uint256 h3 = mulmod(h, h2, P);
            uint256 v = mulmod(x, h2, P);
            newX = addmod(addmod(mulmod(r, r, P), P - h3, P), P - addmod(v, v, P), P);
            newY = addmod(mulmod(r, addmod(v, P - newX, P), P), P - mulmod(y, h3, P), P);
            newZ = mulmod(z, h, P);
        }
    }
}
