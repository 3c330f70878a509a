// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Signatures} from "../trust/Signatures.sol";

import {Exhibits} from "./Exhibits.sol";
import {ExhibitSlot} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";
import {OfferSlot, OfferSlots} from "./OfferSlot.sol";

/// @title Custody
/// @notice Moves exhibits from one custodian to the next, when both say so.
/// @dev The council's stop does not hold it: what is handed over in the world must be able to be recorded.
abstract contract Custody is Exhibits {
    // CONSTANTS

    bytes32 private constant _HAND_OVER = keccak256(
        "HandOver(bytes32 exhibit,uint16 hop,address from,address to,uint256 deadline)"
    );

    // STORAGE

    mapping(bytes32 commitment => OfferSlot) private _offers;

    // OFFER

    /// @inheritdoc IEvidenceRegistry
    function offer(bytes32 commitment, uint32 to, uint40 until) external {
        (, ExhibitSlot exhibit) = _open(commitment, Action.HAND_OVER);
        _requireCustodian(exhibit);
        require(to != exhibit.custodian(), CustodianIsSame(commitment, to));
        require(until > block.timestamp, OfferEndInvalid(until, uint40(block.timestamp)));
        _requireInForce(_CUSTODIAN, to);
        _offers[commitment] = OfferSlots.made(to, until, exhibit.hop());
        emit CustodyOffered(commitment, to, exhibit.hop(), until);
    }

    /// @inheritdoc IEvidenceRegistry
    function recall(bytes32 commitment) external {
        (, ExhibitSlot exhibit) = _known(commitment);
        _requireCustodian(exhibit);
        uint32 to = _standingOffer(commitment, exhibit).to();
        require(to != 0, OfferMissing(commitment, 0, exhibit.custodian()));
        _offers[commitment] = OfferSlot.wrap(0);
        emit OfferRecalled(commitment, to);
    }

    /// @inheritdoc IEvidenceRegistry
    function accept(bytes32 commitment) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.HAND_OVER);
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_CUSTODIAN, _msgSender());
        uint40 until = _offerTo(body, commitment, exhibit).until();
        require(block.timestamp < until, OfferLapsed(commitment, until));
        // The offer is void from now on by its hop; to clear it would cost more than it gives back.
        _hand(commitment, entry, exhibit, body, key, role);
    }

    /// @inheritdoc IEvidenceRegistry
    function reject(bytes32 commitment, Refusal refusal) external {
        require(refusal != Refusal.NONE, RefusalReasonMissing(commitment));
        (, ExhibitSlot exhibit) = _known(commitment);
        // What the body's role is called within it is of no use here.
        // slither-disable-next-line unused-return
        (uint32 body, uint32 key, ) = _TRUST_LIST.requireAccredited(_CUSTODIAN, _msgSender());
        uint40 until = _offerTo(body, commitment, exhibit).until();
        require(block.timestamp < until, OfferLapsed(commitment, until));
        _offers[commitment] = OfferSlot.wrap(0);
        emit OfferRejected(commitment, body, key, refusal);
    }

    // HAND OVER

    /// @inheritdoc IEvidenceRegistry
    function handOver(
        uint256 deadline,
        bytes32 commitment,
        address from,
        bytes calldata fromSignature,
        address to,
        bytes calldata toSignature
    ) external {
        (Entry storage entry, ExhibitSlot exhibit) = _open(commitment, Action.HAND_OVER);
        // With the exhibit's own hop: what was signed at another one is a signature of something else.
        bytes32 signed = keccak256(abi.encode(_HAND_OVER, commitment, exhibit.hop(), from, to, deadline));
        bytes32 digest = _hashTypedDataV4(signed);
        Signatures.requireValid(from, digest, fromSignature, deadline);
        Signatures.requireValid(to, digest, toSignature, deadline);

        _TRUST_LIST.requireKey(from, exhibit.custodian(), exhibit.custodianRole());
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(_CUSTODIAN, to);
        if (body == exhibit.custodian()) revert CustodianIsSame(commitment, body);
        _hand(commitment, entry, exhibit, body, key, role);
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function currentOfferOf(bytes32 commitment) external view returns (Offer memory) {
        return _offers[commitment].unpack();
    }

    // INTERNAL

    function _hand(
        bytes32 commitment,
        Entry storage entry,
        ExhibitSlot exhibit,
        uint32 body,
        uint32 key,
        uint8 role
    ) private {
        if (exhibit.hop() == type(uint16).max) revert HopsExhausted(commitment);
        entry.slot = exhibit.handedTo(body, role);
        emit CustodyChanged(commitment, body, exhibit.custodian(), key);
    }

    /// @dev The offer that custody has not outrun; nothing when there is none.
    function _standingOffer(bytes32 commitment, ExhibitSlot exhibit) private view returns (OfferSlot standing) {
        standing = _offers[commitment];
        if (standing.hop() != exhibit.hop()) standing = OfferSlot.wrap(0);
    }

    function _offerTo(uint32 body, bytes32 commitment, ExhibitSlot exhibit) private view returns (OfferSlot standing) {
        standing = _standingOffer(commitment, exhibit);
        uint32 to = standing.to();
        require(to == body, OfferMissing(commitment, to, body));
    }
}
