// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev What a request for an attestation is kept under; see `IEnrolment.requestIdOf`.
type RequestId is bytes32;
