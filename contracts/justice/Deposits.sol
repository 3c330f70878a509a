// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {TransparencyLog} from "../ledger/TransparencyLog.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {DepositSlot, DepositSlots} from "./DepositSlot.sol";
import {Exhibits} from "./Exhibits.sol";
import {ExhibitSlot, ExhibitSlots} from "./ExhibitSlot.sol";
import {IEvidenceRegistry} from "./IEvidenceRegistry.sol";

/// @title Deposits
/// @notice Takes exhibits, alone or with others, and tells how they stand.
/// @dev A batch is kept under the hash of its depositor, root and size, which whoever proves a membership sends again; so a batch
/// in the log costs one slot, like any other, and its checkpoint is remembered for good.
/// The council's stop holds what comes in numbers, `depositMany`, and no other deposit: evidence that is not secured when it is found
/// is lost, and nobody should be able to see to that by closing the register. A custodian or a tool is stopped in the trust list.
abstract contract Deposits is Exhibits {
    using TransparencyLog for TransparencyLog.Logs;

    // DEPOSIT

    /// @inheritdoc IEvidenceRegistry
    function deposit(uint32 tool, bytes32 commitment, bytes4 caseTag) external {
        (uint32 body, uint32 key, uint8 role) = _depositorWith(tool);
        Entry storage entry = _free(commitment);
        entry.slot = ExhibitSlots.deposited(block.timestamp, body, key, role, tool);
        emit ExhibitDeposited(commitment, body, tool, caseTag);
    }

    /// @inheritdoc IEvidenceRegistry
    function depositMany(uint32 tool, bytes32[] calldata commitments, bytes4 caseTag) external whileOpen {
        (uint32 body, uint32 key, uint8 role) = _depositorWith(tool);
        bytes32 log = _logOf(body);
        uint64 first = _logs.appendMany(log, commitments);
        (uint64 size, bytes32 root) = _logs.checkpoint(log);
        // A log's size is never reached twice, so nothing is overwritten.
        _deposits[batchIdOf(body, true, root, size)] = DepositSlots.deposited(
            block.timestamp,
            body,
            first,
            key,
            role,
            tool
        );
        emit ExhibitsLogged(body, first, size, root, tool, caseTag);
    }

    /// @inheritdoc IEvidenceRegistry
    function depositBatch(uint32 tool, bytes32 root, uint64 size, bytes4 caseTag) external {
        require(root != 0 && size != 0, ExhibitBatchInvalid(root, size));
        (uint32 body, uint32 key, uint8 role) = _depositorWith(tool);
        bytes32 id = batchIdOf(body, false, root, size);
        DepositSlot old = _deposits[id];
        require(DepositSlot.unwrap(old) == 0, ExhibitBatchExists(root, size, old.depositedAt()));
        _deposits[id] = DepositSlots.deposited(block.timestamp, body, 0, key, role, tool);
        emit ExhibitBatchDeposited(body, root, size, tool, caseTag);
    }

    /// @inheritdoc IEvidenceRegistry
    function singleOut(BatchedExhibit calldata member) external {
        bytes32 commitment = member.commitment;
        Place calldata p = member.place;
        (bytes32 id, DepositSlot batch) = _batchOf(p);
        require(DepositSlot.unwrap(batch) != 0, ExhibitBatchUnknown(p.depositor, p.inLog, p.root, p.size));
        _TRUST_LIST.requireKey(_msgSender(), batch.depositor(), batch.role());
        _requireMember(member, batch);
        _free(commitment).slot = _exhibitOf(batch);
        emit ExhibitSingledOut(commitment, id, p.index);
    }

    // VIEWS

    /// @inheritdoc IEvidenceRegistry
    function statusOf(bytes32 commitment) external view returns (Verdict memory verdict) {
        ExhibitSlot exhibit = _exhibits[commitment].slot;
        if (ExhibitSlot.unwrap(exhibit) != 0) _judge(verdict, exhibit);
    }

    /// @inheritdoc IEvidenceRegistry
    function statusOfMember(BatchedExhibit calldata member) external view returns (Verdict memory verdict) {
        // The id is of no use here.
        // slither-disable-next-line unused-return
        (, DepositSlot batch) = _batchOf(member.place);
        if (DepositSlot.unwrap(batch) == 0) return verdict;
        _requireMember(member, batch);
        ExhibitSlot exhibit = _exhibits[member.commitment].slot;
        // The same commitment may stand elsewhere too: only a slot of this batch's time, depositor, key and tool was made of it.
        ExhibitSlot fresh = _exhibitOf(batch);
        bool isSingledOut = uint136(ExhibitSlot.unwrap(exhibit)) == uint136(ExhibitSlot.unwrap(fresh));
        _judge(verdict, isSingledOut ? exhibit : fresh);
    }

    /// @inheritdoc IEvidenceRegistry
    function depositOf(bytes32 batch) external view returns (Deposit memory) {
        return _deposits[batch].unpack();
    }

    /// @inheritdoc IEvidenceRegistry
    function checkpointOf(uint32 depositor) external view returns (uint64 size, bytes32 root) {
        return _logs.checkpoint(_logOf(depositor));
    }

    /// @inheritdoc IEvidenceRegistry
    function batchIdOf(uint32 depositor, bool inLog, bytes32 root, uint64 size) public pure returns (bytes32) {
        return keccak256(abi.encode(depositor, inLog, root, size));
    }

    // INTERNAL

    /// @dev The caller's body, key and role; reverts unless it and the tool are accredited now.
    function _depositorWith(uint32 tool) private view returns (uint32 body, uint32 key, uint8 role) {
        (body, key, role) = _TRUST_LIST.requireAccredited(_CUSTODIAN, _msgSender());
        ITrustList.Standing standing = _TRUST_LIST.standingOf(_CAPTURE_TOOL, tool, 0, uint40(block.timestamp));
        if (standing != ITrustList.Standing.IN_FORCE) revert CaptureToolNotAccredited(tool, standing);
    }

    /// @dev Where an exhibit goes; reverts when there is one.
    function _free(bytes32 commitment) private view returns (Entry storage entry) {
        entry = _exhibits[commitment];
        ExhibitSlot old = entry.slot;
        if (ExhibitSlot.unwrap(old) != 0) revert ExhibitExists(commitment, old.depositor(), old.depositedAt());
    }

    function _batchOf(Place calldata place) private view returns (bytes32 id, DepositSlot batch) {
        id = batchIdOf(place.depositor, place.inLog, place.root, place.size);
        batch = _deposits[id];
    }

    /// @dev An entry of the log is proved by the checkpoint of its own batch, which tells when and by whom it was deposited.
    function _requireMember(BatchedExhibit calldata member, DepositSlot batch) private pure {
        Place calldata p = member.place;
        bytes32 leaf = TransparencyLog.leafHash(member.commitment);
        require(
            p.index >= batch.first() && TransparencyLog.verifyInclusion(leaf, p.index, p.size, p.path, p.root),
            ExhibitNotMember(member.commitment, p.root, p.index)
        );
    }

    function _exhibitOf(DepositSlot batch) private pure returns (ExhibitSlot) {
        return ExhibitSlots.deposited(batch.depositedAt(), batch.depositor(), batch.key(), batch.role(), batch.tool());
    }

    function _judge(Verdict memory verdict, ExhibitSlot exhibit) private view {
        verdict.exhibit = exhibit.unpack();
        (uint40 time, uint40 present) = (exhibit.depositedAt(), uint40(block.timestamp));
        (uint32 body, uint32 key, uint32 tool) = (exhibit.depositor(), exhibit.key(), exhibit.tool());
        verdict.standing = _TRUST_LIST.standingOf(_CUSTODIAN, body, key, time);
        verdict.standingNow = _TRUST_LIST.standingOf(_CUSTODIAN, body, key, present);
        verdict.toolStanding = _TRUST_LIST.standingOf(_CAPTURE_TOOL, tool, 0, time);
        verdict.toolStandingNow = _TRUST_LIST.standingOf(_CAPTURE_TOOL, tool, 0, present);
    }

    function _logOf(uint32 depositor) private pure returns (bytes32) {
        return bytes32(uint256(depositor));
    }
}
