// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @title AttestationHash
/// @notice The two hashes by which a presented attestation finds its record.
/// @dev In assembly because every check of an attestation pays for them: `abi.encode` spends more on allocating its
/// memory than the hash costs. Both write beyond the free memory pointer and leave it where it is. Their plain twins,
/// with `abi.encode`, stand beside the tests.
library AttestationHash {
    /// @notice `keccak256(abi.encode(subject, commitment, validFrom))`.
    function content(bytes32 subject, bytes32 commitment, uint40 validFrom) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, subject)
            mstore(add(at, 0x20), commitment)
            mstore(add(at, 0x40), and(validFrom, 0xffffffffff))
            hash := keccak256(at, 0x60)
        }
    }

    /// @notice `keccak256(abi.encode(issuer, schema, hashOfContent, expiresAt))`.
    function uid(
        uint32 issuer,
        SchemaId schema,
        bytes32 hashOfContent,
        uint40 expiresAt
    ) internal pure returns (Uid hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, and(issuer, 0xffffffff))
            mstore(add(at, 0x20), schema)
            mstore(add(at, 0x40), hashOfContent)
            mstore(add(at, 0x60), and(expiresAt, 0xffffffffff))
            hash := keccak256(at, 0x80)
        }
    }
}
