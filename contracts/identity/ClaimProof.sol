// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IEligibility} from "./IEligibility.sol";

/// @title ClaimProof
/// @notice Checks disclosed claims against the commitment that an attestation carries.
/// @dev The tree is OpenZeppelin's StandardMerkleTree over (bytes32 salt, string name, string value).
/// Warning: a claim's salt hides it only while no transaction has carried it; use this in views alone.
library ClaimProof {
    /// @notice The leaf of a claim, hashed twice, so that no inner node passes for one.
    /// @param claim the claim
    /// @return `keccak256(keccak256(abi.encode(salt, name, value)))`
    function leafOf(IEligibility.Claim calldata claim) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(claim.salt, claim.name, claim.value))));
    }

    /// @notice Whether all claims are in the tree, each under a name of its own. Malformed proofs prove nothing.
    /// @param commitment the tree's root
    /// @param disclosure the claims and their proof
    /// @return whether they are
    function isProven(bytes32 commitment, IEligibility.Disclosure calldata disclosure) internal pure returns (bool) {
        (bytes32[] calldata proof, bool[] calldata flags) = (disclosure.proof, disclosure.proofFlags);
        uint256 length = disclosure.claims.length;
        // OpenZeppelin reverts where these do not fit.
        bool fits = length + proof.length == flags.length + 1 && (flags.length == 0 || _taken(flags) == proof.length);
        if (!fits) return false;

        // One alone, the usual case: its flags take all its nodes from the proof, which is a plain one then.
        if (length == 1) return MerkleProof.verifyCalldata(proof, commitment, leafOf(disclosure.claims[0]));

        (bytes32[] memory leaves, bytes32[] memory names) = (new bytes32[](length), new bytes32[](length));
        for (uint256 i = 0; i < length; ++i) {
            IEligibility.Claim calldata claim = disclosure.claims[i];
            (leaves[i], names[i]) = (leafOf(claim), keccak256(bytes(claim.name)));
            for (uint256 j = 0; j < i; ++j) if (names[j] == names[i]) return false;
        }
        return MerkleProof.multiProofVerifyCalldata(proof, flags, commitment, leaves);
    }

    /// @dev How many nodes the flags take from the proof.
    function _taken(bool[] calldata flags) private pure returns (uint256 count) {
        for (uint256 i = 0; i < flags.length; ++i) if (!flags[i]) ++count;
    }
}
