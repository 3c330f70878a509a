// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Secp256k1} from "../../contracts/voting/Secp256k1.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";

contract Secp256k1Test {
    using PlainCurve for Point;

    function multiply(uint256 x, uint256 parity, uint256 factor, uint256 baseFactor) external view returns (address) {
        return Secp256k1.multiply(x, parity, factor, baseFactor);
    }

    function add(uint256 x, uint256 y, uint256 z, uint256 otherX, uint256 otherY) external pure {
        Secp256k1.add(x, y, z, otherX, otherY);
    }

    /// The words of some points, and which of them is the first that is none.
    function firstInvalid(uint256[] calldata words) external pure returns (uint256 index) {
        uint256 start;
        assembly ("memory-safe") {
            start := words.offset
        }
        uint256 wrong = Secp256k1.firstInvalid(start, start + words.length * 32);
        return wrong == 0 ? words.length : (wrong - start) / 32;
    }

    function testFuzz_firstInvalid_findsTheFirstThatIsPointRefuses(uint256 seed, uint8 size, uint8 at) public view {
        uint256[] memory words = new uint256[](2 * (size % 6));
        for (uint256 i; i < words.length; i += 2) {
            Point memory point = _point(uint256(keccak256(abi.encode(seed, i))));
            (words[i], words[i + 1]) = (point.x, point.y);
        }
        assert(this.firstInvalid(words) == words.length);
        // One or two words become others; the first point that this spoils is found.
        for (uint256 spoiled; spoiled < 2 && words.length != 0; ++spoiled) {
            uint256 word = (at * (spoiled + 1)) % words.length;
            words[word] = uint256(keccak256(abi.encode(seed, "spoiled", spoiled)));
        }
        uint256 expected;
        while (expected < words.length && Secp256k1.isPoint(words[expected], words[expected + 1])) expected += 2;
        assert(this.firstInvalid(words) == expected);
    }

    function testFuzz_isPoint_agreesWithTheEquation(uint256 x, uint256 y) public view {
        assert(Secp256k1.isPoint(x, y) == (PlainCurve.isOn(x, y) && x < PlainCurve.N));
        (Point memory point, bool found) = PlainCurve.lift(x);
        if (!found) return;
        assert(Secp256k1.isPoint(x, point.y) && Secp256k1.isPoint(x, PlainCurve.P - point.y));
        assert(!Secp256k1.isPoint(x, addmod(point.y, 1, PlainCurve.P)));
    }

    function test_isPoint_refusesOtherEncodings() public view {
        Point memory base = PlainCurve.base();
        assert(Secp256k1.isPoint(base.x, base.y));
        assert(!Secp256k1.isPoint(0, 0));
        // The same point with a coordinate of one more field: not canonical. y + P fits a word for small y only.
        (Point memory small, uint256 y) = _pointWithSmallY();
        assert(Secp256k1.isPoint(small.x, y) && !Secp256k1.isPoint(small.x, y + PlainCurve.P));
        // On the curve, but above the order: ecrecover would not take it as r.
        uint256 x = PlainCurve.N;
        while (!_isX(x)) ++x;
        uint256 square = addmod(mulmod(x, mulmod(x, x, PlainCurve.P), PlainCurve.P), 7, PlainCurve.P);
        uint256 root = PlainCurve.power(square, (PlainCurve.P + 1) / 4);
        assert(PlainCurve.isOn(x, root) && !Secp256k1.isPoint(x, root));
    }

    function testFuzz_multiply_agreesWithThePlainCurve(uint256 seed, uint256 factor, uint256 baseFactor) public view {
        Point memory point = _point(seed);
        factor = (factor % (PlainCurve.N - 1)) + 1;
        baseFactor %= PlainCurve.N;
        Point memory product = point.multiply(factor).add(PlainCurve.base().multiply(baseFactor));
        address expected = address(uint160(uint256(keccak256(abi.encode(product.x, product.y)))));
        assert(Secp256k1.multiply(point.x, point.y % 2, factor, baseFactor) == expected);
        assert(Secp256k1.toAddress(product.x, product.y) == expected);
    }

    function testFuzz_add_agreesWithThePlainCurve(uint256 seed, uint256 otherSeed, uint256 z) public view {
        (Point memory one, Point memory other) = (_point(seed), _point(otherSeed));
        if (one.x == other.x) return;
        z = (z % (PlainCurve.P - 1)) + 1;
        (uint256 x, uint256 y) = _scale(one, z);
        (x, y, z) = Secp256k1.add(x, y, z, other.x, other.y);
        Point memory sum = one.add(other);
        (uint256 sumX, uint256 sumY) = _scale(sum, z);
        assert(z != 0 && x == sumX && y == sumY);
    }

    function testFuzz_add_reverts_whenTheXCoordinatesAreEqual(uint256 seed, uint256 z, bool negative) public view {
        Point memory point = _point(seed);
        z = (z % (PlainCurve.P - 1)) + 1;
        (uint256 x, uint256 y) = _scale(point, z);
        uint256 otherY = negative ? PlainCurve.P - point.y : point.y;
        try this.add(x, y, z, point.x, otherY) {
            assert(false);
        } catch (bytes memory reason) {
            assert(
                keccak256(reason) ==
                    keccak256(abi.encodeWithSelector(Secp256k1.CurveAdditionExceptional.selector, point.x))
            );
        }
    }

    /// The precompile answers nothing; what it answered before must not be taken for its answer.
    function test_multiply_reverts_whenThePrecompileAnswersNothing() public view {
        Point memory base = PlainCurve.base();
        assert(Secp256k1.multiply(base.x, base.y % 2, 5, 0) != address(0));
        _refuses(base.x, base.y % 2, 0, 5);
        _refuses(base.x, base.y % 2, PlainCurve.N, 5);
        // 7·G - 7·G is at infinity.
        _refuses(base.x, base.y % 2, 7, PlainCurve.N - 7);
        // 5 is no x-coordinate.
        assert(!_isX(5));
        _refuses(5, 0, 3, 3);
        _refuses(0, 0, 3, 3);
        _refuses(PlainCurve.N, 0, 3, 3);
    }

    function _refuses(uint256 x, uint256 parity, uint256 factor, uint256 baseFactor) private view {
        try this.multiply(x, parity, factor, baseFactor) {
            assert(false);
        } catch (bytes memory reason) {
            bytes memory expected = abi.encodeWithSelector(Secp256k1.CurveMultiplicationFailed.selector, x, factor);
            assert(keccak256(reason) == keccak256(expected));
        }
    }

    function _point(uint256 seed) private view returns (Point memory point) {
        bool found;
        for (uint256 x = seed % PlainCurve.N; !found; x = (x + 1) % PlainCurve.N) (point, found) = PlainCurve.lift(x);
        if (seed % 3 == 0) point.y = PlainCurve.P - point.y;
    }

    function _isX(uint256 x) private view returns (bool) {
        uint256 square = addmod(mulmod(x, mulmod(x, x, PlainCurve.P), PlainCurve.P), 7, PlainCurve.P);
        uint256 root = PlainCurve.power(square, (PlainCurve.P + 1) / 4);
        return mulmod(root, root, PlainCurve.P) == square;
    }

    /// x = cube root of y² - 7; P = 7 mod 9, so the root of a cube is its power of (P + 2) / 9.
    function _pointWithSmallY() private view returns (Point memory point, uint256 y) {
        for (y = 1; ; ++y) {
            uint256 cube = addmod(mulmod(y, y, PlainCurve.P), PlainCurve.P - 7, PlainCurve.P);
            uint256 x = PlainCurve.power(cube, (PlainCurve.P + 2) / 9);
            if (x < PlainCurve.N && PlainCurve.isOn(x, y)) return (Point(x, y), y);
        }
    }

    /// A point in Jacobian coordinates with a given Z.
    function _scale(Point memory point, uint256 z) private pure returns (uint256 x, uint256 y) {
        uint256 z2 = mulmod(z, z, PlainCurve.P);
        return (mulmod(point.x, z2, PlainCurve.P), mulmod(point.y, mulmod(z2, z, PlainCurve.P), PlainCurve.P));
    }
}
