// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IBenefits} from "./IBenefits.sol";

/// @title AnswerHash
/// @notice The hashes of a decider's answer.
/// @dev In assembly for the reason of `AttestationHash`, and as it is: beyond the free memory pointer, which stays where
/// it is. The plain twins, with `abi.encode`, stand beside the tests. Unused bits of fields are hashed as they come; who
/// calls this has read each field, which refuses them.
library AnswerHash {
    /// @dev EIP-712's type of an answer.
    bytes32 internal constant TYPE = keccak256(
        "Answer(bytes32 policy,uint40 number,bytes32 nullifier,bytes32 commitment,uint40 deadline,address decider)"
    );

    /// @notice The policy that an answer is about, where its claim is kept, and what its decider signed.
    /// @param answer the answer
    /// @param decider who signed it
    /// @return policy `keccak256(abi.encode(rules, start, length))`
    /// @return place `keccak256(abi.encode(policy, number, nullifier))`
    /// @return signed EIP-712's hash of the struct
    function hashesOf(
        IBenefits.Answer calldata answer,
        address decider
    ) internal pure returns (bytes32 policy, bytes32 place, bytes32 signed) {
        bytes32 typeHash = TYPE;
        assembly ("memory-safe") {
            let words := mload(0x40)
            // rules | start | length | number | nullifier | commitment | deadline
            calldatacopy(words, answer, 0xe0)
            policy := keccak256(words, 0x60)
            // type | policy | number | nullifier | commitment | deadline | decider, from the second word on
            mstore(add(words, 0x20), typeHash)
            mstore(add(words, 0x40), policy)
            mstore(add(words, 0xe0), and(decider, 0xffffffffffffffffffffffffffffffffffffffff))
            place := keccak256(add(words, 0x40), 0x60)
            signed := keccak256(add(words, 0x20), 0xe0)
        }
    }

    /// @notice Where a claim is kept.
    /// @param policy the policy's hash
    /// @param number the period
    /// @param nullifier who claimed
    /// @return `keccak256(abi.encode(policy, number, nullifier))`
    function placeOf(bytes32 policy, uint40 number, bytes32 nullifier) internal pure returns (bytes32) {
        return keccak256(abi.encode(policy, number, nullifier));
    }
}
