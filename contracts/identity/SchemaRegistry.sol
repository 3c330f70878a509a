// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";

import {ISchemaRegistry} from "./ISchemaRegistry.sol";
import {SchemaId} from "./SchemaId.sol";

/// @title SchemaRegistry
/// @notice Definitions of attestations, each under its own hash.
contract SchemaRegistry is ISchemaRegistry, Governed {
    uint256 private constant _MOST_BYTES = 8192;

    mapping(SchemaId id => Schema) private _schemas;

    /// @param authority the council's AccessManager
    /// @param relays the relays to trust
    constructor(address authority, Relays memory relays) Governed(authority, relays) {}

    /// @inheritdoc ISchemaRegistry
    function register(bytes calldata definition) external whileOpen returns (SchemaId id) {
        uint256 length = definition.length;
        require(length != 0 && length <= _MOST_BYTES, SchemaLengthInvalid(length, _MOST_BYTES));
        require(definition[0] == "{", SchemaNotObject(definition[0]));
        id = SchemaId.wrap(keccak256(definition));
        require(_schemas[id].registeredAt == 0, SchemaAlreadyRegistered(id));
        _schemas[id] = Schema({registrar: _msgSender(), registeredAt: uint40(block.timestamp)});
        emit SchemaRegistered(id, _msgSender(), definition);
    }

    /// @inheritdoc ISchemaRegistry
    function schemaOf(SchemaId id) external view returns (Schema memory schema) {
        schema = _schemas[id];
        require(schema.registeredAt != 0, SchemaUnknown(id));
    }
}
