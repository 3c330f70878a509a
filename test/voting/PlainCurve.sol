// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev A point in affine coordinates; (0, 0), which is not on the curve, is infinity.
struct Point {
    uint256 x;
    uint256 y;
}

/// @title PlainCurve
/// @notice secp256k1 as textbooks have it: affine, complete, one inversion an addition, no ecrecover.
library PlainCurve {
    uint256 internal constant P = 2 ** 256 - 2 ** 32 - 977;
    uint256 internal constant N = 115792089237316195423570985008687907852837564279074904382605163141518161494337;

    function base() internal pure returns (Point memory) {
        return
            Point(
                55066263022277343669578718895168534326250603453777594175500187360389116729240,
                32670510020758816978083085130507043184471273380659243275938904335757337482424
            );
    }

    function isInfinity(Point memory a) internal pure returns (bool) {
        return a.x == 0 && a.y == 0;
    }

    function equal(Point memory a, Point memory b) internal pure returns (bool) {
        return a.x == b.x && a.y == b.y;
    }

    function isOnCurve(Point memory a) internal pure returns (bool) {
        return a.x < P && a.y < P && mulmod(a.y, a.y, P) == cubePlusSeven(a.x);
    }

    function cubePlusSeven(uint256 x) internal pure returns (uint256) {
        return addmod(mulmod(mulmod(x, x, P), x, P), 7, P);
    }

    function toAddress(Point memory a) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(a.x, a.y)))));
    }

    function negate(Point memory a) internal pure returns (Point memory) {
        return isInfinity(a) ? a : Point(a.x, P - a.y);
    }

    function add(Point memory a, Point memory b) internal view returns (Point memory sum) {
        if (isInfinity(a)) return b;
        if (isInfinity(b)) return a;
        uint256 slope;
        if (a.x != b.x) {
            slope = mulmod(subtract(b.y, a.y), inverse(subtract(b.x, a.x)), P);
        } else if (a.y == b.y) {
            slope = mulmod(mulmod(3, mulmod(a.x, a.x, P), P), inverse(addmod(a.y, a.y, P)), P);
        } else {
            return Point(0, 0);
        }
        sum.x = subtract(subtract(mulmod(slope, slope, P), a.x), b.x);
        sum.y = subtract(mulmod(slope, subtract(a.x, sum.x), P), a.y);
    }

    function multiply(Point memory a, uint256 factor) internal view returns (Point memory product) {
        for (uint256 bit = 256; bit > 0; --bit) {
            product = add(product, product);
            if ((factor >> (bit - 1)) & 1 == 1) product = add(product, a);
        }
    }

    function subtract(uint256 a, uint256 b) internal pure returns (uint256) {
        return addmod(a, P - (b % P), P);
    }

    /// @dev Fermat: a^(P-2).
    function inverse(uint256 a) internal view returns (uint256) {
        return power(a, P - 2);
    }

    /// @dev By the precompile for modular exponentiation (EIP-198).
    function power(uint256 a, uint256 exponent) internal view returns (uint256) {
        (bool success, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, a, exponent, P));
        require(success);
        return abi.decode(result, (uint256));
    }

    /// @dev The first point of the try-and-increment for a name, and with even y.
    function generator(string memory name) internal view returns (Point memory found) {
        for (uint256 counter; found.y == 0; ++counter) {
            uint256 x = uint256(sha256(abi.encodePacked("diwan/generator/v1/", name, uint8(counter))));
            uint256 square = cubePlusSeven(x);
            uint256 y = power(square, (P + 1) / 4);
            if (x < N && mulmod(y, y, P) == square) found = Point(x, y % 2 == 0 ? y : P - y);
        }
    }
}
