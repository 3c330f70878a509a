// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {AccessLog} from "./AccessLog.sol";
import {BreakGlass} from "./BreakGlass.sol";
import {Guardianships} from "./Guardianships.sol";

/// @title ConsentRegistry
/// @notice Keeps who may use a patient's data, for what and until when, and who did.
/// @dev One contract made of parts, since an access reads and writes what several of them keep: `Guardianships`,
/// `Delegations`, `Objections`, `Consents`, `BreakGlass` and `AccessLog`.
contract ConsentRegistry is AccessLog {
    /// @param authority the council's AccessManager
    /// @param trustList who may receive data, break the glass, review that, and appoint guardians
    /// @param maxWindow the longest window of a use of the break-glass, in seconds; at most 72 hours
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        uint40 maxWindow,
        Relays memory relays
    )
        Governed(authority, relays)
        EIP712("Diwan ConsentRegistry", "1")
        Guardianships(trustList)
        BreakGlass(trustList, maxWindow)
    {}
}
