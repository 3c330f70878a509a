// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {StatusList} from "../ledger/StatusList.sol";
import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";
import {Signatures} from "../trust/Signatures.sol";

import {AttestationHash} from "./AttestationHash.sol";
import {IAttestationReceiver} from "./IAttestationReceiver.sol";
import {IAttestationRegistry} from "./IAttestationRegistry.sol";
import {RecordSlot, RecordSlots} from "./RecordSlot.sol";
import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @title AttestationRegistry
/// @notice Issues attestations for accredited bodies, ends them, and tells how they stand.
/// @dev A Merkle batch is a record like any other, so all that can happen to an attestation can happen to a batch; its
/// leaves have entries of their own in a status list under the batch's uid.
contract AttestationRegistry is IAttestationRegistry, Governed, EIP712, Nonces {
    using StatusList for StatusList.Lists;

    // CONSTANTS

    bytes32 private constant _ITEM = keccak256("Item(bytes32 content,uint40 expiresAt)");
    bytes32 private constant _ATTEST_MANY = keccak256(
        "AttestMany(bytes32 schema,Item[] items,address operator,uint256 nonce,uint256 deadline)"
        "Item(bytes32 content,uint40 expiresAt)"
    );
    uint40 private constant _NO_END = type(uint40).max;

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(Uid uid => RecordSlot) private _records;
    StatusList.Lists private _lists;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who may issue
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan AttestationRegistry", "1") {
        _TRUST_LIST = trustList;
    }

    // ISSUE

    /// @inheritdoc IAttestationRegistry
    function attest(SchemaId schema, bytes32 content, uint40 expiresAt) external whileOpen returns (Uid) {
        return _issue(_newRecord(schema, _msgSender()), schema, content, expiresAt);
    }

    /// @inheritdoc IAttestationRegistry
    function attestAndCall(
        SchemaId schema,
        bytes32 content,
        uint40 expiresAt,
        IAttestationReceiver receiver,
        bytes calldata data
    ) external whileOpen returns (Uid uid) {
        address operator = _msgSender();
        RecordSlot r = _newRecord(schema, operator);
        uid = _issue(r, schema, content, expiresAt);
        require(address(receiver).code.length != 0, AttestationNotReceived(receiver, 0));
        bytes4 answer = receiver.onAttested(operator, uid, schema, r.issuer(), content, expiresAt, data);
        require(answer == IAttestationReceiver.onAttested.selector, AttestationNotReceived(receiver, answer));
    }

    /// @inheritdoc IAttestationRegistry
    function attestMany(SchemaId schema, Item[] calldata items) external whileOpen {
        _issueMany(schema, items, _msgSender());
    }

    /// @inheritdoc IAttestationRegistry
    function attestManyBySignature(
        SchemaId schema,
        Item[] calldata items,
        address operator,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        _useCheckedNonce(operator, nonce);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(_ATTEST_MANY, schema, _hashItems(items), operator, nonce, deadline))
        );
        Signatures.requireValid(operator, digest, signature, deadline);
        _issueMany(schema, items, operator);
    }

    /// @inheritdoc IAttestationRegistry
    function attestBatch(SchemaId schema, bytes32 root, uint32 size, uint8 bits) external whileOpen returns (Uid uid) {
        require(size != 0 && (bits == 1 || bits == 2), BatchShapeInvalid(size, bits));
        RecordSlot r = _newRecord(schema, _msgSender());
        uid = _batchUid(r.issuer(), schema, root, size, bits);
        _create(uid, r.withExpiry(_NO_END));
        emit BatchIssued(uid, schema, r.issuer(), root, size, bits);
    }

    // END, SUSPEND, REPLACE

    /// @inheritdoc IAttestationRegistry
    function revoke(Uid uid, Reason reason) external {
        _revoke(uid, reason, 0);
    }

    /// @inheritdoc IAttestationRegistry
    function revokeMany(Uid[] calldata uids, Reason reason) external {
        require(uids.length != 0, BatchEmpty());
        uint256 cleared = 0;
        for (uint256 i = 0; i < uids.length; ++i) cleared = _revoke(uids[i], reason, cleared);
    }

    /// @inheritdoc IAttestationRegistry
    function suspend(Uid uid, Reason reason) external {
        _suspend(uid, reason, 0);
    }

    /// @inheritdoc IAttestationRegistry
    function suspendMany(Uid[] calldata uids, Reason reason) external {
        require(uids.length != 0, BatchEmpty());
        uint256 cleared = 0;
        for (uint256 i = 0; i < uids.length; ++i) cleared = _suspend(uids[i], reason, cleared);
    }

    /// @inheritdoc IAttestationRegistry
    function reinstate(SchemaId schema, Uid uid, Reason reason) external whileOpen {
        _reinstate(_newRecord(schema, _msgSender()), uid, reason);
    }

    /// @inheritdoc IAttestationRegistry
    function reinstateMany(SchemaId schema, Uid[] calldata uids, Reason reason) external whileOpen {
        require(uids.length != 0, BatchEmpty());
        RecordSlot by = _newRecord(schema, _msgSender());
        for (uint256 i = 0; i < uids.length; ++i) _reinstate(by, uids[i], reason);
    }

    /// @inheritdoc IAttestationRegistry
    function supersede(
        SchemaId schema,
        Replacement calldata replacement,
        Reason reason
    ) external whileOpen returns (Uid) {
        return _supersede(_newRecord(schema, _msgSender()), schema, replacement, reason);
    }

    /// @inheritdoc IAttestationRegistry
    function supersedeMany(SchemaId schema, Replacement[] calldata replacements, Reason reason) external whileOpen {
        require(replacements.length != 0, BatchEmpty());
        RecordSlot by = _newRecord(schema, _msgSender());
        for (uint256 i = 0; i < replacements.length; ++i) _supersede(by, schema, replacements[i], reason);
    }

    /// @inheritdoc IAttestationRegistry
    function markLeaves(Batch calldata batch, Leaves[] calldata leaves, uint8 code, Reason reason) external {
        bool known =
            code == StatusList.INVALID ||
                (batch.bits == 2 && code > StatusList.INVALID && code <= StatusList.APPLICATION_SPECIFIC);
        require(known, LeafCodeInvalid(code, batch.bits));
        Uid uid = uidOfBatch(batch);
        RecordSlot r = _liveRecord(uid);
        _requireKeyOf(r, 0);
        _setLeaves(uid, batch, leaves, code, reason);
    }

    /// @inheritdoc IAttestationRegistry
    function reinstateLeaves(Batch calldata batch, Leaves[] calldata leaves, Reason reason) external whileOpen {
        require(batch.bits == 2, LeafCodeInvalid(StatusList.VALID, batch.bits));
        Uid uid = uidOfBatch(batch);
        _requireSameIssuer(_newRecord(batch.schema, _msgSender()), _liveRecord(uid), uid);
        _setLeaves(uid, batch, leaves, StatusList.VALID, reason);
    }

    // VIEWS

    /// @inheritdoc IAttestationRegistry
    function statusOf(Attestation calldata attestation) external view returns (Verdict memory verdict) {
        RecordSlot r = _records[uidOf(attestation)];
        return _verdict(r, attestation, _status(r, attestation));
    }

    /// @inheritdoc IAttestationRegistry
    function statusOfLeaf(
        Attestation calldata attestation,
        Membership calldata membership
    ) external view returns (Verdict memory verdict) {
        (RecordSlot r, Status status) = _statusOfLeaf(attestation, membership);
        verdict = _verdict(r, attestation, status);
        bool byLeaf = r.endedAt() == 0 && r.suspendedAt() == 0;
        if (byLeaf) verdict.reason = Reason.UNSPECIFIED;
    }

    /// @inheritdoc IAttestationRegistry
    function requireValid(Attestation calldata attestation) external view {
        Uid uid = uidOf(attestation);
        RecordSlot r = _records[uid];
        // The common case at one go; whatever is wrong is named at leisure.
        bool valid =
            r.inForce(block.timestamp) &&
                block.timestamp >= attestation.validFrom &&
                _standingAtIssue(r, attestation.schema) == ITrustList.Standing.IN_FORCE;
        if (!valid) revert AttestationNotValid(uid, _status(r, attestation));
    }

    /// @inheritdoc IAttestationRegistry
    function requireValidLeaf(Attestation calldata attestation, Membership calldata membership) external view {
        (, Status status) = _statusOfLeaf(attestation, membership);
        require(status == Status.VALID, AttestationNotValid(_uidOfMembership(attestation, membership), status));
    }

    /// @inheritdoc IAttestationRegistry
    function recordOf(Uid uid) external view returns (Record memory) {
        return _records[uid].unpack();
    }

    /// @inheritdoc IAttestationRegistry
    function statusWord(Uid uid, uint256 wordIndex) external view returns (uint256) {
        return _lists.wordAt(Uid.unwrap(uid), wordIndex);
    }

    /// @inheritdoc IAttestationRegistry
    function uidOf(Attestation calldata attestation) public pure returns (Uid) {
        return AttestationHash.uidOf(attestation);
    }

    /// @inheritdoc IAttestationRegistry
    function uidOfBatch(Batch calldata batch) public pure returns (Uid) {
        return _batchUid(batch.issuer, batch.schema, batch.root, batch.size, batch.bits);
    }

    /// @inheritdoc IAttestationRegistry
    function leafOf(Attestation calldata attestation, uint32 index) public pure returns (bytes32) {
        bytes32 once = keccak256(abi.encode(index, _content(attestation), attestation.expiresAt));
        return keccak256(bytes.concat(once));
    }

    // INTERNAL: WRITES

    /// @dev What a record holds at its issue by this key, now; reverts unless the key is accredited for the schema.
    function _newRecord(SchemaId schema, address operator) private view returns (RecordSlot) {
        (uint32 issuer, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(SchemaId.unwrap(schema), operator);
        return RecordSlots.issued(block.timestamp, issuer, key, role);
    }

    function _issue(RecordSlot r, SchemaId schema, bytes32 content, uint40 expiresAt) private returns (Uid uid) {
        if (expiresAt <= block.timestamp) revert ExpiryInPast(expiresAt, uint40(block.timestamp));
        uid = AttestationHash.uid(r.issuer(), schema, content, expiresAt);
        _create(uid, r.withExpiry(expiresAt));
        emit AttestationIssued(uid, schema, r.issuer(), expiresAt);
    }

    function _issueMany(SchemaId schema, Item[] calldata items, address operator) private {
        require(items.length != 0, BatchEmpty());
        RecordSlot r = _newRecord(schema, operator);
        for (uint256 i = 0; i < items.length; ++i) _issue(r, schema, items[i].content, items[i].expiresAt);
    }

    function _create(Uid uid, RecordSlot r) private {
        if (RecordSlot.unwrap(_records[uid]) != 0) revert AttestationExists(uid);
        _records[uid] = r;
    }

    function _revoke(Uid uid, Reason reason, uint256 cleared) private returns (uint256) {
        RecordSlot r = _liveRecord(uid);
        cleared = _requireKeyOf(r, cleared);
        _records[uid] = r.ended(block.timestamp, reason, false);
        emit AttestationRevoked(uid, reason);
        return cleared;
    }

    function _suspend(Uid uid, Reason reason, uint256 cleared) private returns (uint256) {
        RecordSlot r = _liveRecord(uid);
        cleared = _requireKeyOf(r, cleared);
        require(r.suspendedAt() == 0, AttestationIsSuspended(uid, r.suspendedAt()));
        _records[uid] = r.suspended(block.timestamp, reason);
        emit AttestationSuspended(uid, reason);
        return cleared;
    }

    function _reinstate(RecordSlot by, Uid uid, Reason reason) private {
        RecordSlot r = _liveRecord(uid);
        _requireSameIssuer(by, r, uid);
        require(r.suspendedAt() != 0, AttestationNotSuspended(uid));
        _records[uid] = r.suspended(0, reason);
        emit AttestationReinstated(uid, reason);
    }

    function _supersede(
        RecordSlot by,
        SchemaId schema,
        Replacement calldata replacement,
        Reason reason
    ) private returns (Uid uid) {
        RecordSlot r = _liveRecord(replacement.old);
        _requireSameIssuer(by, r, replacement.old);
        uid = _issue(by, schema, replacement.content, replacement.expiresAt);
        _records[replacement.old] = r.ended(block.timestamp, reason, true);
        emit AttestationSuperseded(replacement.old, uid, reason);
    }

    function _setLeaves(Uid uid, Batch calldata batch, Leaves[] calldata leaves, uint8 code, Reason reason) private {
        require(leaves.length != 0, BatchEmpty());
        emit LeavesChanged(uid, code, reason);
        for (uint256 i = 0; i < leaves.length; ++i) {
            (uint256 index, uint256 mask) = (leaves[i].wordIndex, leaves[i].mask);
            uint256 before = _lists.setMany(Uid.unwrap(uid), batch.bits, batch.size, index, mask, code);
            uint256 refused = _refused(before, batch.bits, mask, code);
            require(refused == 0, LeavesRefuse(uid, index, refused));
        }
    }

    // INTERNAL: RULES

    function _liveRecord(Uid uid) private view returns (RecordSlot r) {
        r = _records[uid];
        if (r.issuedAt() == 0) revert AttestationUnknown(uid);
        if (r.endedAt() != 0) revert AttestationEnded(uid, r.endedAt());
    }

    /// @dev Reverts unless the caller is a key of the record's issuer for its schema. Asks the trust list once for a run
    /// of records by one issuer under one schema: `cleared` is what the last answer was about, 0 for none.
    function _requireKeyOf(RecordSlot r, uint256 cleared) private view returns (uint256 by) {
        by = r.issuerAndRole();
        if (by != cleared) _TRUST_LIST.requireKey(_msgSender(), r.issuer(), r.role());
    }

    function _requireSameIssuer(RecordSlot by, RecordSlot r, Uid uid) private pure {
        require(by.issuerAndRole() == r.issuerAndRole(), IssuerMismatch(uid, by.issuer(), by.role()));
    }

    /// @dev The masked entries that may not take the code: what ended stays ended, only what is valid is suspended,
    /// only what is suspended is reinstated.
    function _refused(uint256 word, uint256 bits, uint256 mask, uint8 code) private pure returns (uint256) {
        if (code == StatusList.VALID) return mask & ~StatusList.matching(word, bits, mask, StatusList.SUSPENDED);
        uint256 valid = StatusList.matching(word, bits, mask, StatusList.VALID);
        if (bits == 1 || code == StatusList.SUSPENDED) return mask & ~valid;
        return mask & ~(valid | StatusList.matching(word, bits, mask, StatusList.SUSPENDED));
    }

    // INTERNAL: STATUS

    function _status(RecordSlot r, Attestation calldata attestation) private view returns (Status status) {
        status = _statusOfRecord(r, attestation.schema);
        if (status == Status.VALID) return _statusOfPeriod(attestation);
    }

    function _standingAtIssue(RecordSlot r, SchemaId schema) private view returns (ITrustList.Standing) {
        return _TRUST_LIST.standingOf(SchemaId.unwrap(schema), r.issuer(), r.key(), r.issuedAt());
    }

    /// @dev What the record and the trust list say: VALID when neither objects.
    function _statusOfRecord(RecordSlot r, SchemaId schema) private view returns (Status) {
        if (r.issuedAt() == 0) return Status.UNKNOWN;
        if (r.endedAt() != 0) return r.superseded() ? Status.SUPERSEDED : Status.REVOKED;
        ITrustList.Standing then = _standingAtIssue(r, schema);
        if (then != ITrustList.Standing.IN_FORCE) return _statusOfIssuer(then);
        return r.suspendedAt() == 0 ? Status.VALID : Status.SUSPENDED;
    }

    function _statusOfIssuer(ITrustList.Standing standing) private pure returns (Status) {
        if (standing == ITrustList.Standing.COMPROMISED) return Status.ISSUER_COMPROMISED;
        if (standing == ITrustList.Standing.SUSPENDED) return Status.ISSUER_SUSPENDED;
        return Status.ISSUER_WITHDRAWN;
    }

    function _statusOfPeriod(Attestation calldata attestation) private view returns (Status) {
        if (block.timestamp < attestation.validFrom) return Status.NOT_YET_VALID;
        return block.timestamp < attestation.expiresAt ? Status.VALID : Status.EXPIRED;
    }

    function _statusOfLeaf(
        Attestation calldata attestation,
        Membership calldata membership
    ) private view returns (RecordSlot r, Status status) {
        Uid uid = _uidOfMembership(attestation, membership);
        bool inBatch =
            membership.index < membership.size &&
                MerkleProof.verifyCalldata(membership.proof, membership.root, leafOf(attestation, membership.index));
        require(inBatch, LeafNotInBatch(uid, membership.index));

        r = _records[uid];
        status = _statusOfRecord(r, attestation.schema);
        if (status != Status.VALID) return (r, status);
        uint8 code = _lists.get(Uid.unwrap(uid), membership.bits, membership.size, membership.index);
        if (code == StatusList.VALID) return (r, _statusOfPeriod(attestation));
        if (code == StatusList.SUSPENDED) return (r, Status.SUSPENDED);
        return (r, code == StatusList.INVALID ? Status.REVOKED : Status.SUPERSEDED);
    }

    function _verdict(
        RecordSlot r,
        Attestation calldata attestation,
        Status status
    ) private view returns (Verdict memory verdict) {
        (verdict.status, verdict.reason) = (status, r.reason());
        if (status == Status.UNKNOWN) return verdict;
        bytes32 scope = SchemaId.unwrap(attestation.schema);
        verdict.issuerNow = _TRUST_LIST.standingOf(scope, r.issuer(), r.key(), uint40(block.timestamp));
        if (status == Status.REVOKED || status == Status.SUPERSEDED) verdict.since = r.endedAt();
        else if (status == Status.SUSPENDED) verdict.since = r.suspendedAt();
        else if (status == Status.EXPIRED) verdict.since = attestation.expiresAt;
        else if (status == Status.NOT_YET_VALID) verdict.since = r.issuedAt();
        else if (status == Status.VALID)
            verdict.since = r.issuedAt() < attestation.validFrom ? attestation.validFrom : r.issuedAt();
    }

    // INTERNAL: HASHES

    function _content(Attestation calldata attestation) private pure returns (bytes32) {
        return keccak256(abi.encode(attestation.subject, attestation.commitment, attestation.validFrom));
    }

    /// @dev A word longer than an attestation's, so that neither can be issued or presented as the other.
    function _batchUid(
        uint32 issuer,
        SchemaId schema,
        bytes32 root,
        uint32 size,
        uint8 bits
    ) private pure returns (Uid) {
        return Uid.wrap(keccak256(abi.encode(issuer, schema, root, size, bits)));
    }

    function _uidOfMembership(
        Attestation calldata attestation,
        Membership calldata membership
    ) private pure returns (Uid) {
        (uint32 issuer, SchemaId schema) = (attestation.issuer, attestation.schema);
        return _batchUid(issuer, schema, membership.root, membership.size, membership.bits);
    }

    function _hashItems(Item[] calldata items) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](items.length);
        for (uint256 i = 0; i < items.length; ++i) {
            hashes[i] = keccak256(abi.encode(_ITEM, items[i].content, items[i].expiresAt));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
