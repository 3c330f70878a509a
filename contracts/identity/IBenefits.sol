// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

import {IEligibility} from "./IEligibility.sol";

/// @notice Benefits claimed once a period, on an accredited decider's signed answer.
/// @dev The chain keeps no claimant, claim or attestation: a nullifier, which the decider derives with a key of its own,
/// and a salted commitment to what was decided. All times are Unix seconds.
interface IBenefits {
    /// @notice A decider's answer, yes to one claim.
    /// @param rules `keccak256(abi.encode(rules))` of the policy's conditions
    /// @param period the policy's periods
    /// @param number the period that it is for, from 0
    /// @param nullifier stands for the claimant in this policy and period alone
    /// @param commitment salted hash of what was decided
    /// @param deadline last second at which it counts
    struct Answer {
        bytes32 rules;
        IEligibility.Period period;
        uint40 number;
        bytes32 nullifier;
        bytes32 commitment;
        uint40 deadline;
    }

    /// @notice Why a claim was revoked.
    enum Reason {
        UNSPECIFIED,
        DECIDED_IN_ERROR,
        GIVEN_UP,
        OBTAINED_FALSELY,
        KEY_COMPROMISE
    }

    /// @notice A claim; one slot.
    /// @param claimedAt when it was claimed; 0 for never
    /// @param deadline until when the answer counted
    /// @param revokedAt when it was revoked; 0 for not
    /// @param body the decider's body
    /// @param key the number of the key that signed, within the body
    /// @param role the policy's ordinal among the body's scopes
    /// @param reason why it was revoked
    struct Record {
        uint40 claimedAt;
        uint40 deadline;
        uint40 revokedAt;
        uint32 body;
        uint32 key;
        uint8 role;
        Reason reason;
    }

    /// @notice How a claim stands.
    enum Status {
        NONE,
        CLAIMED,
        REVOKED
    }

    /// @notice A benefit was claimed.
    /// @param policy the policy's hash
    /// @param nullifier who claimed, in this policy and period alone
    /// @param number the period
    /// @param commitment salted hash of what was decided
    event BenefitClaimed(bytes32 indexed policy, bytes32 indexed nullifier, uint40 number, bytes32 commitment);

    /// @notice A claim was revoked.
    /// @param policy the policy's hash
    /// @param nullifier who had claimed
    /// @param number the period
    /// @param reason why
    event BenefitRevoked(bytes32 indexed policy, bytes32 indexed nullifier, uint40 number, Reason reason);

    /// @notice The benefit was claimed in this period before.
    /// @param policy the policy's hash
    /// @param number the period
    /// @param nullifier who claimed
    /// @param claimedAt when
    error BenefitAlreadyClaimed(bytes32 policy, uint40 number, bytes32 nullifier, uint40 claimedAt);

    /// @notice After a revocation only an answer with a later deadline counts, so that the old one does not come back.
    /// @param deadline the answer's deadline
    /// @param usedDeadline the deadline of the answer that was used
    error AnswerIsStale(uint40 deadline, uint40 usedDeadline);

    /// @notice There is no such claim that stands.
    /// @param policy the policy's hash
    /// @param number the period
    /// @param nullifier who is said to have claimed
    error BenefitNotClaimed(bytes32 policy, uint40 number, bytes32 nullifier);

    /// @notice The answer is for another period than this one.
    /// @param number the period that it is for
    /// @param current the period that it is now
    error PeriodNotCurrent(uint40 number, uint40 current);

    /// @notice The first period has not begun.
    /// @param start when it begins
    /// @param time the block's time
    error PeriodNotBegun(uint40 start, uint40 time);

    /// @notice Claims a benefit for the present period; anyone may carry the answer.
    /// @dev EIP-712 `Answer(bytes32 policy,uint40 number,bytes32 nullifier,bytes32 commitment,uint40 deadline,address
    /// decider)` (one string), or ERC-1271. The decider must be accredited in the policy's hash as its scope.
    /// @param answer the answer
    /// @param decider the key or wallet that signed it
    /// @param signature its signature
    function claim(Answer calldata answer, address decider, bytes calldata signature) external;

    /// @notice Revokes a claim, so that it can be made anew; a key of the decider's body for this policy, accredited or not.
    /// @param policy the policy's hash
    /// @param number the period
    /// @param nullifier who claimed
    /// @param reason why
    function revoke(bytes32 policy, uint40 number, bytes32 nullifier, Reason reason) external;

    /// @notice How a claim stands.
    /// @param policy the policy's hash
    /// @param number the period
    /// @param nullifier who is asked about
    /// @return status whether it was claimed, and not revoked
    /// @return decider how the answer stands that it was claimed with: IN_FORCE, unless the decider's key is known to have
    /// been compromised then; NONE when there is no claim
    function statusOf(
        bytes32 policy,
        uint40 number,
        bytes32 nullifier
    ) external view returns (Status status, ITrustList.Standing decider);

    /// @notice The record of a claim.
    /// @param policy the policy's hash
    /// @param number the period
    /// @param nullifier who is asked about
    /// @return the slot, all zero when there is none
    function recordOf(bytes32 policy, uint40 number, bytes32 nullifier) external view returns (Record memory);

    /// @notice Which of a policy's periods it is now.
    /// @param period the policy's periods
    /// @return its number; reverts with PeriodNotBegun before the first
    function currentPeriod(IEligibility.Period calldata period) external view returns (uint40);
}
