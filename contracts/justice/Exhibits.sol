// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {TransparencyLog} from "../ledger/TransparencyLog.sol";
import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {DepositSlot} from "./DepositSlot.sol";
import {ExhibitSlot} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";

/// @title Exhibits
/// @notice What is kept of exhibits and batches, and who the caller is.
abstract contract Exhibits is IEvidenceRegistry, Governed, EIP712 {
    // CONSTANTS

    bytes32 internal constant _CUSTODIAN = keccak256("diwan.role.evidence-custodian");
    bytes32 internal constant _CAPTURE_TOOL = keccak256("diwan.role.capture-tool");
    bytes32 internal constant _COURT = keccak256("diwan.role.court");
    bytes32 internal constant _ADVOCATE = keccak256("diwan.role.advocate");

    // IMMUTABLES

    ITrustList internal immutable _TRUST_LIST;

    // STORAGE

    /// @dev Warning: evidence packages prove these two at the slots where they stand.
    mapping(bytes32 commitment => ExhibitSlot) internal _exhibits;
    mapping(bytes32 batch => DepositSlot) internal _deposits;
    TransparencyLog.Logs internal _logs;

    // CONSTRUCTOR

    constructor(ITrustList trustList) {
        _TRUST_LIST = trustList;
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function exhibitOf(bytes32 commitment) external view returns (Exhibit memory) {
        return _exhibits[commitment].unpack();
    }

    // INTERNAL

    function _known(bytes32 commitment) internal view returns (ExhibitSlot exhibit) {
        exhibit = _exhibits[commitment];
        require(ExhibitSlot.unwrap(exhibit) != 0, ExhibitUnknown(commitment));
    }

    /// @dev Reverts unless a key of the custodian calls; accredited or not, since what it holds it must be able to hand on.
    function _requireCustodian(ExhibitSlot exhibit) internal view {
        _TRUST_LIST.requireKey(_msgSender(), exhibit.custodian(), exhibit.custodianRole());
    }

    /// @dev At an end, nothing more is done.
    function _requireLive(bytes32 commitment, ExhibitSlot exhibit, Action action) internal pure {
        State state = exhibit.state();
        require(state < State.RETURNED, ExhibitStateRefuses(commitment, state, action));
    }
}
