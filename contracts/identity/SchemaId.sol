// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev A schema's id, which is also the scope in which its issuers are accredited: `keccak256(definition)`.
type SchemaId is bytes32;
