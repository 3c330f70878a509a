// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// A point of secp256k1 in affine coordinates; (0, 0), which is not on the curve, is infinity.
struct Point {
    uint256 x;
    uint256 y;
}

/// secp256k1 as the textbooks write it: affine, one inversion an addition, every case by itself.
library PlainCurve {
    uint256 internal constant P = 2 ** 256 - 2 ** 32 - 977;
    uint256 internal constant N = 115792089237316195423570985008687907852837564279074904382605163141518161494337;
    uint256 private constant GX = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
    uint256 private constant GY = 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8;

    function base() internal pure returns (Point memory) {
        return Point(GX, GY);
    }

    function isOn(uint256 x, uint256 y) internal pure returns (bool) {
        if (x >= P || y >= P) return false;
        uint256 cubed = mulmod(x, mulmod(x, x, P), P);
        return mulmod(y, y, P) == addmod(cubed, 7, P);
    }

    function add(Point memory one, Point memory other) internal view returns (Point memory) {
        if (one.x == 0 && one.y == 0) return other;
        if (other.x == 0 && other.y == 0) return one;
        if (one.x == other.x && one.y != other.y) return Point(0, 0);
        uint256 slope;
        if (one.x == other.x) {
            uint256 square = mulmod(one.x, one.x, P);
            slope = _divide(mulmod(3, square, P), mulmod(2, one.y, P));
        } else {
            slope = _divide(_minus(other.y, one.y), _minus(other.x, one.x));
        }
        uint256 x = _minus(_minus(mulmod(slope, slope, P), one.x), other.x);
        return Point(x, _minus(mulmod(slope, _minus(one.x, x), P), one.y));
    }

    function multiply(Point memory point, uint256 factor) internal view returns (Point memory result) {
        Point memory double = point;
        for (uint256 left = factor; left != 0; left /= 2) {
            if (left % 2 == 1) result = add(result, double);
            double = add(double, double);
        }
    }

    /// The point with the even y-coordinate for an x-coordinate, and whether there is one.
    function lift(uint256 x) internal view returns (Point memory point, bool found) {
        if (x >= N) return (point, false);
        uint256 square = addmod(mulmod(x, mulmod(x, x, P), P), 7, P);
        uint256 y = power(square, (P + 1) / 4);
        if (mulmod(y, y, P) != square) return (point, false);
        return (Point(x, y % 2 == 0 ? y : P - y), true);
    }

    /// The first point whose x-coordinate is the hash of a name and a counter.
    function derive(string memory name) internal view returns (Point memory point) {
        bool found;
        for (uint8 counter; !found; ++counter) {
            (point, found) = lift(uint256(sha256(abi.encodePacked("diwan/generator/v1/", name, counter))));
        }
    }

    /// EIP-198.
    function power(uint256 value, uint256 exponent) internal view returns (uint256) {
        (bool done, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, value, exponent, P));
        assert(done);
        return abi.decode(result, (uint256));
    }

    function _divide(uint256 over, uint256 under) private view returns (uint256) {
        return mulmod(over, power(under, P - 2), P);
    }

    function _minus(uint256 one, uint256 other) private pure returns (uint256) {
        return addmod(one, P - other, P);
    }
}
