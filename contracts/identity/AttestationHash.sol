// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry} from "./IAttestationRegistry.sol";
import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @title AttestationHash
/// @notice The hashes by which a presented attestation finds its record.
/// @dev In assembly because every issue and every check pays for them: `abi.encode` spends more on checking its fields
/// and allocating memory than the hashes cost. Both write beyond the free memory pointer and leave it where it is. Their
/// plain twins, with `abi.encode`, stand beside the tests.
library AttestationHash {
    /// @notice `keccak256(abi.encode(issuer, schema, content, expiresAt))`.
    /// @param issuer the issuing body's index
    /// @param schema its kind
    /// @param content `keccak256(abi.encode(subject, commitment, validFrom))`
    /// @param expiresAt first second no longer valid
    /// @return hash the uid
    function uid(uint32 issuer, SchemaId schema, bytes32 content, uint40 expiresAt) internal pure returns (Uid hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, and(issuer, 0xffffffff))
            mstore(add(words, 0x20), schema)
            mstore(add(words, 0x40), content)
            mstore(add(words, 0x60), and(expiresAt, 0xffffffffff))
            hash := keccak256(words, 0x80)
        }
    }

    /// @notice The uid of an attestation as it was presented.
    /// @dev Subject, commitment and validFrom, which the content is made of, lie side by side in calldata. Fields whose
    /// unused bits are set are hashed as they come, and so find no record.
    /// @param attestation as its holder presents it
    /// @return hash its uid
    function uidOf(IAttestationRegistry.Attestation calldata attestation) internal pure returns (Uid hash) {
        assembly ("memory-safe") {
            let words := mload(0x40)
            calldatacopy(words, attestation, 0xc0)
            // issuer | schema | content | expiresAt, the content in the subject's place.
            mstore(add(words, 0x40), keccak256(add(words, 0x40), 0x60))
            mstore(add(words, 0x60), mload(add(words, 0xa0)))
            hash := keccak256(words, 0x80)
        }
    }
}
