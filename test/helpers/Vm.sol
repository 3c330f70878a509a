// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Vm
/// @notice The few cheat codes of Hardhat's Solidity tests that the tests here use.
interface Vm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function assume(bool condition) external pure;
    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectEmit() external;
    function prank(address caller) external;
    function startPrank(address caller) external;
    function stopPrank() external;
    function warp(uint256 timestamp) external;
    function roll(uint256 blockNumber) external;
    function chainId(uint256 id) external;
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function snapshotState() external returns (uint256 snapshot);
    function revertToState(uint256 snapshot) external returns (bool isReverted);
    function getCode(string calldata artifact) external view returns (bytes memory creationCode);
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}

/// @dev Where Hardhat, like Foundry, answers cheat codes.
Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
