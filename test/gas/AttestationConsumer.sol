// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry} from "../../contracts/identity/IAttestationRegistry.sol";

/// @title AttestationConsumer
/// @notice A contract that relies on attestations, as others will; it tells what that cost it.
/// @dev In a transaction of its own, the registry, the trust list and all their slots are cold. The figures are all
/// that the line in between costs: the call, its arguments' encoding, and what it does.
contract AttestationConsumer {
    /// @notice What relying on an attestation cost.
    event Relied(uint256 gas);

    IAttestationRegistry private immutable _REGISTRY;

    constructor(IAttestationRegistry registry) {
        _REGISTRY = registry;
    }

    function rely(IAttestationRegistry.Attestation calldata attestation) external {
        uint256 before = gasleft();
        _REGISTRY.requireValid(attestation);
        emit Relied(before - gasleft());
    }

    function relyOnLeaf(
        IAttestationRegistry.Attestation calldata attestation,
        IAttestationRegistry.Membership calldata membership
    ) external {
        uint256 before = gasleft();
        _REGISTRY.requireValidLeaf(attestation, membership);
        emit Relied(before - gasleft());
    }
}
