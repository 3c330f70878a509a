// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationReceiver} from "../../contracts/identity/IAttestationReceiver.sol";
import {IAttestationRegistry} from "../../contracts/identity/IAttestationRegistry.sol";
import {SchemaId} from "../../contracts/identity/SchemaId.sol";
import {Uid} from "../../contracts/identity/Uid.sol";

/// @title Receiver
/// @notice Answers what it was set to, and calls back what it was set to.
contract Receiver is IAttestationReceiver {
    /// @notice It was told of an attestation; `known` is whether the record stood already.
    event Told(address registry, bytes32 hash, bool known);

    /// @notice How its own call went.
    event CalledBack(bool done, bytes result);

    error Refused(Uid uid);

    /// @notice Hash of all that it was last told.
    bytes32 public told;

    bytes4 private _answer = IAttestationReceiver.onAttested.selector;
    address private _target;
    bytes private _call;

    /// @notice The answer, 0 to revert; and a call to make first, to the zero address for none.
    function set(bytes4 answer, address target, bytes calldata call) external {
        (_answer, _target, _call) = (answer, target, call);
    }

    /// @inheritdoc IAttestationReceiver
    function onAttested(
        address operator,
        Uid uid,
        SchemaId schema,
        uint32 issuer,
        bytes32 content,
        uint40 expiresAt,
        bytes calldata data
    ) external returns (bytes4) {
        told = keccak256(abi.encode(operator, uid, schema, issuer, content, expiresAt, data));
        emit Told(msg.sender, told, IAttestationRegistry(msg.sender).recordOf(uid).issuedAt == block.timestamp);
        if (_target != address(0)) {
            (bool done, bytes memory result) = _target.call(_call);
            emit CalledBack(done, result);
        }
        if (_answer == 0) revert Refused(uid);
        return _answer;
    }
}
