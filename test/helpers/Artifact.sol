// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {vm} from "./Vm.sol";

/// @title Artifact
/// @notice Deploys contracts from the build's artifacts. What makes a contract with `new` is compiled with all of that
/// contract's code in it: most of the time a build takes would go into copies, of which none is what gets published.
library Artifact {
    /// @param name of a contract without libraries to link; reverts when the build holds none, or two, of that name.
    function deploy(string memory name, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(name), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
            if iszero(deployed) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }
}
