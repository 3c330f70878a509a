// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {Custody} from "./Custody.sol";
import {Deposits} from "./Deposits.sol";
import {Exhibits} from "./Exhibits.sol";
import {Proceedings} from "./Proceedings.sol";

/// @title EvidenceRegistry
/// @notice Exhibits from their deposit to their end.
/// @dev The compiler's dispatcher compares selectors in ascending order, 22 gas each, and there are 42: what is sent most often goes
/// by a name, or takes its arguments in an order, whose selector is low.
contract EvidenceRegistry is Deposits, Custody, Proceedings {
    /// @param authority the council's AccessManager
    /// @param trustList who may deposit, hold, witness, challenge and decide
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan EvidenceRegistry", "1") Exhibits(trustList) {}
}
