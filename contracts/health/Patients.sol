// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentSlot} from "./ConsentSlot.sol";
import {PatientSlot} from "./PatientSlot.sol";

/// @title Patients
/// @notice What is kept of each patient.
abstract contract Patients {
    /// @dev `guardian` is read where the slot hangs on one; it is stale elsewhere.
    struct Entry {
        ConsentSlot slot;
        address guardian;
    }

    /// @dev An access reads and writes both, so one hash of the patient finds both.
    struct Patient {
        PatientSlot slot;
        mapping(uint32 grantee => mapping(bytes32 scope => Entry)) consents;
    }

    mapping(address patient => Patient) internal _patients;
}
