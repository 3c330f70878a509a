// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

/// @notice Powers of attorney: what a principal lets an agent do, from when, until when, and whether it still holds.
/// @dev Principals and agents are pseudonyms, addresses that they use with one relying party alone; what the agent may do is a
/// salted hash. A power is kept by its principal, agent and scope; each change has the next version, which a signature names, so
/// that it can be used once. All times are Unix seconds; the second of a revocation's block is already without the power.
/// Warning: the chain tells what a key did. Whether a person stood behind it, and understood it, is what a notary attests.
interface IPowerOfAttorneyRegistry {
    /// @notice How a power stands.
    /// NONE: never granted. IN_FORCE: granted, and between its times. PENDING: before its start. EXPIRED: after its end. REVOKED:
    /// by the principal. RENOUNCED: by the agent.
    enum Status {
        NONE,
        IN_FORCE,
        PENDING,
        EXPIRED,
        REVOKED,
        RENOUNCED
    }

    /// @notice What was last done to a power.
    enum State {
        NONE,
        GRANTED,
        REVOKED,
        RENOUNCED
    }

    /// @notice A power to grant.
    /// @param agent who may act for the principal; neither zero nor the principal
    /// @param scope the salted hash of what the agent may do; not zero
    /// @param from first second in force
    /// @param until first second no longer in force
    struct Grant {
        address agent;
        bytes32 scope;
        uint40 from;
        uint40 until;
    }

    /// @notice A power as it is kept; one slot.
    /// @param from first second in force
    /// @param until first second no longer in force
    /// @param changedAt when its state was last changed; it was not in force by this grant before
    /// @param version how often it was changed
    /// @param state what was last done
    /// @param isBySignature whether that was by a signature that somebody else carried
    struct Power {
        uint40 from;
        uint40 until;
        uint40 changedAt;
        uint32 version;
        State state;
        bool isBySignature;
    }

    /// @notice A notary's attestation of a power; one slot.
    /// @param attestedAt when it was attested; 0 for never
    /// @param notary the notary's index in the trust list
    /// @param key the number of the key that attested it, within the notary
    /// @param version the version of the power that was attested
    struct Attested {
        uint40 attestedAt;
        uint32 notary;
        uint32 key;
        uint32 version;
    }

    /// @notice A principal granted a power, or granted it anew.
    /// @param principal who did
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    /// @param from first second in force
    /// @param until first second no longer in force
    /// @param version the power's version from now on
    /// @param isBySignature whether somebody else carried the principal's signature
    event PowerGranted(
        address indexed principal,
        address indexed agent,
        bytes32 indexed scope,
        uint40 from,
        uint40 until,
        uint32 version,
        bool isBySignature
    );

    /// @notice A principal revoked a power.
    /// @param principal who did
    /// @param agent who no longer may act
    /// @param scope the salted hash of what the agent might do
    /// @param version the power's version from now on
    /// @param isBySignature whether somebody else carried the principal's signature
    event PowerRevoked(
        address indexed principal,
        address indexed agent,
        bytes32 indexed scope,
        uint32 version,
        bool isBySignature
    );

    /// @notice An agent renounced a power.
    /// @param principal who granted it
    /// @param agent who did
    /// @param scope the salted hash of what the agent might do
    /// @param version the power's version from now on
    event PowerRenounced(address indexed principal, address indexed agent, bytes32 indexed scope, uint32 version);

    /// @notice A notary attested a power.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    /// @param notary the notary's index in the trust list
    /// @param key the number of the key that attested it, within the notary
    /// @param version the version of the power that was attested
    event PowerAttested(
        address indexed principal,
        address indexed agent,
        bytes32 indexed scope,
        uint32 notary,
        uint32 key,
        uint32 version
    );

    /// @notice An agent is somebody, and somebody else than the principal.
    /// @param principal the principal
    /// @param agent the agent given
    error PowerAgentInvalid(address principal, address agent);

    /// @notice A power needs the salted hash of what the agent may do.
    /// @param principal the principal
    /// @param agent the agent
    error PowerScopeMissing(address principal, address agent);

