// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {StatusList} from "../ledger/StatusList.sol";
import {TransparencyLog} from "../ledger/TransparencyLog.sol";
import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";
import {Signatures} from "../trust/Signatures.sol";

import {AnchorSlot, AnchorSlots} from "./AnchorSlot.sol";
import {BatchSlot, BatchSlots} from "./BatchSlot.sol";
import {IRecordRegistry} from "./IRecordRegistry.sol";

/// @title RecordRegistry
/// @notice Anchors health records for accredited providers, keeps their versions apart, and tells how they stand.
/// @dev A batch is kept under the hash of its provider, root and size, which whoever proves a membership sends again; so a batch
/// in the log costs one slot, like any other, and its checkpoint is remembered for good.
contract RecordRegistry is IRecordRegistry, Governed, EIP712 {
    using StatusList for StatusList.Lists;
    using TransparencyLog for TransparencyLog.Logs;

    // CONSTANTS

    bytes32 private constant _PROVIDER = keccak256("diwan.role.health-provider");
    bytes32 private constant _PROFESSIONAL = keccak256("diwan.role.health-professional");
    bytes32 private constant _AUTHORSHIP = keccak256(
        "RecordAuthorship(bytes32 commitment,uint16 kind,uint32 provider,address author,uint256 deadline)"
    );
    /// @dev Bits of a member's entry in a status list.
    uint256 private constant _BITS = 2;

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(bytes32 commitment => AnchorSlot) private _records;
    mapping(bytes32 batch => BatchSlot) private _batches;
    TransparencyLog.Logs private _logs;
    StatusList.Lists private _lists;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who may anchor and sign
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan RecordRegistry", "1") {
        _TRUST_LIST = trustList;
    }

    // ANCHOR

    /// @inheritdoc IRecordRegistry
    function anchor(bytes32 commitment, uint16 kind) external whileOpen {
        (uint32 provider, uint32 key, uint8 role) = _caller();
        _anchor(commitment, AnchorSlots.anchored(block.timestamp, provider, key, role, kind, 1));
    }

    /// @inheritdoc IRecordRegistry
    function anchorAuthored(
        bytes32 commitment,
        uint16 kind,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        (uint32 provider, uint32 key, uint8 role) = _caller();
        AnchorSlot record = AnchorSlots.anchored(block.timestamp, provider, key, role, kind, 1);
        _anchor(commitment, record);
        _author(commitment, record, author, deadline, signature);
    }

    /// @inheritdoc IRecordRegistry
    function anchorMany(bytes32[] calldata commitments, uint16 kind) external whileOpen {
        (uint32 provider, uint32 key, uint8 role) = _caller();
        bytes32 log = _logOf(provider);
        uint64 first = _logs.appendMany(log, commitments);
        (uint64 size, bytes32 root) = _logs.checkpoint(log);
        // A log's size is never reached twice, so nothing is overwritten.
        _batches[_batchId(provider, true, root, size)] = BatchSlots.anchored(block.timestamp, first, key, role, kind);
        emit RecordsLogged(provider, first, size, root, kind);
    }

    /// @inheritdoc IRecordRegistry
    function anchorBatch(bytes32 root, uint64 size, uint16 kind) external whileOpen {
        require(root != 0 && size != 0, RecordBatchInvalid(root, size));
        (uint32 provider, uint32 key, uint8 role) = _caller();
        bytes32 id = _batchId(provider, false, root, size);
        BatchSlot old = _batches[id];
        require(BatchSlot.unwrap(old) == 0, RecordBatchExists(root, size, old.anchoredAt()));
        _batches[id] = BatchSlots.anchored(block.timestamp, 0, key, role, kind);
        emit RecordBatchAnchored(provider, root, size, kind);
    }

    // AMEND

    /// @inheritdoc IRecordRegistry
    function amend(bytes32 old, bytes32 next, Reason reason) external whileOpen {
        _amend(old, next, reason);
    }

    /// @inheritdoc IRecordRegistry
    function amendAuthored(
        bytes32 old,
        bytes32 next,
        Reason reason,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        _author(next, _amend(old, next, reason), author, deadline, signature);
    }

    /// @inheritdoc IRecordRegistry
    function amendMember(Member calldata old, bytes32 next, Reason reason) external whileOpen {
        _amendMember(old, next, reason);
    }

    /// @inheritdoc IRecordRegistry
    function amendMemberAuthored(
        Member calldata old,
        bytes32 next,
        Reason reason,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) external whileOpen {
        _author(next, _amendMember(old, next, reason), author, deadline, signature);
    }

    // END

    /// @inheritdoc IRecordRegistry
    function markInError(bytes32 commitment) external {
        _end(commitment, State.ENTERED_IN_ERROR, Reason.ENTERED_IN_ERROR, 0);
    }

    /// @inheritdoc IRecordRegistry
    function tombstone(bytes32[] calldata commitments, Reason reason) external {
        require(commitments.length != 0, RecordsMissing());
        uint256 cleared = 0;
        for (uint256 i = 0; i < commitments.length; ++i) cleared = _end(commitments[i], State.ERASED, reason, cleared);
    }

    /// @inheritdoc IRecordRegistry
    function endMembers(Member[] calldata members, State state, Reason reason) external {
        require(members.length != 0, RecordsMissing());
        require(state == State.ENTERED_IN_ERROR || state == State.ERASED, RecordReasonInvalid(state, reason));
        uint256 cleared = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            BatchSlot batch = _requireMember(members[i]);
            cleared = _requireKeyOf(members[i].membership.provider, batch.role(), cleared);
            _endMember(members[i], state, reason);
        }
    }

    // VIEWS

    /// @inheritdoc IRecordRegistry
    function statusOf(bytes32 commitment) external view returns (Verdict memory verdict) {
        AnchorSlot r = _records[commitment];
        if (AnchorSlot.unwrap(r) == 0) return verdict;
        (verdict.state, verdict.reason, verdict.changedAt) = (r.state(), r.reason(), r.changedAt());
        (verdict.kind, verdict.version) = (r.kind(), r.version());
        _judge(verdict, r.provider(), r.key(), r.anchoredAt());
    }

    /// @inheritdoc IRecordRegistry
    function statusOfMember(Member calldata member) external view returns (Verdict memory verdict) {
        Membership calldata m = member.membership;
        BatchSlot batch = _batches[_batchId(m.provider, m.inLog, m.root, m.size)];
        if (BatchSlot.unwrap(batch) == 0) return verdict;
        _requireProof(member, batch);
        uint8 code = _lists.get(listOf(m.provider, m.inLog, m.root, m.size), _BITS, m.size, m.index);
        verdict.state = State(code + 1);
        (verdict.kind, verdict.version) = (batch.kind(), 1);
        _judge(verdict, m.provider, batch.key(), batch.anchoredAt());
    }

    /// @inheritdoc IRecordRegistry
    function recordOf(bytes32 commitment) external view returns (Record memory) {
        return _records[commitment].unpack();
    }

    /// @inheritdoc IRecordRegistry
    function batchOf(uint32 provider, bool inLog, bytes32 root, uint64 size) external view returns (Batch memory) {
        return _batches[_batchId(provider, inLog, root, size)].unpack();
    }

    /// @inheritdoc IRecordRegistry
    function checkpointOf(uint32 provider) external view returns (uint64 size, bytes32 root) {
        return _logs.checkpoint(_logOf(provider));
    }

    /// @inheritdoc IRecordRegistry
    function statusWord(bytes32 list, uint256 wordIndex) external view returns (uint256) {
        return _lists.wordAt(list, wordIndex);
    }

    /// @inheritdoc IRecordRegistry
    function listOf(uint32 provider, bool inLog, bytes32 root, uint64 size) public pure returns (bytes32) {
        return inLog ? _logOf(provider) : _batchId(provider, false, root, size);
    }

    // INTERNAL: WRITES

    function _anchor(bytes32 commitment, AnchorSlot record) private {
        AnchorSlot old = _records[commitment];
        if (AnchorSlot.unwrap(old) != 0) revert RecordExists(commitment, old.provider(), old.anchoredAt());
        _records[commitment] = record;
        emit RecordAnchored(record.provider(), commitment, record.kind());
    }

    /// @dev The signature binds the commitment, which is anchored once: it cannot be used again.
    function _author(
        bytes32 commitment,
        AnchorSlot record,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) private {
        uint32 provider = record.provider();
        // What the professional's role is called within its body is of no use here.
        // slither-disable-next-line unused-return
        (uint32 body, uint32 key, ) = _TRUST_LIST.requireAccredited(_PROFESSIONAL, author);
        bytes32 signed = keccak256(abi.encode(_AUTHORSHIP, commitment, record.kind(), provider, author, deadline));
        Signatures.requireValid(author, _hashTypedDataV4(signed), signature, deadline);
        emit RecordAuthored(provider, commitment, body, key);
    }

    function _amend(bytes32 old, bytes32 next, Reason reason) private returns (AnchorSlot record) {
        (uint32 provider, uint32 key, uint8 role) = _caller();
        AnchorSlot r = _changeable(old, State.SUPERSEDED, reason);
        require(r.provider() == provider, RecordOfAnotherProvider(old, r.provider(), provider));
        uint16 version = r.version();
        require(version != type(uint16).max, RecordVersionsExhausted(old));
        ++version;

        record = AnchorSlots.anchored(block.timestamp, provider, key, role, r.kind(), version);
        _records[old] = r.changed(block.timestamp, State.SUPERSEDED, reason);
        _anchor(next, record);
        emit RecordAmended(provider, old, next, version, reason);
    }

    function _amendMember(Member calldata old, bytes32 next, Reason reason) private returns (AnchorSlot record) {
        (uint32 provider, uint32 key, uint8 role) = _caller();
        (bytes32 commitment, uint32 owner) = (old.commitment, old.membership.provider);
        require(owner == provider, RecordOfAnotherProvider(commitment, owner, provider));
        BatchSlot batch = _requireMember(old);
        require(next != commitment, RecordExists(next, provider, batch.anchoredAt()));

        record = AnchorSlots.anchored(block.timestamp, provider, key, role, batch.kind(), 2);
        _endMember(old, State.SUPERSEDED, reason);
        _anchor(next, record);
        emit RecordAmended(provider, commitment, next, 2, reason);
    }

    function _end(bytes32 commitment, State state, Reason reason, uint256 cleared) private returns (uint256) {
        AnchorSlot r = _changeable(commitment, state, reason);
        cleared = _requireKeyOf(r.provider(), r.role(), cleared);
        _records[commitment] = r.changed(block.timestamp, state, reason);
        emit RecordEnded(r.provider(), commitment, state, reason);
        return cleared;
    }

    /// @dev Of a member that was proved.
    function _endMember(Member calldata member, State state, Reason reason) private {
        Membership calldata m = member.membership;
        bytes32 list = listOf(m.provider, m.inLog, m.root, m.size);
        uint8 old = _lists.set(list, _BITS, m.size, m.index, uint8(state) - 1);
        _requireChange(member.commitment, State(old + 1), state, reason);
        emit MemberEnded(m.provider, member.commitment, list, m.index, state, reason);
    }

    // INTERNAL: RULES

    /// @dev The caller's provider, key and role; reverts unless the key is accredited now.
    function _caller() private view returns (uint32 provider, uint32 key, uint8 role) {
        return _TRUST_LIST.requireAccredited(_PROVIDER, _msgSender());
    }

    /// @dev Whose key and role were found good is remembered, 0 for none, and not asked about again.
    function _requireKeyOf(uint32 provider, uint8 role, uint256 cleared) private view returns (uint256 by) {
        by = (uint256(provider) << 8) | role;
        if (by != cleared) _TRUST_LIST.requireKey(_msgSender(), provider, role);
    }

    /// @dev The record, where it may come into the state for the reason.
    function _changeable(bytes32 commitment, State state, Reason reason) private view returns (AnchorSlot r) {
        r = _records[commitment];
        require(AnchorSlot.unwrap(r) != 0, RecordUnknown(commitment));
        _requireChange(commitment, r.state(), state, reason);
    }

    function _requireChange(bytes32 commitment, State from, State to, Reason reason) private pure {
        bool isErasure = to == State.ERASED;
        bool isOpen = from == State.CURRENT || (isErasure && from != State.ERASED);
        require(isOpen, RecordStateRefuses(commitment, from, to));
        bool fits =
            isErasure
                ? reason >= Reason.ERASURE_REQUESTED
                : to == State.ENTERED_IN_ERROR
                    ? reason == Reason.ENTERED_IN_ERROR
                    : reason == Reason.AMENDED || reason == Reason.RECTIFIED;
        require(fits, RecordReasonInvalid(to, reason));
    }

    function _requireMember(Member calldata member) private view returns (BatchSlot batch) {
        Membership calldata m = member.membership;
        batch = _batches[_batchId(m.provider, m.inLog, m.root, m.size)];
        require(BatchSlot.unwrap(batch) != 0, RecordBatchUnknown(m.provider, m.inLog, m.root, m.size));
        _requireProof(member, batch);
    }

    /// @dev An entry of the log is proved by the checkpoint of its own batch, which tells when and by whom it was anchored.
    function _requireProof(Member calldata member, BatchSlot batch) private pure {
        Membership calldata m = member.membership;
        bytes32 leaf = TransparencyLog.leafHash(member.commitment);
        require(
            m.index >= batch.first() && TransparencyLog.verifyInclusion(leaf, m.index, m.size, m.path, m.root),
            RecordNotMember(member.commitment, m.root, m.index)
        );
    }

    function _judge(Verdict memory verdict, uint32 provider, uint32 key, uint40 time) private view {
        (verdict.provider, verdict.key, verdict.anchoredAt) = (provider, key, time);
        verdict.standing = _TRUST_LIST.standingOf(_PROVIDER, provider, key, time);
        verdict.standingNow = _TRUST_LIST.standingOf(_PROVIDER, provider, key, uint40(block.timestamp));
    }

    // INTERNAL: IDS

    function _logOf(uint32 provider) private pure returns (bytes32) {
        return bytes32(uint256(provider));
    }

    function _batchId(uint32 provider, bool inLog, bytes32 root, uint64 size) private pure returns (bytes32) {
        return keccak256(abi.encode(provider, inLog, root, size));
    }
}
