// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {RequestId} from "./RequestId.sol";
import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @notice Enrolment at a counter: a citizen requests an attestation, appears at the office, and a clerk confirms.
/// @dev The chain keeps no applicant and nothing of the application: a request's id hides both, since the application's
/// commitment is salted. The application itself is handed over at the counter. All times are Unix seconds.
interface IEnrolment {
    /// @notice How a request stands.
    enum State {
        NONE,
        REQUESTED,
        CONFIRMED,
        REJECTED,
        WITHDRAWN,
        LAPSED
    }

    /// @notice Why a clerk rejected a request.
    enum Grounds {
        UNSPECIFIED,
        IDENTITY_NOT_PROVEN,
        DOCUMENTS_MISSING,
        DOCUMENTS_NOT_ACCEPTED,
        APPLICATION_DIFFERS,
        NOT_ENTITLED,
        ENROLLED_ALREADY
    }

    /// @notice A request; one slot.
    /// @param requestedAt when it was made; 0 for none
    /// @param lapsesAt first second at which it can no longer be confirmed
    /// @param decidedAt when it was confirmed, rejected or withdrawn; 0 for not
    /// @param office the office that it was made to
    /// @param key the number of the key that rejected it, within the office; 0 for none
    /// @param state how it stands
    /// @param grounds why it was rejected
    struct Request {
        uint40 requestedAt;
        uint40 lapsesAt;
        uint40 decidedAt;
        uint32 office;
        uint32 key;
        State state;
        Grounds grounds;
    }

    /// @notice A citizen requested an attestation.
    /// @param id the request
    /// @param office the office that is to confirm it
    /// @param schema what kind of attestation
    /// @param lapsesAt first second at which it can no longer be confirmed
    event EnrolmentRequested(RequestId indexed id, uint32 indexed office, SchemaId indexed schema, uint40 lapsesAt);

    /// @notice A clerk confirmed a request by issuing the attestation.
    /// @param id the request
    /// @param uid the attestation's record, which names the office and the clerk's key
    event EnrolmentConfirmed(RequestId indexed id, Uid indexed uid);

    /// @notice A clerk rejected a request.
    /// @param id the request
    /// @param key the number of the clerk's key, within the office
    /// @param grounds why
    event EnrolmentRejected(RequestId indexed id, uint32 key, Grounds grounds);

    /// @notice The applicant withdrew a request.
    /// @param id the request
    event EnrolmentWithdrawn(RequestId indexed id);

    /// @notice There is no such request: another applicant, office, schema or commitment makes another one.
    /// @param id the request
    error EnrolmentUnknown(RequestId id);

    /// @notice The request is pending or was confirmed, and cannot be made again.
    /// @param id the request
    /// @param state REQUESTED or CONFIRMED
    error EnrolmentStands(RequestId id, State state);

    /// @notice The request is no longer pending.
    /// @param id the request
    /// @param state CONFIRMED, REJECTED, WITHDRAWN or LAPSED
    error EnrolmentNotPending(RequestId id, State state);

    /// @notice Nobody decides on their own request.
    /// @param id the request
    /// @param clerk the key that made it and tried to decide on it
    error OwnEnrolment(RequestId id, address clerk);

    /// @notice Only the attestation registry tells of attestations.
    /// @param caller who tried
    error NotAttestationRegistry(address caller);

    /// @notice Requests an attestation from an office; the applicant.
    /// @dev A request that was rejected, withdrawn or lapsed may be made again; so may any with another salt. Whether the
    /// office is accredited is asked when it confirms.
    /// @param office the office that is to confirm it, by its index in the trust list
    /// @param schema what kind of attestation
    /// @param commitment salted hash of the application; nothing that can be guessed
    /// @return id the request
    function request(uint32 office, SchemaId schema, bytes32 commitment) external returns (RequestId id);

    /// @notice Withdraws a pending request; its applicant.
    /// @param office the office that it was made to
    /// @param schema what kind of attestation
    /// @param commitment the application's commitment
    function withdraw(uint32 office, SchemaId schema, bytes32 commitment) external;

    /// @notice Rejects a pending request; a key of its office that is accredited for the schema now.
    /// @param schema what kind of attestation
    /// @param applicant who made it
    /// @param commitment the application's commitment
    /// @param grounds why
    function reject(SchemaId schema, address applicant, bytes32 commitment, Grounds grounds) external;

    /// @notice How a request stands.
    /// @param id the request
    /// @return the slot, its state LAPSED from the second of its lapse; all zero when there is none
    function statusOf(RequestId id) external view returns (Request memory);

    /// @notice How long a request stays open.
    /// @return the period in seconds
    function lapse() external view returns (uint32);

    /// @notice The id of a request.
    /// @dev `keccak256(abi.encode(applicant, office, schema, commitment))`.
    /// @param applicant who makes it
    /// @param office the office that it is made to
    /// @param schema what kind of attestation
    /// @param commitment the application's commitment
    /// @return the id
    function requestIdOf(
        address applicant,
        uint32 office,
        SchemaId schema,
        bytes32 commitment
    ) external pure returns (RequestId);
}