    /// @notice A power must end after its start and after now.
    /// @param from first second, in Unix seconds
    /// @param until first second after it, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error PowerPeriodInvalid(uint40 from, uint40 until, uint40 time);

    /// @notice The signature, or the attestation, is of another version of the power.
    /// @param version the version named
    /// @param current the power's version
    error PowerVersionMismatch(uint32 version, uint32 current);

    /// @notice The power is not in force.
    /// @param principal the principal
    /// @param agent the agent
    /// @param scope the salted hash of what the agent may do
    /// @param status how it stands
    error PowerNotInForce(address principal, address agent, bytes32 scope, Status status);

    /// @notice No notary that stood then attested this version of the power.
    /// @param principal the principal
    /// @param agent the agent
    /// @param scope the salted hash of what the agent may do
    /// @param standing how the notary stood when it attested this version; NONE when none did
    error PowerNotAttested(address principal, address agent, bytes32 scope, ITrustList.Standing standing);

    /// @notice Grants a power, or grants it anew with other times; by the principal.
    /// @param given the power
    function grant(Grant calldata given) external;

    /// @notice Grants a power by the principal's signature, which anybody may carry.
    /// @dev Signed: `PowerGrant(address principal,address agent,bytes32 scope,uint40 from,uint40 until,uint32 version,uint256 deadline)`.
    /// @param principal who grants
    /// @param given the power
    /// @param version the power's present version: 0 when it was never changed
    /// @param deadline last second at which the signature counts, in Unix seconds
    /// @param signature the principal's
    function grantBySignature(
        address principal,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Revokes a power, by the principal; also one that was signed and not yet brought to the chain.
    /// @param agent the agent
    /// @param scope the salted hash of what the agent might do
    function revoke(address agent, bytes32 scope) external;

    /// @notice Revokes a power by the principal's signature, which anybody may carry.
    /// @dev Signed: `PowerRevocation(address principal,address agent,bytes32 scope,uint32 version,uint256 deadline)`.
    /// @param principal who revokes
    /// @param agent the agent
    /// @param scope the salted hash of what the agent might do
    /// @param version the version to revoke: the present one, or the next, where a grant was signed for the present one
    /// and may or may not have been brought to the chain
    /// @param deadline last second at which the signature counts, in Unix seconds
    /// @param signature the principal's
    function revokeBySignature(
        address principal,
        address agent,
        bytes32 scope,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Gives a power up, by the agent, while it is in force or before its start.
    /// @param principal who granted it
    /// @param scope the salted hash of what the agent may do
    function renounce(address principal, bytes32 scope) external;

    /// @notice Attests that the principal appeared and granted this version of a power, which is in force or to come.
    /// @dev By a key accredited in `keccak256("diwan.role.notary")`. A later attestation takes the place of an earlier one.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    /// @param version the power's version
    function attest(address principal, address agent, bytes32 scope, uint32 version) external;

    /// @notice How a power stands.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    /// @return how it stands
    function statusOf(address principal, address agent, bytes32 scope) external view returns (Status);

    /// @notice Who attested the present version of a power, and how that notary stood then.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    /// @return attested the attestation, all zero when there is none of the present version
    /// @return standing how the notary stood then; NONE when there is none
    function attestedBy(
        address principal,
        address agent,
        bytes32 scope
    ) external view returns (Attested memory attested, ITrustList.Standing standing);

    /// @notice Reverts unless a power is in force.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    function requirePower(address principal, address agent, bytes32 scope) external view;

    /// @notice Reverts unless a power is in force, and a notary that stood then attested this version of it.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    function requireAttestedPower(address principal, address agent, bytes32 scope) external view;

    /// @notice A power as it is kept.
    /// @param principal who granted it
    /// @param agent who may act for the principal
    /// @param scope the salted hash of what the agent may do
    /// @return the slot, all zero when it was never changed
    function powerOf(address principal, address agent, bytes32 scope) external view returns (Power memory);
}
