// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveSum} from "../../contracts/voting/CurveSum.sol";
import {vm} from "../helpers/Vm.sol";
import {CurveSumHarness} from "./CurveSumHarness.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";

contract CurveSumTest {
    using PlainCurve for Point;

    CurveSumHarness private harness;

    function setUp() public {
        harness = new CurveSumHarness();
    }

    // Multiples of G from -3 to 3: doublings, opposites and infinity come up in nearly every run.
    function testFuzz_add_agreesWithThePlainSum_whenPointsMeet(uint256 seed) public view {
        Point memory plain;
        CurveSum.Sum memory sum;
        for (uint256 i; i < 12; ++i) {
            Point memory point = _small(seed >> (8 * i));
            sum = point.isInfinity() ? harness.addAny(sum, 0, 0) : harness.add(sum, point.x, point.y);
            plain = plain.add(point);
            _assertIs(sum, plain);
        }
    }

    function testFuzz_add_agreesWithThePlainSum(uint256 seed, uint256 other, uint256 z) public view {
        Point memory one = _point(seed, seed % 2 == 0);
        Point memory two = _point(other, other % 2 == 0);
        Point memory opposite = one.negate();
        _assertIs(harness.add(_scaled(one, z), two.x, two.y), one.add(two));
        _assertIs(harness.add(_scaled(one, z), one.x, one.y), one.add(one));
        _assertIs(harness.add(_scaled(one, z), opposite.x, opposite.y), Point(0, 0));
        _assertIs(harness.addAny(_scaled(one, z), two.x, two.y), one.add(two));
        _assertIs(harness.addAny(_scaled(one, z), 0, 0), one);
    }

    function testFuzz_addSum_agreesWithThePlainSum(uint256 seed, uint256 z, uint256 otherZ) public view {
        Point memory one = _point(seed, seed % 2 == 0);
        Point memory two = _point(~seed, seed % 3 == 0);
        _assertSum(one, z, two, otherZ);
        _assertSum(one, z, one, otherZ);
        _assertSum(one, z, one.negate(), otherZ);
        _assertSum(one, z, Point(0, 0), otherZ);
        _assertSum(Point(0, 0), z, two, otherZ);
        _assertSum(Point(0, 0), z, Point(0, 0), otherZ);
    }

    function testFuzz_double_agreesWithThePlainSum(uint256 seed, uint256 z) public view {
        Point memory point = _point(seed, seed % 2 == 0);
        _assertIs(harness.double(_scaled(point, z)), point.add(point));
    }

    function test_double_leavesInfinity() public view {
        _assertIs(harness.double(CurveSum.Sum(0, 0, 0)), Point(0, 0));
    }

    function testFuzz_multiply_agreesWithThePlainSum(uint256 seed, uint256 z, uint8 factor) public view {
        Point memory point = _point(seed, seed % 2 == 0);
        _assertIs(harness.multiply(_scaled(point, z), factor), point.multiply(factor));
        _assertIs(harness.multiply(CurveSum.Sum(0, 0, 0), factor), Point(0, 0));
    }

    function test_multiply_takesTheWholeRangeOfFactors() public view {
        Point memory base = PlainCurve.base();
        CurveSum.Sum memory sum = CurveSum.Sum(base.x, base.y, 1);
        _assertIs(harness.multiply(sum, PlainCurve.N), Point(0, 0));
        _assertIs(harness.multiply(sum, PlainCurve.N - 1), base.negate());
        _assertIs(harness.multiply(sum, type(uint256).max), base.multiply(type(uint256).max));
    }

    function testFuzz_evaluate_agreesWithThePowersOfTheIndex(uint256 seed, uint8 length, uint8 index) public view {
        (length, index) = (length % 9, index % 17);
        uint256[] memory coefficients = new uint256[](2 * length);
        Point memory plain;
        for (uint256 k; k < length; ++k) {
            Point memory point = _small(seed >> (8 * k));
            (coefficients[2 * k], coefficients[2 * k + 1]) = (point.x, point.y);
            plain = plain.add(point.multiply(uint256(index) ** k));
        }
        _assertIs(harness.evaluate(coefficients, index), plain);
    }

    // A dealer can choose a_0 + i·a_1 = 0.
    function testFuzz_evaluate_isInfinity_whenTheIndexIsARoot(uint256 seed, uint8 index) public view {
        index = (index % 16) + 1;
        Point memory slope = _point(seed, false);
        Point memory constant_ = slope.multiply(index).negate();
        uint256[] memory coefficients = new uint256[](4);
        (coefficients[0], coefficients[1]) = (constant_.x, constant_.y);
        (coefficients[2], coefficients[3]) = (slope.x, slope.y);
        _assertIs(harness.evaluate(coefficients, index), Point(0, 0));
        _assertIs(harness.evaluate(coefficients, index + 1), slope);
    }

    function testFuzz_run_isTheSumInAnyOrder(uint256 seed, uint8 count) public view {
        count %= 12;
        uint256[] memory forth = new uint256[](2 * count);
        uint256[] memory back = new uint256[](2 * count);
        Point memory plain;
        for (uint256 i; i < count; ++i) {
            Point memory point = _small((seed >> (8 * i)) | 1);
            (forth[2 * i], forth[2 * i + 1]) = (point.x, point.y);
            (back[2 * (count - i) - 2], back[2 * (count - i) - 1]) = (point.x, point.y);
            plain = plain.add(point);
        }
        CurveSum.Sum memory one = harness.run(_blinding(), forth);
        CurveSum.Sum memory two = harness.run(_blinding(), back);
        _assertIs(one, plain);
        _assertIs(two, plain);
    }

    // Two voters with r_2 = r_1, then two with r_2 = -r_1, alone and before another.
    function testFuzz_run_doesNotRevert_whenVotersCollude(uint256 seed) public view {
        Point memory one = _point(seed, true);
        _assertRun(one, one, Point(0, 0));
        _assertRun(one, one.negate(), Point(0, 0));
        _assertRun(one, one.negate(), _point(~seed, true));
        _assertRun(one, one, one.add(one).negate());
    }

    // Even whoever knew log K could bring about infinity and the cases at one x-coordinate only, and these are right.
    function testFuzz_run_doesNotRevert_whenItMeetsTheBlinding(uint256 seed) public view {
        uint256[2] memory k = _blinding();
        Point memory blinding = Point(k[0], k[1]);
        _assertRun(blinding.negate(), _point(seed, true), Point(0, 0));
        _assertRun(blinding, _point(seed, true), blinding.negate());
        _assertRun(blinding.negate(), blinding.negate(), blinding);
        _assertRun(blinding, blinding, Point(0, 0));
    }

    function testFuzz_addMultiple_addsThePoint_whenItIsTheMultiple(uint256 seed, uint64 weight) public view {
        if (weight == 0) weight = 1;
        Point memory point = _point(seed, seed % 2 == 0);
        Point memory multiple = point.multiply(weight);
        Point memory before = _small(seed);
        CurveSum.Sum memory sum = _scaled(before, seed);
        sum = harness.addMultiple(sum, [point.x, point.y], weight, [multiple.x, multiple.y]);
        _assertIs(sum, before.add(multiple));
    }

    function testFuzz_addMultiple_reverts_whenThePointIsAnother(uint256 seed, uint64 weight) public {
        if (weight == 0) weight = 1;
        Point memory point = _point(seed, seed % 2 == 0);
        Point memory multiple = point.multiply(weight);
        Point memory wrong = seed % 3 == 0 ? multiple.negate() : multiple.add(point);
        vm.expectRevert(abi.encodeWithSelector(CurveSum.CurveMultipleWrong.selector, point.x, weight));
        harness.addMultiple(_scaled(point, 1), [point.x, point.y], weight, [wrong.x, wrong.y]);
    }

    // Weights 2 and 1 with r_2 = -2·r_1, and 2 and 2 with r_2 = r_1.
    function testFuzz_addMultiple_isRight_whenTheMultipleMeetsTheSum(uint256 seed) public view {
        Point memory point = _point(seed, seed % 2 == 0);
        Point memory two = point.add(point);
        CurveSum.Sum memory sum = _scaled(two.negate(), seed);
        _assertIs(harness.addMultiple(sum, [point.x, point.y], 2, [two.x, two.y]), Point(0, 0));
        sum = _scaled(two, seed);
        _assertIs(harness.addMultiple(sum, [point.x, point.y], 2, [two.x, two.y]), two.add(two));
    }

    function testFuzz_toAffine_reverts_whenTheInverseIsAnother(uint256 seed, uint256 z, uint256 wrong) public {
        CurveSum.Sum memory sum = _scaled(_point(seed, true), z);
        vm.assume(mulmod(sum.z, wrong, PlainCurve.P) != 1);
        vm.expectRevert(abi.encodeWithSelector(CurveSum.CurveInverseWrong.selector, sum.z, wrong));
        harness.toAffine(sum, wrong);
    }

    function testFuzz_toAffine_isInfinity_whateverTheInverse(uint256 inverse) public view {
        (uint256 x, uint256 y) = harness.toAffine(CurveSum.Sum(0, 0, 0), inverse);
        assert(x == 0 && y == 0);
    }

    function testFuzz_invert_isTheInverse(uint256 z) public view {
        z = (z % (PlainCurve.P - 1)) + 1;
        assert(mulmod(harness.invert(z), z, PlainCurve.P) == 1);
    }

    function test_invert_ofNothingIsNothing() public view {
        assert(harness.invert(0) == 0);
    }

    function testFuzz_evenY_isTheEvenOneOfBoth(uint256 seed) public view {
        Point memory point = _point(seed, true);
        uint256 y = harness.evenY(point.x);
        assert(y & 1 == 0 && (y == point.y || y == PlainCurve.P - point.y));
    }

    function testFuzz_invert_givesTheSameCoordinatesAsAnInverseThatIsBrought(uint256 seed, uint256 z) public view {
        CurveSum.Sum memory sum = _scaled(_point(seed, true), z);
        (uint256 x, uint256 y) = harness.toAffine(sum, PlainCurve.inverse(sum.z));
        (uint256 ownX, uint256 ownY) = harness.toAffineAlone(sum);
        assert(x == ownX && y == ownY);
    }

    function _assertRun(Point memory one, Point memory two, Point memory three) private view {
        uint256[] memory points = new uint256[](three.isInfinity() ? 4 : 6);
        (points[0], points[1], points[2], points[3]) = (one.x, one.y, two.x, two.y);
        if (points.length == 6) (points[4], points[5]) = (three.x, three.y);
        CurveSum.Sum memory sum = harness.run(_blinding(), points);
        _assertIs(sum, one.add(two).add(three));
    }

    function _assertSum(Point memory one, uint256 z, Point memory two, uint256 otherZ) private view {
        CurveSum.Sum memory other = _scaled(two, otherZ);
        (CurveSum.Sum memory sum, CurveSum.Sum memory kept) = harness.addSum(_scaled(one, z), other);
        _assertIs(sum, one.add(two));
        assert(kept.x == other.x && kept.y == other.y && kept.z == other.z);
    }

    /// @dev Compares after scaling the oracle's point, so that the inverse is not needed; infinity has one form only.
    function _assertIs(CurveSum.Sum memory sum, Point memory plain) private view {
        if (plain.isInfinity()) {
            assert(sum.x == 0 && sum.y == 0 && sum.z == 0);
            return;
        }
        assert(sum.x < PlainCurve.P && sum.y < PlainCurve.P && sum.z != 0 && sum.z < PlainCurve.P);
        (uint256 x, uint256 y) = harness.toAffine(sum, PlainCurve.inverse(sum.z));
        assert(x == plain.x && y == plain.y);
    }

    function _scaled(Point memory point, uint256 z) private pure returns (CurveSum.Sum memory) {
        if (point.isInfinity()) return CurveSum.Sum(0, 0, 0);
        z = (z % (PlainCurve.P - 1)) + 1;
        uint256 z2 = mulmod(z, z, PlainCurve.P);
        return
            CurveSum.Sum(
                mulmod(point.x, z2, PlainCurve.P),
                mulmod(point.y, mulmod(z, z2, PlainCurve.P), PlainCurve.P),
                z
            );
    }

    /// @dev The first point from an x-coordinate on, of either parity.
    function _point(uint256 x, bool isOdd) private view returns (Point memory point) {
        for (x %= PlainCurve.N - 1_000; point.x == 0; ++x) {
            uint256 square = PlainCurve.cubePlusSeven(x);
            uint256 y = PlainCurve.power(square, (PlainCurve.P + 1) / 4);
            if (mulmod(y, y, PlainCurve.P) == square) {
                point = Point(x, (y % 2 == 1) == isOdd ? y : PlainCurve.P - y);
            }
        }
    }

    /// @dev A multiple of G from -3 to 3; an odd seed gives none at infinity.
    function _small(uint256 seed) private view returns (Point memory point) {
        uint256 factor = seed % 2 == 0 ? (seed >> 1) % 4 : ((seed >> 1) % 3) + 1;
        point = PlainCurve.base().multiply(factor);
        if ((seed >> 7) % 2 == 1) point = point.negate();
    }

    function _blinding() private view returns (uint256[2] memory) {
        Point memory k = PlainCurve.generator("K");
        return [k.x, k.y];
    }
}
