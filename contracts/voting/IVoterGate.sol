// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Says who may vote in an election besides those on its roll.
interface IVoterGate {
    /// @notice Reverts unless a voter may vote in the calling election under a slot's key.
    /// @dev The weight is one. What it answers may change while the election is open: a revoked attestation no longer counts.
    /// @param scope what the election asks for, as the gate defines it
    /// @param freeze what was issued after this second does not count
    /// @param slotKey the election-specific pseudonym, one a person
    /// @param voter the address that casts or signs
    /// @param evidence what the voter shows, as the gate defines it
    function requireVoter(
        bytes32 scope,
        uint40 freeze,
        bytes32 slotKey,
        address voter,
        bytes calldata evidence
    ) external view;
}
