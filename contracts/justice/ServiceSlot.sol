// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IServiceRegistry} from "./IServiceRegistry.sol";

/// @dev An `IServiceRegistry.Record` in one word. From the least significant bit:
/// sentAt40 | until40 | deliveredAfter32 | endedAfter32 | server32 | key32 | deliveryKey32 | role8 | failure3 | isByBailiff1 |
/// isAcknowledged1 | 3 free. The two in the middle count seconds since it was sent, and reach 136 years.
type ServiceSlot is uint256;

using ServiceSlots for ServiceSlot global;

/// @title ServiceSlots
/// @notice Reads and packs services.
library ServiceSlots {
    uint256 private constant _UNTIL = 40;
    uint256 private constant _DELIVERED_AFTER = 80;
    uint256 private constant _ENDED_AFTER = 112;
    uint256 private constant _SERVER = 144;
    uint256 private constant _KEY = 176;
    uint256 private constant _DELIVERY_KEY = 208;
    uint256 private constant _ROLE = 240;
    uint256 private constant _FAILURE = 248;

    uint256 private constant _FAILURES = 7;
    uint256 private constant _IS_BY_BAILIFF = 1 << 251;
    uint256 private constant _IS_ACKNOWLEDGED = 1 << 252;

    /// @dev What a service holds at first.
    function sent(
        uint256 time,
        uint40 end,
        uint32 byServer,
        uint32 byKey,
        uint8 inRole,
        bool asBailiff
    ) internal pure returns (ServiceSlot) {
        uint256 by = (uint256(byServer) << _SERVER) | (uint256(byKey) << _KEY) | (uint256(inRole) << _ROLE);
        if (asBailiff) by |= _IS_BY_BAILIFF;
        return ServiceSlot.wrap(uint40(time) | (uint256(end) << _UNTIL) | by);
    }

    /// @dev Delivers what was sent and nothing else.
    function delivered(ServiceSlot slot, uint256 time, uint32 byKey) internal pure returns (ServiceSlot) {
        uint256 change = (_since(slot, time) << _DELIVERED_AFTER) | (uint256(byKey) << _DELIVERY_KEY);
        return ServiceSlot.wrap(ServiceSlot.unwrap(slot) | change);
    }

    /// @dev Acknowledges what did not end.
    function acknowledged(ServiceSlot slot, uint256 time) internal pure returns (ServiceSlot) {
        return ServiceSlot.wrap(ServiceSlot.unwrap(slot) | (_since(slot, time) << _ENDED_AFTER) | _IS_ACKNOWLEDGED);
    }

    /// @dev Notes the failure of what did not end.
    function failed(ServiceSlot slot, uint256 time, IServiceRegistry.Failure why) internal pure returns (ServiceSlot) {
        uint256 change = (_since(slot, time) << _ENDED_AFTER) | (uint256(why) << _FAILURE);
        return ServiceSlot.wrap(ServiceSlot.unwrap(slot) | change);
    }

    function sentAt(ServiceSlot slot) internal pure returns (uint40) {
        return uint40(ServiceSlot.unwrap(slot));
    }

    function until(ServiceSlot slot) internal pure returns (uint40) {
        return uint40(ServiceSlot.unwrap(slot) >> _UNTIL);
    }

    function deliveredAt(ServiceSlot slot) internal pure returns (uint40) {
        return slot.isDelivered() ? slot.sentAt() + uint32(ServiceSlot.unwrap(slot) >> _DELIVERED_AFTER) : 0;
    }

    function endedAt(ServiceSlot slot) internal pure returns (uint40) {
        bool isEnded = slot.isAcknowledged() || slot.failure() != IServiceRegistry.Failure.NONE;
        return isEnded ? slot.sentAt() + uint32(ServiceSlot.unwrap(slot) >> _ENDED_AFTER) : 0;
    }

    function server(ServiceSlot slot) internal pure returns (uint32) {
        return uint32(ServiceSlot.unwrap(slot) >> _SERVER);
    }

    function key(ServiceSlot slot) internal pure returns (uint32) {
        return uint32(ServiceSlot.unwrap(slot) >> _KEY);
    }

    function deliveryKey(ServiceSlot slot) internal pure returns (uint32) {
        return uint32(ServiceSlot.unwrap(slot) >> _DELIVERY_KEY);
    }

    function role(ServiceSlot slot) internal pure returns (uint8) {
        return uint8(ServiceSlot.unwrap(slot) >> _ROLE);
    }

    function failure(ServiceSlot slot) internal pure returns (IServiceRegistry.Failure) {
        return IServiceRegistry.Failure((ServiceSlot.unwrap(slot) >> _FAILURE) & _FAILURES);
    }

    function isByBailiff(ServiceSlot slot) internal pure returns (bool) {
        return ServiceSlot.unwrap(slot) & _IS_BY_BAILIFF != 0;
    }

    function isAcknowledged(ServiceSlot slot) internal pure returns (bool) {
        return ServiceSlot.unwrap(slot) & _IS_ACKNOWLEDGED != 0;
    }

    /// @dev A body counts its keys from 1.
    function isDelivered(ServiceSlot slot) internal pure returns (bool) {
        return slot.deliveryKey() != 0;
    }

    function unpack(ServiceSlot slot) internal pure returns (IServiceRegistry.Record memory) {
        return
            IServiceRegistry.Record({
                sentAt: slot.sentAt(),
                until: slot.until(),
                deliveredAt: slot.deliveredAt(),
                endedAt: slot.endedAt(),
                server: slot.server(),
                key: slot.key(),
                deliveryKey: slot.deliveryKey(),
                role: slot.role(),
                isByBailiff: slot.isByBailiff(),
                isAcknowledged: slot.isAcknowledged(),
                failure: slot.failure()
            });
    }

    /// @dev Past 136 years it stays there, so that no field beside it is reached.
    function _since(ServiceSlot slot, uint256 time) private pure returns (uint256) {
        return Math.min(time - slot.sentAt(), type(uint32).max);
    }
}
