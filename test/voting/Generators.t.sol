// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Generators} from "../../contracts/voting/Generators.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";

contract GeneratorsTest {
    function test_K_X_isDerivedFromItsName() public view {
        assert(Generators.K_X == PlainCurve.derive("K").x);
    }

    function test_xCoordinates_areWhatTheNamesDerive() public view {
        uint256[31] memory all = Generators.xCoordinates(32);
        for (uint256 j = 2; j <= 32; ++j) {
            assert(all[j - 2] == PlainCurve.derive(_decimal(j)).x);
            uint256[31] memory some = Generators.xCoordinates(j);
            for (uint256 i; i < 31; ++i) assert(some[i] == (i < j - 1 ? all[i] : 0));
        }
    }

    function _decimal(uint256 number) private pure returns (string memory) {
        bytes1 ones = bytes1(uint8(48 + (number % 10)));
        if (number < 10) return string(abi.encodePacked(ones));
        return string(abi.encodePacked(bytes1(uint8(48 + number / 10)), ones));
    }
}
