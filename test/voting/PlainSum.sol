// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A point in affine coordinates; (0, 0), which is not on the curve, is infinity.
struct Plain {
    uint256 x;
    uint256 y;
}

/// @title PlainSum
/// @notice The group of secp256k1 as its definition says it, a division for each addition: the oracle of the sums' tests.
/// @dev SEC 1, section 2.2.1. No code is shared with the contracts.
library PlainSum {
    uint256 internal constant P = 2 ** 256 - 2 ** 32 - 977;
    uint256 internal constant N = 115792089237316195423570985008687907852837564279074904382605163141518161494337;

    function base() internal pure returns (Plain memory) {
        return
            Plain(
                55066263022277343669578718895168534326250603453777594175500187360389116729240,
                32670510020758816978083085130507043184471273380659243275938904335757337482424
            );
    }

    function negate(Plain memory point) internal pure returns (Plain memory) {
        return isInfinity(point) ? point : Plain(point.x, P - point.y);
    }

    function isInfinity(Plain memory point) internal pure returns (bool) {
        return point.x == 0 && point.y == 0;
    }

    function equals(Plain memory one, Plain memory other) internal pure returns (bool) {
        return one.x == other.x && one.y == other.y;
    }

    function add(Plain memory one, Plain memory other) internal view returns (Plain memory) {
        if (isInfinity(one)) return other;
        if (isInfinity(other)) return one;
        if (equals(one, negate(other))) return Plain(0, 0);
        uint256 over = minus(other.y, one.y);
        uint256 under = minus(other.x, one.x);
        if (equals(one, other)) {
            over = mulmod(3, mulmod(one.x, one.x, P), P);
            under = addmod(one.y, one.y, P);
        }
        uint256 slope = mulmod(over, inverse(under), P);
        uint256 x = minus(mulmod(slope, slope, P), addmod(one.x, other.x, P));
        return Plain(x, minus(mulmod(slope, minus(one.x, x), P), one.y));
    }

    function multiply(Plain memory point, uint256 factor) internal view returns (Plain memory product) {
        for (; factor != 0; factor >>= 1) {
            if (factor & 1 == 1) product = add(product, point);
            point = add(point, point);
        }
    }

    /// @dev The first point from an x-coordinate on, of either parity.
    function from(uint256 x, bool isOdd) internal view returns (Plain memory point) {
        for (x %= N - 1_000; point.x == 0; ++x) {
            uint256 square = addmod(mulmod(x, mulmod(x, x, P), P), 7, P);
            uint256 y = power(square, (P + 1) / 4);
            if (mulmod(y, y, P) == square) point = Plain(x, (y % 2 == 1) == isOdd ? y : P - y);
        }
    }

    function minus(uint256 one, uint256 other) internal pure returns (uint256) {
        return one >= other ? one - other : P - (other - one);
    }

    function inverse(uint256 value) internal view returns (uint256) {
        return power(value, P - 2);
    }

    function power(uint256 value, uint256 exponent) internal view returns (uint256) {
        (bool done, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, value, exponent, P));
        assert(done);
        return abi.decode(result, (uint256));
    }
}
