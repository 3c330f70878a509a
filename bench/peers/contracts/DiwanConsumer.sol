// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry} from "../../../contracts/identity/IAttestationRegistry.sol";
import {SchemaId} from "../../../contracts/identity/SchemaId.sol";

/// @title DiwanConsumer
/// @notice A contract that relies on attestations of Diwan; the transaction's gas is what that costs.
contract DiwanConsumer {
    /// @notice The attestation is another issuer's, or another schema's.
    error NotMeant(uint32 issuer, SchemaId schema);

    IAttestationRegistry private immutable _REGISTRY;
    SchemaId private immutable _SCHEMA;
    uint32 private immutable _ISSUER;

    constructor(IAttestationRegistry registry, SchemaId schema, uint32 issuer) {
        _REGISTRY = registry;
        _SCHEMA = schema;
        _ISSUER = issuer;
    }

    /// @notice The attestation is meant and valid now; subject and answer are those that its uid was made of.
    function rely(IAttestationRegistry.Attestation calldata attestation) external view {
        _requireMeant(attestation);
        _REGISTRY.requireValid(attestation);
    }

    /// @notice The same of one in a Merkle batch.
    function relyOnLeaf(
        IAttestationRegistry.Attestation calldata attestation,
        IAttestationRegistry.Membership calldata membership
    ) external view {
        _requireMeant(attestation);
        _REGISTRY.requireValidLeaf(attestation, membership);
    }

    function _requireMeant(IAttestationRegistry.Attestation calldata attestation) private view {
        bool isMeant = attestation.issuer == _ISSUER && SchemaId.unwrap(attestation.schema) == SchemaId.unwrap(_SCHEMA);
        require(isMeant, NotMeant(attestation.issuer, attestation.schema));
    }
}
