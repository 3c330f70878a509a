// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDelegation} from "./IDelegation.sol";

/// @notice A patient's consent: who may use which data, for what, from when, until when and how often; and the patient's
/// objections, which bar a purpose to everybody.
/// @dev A patient is an address: a key, or an ERC-1271 wallet, of that patient for one relying party. A grantee is a body
/// of the trust list. A scope is a salted hash of what data is meant, zero for everything; a consent is looked up by its
/// scope exactly, so ending one for a part does not narrow another one for everything. Purposes are bits 0 to 31, which
/// stand for codes of HL7's ActReason (0 TREAT, 1 ETREAT, 3 HPAYMT, 5 HRESCH, 6 PUBHLTH …, `src/health/purposes.ts`).
/// All times are Unix seconds.
///
/// What is signed names the version of the consent that its signer saw. Each change moves the version on, so no grant
/// comes back after a revocation, and a revocation made before a signed grant is carried ends that grant too.
interface IConsentRegistry {
    /// @notice What a patient allows a grantee.
    /// @param grantee the body that may use the data
    /// @param scope salted hash of what data is meant; zero for everything
    /// @param purposes bitmap of what for; not empty
    /// @param from first second in force
    /// @param until first second no longer in force
    /// @param uses how many logged accesses it is good for; 0 for any number
    struct Grant {
        uint32 grantee;
        bytes32 scope;
        uint32 purposes;
        uint40 from;
        uint40 until;
        uint24 uses;
    }

    /// @notice Who last changed a consent: the patient, a signature of the patient that somebody carried, a guardian, or
    /// delegates.
    enum By {
        NONE,
        PATIENT,
        SIGNATURE,
        GUARDIAN,
        DELEGATES
    }

    /// @notice What was last done with a consent.
    enum State {
        NONE,
        GRANTED,
        REVOKED,
        USED_UP
    }

    /// @notice A consent as it is recorded; one slot, but for the guardian.
    /// @param purposes bitmap of what for
    /// @param from first second in force
    /// @param until first second no longer in force
    /// @param changedAt when it was last granted or revoked; 0 for never
    /// @param version how far its changes have got; what is signed next names this number
    /// @param uses how many accesses are left; 0 for any number, unless the state is USED_UP
    /// @param by who last granted or revoked it
    /// @param state what was last done with it
    /// @param guardian the guardian who granted it, on whose standing it hangs; zero for none, and once it is revoked
    struct Consent {
        uint32 purposes;
        uint40 from;
        uint40 until;
        uint40 changedAt;
        uint32 version;
        uint24 uses;
        By by;
        State state;
        address guardian;
    }

    /// @notice How a consent stands for a purpose, the first that applies: NONE, REVOKED and USED_UP by what was last
    /// done, PENDING and EXPIRED by its period, PURPOSE_NOT_GRANTED, GUARDIAN_LAPSED when the guardian who granted it is
    /// one no longer, OBJECTED when the patient bars the purpose to everybody; else IN_FORCE.
    enum Status {
        NONE,
        IN_FORCE,
        PENDING,
        EXPIRED,
        REVOKED,
        USED_UP,
        PURPOSE_NOT_GRANTED,
        OBJECTED,
        GUARDIAN_LAPSED
    }

    /// @notice A consent was granted, in the place of any earlier one for the same grantee and scope.
    /// @param patient who consents
    /// @param grantee the body that may use the data
    /// @param scope what data
    /// @param purposes bitmap of what for
    /// @param from first second in force
    /// @param until first second no longer in force
    /// @param uses how many logged accesses it is good for; 0 for any number
    /// @param version the consent's version from now on
    /// @param by the patient, a guardian, or zero for delegates
    event ConsentGranted(
        address indexed patient,
        uint32 indexed grantee,
        bytes32 indexed scope,
        uint32 purposes,
        uint40 from,
        uint40 until,
        uint24 uses,
        uint32 version,
        address by
    );

    /// @notice A consent was revoked, or signed grants that were not carried yet.
    /// @param patient whose data it is
    /// @param grantee the body that may not use it any more
    /// @param scope what data
    /// @param version the consent's version from now on
    /// @param by the patient, a guardian, or zero for delegates
    event ConsentRevoked(
        address indexed patient,
        uint32 indexed grantee,
        bytes32 indexed scope,
        uint32 version,
        address by
    );

    /// @notice A patient's objections changed.
    /// @param patient whose data it is
    /// @param purposes bitmap of all the purposes that are barred to everybody from now on
    /// @param by the patient or a guardian
    event ObjectionsSet(address indexed patient, uint32 purposes, address by);

    /// @notice There is no consent in force for this purpose.
    /// @param patient whose data it is
    /// @param grantee the body that asks
    /// @param scope what data
    /// @param purpose number of the purpose, a bit of the bitmaps
    /// @param status how the consent stands
    error ConsentNotInForce(address patient, uint32 grantee, bytes32 scope, uint8 purpose, Status status);

    /// @notice The signature is for another version of the consent.
    /// @param given the version that was signed
    /// @param current the version now
    error ConsentVersionMismatch(uint32 given, uint32 current);

    /// @notice A grant names a grantee; the council is none.
    /// @param patient who consents
    error ConsentGranteeMissing(address patient);

    /// @notice A grant names at least one purpose.
    /// @param patient who consents
    /// @param grantee the body
    error ConsentPurposesMissing(address patient, uint32 grantee);

    /// @notice A consent must end after its start and after now.
    /// @param from first second, in Unix seconds
    /// @param until first second after it, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error ConsentPeriodInvalid(uint40 from, uint40 until, uint40 time);

    /// @notice What a guardian grants ends with the guardianship at the latest.
    /// @param until first second after the grant, in Unix seconds
    /// @param guardianUntil first second after the guardianship, in Unix seconds
    error ConsentOutlastsGuardian(uint40 until, uint40 guardianUntil);

