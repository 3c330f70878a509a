// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Signatures} from "../trust/Signatures.sol";

import {IElection} from "./IElection.sol";

/// @title Commission
/// @notice Checks that enough members of an election's commission signed a decision.
/// @dev An election keeps the hash of the list of members; whoever carries a decision brings the list.
library Commission {
    /// @notice The list of members is not the election's.
    /// @param given the hash of the list that was brought
    /// @param expected the hash that the election keeps
    error CommissionUnknown(bytes32 given, bytes32 expected);

    /// @notice Fewer members signed than decide.
    /// @param signed how many signed
    /// @param needed how many must
    error CommissionTooFew(uint256 signed, uint256 needed);

    /// @notice Signatures must come in the order of the list, one a member.
    /// @param member the member's place in the list
    error CommissionOrderWrong(uint8 member);

    /// @notice The hash of a list of members.
    /// @param members the members in order
    /// @return `keccak256(abi.encodePacked(members))`, 32 bytes a member
    function hashOf(address[] memory members) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(members));
    }

    /// @notice Reverts unless enough members signed.
    /// @param commission the hash of the list of members
    /// @param members the list
    /// @param signatures the members' signatures, in the order of the list
    /// @param needed how many must have signed
    /// @param digest what they signed
    /// @param deadline the last second at which the signatures count
    function requireSigned(
        bytes32 commission,
        address[] calldata members,
        IElection.Signature[] calldata signatures,
        uint256 needed,
        bytes32 digest,
        uint256 deadline
    ) external view {
        bytes32 given = hashOf(members);
        require(given == commission, CommissionUnknown(given, commission));
        require(signatures.length >= needed, CommissionTooFew(signatures.length, needed));
        uint256 next = 0;
        for (uint256 i; i < signatures.length; ++i) {
            uint8 member = signatures[i].member;
            require(member >= next && member < members.length, CommissionOrderWrong(member));
            next = uint256(member) + 1;
            Signatures.requireValid(members[member], digest, signatures[i].signature, deadline);
        }
    }
}
