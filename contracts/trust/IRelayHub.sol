// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The one question that a contract on LACChain asks the relay hub.
/// @dev From LACChain's gas model, https://github.com/lacchain/gas-management: the hub is the immediate caller
/// and remembers, while it relays, whose signed transaction it carries.
interface IRelayHub {
    /// @notice The signer of the transaction that the hub is relaying now.
    /// @return the signer's address
    function getMsgSender() external view returns (address);
}