    /// @notice Grants a consent; the patient. It replaces an earlier one for the same grantee and scope.
    /// @param given what is allowed
    function grant(Grant calldata given) external;

    /// @notice Grants a consent by the patient's signature, that anyone may carry.
    /// @dev EIP-712 `ConsentGrant(address patient,uint32 grantee,bytes32 scope,uint32 purposes,uint40 from,uint40
    /// until,uint24 uses,uint32 version,uint256 deadline)` (one string), or ERC-1271.
    /// @param patient who consents
    /// @param given what is allowed
    /// @param version the consent's version now
    /// @param deadline last second at which the signature counts
    /// @param signature the patient's
    function grantBySignature(
        address patient,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Grants a consent for a patient; a guardian in force. It ends with the guardianship at the latest, and as
    /// soon as the guardian is one no longer.
    /// @param patient whose guardian calls
    /// @param given what is allowed
    function grantAsGuardian(address patient, Grant calldata given) external;

    /// @notice Grants a consent by signatures of enough of the patient's delegates, that anyone may carry.
    /// @dev They sign the same typed data as the patient would. What was granted stays when the delegates' term is over.
    /// @param patient whose delegates signed
    /// @param given what is allowed
    /// @param version the consent's version now
    /// @param deadline last second at which the signatures count
    /// @param delegates the list committed to
    /// @param approvals at least the threshold, by ascending delegate
    function grantByDelegates(
        address patient,
        Grant calldata given,
        uint32 version,
        uint256 deadline,
        IDelegation.Delegates calldata delegates,
        IDelegation.Approval[] calldata approvals
    ) external;

    /// @notice Revokes a consent at once; the patient. Where there is none, what was signed for it counts no more.
    /// @param grantee the body
    /// @param scope what data
    function revoke(uint32 grantee, bytes32 scope) external;

    /// @notice Revokes a consent by the patient's signature, that anyone may carry.
    /// @dev EIP-712 `ConsentRevocation(address patient,uint32 grantee,bytes32 scope,uint32 version,uint256 deadline)`, or
    /// ERC-1271. The version is the last one that is ended: the present one, or the next. Who signed a grant that was
    /// not carried yet signs the next, and so ends that grant whichever of the two is carried first.
    /// @param patient whose data it is
    /// @param grantee the body
    /// @param scope what data
    /// @param version the last version that is ended, the present one or the next
    /// @param deadline last second at which the signature counts
    /// @param signature the patient's
    function revokeBySignature(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint32 version,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Revokes a consent at once, whoever granted it; a guardian in force.
    /// @param patient whose guardian calls
    /// @param grantee the body
    /// @param scope what data
    function revokeAsGuardian(address patient, uint32 grantee, bytes32 scope) external;

    /// @notice Revokes a consent by signatures of enough of the patient's delegates, that anyone may carry.
    /// @dev They sign the same typed data as the patient would.
    /// @param patient whose delegates signed
    /// @param grantee the body
    /// @param scope what data
    /// @param version the last version that is ended, the present one or the next
    /// @param deadline last second at which the signatures count
    /// @param delegates the list committed to
    /// @param approvals at least the threshold, by ascending delegate
    function revokeByDelegates(
        address patient,
        uint32 grantee,
        bytes32 scope,
        uint32 version,
        uint256 deadline,
        IDelegation.Delegates calldata delegates,
        IDelegation.Approval[] calldata approvals
    ) external;

    /// @notice Sets which purposes are barred to everybody, whatever was granted; the patient. Emergencies go on.
    /// @dev The council's stop holds what lifts an objection, not what adds one. Uses up the patient's nonce.
    /// @param purposes bitmap of all that shall be barred; 0 for none
    function objectTo(uint32 purposes) external;

    /// @notice Sets a patient's objections by the patient's signature, that anyone may carry.
    /// @dev EIP-712 `ConsentObjection(address patient,uint32 purposes,uint256 nonce,uint256 deadline)`, or ERC-1271.
    /// @param patient who objects
    /// @param purposes bitmap of all that shall be barred; 0 for none
    /// @param nonce the patient's, as `nonces` tells it
    /// @param deadline last second at which the signature counts
    /// @param signature the patient's
    function objectToBySignature(
        address patient,
        uint32 purposes,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Sets a patient's objections; a guardian in force.
    /// @param patient whose guardian calls
    /// @param purposes bitmap of all that shall be barred; 0 for none
    function objectToAsGuardian(address patient, uint32 purposes) external;

    /// @notice How a consent stands for a purpose now.
    /// @param patient whose data it is
    /// @param grantee the body
    /// @param scope what data, exactly as it was granted
    /// @param purpose number of the purpose, a bit of the bitmaps
    /// @return how it stands
    function statusOf(address patient, uint32 grantee, bytes32 scope, uint8 purpose) external view returns (Status);

    /// @notice Reverts with ConsentNotInForce unless a consent is in force for a purpose now.
    /// @param patient whose data it is
    /// @param grantee the body
    /// @param scope what data, exactly as it was granted
    /// @param purpose number of the purpose, a bit of the bitmaps
    function requireConsent(address patient, uint32 grantee, bytes32 scope, uint8 purpose) external view;

    /// @notice A consent as it is recorded.
    /// @param patient whose data it is
    /// @param grantee the body
    /// @param scope what data, exactly as it was granted
    /// @return the record, all zero when there is none
    function consentOf(address patient, uint32 grantee, bytes32 scope) external view returns (Consent memory);

    /// @notice Which purposes a patient bars to everybody.
    /// @param patient whose data it is
    /// @return bitmap of the purposes
    function objectionsOf(address patient) external view returns (uint32);
}
