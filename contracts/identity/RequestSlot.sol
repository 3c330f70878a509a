// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEnrolment} from "./IEnrolment.sol";

/// @dev An `IEnrolment.Request` in one word. From the least significant bit:
/// requestedAt40 | lapsesAt40 | decidedAt40 | office32 | key32 | state8 | grounds8 | 56 free. LAPSED is never written.
type RequestSlot is uint256;

using RequestSlots for RequestSlot global;

/// @title RequestSlots
/// @notice Reads and packs requests of the enrolment.
library RequestSlots {
    uint256 private constant _LAPSES_AT = 40;
    uint256 private constant _DECIDED_AT = 80;
    uint256 private constant _OFFICE = 120;
    uint256 private constant _KEY = 152;
    uint256 private constant _STATE = 184;
    uint256 private constant _GROUNDS = 192;

    /// @dev A request made now.
    function requested(uint256 time, uint40 lapseTime, uint32 toOffice) internal pure returns (RequestSlot) {
        uint256 period = uint40(time) | (uint256(lapseTime) << _LAPSES_AT);
        uint256 rest = (uint256(toOffice) << _OFFICE) | (uint256(IEnrolment.State.REQUESTED) << _STATE);
        return RequestSlot.wrap(period | rest);
    }

    function unpack(RequestSlot slot, uint256 time) internal pure returns (IEnrolment.Request memory) {
        uint256 word = RequestSlot.unwrap(slot);
        return
            IEnrolment.Request({
                requestedAt: uint40(word),
                lapsesAt: slot.lapsesAt(),
                decidedAt: uint40(word >> _DECIDED_AT),
                office: uint32(word >> _OFFICE),
                key: uint32(word >> _KEY),
                state: slot.state(time),
                grounds: IEnrolment.Grounds(uint8(word >> _GROUNDS))
            });
    }

    function lapsesAt(RequestSlot slot) internal pure returns (uint40) {
        return uint40(RequestSlot.unwrap(slot) >> _LAPSES_AT);
    }

    /// @dev How it stands at a time not before its last change.
    function state(RequestSlot slot, uint256 time) internal pure returns (IEnrolment.State known) {
        known = IEnrolment.State(uint8(RequestSlot.unwrap(slot) >> _STATE));
        if (known == IEnrolment.State.REQUESTED && time >= slot.lapsesAt()) return IEnrolment.State.LAPSED;
    }

    /// @dev Decides on a pending request.
    function decided(RequestSlot slot, uint256 time, IEnrolment.State to) internal pure returns (RequestSlot) {
        uint256 rest = RequestSlot.unwrap(slot) & ~(uint256(type(uint8).max) << _STATE);
        return RequestSlot.wrap(rest | (uint256(uint40(time)) << _DECIDED_AT) | (uint256(to) << _STATE));
    }

    /// @dev Says who rejected a request, and why.
    function by(RequestSlot slot, uint32 byKey, IEnrolment.Grounds why) internal pure returns (RequestSlot) {
        return RequestSlot.wrap(RequestSlot.unwrap(slot) | (uint256(byKey) << _KEY) | (uint256(why) << _GROUNDS));
    }
}
