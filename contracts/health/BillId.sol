// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @dev What a bill is kept under: `keccak256(abi.encode(provider, commitment))`, so that nobody can take another's place.
type BillId is bytes32;
