// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev What a record of the attestation registry is kept under; see `IAttestationRegistry.uidOf`.
type Uid is bytes32;
