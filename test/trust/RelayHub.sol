// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRelayHub} from "../../contracts/trust/IRelayHub.sol";

/// @title RelayHub
/// @notice Stands for LACChain's hub once it has checked the signature of what it relays.
contract RelayHub is IRelayHub {
    address private _signer;
    mapping(address signer => uint256 count) private _counts;

    /// @notice As LACChain's hub tells of a call.
    event TransactionRelayed(
        address indexed relay,
        address indexed from,
        address indexed to,
        bool executed,
        bytes output
    );

    /// @notice As LACChain's hub tells of a creation.
    event ContractDeployed(address indexed relay, address indexed from, address contractDeployed);

    error NonceIsOther(uint256 nonce, uint256 count);
    error Expired(uint256 expiration, uint256 time);
    error NothingCreated();

    /// @dev The expiration is the last word of the data, as the gas model wants it.
    modifier next(address signer, uint256 nonce, bytes calldata data) {
        uint256 expiration = uint256(bytes32(data[data.length - 32:]));
        require(block.timestamp < expiration, Expired(expiration, block.timestamp));
        require(nonce == _counts[signer], NonceIsOther(nonce, _counts[signer]));
        ++_counts[signer];
        _signer = signer;
        _;
        _signer = address(0);
    }

    /// @notice Calls a contract for a signer, and reverts as the contract does.
    function relay(address signer, address target, bytes calldata data) external {
        _signer = signer;
        (bool done, bytes memory result) = target.call(data);
        _signer = address(0);
        if (!done) {
            assembly {
                revert(add(result, 0x20), mload(result))
            }
        }
    }

    /// @notice Calls a contract for a signer whose next transaction it is; a failure is told by the event alone.
    function relayNext(
        address signer,
        uint256 nonce,
        address target,
        bytes calldata data
    ) external next(signer, nonce, data) {
        (bool done, bytes memory result) = target.call(data);
        emit TransactionRelayed(msg.sender, signer, target, done, result);
    }

    /// @notice Makes a contract for a signer whose next transaction it is.
    function deployNext(address signer, uint256 nonce, bytes calldata initCode) external next(signer, nonce, initCode) {
        bytes memory code = initCode;
        address created;
        assembly {
            created := create(0, add(code, 0x20), mload(code))
        }
        require(created != address(0), NothingCreated());
        emit ContractDeployed(msg.sender, signer, created);
    }

    /// @notice How many of a signer's transactions were taken.
    function getNonce(address signer) external view returns (uint256) {
        return _counts[signer];
    }

    /// @inheritdoc IRelayHub
    function getMsgSender() external view returns (address) {
        return _signer;
    }
}
