// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {SchemaId} from "./SchemaId.sol";

/// @notice What kinds of attestation there are: a schema's id is the hash of its definition.
interface ISchemaRegistry {
    /// @notice A schema; one slot.
    /// @param registrar who registered it
    /// @param registeredAt when, in Unix seconds
    struct Schema {
        address registrar;
        uint40 registeredAt;
    }

    /// @notice A schema was registered.
    /// @param id `keccak256(definition)`
    /// @param registrar who registered it
    /// @param definition the definition itself
    event SchemaRegistered(SchemaId indexed id, address indexed registrar, bytes definition);

    /// @notice The definition is empty or too long.
    /// @param length its length in bytes
    /// @param most the most bytes that it can have
    error SchemaLengthInvalid(uint256 length, uint256 most);

    /// @notice The definition is no JSON object.
    /// @param first its first byte
    error SchemaNotObject(bytes1 first);

    /// @notice The schema was registered before.
    /// @param id the schema
    error SchemaAlreadyRegistered(SchemaId id);

    /// @notice Nobody registered the schema.
    /// @param id the schema
    error SchemaUnknown(SchemaId id);

    /// @notice Registers a schema; anyone may, since who issues under it is the trust list's matter.
    /// @dev An object begins with `{`, which the names of roles do not: so no schema's id is a role's scope.
    /// @param definition a JSON object in its RFC 8785 form, UTF-8, 1 to 8,192 bytes; nothing personal belongs in it
    /// @return id `keccak256(definition)`
    function register(bytes calldata definition) external returns (SchemaId id);

    /// @notice Who registered a schema, and when.
    /// @param id the schema
    /// @return the record; reverts with SchemaUnknown when there is none
    function schemaOf(SchemaId id) external view returns (Schema memory);
}
