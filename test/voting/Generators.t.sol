// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveHarness} from "./CurveHarness.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";

contract GeneratorsTest {
    CurveHarness private harness;

    function setUp() public {
        harness = new CurveHarness();
    }

    function test_blinding_isDerivedFromItsName() public view {
        assert(harness.blinding() == PlainCurve.generator("K").x);
    }

    function test_xCoordinates_areDerivedFromTheirNumbers() public view {
        uint256[] memory xs = harness.generators(32);
        for (uint256 j = 2; j <= 32; ++j) {
            bytes memory name =
                j < 10 ? abi.encodePacked(uint8(48 + j)) : abi.encodePacked(uint8(48 + j / 10), uint8(48 + (j % 10)));
            assert(xs[j - 2] == PlainCurve.generator(string(name)).x);
        }
    }

    function test_xCoordinates_endWhereAsked() public view {
        uint256[] memory all = harness.generators(32);
        for (uint256 last = 2; last <= 32; ++last) {
            uint256[] memory some = harness.generators(last);
            assert(some.length == last - 1);
            for (uint256 j = 2; j <= last; ++j) assert(some[j - 2] == all[j - 2]);
        }
    }

    function test_generators_areAllDifferent() public view {
        uint256[] memory xs = harness.generators(32);
        for (uint256 i; i < 31; ++i) {
            assert(xs[i] != harness.blinding() && xs[i] != PlainCurve.base().x);
            for (uint256 j; j < i; ++j) assert(xs[i] != xs[j]);
        }
    }
}
