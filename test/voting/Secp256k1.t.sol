// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {HintedSum} from "../../contracts/voting/HintedSum.sol";
import {Secp256k1} from "../../contracts/voting/Secp256k1.sol";
import {vm} from "../helpers/Vm.sol";
import {CurveHarness} from "./CurveHarness.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {QuickCurve} from "./QuickCurve.sol";

contract Secp256k1Test {
    using PlainCurve for Point;

    CurveHarness private harness;

    function setUp() public {
        harness = new CurveHarness();
    }

    function test_plainCurve_hasTheGroupsOrder() public view {
        Point memory g = PlainCurve.base();
        assert(g.isOnCurve());
        assert(g.multiply(PlainCurve.N).isInfinity());
        assert(g.multiply(PlainCurve.N - 1).equal(g.negate()));
        assert(g.multiply(0).isInfinity());
        assert(Secp256k1.P == PlainCurve.P && Secp256k1.N == PlainCurve.N);
    }

    /// forge-config: default.fuzz.runs = 50
    function testFuzz_quickCurve_agreesWithThePlainOne(uint256 factor) public view {
        Point memory a = PlainCurve.generator("K");
        assert(QuickCurve.multiply(a, factor).equal(a.multiply(factor)));
        assert(QuickCurve.multiply(a, factor % 9).equal(a.multiply(factor % 9)));
    }

    function testFuzz_isPoint_agreesWithThePlainCurve(uint256 seed) public view {
        Point memory a = _point(seed);
        assert(harness.isPoint(a.x, a.y));
        assert(harness.isPoint(a.x, PlainCurve.P - a.y));
        uint256 bit = 1 << (seed >> 248);
        assert(harness.isPoint(a.x ^ bit, a.y) == _isPlainPoint(Point(a.x ^ bit, a.y)));
        assert(harness.isPoint(a.x, a.y ^ bit) == _isPlainPoint(Point(a.x, a.y ^ bit)));
    }

    function test_isPoint_refusesInfinity() public view {
        assert(!harness.isPoint(0, 0));
    }

    function test_isPoint_refusesWhatEcrecoverDoesNotTake() public view {
        uint256 found;
        for (uint256 x = PlainCurve.N; found < 4; ++x) {
            Point memory a = Point(x, PlainCurve.power(PlainCurve.cubePlusSeven(x), (PlainCurve.P + 1) / 4));
            if (!a.isOnCurve()) continue;
            ++found;
            assert(!harness.isPoint(a.x, a.y));
            assert(harness.firstInvalid(abi.encode(a)) == 0);
        }
    }

    function test_isPoint_refusesCoordinatesThatAreNotCanonical() public view {
        uint256 found;
        for (uint256 y = 1; found < 4; ++y) {
            // A cube root where there is one, as P mod 9 is 7.
            uint256 cube = PlainCurve.subtract(mulmod(y, y, PlainCurve.P), 7);
            Point memory a = Point(PlainCurve.power(cube, (PlainCurve.P + 2) / 9), y);
            if (!a.isOnCurve()) continue;
            ++found;
            assert(harness.isPoint(a.x, a.y));
            assert(!harness.isPoint(a.x, a.y + PlainCurve.P));
            assert(harness.firstInvalid(abi.encode(a, a.x, a.y + PlainCurve.P)) == 1);
        }
        // Such an x-coordinate below 2^256 - P as well.
        found = 0;
        for (uint256 x = 1; found < 4; ++x) {
            Point memory a = Point(x, PlainCurve.power(PlainCurve.cubePlusSeven(x), (PlainCurve.P + 1) / 4));
            if (!a.isOnCurve()) continue;
            ++found;
            assert(harness.isPoint(a.x, a.y));
            assert(!harness.isPoint(a.x + PlainCurve.P, a.y));
            assert(harness.firstInvalid(abi.encode(a, a.x + PlainCurve.P, a.y)) == 1);
        }
    }

    function testFuzz_firstInvalid_agreesWithIsPoint(uint256 seed, uint8 wrong) public view {
        uint256 count = 1 + (seed % 5);
        bytes memory points;
        for (uint256 i; i < count; ++i) {
            Point memory a = QuickCurve.multiply(PlainCurve.base(), uint256(keccak256(abi.encode(seed, i))));
            if (i >= wrong % 8) a.y ^= 1;
            points = bytes.concat(points, abi.encode(a));
        }
        assert(harness.firstInvalid(points) == (wrong % 8 < count ? wrong % 8 : count));
        assert(harness.firstInvalid("") == 0);
    }

    function testFuzz_toAddress_isThatOfTheKey(uint256 key) public view {
        key = 1 + (key % (PlainCurve.N - 1));
        Point memory a = QuickCurve.multiply(PlainCurve.base(), key);
        assert(harness.toAddress(a.x, a.y) == vm.addr(key));
    }

    function testFuzz_multiply_agreesWithThePlainCurve(uint256 seed, uint256 factor, uint256 baseFactor) public view {
        factor = 1 + (factor % (PlainCurve.N - 1));
        baseFactor %= PlainCurve.N;
        Point memory a = QuickCurve.multiply(PlainCurve.generator("2"), 1 + (seed % (PlainCurve.N - 1)));
        Point memory product = QuickCurve.multiply(a, factor).add(QuickCurve.multiply(PlainCurve.base(), baseFactor));
        assert(harness.multiply(a.x, a.y & 1, factor, baseFactor) == product.toAddress());
        product = QuickCurve.multiply(a, factor);
        assert(harness.multiply(a.x, a.y & 1, factor, 0) == product.toAddress());
    }

    function testFuzz_multiply_reverts_whenTheFactorIsZero(uint256 baseFactor) public {
        uint256 x = PlainCurve.base().x;
        baseFactor %= PlainCurve.N;
        vm.expectRevert(abi.encodeWithSelector(Secp256k1.CurveMultiplicationFailed.selector, x, 0));
        harness.multiply(x, 0, 0, baseFactor);
    }

    function testFuzz_multiply_reverts_whenTheResultIsInfinity(uint256 key, uint256 factor) public {
        key = 1 + (key % (PlainCurve.N - 1));
        factor = 1 + (factor % (PlainCurve.N - 1));
        Point memory a = QuickCurve.multiply(PlainCurve.base(), key);
        uint256 baseFactor = PlainCurve.N - mulmod(key, factor, PlainCurve.N);
        vm.expectRevert(abi.encodeWithSelector(Secp256k1.CurveMultiplicationFailed.selector, a.x, factor));
        harness.multiply(a.x, a.y & 1, factor, baseFactor);
    }

    function test_multiply_reverts_whenThereIsNoSuchPoint() public {
        // 5³ + 7 is no square.
        vm.expectRevert(abi.encodeWithSelector(Secp256k1.CurveMultiplicationFailed.selector, 5, 1));
        harness.multiply(5, 0, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(Secp256k1.CurveMultiplicationFailed.selector, 0, 1));
        harness.multiply(0, 0, 1, 0);
    }

    function testFuzz_add_agreesWithThePlainCurve(uint256 seed, uint256 z) public view {
        z = 1 + (z % (PlainCurve.P - 1));
        Point memory a = _point(seed);
        Point memory b = QuickCurve.multiply(PlainCurve.generator("3"), 1 + (seed % (PlainCurve.N - 1)));
        (uint256 x, uint256 y, uint256 newZ) = harness.add(_times(a.x, z, 2), _times(a.y, z, 3), z, b.x, b.y);
        uint256 inverse = PlainCurve.inverse(newZ);
        assert(Point(_times(x, inverse, 2), _times(y, inverse, 3)).equal(a.add(b)));
    }

    function testFuzz_add_reverts_whenBothHaveOneX(uint256 seed, uint256 z, bool opposite) public {
        z = 1 + (z % (PlainCurve.P - 1));
        Point memory a = _point(seed);
        Point memory b = opposite ? a.negate() : a;
        vm.expectRevert(abi.encodeWithSelector(Secp256k1.CurveAdditionExceptional.selector, a.x));
        harness.add(_times(a.x, z, 2), _times(a.y, z, 3), z, b.x, b.y);
    }

    // SUMS BY HINTS

    /// forge-config: default.fuzz.runs = 250
    function testFuzz_sum_agreesWithThePlainCurve(uint256 seed) public view {
        (Point memory start, uint256[][3] memory terms, bytes memory points, Point memory total, uint256 z) = _terms(
            seed
        );
        address opposite = harness.sum(
            start.x,
            start.y,
            terms[0],
            terms[1],
            terms[2],
            bytes.concat(points, bytes32(PlainCurve.inverse(z)))
        );
        assert(opposite == total.negate().toAddress());
    }

    /// forge-config: default.fuzz.runs = 250
    function testFuzz_sum_reverts_whenTheInverseIsWrong(uint256 seed, uint256 wrong) public {
        (Point memory start, uint256[][3] memory terms, bytes memory points, , uint256 z) = _terms(seed);
        if (mulmod(wrong, z, PlainCurve.P) == 1) wrong = 0;
        vm.expectRevert(abi.encodeWithSelector(HintedSum.HintInverseWrong.selector, wrong));
        harness.sum(start.x, start.y, terms[0], terms[1], terms[2], bytes.concat(points, bytes32(wrong)));
    }

    /// forge-config: default.fuzz.runs = 250
    function testFuzz_sum_reverts_whenAHintIsWrong(uint256 seed, uint256 bit) public {
        (Point memory start, uint256[][3] memory terms, bytes memory points, , uint256 z) = _terms(seed);
        points[bit % points.length] ^= bytes1(uint8(1 << (seed % 8)));
        bytes memory hints = bytes.concat(points, bytes32(PlainCurve.inverse(z)));
        // The hint's position in the calldata, after 6 words and three arrays of three.
        uint256 position = 4 + 32 * (6 + 4 + 4 + 4 + 1) + 64 * ((bit % points.length) / 64);
        vm.expectRevert(abi.encodeWithSelector(HintedSum.HintWrong.selector, position));
        harness.sum(start.x, start.y, terms[0], terms[1], terms[2], hints);
    }

    /// forge-config: default.fuzz.runs = 250
    function testFuzz_sum_reverts_whenAFactorIsZero(uint256 seed, uint256 which) public {
        (Point memory start, uint256[][3] memory terms, bytes memory points, , uint256 z) = _terms(seed);
        which %= 3;
        uint256 zero = seed & 1 == 0 ? 0 : PlainCurve.N;
        terms[2][which] = zero;
        // Also where the word that ecrecover leaves as it was would have fitted: two terms alike.
        if (which != 0) {
            terms[0][which] = terms[0][which - 1];
            for (uint256 i; i < 64; ++i) points[64 * which + i] = points[64 * (which - 1) + i];
        }
        bytes memory hints = bytes.concat(points, bytes32(PlainCurve.inverse(z)));
        bytes4 refusal = Secp256k1.CurveMultiplicationFailed.selector;
        vm.expectRevert(abi.encodeWithSelector(refusal, terms[0][which], zero));
        harness.sum(start.x, start.y, terms[0], terms[1], terms[2], hints);
    }

    /// forge-config: default.fuzz.runs = 250
    function testFuzz_sum_reverts_whenATermMeetsTheSum(uint256 seed, bool opposite) public {
        (, uint256[][3] memory terms, bytes memory points, , uint256 z) = _terms(seed);
        Point memory start = QuickCurve.multiply(Point(terms[0][0], terms[1][0]), terms[2][0]);
        if (opposite) start = start.negate();
        bytes memory hints = bytes.concat(points, bytes32(PlainCurve.inverse(z)));
        vm.expectRevert(abi.encodeWithSelector(Secp256k1.CurveAdditionExceptional.selector, start.x));
        harness.sum(start.x, start.y, terms[0], terms[1], terms[2], hints);
    }

    /// @dev A point to start at, three to add with their factors, the products, the sum and its Z.
    function _terms(
        uint256 seed
    )
        private
        view
        returns (Point memory start, uint256[][3] memory terms, bytes memory points, Point memory total, uint256 z)
    {
        start = QuickCurve.multiply(PlainCurve.base(), uint256(keccak256(abi.encode(seed))));
        for (uint256 i; i < 3; ++i) terms[i] = new uint256[](3);
        total = start;
        z = 1;
        for (uint256 i; i < 3; ++i) {
            Point memory a = QuickCurve.multiply(PlainCurve.base(), uint256(keccak256(abi.encode(seed, i))));
            terms[0][i] = a.x;
            terms[1][i] = a.y;
            terms[2][i] = 1 + (uint256(keccak256(abi.encode(i, seed))) % (PlainCurve.N - 1));
            Point memory product = QuickCurve.multiply(a, terms[2][i]);
            points = bytes.concat(points, abi.encode(product));
            z = _times(PlainCurve.subtract(product.x, total.x), z, 3);
            total = total.add(product);
        }
    }

    function _point(uint256 factor) private view returns (Point memory) {
        return QuickCurve.multiply(PlainCurve.base(), 1 + (factor % (PlainCurve.N - 1)));
    }

    /// @dev `a·b^exponent`.
    function _times(uint256 a, uint256 b, uint256 exponent) private pure returns (uint256 product) {
        product = a;
        for (uint256 i; i < exponent; ++i) product = mulmod(product, b, PlainCurve.P);
    }

    function _isPlainPoint(Point memory a) private pure returns (bool) {
        return a.x < PlainCurve.N && a.isOnCurve();
    }
}
