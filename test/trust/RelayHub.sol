// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRelayHub} from "../../contracts/trust/IRelayHub.sol";

/// @title RelayHub
/// @notice Stands for LACChain's hub once it has checked the signature of what it relays.
contract RelayHub is IRelayHub {
    address private _signer;

    /// @notice Calls a contract for a signer.
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

    /// @inheritdoc IRelayHub
    function getMsgSender() external view returns (address) {
        return _signer;
    }
}
