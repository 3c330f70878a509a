// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title ViewMeter
/// @notice Tells what a view costs to execute, without a transaction's 21,000 and its calldata.
/// @dev Asked by `eth_call`. The view's contract is warm, as a transaction's target is; all that it calls and reads is
/// cold. The figure holds the call's own hundred or so, and no copy of what it returns.
contract ViewMeter {
    /// @notice Calls a view and tells what that took.
    /// @param target the view's contract
    /// @param data the call
    /// @return used from before the call to after it
    function measure(address target, bytes calldata data) external view returns (uint256 used) {
        bytes memory asked = data;
        require(target.code.length != 0, "nothing to measure");
        bool done;
        assembly ("memory-safe") {
            used := gas()
            done := staticcall(gas(), target, add(asked, 0x20), mload(asked), 0, 0)
            used := sub(used, gas())
        }
        require(done, "the view reverts");
    }
}
