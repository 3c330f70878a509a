// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {BillId} from "./BillId.sol";
import {BillSlot, BillSlots} from "./BillSlot.sol";
import {IBillRegistry} from "./IBillRegistry.sol";

/// @title BillRegistry
/// @notice Takes bills of health care providers, and sees to it that each is paid once.
contract BillRegistry is IBillRegistry, Governed {
    // CONSTANTS

    bytes32 private constant _HEALTH_PROVIDER = keccak256("diwan.role.health-provider");
    bytes32 private constant _PAYER = keccak256("diwan.role.payer");

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(BillId id => BillSlot) private _bills;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who may bill, and who may pay
    /// @param relays the relays to trust
    constructor(address authority, ITrustList trustList, Relays memory relays) Governed(authority, relays) {
        _TRUST_LIST = trustList;
    }

    // THE PROVIDER

    /// @inheritdoc IBillRegistry
    function submit(bytes32 commitment) external whileOpen returns (BillId id) {
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_HEALTH_PROVIDER, _msgSender());
        id = billIdOf(body, commitment);
        State state = _bills[id].state();
        require(state == State.UNKNOWN || state == State.WITHDRAWN, BillSubmittedBefore(id, state));
        _bills[id] = BillSlots.submitted(block.timestamp, body, key, role);
        emit BillSubmitted(id, body, key);
    }

    /// @inheritdoc IBillRegistry
    function withdraw(BillId id) external {
        BillSlot slot = _bills[id];
        _requireUnpaid(id, slot);
        _TRUST_LIST.requireKey(_msgSender(), slot.provider(), slot.role());
        _bills[id] = slot.changed(block.timestamp, State.WITHDRAWN);
        emit BillWithdrawn(id);
    }

    // THE PAYER

    /// @inheritdoc IBillRegistry
    function pay(BillId id) external whileOpen {
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_PAYER, _msgSender());
        BillSlot slot = _bills[id];
        _requireUnpaid(id, slot);
        ITrustList.Standing standing = _providerOf(slot);
        require(standing == ITrustList.Standing.IN_FORCE, BillProviderNotStanding(id, standing));
        _bills[id] = slot.decided(block.timestamp, body, key, role, State.PAID, RejectReason.NONE);
        emit BillPaid(id, body, key);
    }

    /// @inheritdoc IBillRegistry
    function reject(BillId id, RejectReason reason) external {
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_PAYER, _msgSender());
        require(reason != RejectReason.NONE, RejectReasonMissing(id));
        BillSlot slot = _bills[id];
        _requireUnpaid(id, slot);
        _bills[id] = slot.decided(block.timestamp, body, key, role, State.REJECTED, reason);
        emit BillRejected(id, body, key, reason);
    }

    /// @inheritdoc IBillRegistry
    function refund(BillId id) external {
        BillSlot slot = _bills[id];
        (State state, uint32 payer) = (slot.state(), slot.payer());
        require(state == State.PAID, BillNotPaid(id, state));
        _TRUST_LIST.requireKey(_msgSender(), payer, slot.payerRole());
        _bills[id] = slot.changed(block.timestamp, State.REFUNDED);
        emit BillRefunded(id, payer);
    }

    // VIEWS

    /// @inheritdoc IBillRegistry
    function statusOf(
        BillId id
    ) external view returns (State state, ITrustList.Standing provider, ITrustList.Standing payer) {
        BillSlot slot = _bills[id];
        state = slot.state();
        if (state != State.UNKNOWN) provider = _providerOf(slot);
        if (state == State.PAID) {
            payer = _TRUST_LIST.standingOf(_PAYER, slot.payer(), slot.payerKey(), slot.changedAt());
        }
    }

    /// @inheritdoc IBillRegistry
    function recordOf(BillId id) external view returns (Record memory) {
        return _bills[id].unpack();
    }

    /// @inheritdoc IBillRegistry
    function billIdOf(uint32 provider, bytes32 commitment) public pure returns (BillId) {
        return BillId.wrap(keccak256(abi.encode(provider, commitment)));
    }

    // INTERNAL

    function _requireUnpaid(BillId id, BillSlot slot) private pure {
        State state = slot.state();
        require(state != State.UNKNOWN, BillUnknown(id));
        require(state != State.PAID, BillPaidBefore(id, slot.payer(), slot.changedAt()));
        require(state != State.WITHDRAWN, BillIsWithdrawn(id, slot.changedAt()));
    }

    /// @dev How the provider stood when it submitted, as it is known now.
    function _providerOf(BillSlot slot) private view returns (ITrustList.Standing) {
        return _TRUST_LIST.standingOf(_HEALTH_PROVIDER, slot.provider(), slot.key(), slot.submittedAt());
    }
}
