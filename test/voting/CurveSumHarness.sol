// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveSum} from "../../contracts/voting/CurveSum.sol";

/// @title CurveSumHarness
/// @notice Lets tests reach the library, with sums as values instead of memory.
contract CurveSumHarness {
    using CurveSum for CurveSum.Sum;

    function add(CurveSum.Sum memory sum, uint256 x, uint256 y) external pure returns (CurveSum.Sum memory) {
        sum.add(x, y);
        return sum;
    }

    function addAny(CurveSum.Sum memory sum, uint256 x, uint256 y) external pure returns (CurveSum.Sum memory) {
        sum.addAny(x, y);
        return sum;
    }

    function addSum(
        CurveSum.Sum memory sum,
        CurveSum.Sum memory other
    ) external pure returns (CurveSum.Sum memory, CurveSum.Sum memory) {
        sum.addSum(other);
        return (sum, other);
    }

    function addMultiple(
        CurveSum.Sum memory sum,
        uint256[2] memory point,
        uint256 factor,
        uint256[2] memory multiple
    ) external view returns (CurveSum.Sum memory) {
        sum.addMultiple(point, factor, multiple);
        return sum;
    }

    function double(CurveSum.Sum memory sum) external pure returns (CurveSum.Sum memory) {
        sum.double();
        return sum;
    }

    function multiply(CurveSum.Sum memory sum, uint256 factor) external pure returns (CurveSum.Sum memory) {
        sum.multiply(factor);
        return sum;
    }

    function evaluate(uint256[] memory coefficients, uint256 index) external pure returns (CurveSum.Sum memory) {
        return CurveSum.evaluate(coefficients, index);
    }

    function toAffine(CurveSum.Sum memory sum, uint256 inverse) external pure returns (uint256, uint256) {
        return sum.toAffine(inverse);
    }

    function invert(uint256 z) external view returns (uint256) {
        return CurveSum.invert(z);
    }

    function evenY(uint256 x) external view returns (uint256) {
        return CurveSum.evenY(x);
    }

    function toAffineAlone(CurveSum.Sum memory sum) external view returns (uint256, uint256) {
        return sum.toAffine(CurveSum.invert(sum.z));
    }

    /// @dev The running sum of points that come as x, y, x, y.
    function run(
        uint256[2] calldata blinding,
        uint256[] calldata points
    ) external pure returns (CurveSum.Sum memory sum) {
        sum = CurveSum.start(blinding[0], blinding[1]);
        for (uint256 i; i < points.length; i += 2) sum.add(points[i], points[i + 1]);
        sum.finish(blinding[0], blinding[1]);
    }
}
