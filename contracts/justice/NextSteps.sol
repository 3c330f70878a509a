// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ExhibitSlot} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";

/// @title NextSteps
/// @notice Which action an exhibit's state, seal and hold allow.
/// @dev The state machine in one place. Until the end custody may move, and seal and hold be set and lifted; the rest:
///
///     DEPOSITED ──tender──▶ TENDERED ──challenge──▶ CHALLENGED ──rebut──▶ REBUTTED ──challenge──▶ CHALLENGED
///     TENDERED, CHALLENGED, REBUTTED ──admit──▶ ADMITTED; these and ADMITTED ──exclude──▶ EXCLUDED ──tender──▶ TENDERED
///     DEPOSITED, ADMITTED, EXCLUDED ──return──▶ RETURNED, ──destroy──▶ DESTROYED
library NextSteps {
    /// @dev A bit for each state at which the action may be taken, a byte for each action in the order of the enumeration.
    /// States by their bits: DEPOSITED 02, TENDERED 04, CHALLENGED 08, REBUTTED 10, ADMITTED 20, EXCLUDED 40; both ends: none.
    /// LIFT_HOLD 7e, HOLD 7e, DESTROY 62, RETURN 62, EXCLUDE 3c, ADMIT 1c, REBUT 08, CHALLENGE 14, TENDER 42, UNSEAL 7e, SEAL 7e,
    /// HAND_OVER 7e. DESTROYED, the ninth state, falls on the next byte's lowest bit, as UNKNOWN does on its own: never set.
    uint256 private constant _STATES = 0x7e_7e_62_62_3c_1c_08_14_42_7e_7e_7e;

    /// @dev A bit for each situation in which the action may be taken, seal and hold, four bits for each action in that order.
    /// Neither 1, sealed 2, held 4, both 8.
    /// LIFT_HOLD c, HOLD 3, DESTROY 1, RETURN 1, EXCLUDE to TENDER f, UNSEAL a, SEAL 5, HAND_OVER 5.
    uint256 private constant _SITUATIONS = 0xc_3_1_1_fffff_a_5_5;

    /// @notice Whether an exhibit allows an action.
    /// @param exhibit the exhibit
    /// @param action the action, as a number for the hot paths
    /// @return whether its state, seal and hold do
    function allow(ExhibitSlot exhibit, uint256 action) internal pure returns (bool) {
        // No overflow: there are twelve actions, nine states, four situations.
        unchecked {
            uint256 states = _STATES >> ((action << 3) + exhibit.stateNumber());
            return states & (_SITUATIONS >> ((action << 2) + exhibit.situation())) & 1 == 1;
        }
    }

    /// @notice Whether a state allows an action, seal and hold left aside.
    /// @param state the state
    /// @param action the action
    /// @return whether it does
    function stateAllows(IEvidenceRegistry.State state, IEvidenceRegistry.Action action) internal pure returns (bool) {
        return (_STATES >> (uint256(action) * 8 + uint256(state))) & 1 == 1;
    }

    /// @notice All that an exhibit allows, and whose it is to do.
    /// @param exhibit the exhibit
    /// @param advocate the role of a party's advocate
    /// @param court the role of a court
    /// @return steps the actions, in the order of the enumeration
    function list(
        ExhibitSlot exhibit,
        bytes32 advocate,
        bytes32 court
    ) internal pure returns (IEvidenceRegistry.Next[] memory steps) {
        uint256 last = uint256(type(IEvidenceRegistry.Action).max);
        // An advocate, or the custodian, rebuts: one action more than there are.
        steps = new IEvidenceRegistry.Next[](last + 2);
        uint256 count = 0;
        for (uint256 i = 0; i <= last; ++i) {
            if (!allow(exhibit, i)) continue;
            IEvidenceRegistry.Action action = IEvidenceRegistry.Action(i);
            bool isOfParty = action == IEvidenceRegistry.Action.CHALLENGE || action == IEvidenceRegistry.Action.REBUT;
            if (isOfParty) steps[count++] = IEvidenceRegistry.Next(action, advocate, 0);
            if (action == IEvidenceRegistry.Action.CHALLENGE) continue;
            steps[count++] =
                _isOfCourt(action)
                    ? IEvidenceRegistry.Next(action, court, exhibit.court())
                    : IEvidenceRegistry.Next(action, 0, exhibit.custodian());
        }
        // The array ends after the last step: shorter than it was made.
        assembly ("memory-safe") {
            mstore(steps, count)
        }
    }

    function _isOfCourt(IEvidenceRegistry.Action action) private pure returns (bool) {
        return
            action == IEvidenceRegistry.Action.UNSEAL ||
            action == IEvidenceRegistry.Action.ADMIT ||
            action == IEvidenceRegistry.Action.EXCLUDE ||
            action >= IEvidenceRegistry.Action.HOLD;
    }
}
