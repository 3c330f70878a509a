// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev What a prescription is kept under: `keccak256(abi.encode(keccak256("diwan.health.prescription"), opening))`, where
/// the opening is the salted hash of the prescription, and a secret until it is dispensed.
type PrescriptionId is bytes32;
