// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {IAttestationReceiver} from "./IAttestationReceiver.sol";
import {IEnrolment} from "./IEnrolment.sol";
import {RequestId} from "./RequestId.sol";
import {RequestSlot, RequestSlots} from "./RequestSlot.sol";
import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @title Enrolment
/// @notice Requests for attestations, each confirmed by a clerk of its office or lapsed.
/// @dev A clerk confirms by `AttestationRegistry.attestAndCall` with this contract as the receiver and
/// `abi.encode(applicant, commitment)` as the data, so the registry itself checks the clerk, and the issuer is the
/// clerk's office. The id binds applicant, office and schema: what a clerk of another office, or for another schema,
/// names is a request that nobody made.
contract Enrolment is IEnrolment, IAttestationReceiver, Governed {
    // IMMUTABLES

    address private immutable _REGISTRY;
    ITrustList private immutable _TRUST_LIST;
    uint32 private immutable _LAPSE;

    // STORAGE

    mapping(RequestId id => RequestSlot) private _requests;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param registry the attestation registry that clerks issue in
    /// @param trustList who may reject
    /// @param lapsePeriod how long a request stays open, in seconds
    /// @param relays the relays to trust
    constructor(
        address authority,
        address registry,
        ITrustList trustList,
        uint32 lapsePeriod,
        Relays memory relays
    ) Governed(authority, relays) {
        (_REGISTRY, _TRUST_LIST, _LAPSE) = (registry, trustList, lapsePeriod);
    }

    // THE APPLICANT

    /// @inheritdoc IEnrolment
    function request(uint32 office, SchemaId schema, bytes32 commitment) external whileOpen returns (RequestId id) {
        id = requestIdOf(_msgSender(), office, schema, commitment);
        State state = _requests[id].state(block.timestamp);
        if (state == State.REQUESTED || state == State.CONFIRMED) revert EnrolmentStands(id, state);
        uint40 lapsesAt = uint40(block.timestamp) + _LAPSE;
        _requests[id] = RequestSlots.requested(block.timestamp, lapsesAt, office);
        emit EnrolmentRequested(id, office, schema, lapsesAt);
    }

    /// @inheritdoc IEnrolment
    function withdraw(uint32 office, SchemaId schema, bytes32 commitment) external {
        RequestId id = requestIdOf(_msgSender(), office, schema, commitment);
        _requests[id] = _pending(id).decided(block.timestamp, State.WITHDRAWN);
        emit EnrolmentWithdrawn(id);
    }

    // THE CLERK

    /// @inheritdoc IEnrolment
    function reject(SchemaId schema, address applicant, bytes32 commitment, Grounds grounds) external {
        // The role is no news here.
        // slither-disable-next-line unused-return
        (uint32 office, uint32 key, ) = _TRUST_LIST.requireAccredited(SchemaId.unwrap(schema), _msgSender());
        RequestId id = requestIdOf(applicant, office, schema, commitment);
        require(_msgSender() != applicant, OwnEnrolment(id, applicant));
        _requests[id] = _pending(id).decided(block.timestamp, State.REJECTED).by(key, grounds);
        emit EnrolmentRejected(id, key, grounds);
    }

    /// @notice Confirms a request by the attestation that was just issued; the attestation registry only.
    /// @inheritdoc IAttestationReceiver
    function onAttested(
        address operator,
        Uid uid,
        SchemaId schema,
        uint32 issuer,
        bytes32,
        uint40,
        bytes calldata data
    ) external whileOpen returns (bytes4) {
        // Not `_msgSender()`: no relay speaks for the registry.
        require(msg.sender == _REGISTRY, NotAttestationRegistry(msg.sender));
        (address applicant, bytes32 commitment) = abi.decode(data, (address, bytes32));
        RequestId id = requestIdOf(applicant, issuer, schema, commitment);
        require(operator != applicant, OwnEnrolment(id, applicant));
        _requests[id] = _pending(id).decided(block.timestamp, State.CONFIRMED);
        emit EnrolmentConfirmed(id, uid);
        return IAttestationReceiver.onAttested.selector;
    }

    // VIEWS

    /// @inheritdoc IEnrolment
    function statusOf(RequestId id) external view returns (Request memory) {
        return _requests[id].unpack(block.timestamp);
    }

    /// @inheritdoc IEnrolment
    function lapse() external view returns (uint32) {
        return _LAPSE;
    }

    /// @inheritdoc IEnrolment
    function requestIdOf(
        address applicant,
        uint32 office,
        SchemaId schema,
        bytes32 commitment
    ) public pure returns (RequestId) {
        return RequestId.wrap(keccak256(abi.encode(applicant, office, schema, commitment)));
    }

    // INTERNAL

    function _pending(RequestId id) private view returns (RequestSlot r) {
        r = _requests[id];
        State state = r.state(block.timestamp);
        require(state != State.NONE, EnrolmentUnknown(id));
        require(state == State.REQUESTED, EnrolmentNotPending(id, state));
    }
}
