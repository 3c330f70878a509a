// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";
import {Signatures} from "../trust/Signatures.sol";

import {IServiceRegistry} from "./IServiceRegistry.sol";
import {ServiceSlot, ServiceSlots} from "./ServiceSlot.sol";

/// @title ServiceRegistry
/// @notice Notes that documents were sent, delivered and acknowledged, and when.
contract ServiceRegistry is IServiceRegistry, Governed, EIP712 {
    // CONSTANTS

    bytes32 private constant _COURT = keccak256("diwan.role.court");
    bytes32 private constant _BAILIFF = keccak256("diwan.role.bailiff");
    bytes32 private constant _ACKNOWLEDGEMENT = keccak256(
        "ServiceAcknowledgement(bytes32 document,address addressee,uint256 deadline)"
    );

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(address addressee => mapping(bytes32 document => ServiceSlot)) private _services;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who is a court, and who a bailiff
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan ServiceRegistry", "1") {
        _TRUST_LIST = trustList;
    }

    // THE SENDER

    /// @inheritdoc IServiceRegistry
    function send(bytes32 document, address addressee, uint40 until, bytes32 role) external whileOpen {
        require(role == _COURT || role == _BAILIFF, ServiceRoleInvalid(role));
        (uint32 server, uint32 key, uint8 ordinal) = _TRUST_LIST.requireAccredited(role, _msgSender());
        require(document != 0 && addressee != address(0), ServiceIncomplete(document, addressee));
        require(until > block.timestamp, ServiceEndInvalid(until, uint40(block.timestamp)));
        ServiceSlot old = _services[addressee][document];
        bool isNew = ServiceSlot.unwrap(old) == 0;
        require(isNew, ServiceExists(document, addressee, old.server(), old.sentAt()));

        bool isByBailiff = role == _BAILIFF;
        _services[addressee][document] = ServiceSlots.sent(block.timestamp, until, server, key, ordinal, isByBailiff);
        emit DocumentSent(document, addressee, server, key, isByBailiff, until);
    }

    /// @inheritdoc IServiceRegistry
    function deliver(bytes32 document, address addressee) external {
        ServiceSlot slot = _known(document, addressee);
        // What the sender's role is called within it was noted when it sent.
        // slither-disable-next-line unused-return
        (uint32 server, uint32 key, ) = _TRUST_LIST.requireAccredited(_scopeOf(slot), _msgSender());
        require(server == slot.server(), ServiceOfAnother(document, slot.server(), server));
        State state = _stateOf(slot);
        require(state == State.SENT, ServiceStateRefuses(document, addressee, state));
        _services[addressee][document] = slot.delivered(block.timestamp, key);
        emit DocumentDelivered(document, addressee, server, key);
    }

    /// @inheritdoc IServiceRegistry
    function fail(bytes32 document, address addressee, Failure failure) external {
        ServiceSlot slot = _known(document, addressee);
        _TRUST_LIST.requireKey(_msgSender(), slot.server(), slot.role());
        require(failure != Failure.NONE, FailureMissing(document, addressee));
        State state = _stateOf(slot);
        bool isUnderWay = state == State.SENT || state == State.LAPSED;
        require(isUnderWay, ServiceStateRefuses(document, addressee, state));
        _services[addressee][document] = slot.failed(block.timestamp, failure);
        emit ServiceFailed(document, addressee, slot.server(), failure);
    }

    // THE ADDRESSEE

    /// @inheritdoc IServiceRegistry
    function acknowledge(bytes32 document) external {
        _acknowledge(document, _msgSender());
    }

    /// @inheritdoc IServiceRegistry
    function acknowledgeBySignature(
        bytes32 document,
        address addressee,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 signed = keccak256(abi.encode(_ACKNOWLEDGEMENT, document, addressee, deadline));
        Signatures.requireValid(addressee, _hashTypedDataV4(signed), signature, deadline);
        _acknowledge(document, addressee);
    }

    // VIEWS

    /// @inheritdoc IServiceRegistry
    function statusOf(bytes32 document, address addressee) public view returns (Verdict memory verdict) {
        ServiceSlot slot = _services[addressee][document];
        if (ServiceSlot.unwrap(slot) == 0) return verdict;
        (verdict.state, verdict.failure) = (_stateOf(slot), slot.failure());
        (verdict.server, verdict.isByBailiff) = (slot.server(), slot.isByBailiff());
        (verdict.sentAt, verdict.until) = (slot.sentAt(), slot.until());
        (verdict.deliveredAt, verdict.endedAt) = (slot.deliveredAt(), slot.endedAt());
        verdict.standing = _standingOf(slot, slot.key(), slot.sentAt());
        if (slot.isDelivered()) {
            verdict.deliveryStanding = _standingOf(slot, slot.deliveryKey(), slot.deliveredAt());
        }
        verdict.standingNow = _standingOf(slot, slot.key(), uint40(block.timestamp));
    }

    /// @inheritdoc IServiceRegistry
    function requireServed(bytes32 document, address addressee) external view {
        Verdict memory v = statusOf(document, addressee);
        ITrustList.Standing standing = v.standing;
        bool needsDelivery = v.state == State.DELIVERED && standing == ITrustList.Standing.IN_FORCE;
        if (needsDelivery) standing = v.deliveryStanding;
        bool isServed = v.state == State.DELIVERED || v.state == State.ACKNOWLEDGED;
        bool holds = isServed && standing == ITrustList.Standing.IN_FORCE;
        require(holds, DocumentNotServed(document, addressee, v.state, standing));
    }

    /// @inheritdoc IServiceRegistry
    function serviceOf(bytes32 document, address addressee) external view returns (Record memory) {
        return _services[addressee][document].unpack();
    }

    // INTERNAL

    function _acknowledge(bytes32 document, address addressee) private {
        ServiceSlot slot = _known(document, addressee);
        State state = _stateOf(slot);
        bool isOpen = state == State.SENT || state == State.DELIVERED;
        require(isOpen, ServiceStateRefuses(document, addressee, state));
        _services[addressee][document] = slot.acknowledged(block.timestamp);
        emit DocumentAcknowledged(document, addressee);
    }

    function _known(bytes32 document, address addressee) private view returns (ServiceSlot slot) {
        slot = _services[addressee][document];
        require(ServiceSlot.unwrap(slot) != 0, ServiceUnknown(document, addressee));
    }

    function _stateOf(ServiceSlot slot) private view returns (State) {
        if (slot.isAcknowledged()) return State.ACKNOWLEDGED;
        if (slot.failure() != Failure.NONE) return State.FAILED;
        if (slot.isDelivered()) return State.DELIVERED;
        return block.timestamp < slot.until() ? State.SENT : State.LAPSED;
    }

    function _standingOf(ServiceSlot slot, uint32 key, uint40 time) private view returns (ITrustList.Standing) {
        return _TRUST_LIST.standingOf(_scopeOf(slot), slot.server(), key, time);
    }

    function _scopeOf(ServiceSlot slot) private pure returns (bytes32) {
        return slot.isByBailiff() ? _BAILIFF : _COURT;
    }
}
