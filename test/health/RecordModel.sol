// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRecordRegistry as I} from "../../contracts/health/IRecordRegistry.sol";
import {PlainLog} from "../ledger/PlainLog.sol";

/// @title RecordModel
/// @notice Health records as the interface's text has them: fields, not words, in lists that are searched by loops.
/// @dev No code is shared with the registry. Each step tells the error that the registry must meet, 0 for none.
contract RecordModel {
    struct Twin {
        bytes32 commitment;
        uint32 provider;
        uint32 key;
        uint16 kind;
        uint16 version;
        uint40 anchoredAt;
        uint40 changedAt;
        I.State state;
        I.Reason reason;
    }

    /// @dev Records anchored together: all entries of their tree up to theirs, and each one's state from `first` on.
    struct Run {
        uint32 provider;
        bool inLog;
        uint32 key;
        uint16 kind;
        uint40 anchoredAt;
        uint256 first;
        bytes32[] entries;
        I.State[] states;
    }

    Twin[] private _twins;
    Run[] private _runs;
    mapping(uint32 provider => bytes32[]) private _logs;

    // STEPS

    function anchor(uint32 provider, uint32 key, bytes32 commitment, uint16 kind) external returns (bytes4) {
        if (find(commitment) != _twins.length) return I.RecordExists.selector;
        _push(provider, key, commitment, kind, 1);
        return 0;
    }

    function anchorMany(uint32 provider, uint32 key, bytes32[] calldata commitments, uint16 kind) external {
        Run storage run = _push(provider, key, kind, true);
        run.first = _logs[provider].length;
        for (uint256 i; i < commitments.length; ++i) {
            _logs[provider].push(commitments[i]);
            run.states.push(I.State.CURRENT);
        }
        run.entries = _logs[provider];
    }

    function anchorBatch(
        uint32 provider,
        uint32 key,
        bytes32[] calldata commitments,
        uint16 kind
    ) external returns (bytes4) {
        bytes32 root = PlainLog.root(commitments);
        for (uint256 i; i < _runs.length; ++i) {
            Run storage other = _runs[i];
            bool same = other.provider == provider && !other.inLog && other.entries.length == commitments.length;
            if (same && PlainLog.root(other.entries) == root) return I.RecordBatchExists.selector;
        }
        Run storage run = _push(provider, key, kind, false);
        run.entries = commitments;
        for (uint256 i; i < commitments.length; ++i) run.states.push(I.State.CURRENT);
        return 0;
    }

    function amend(uint32 provider, uint32 key, bytes32 old, bytes32 next, I.Reason reason) external returns (bytes4) {
        uint256 at = find(old);
        if (at == _twins.length) return I.RecordUnknown.selector;
        bytes4 refusal = _refusal(_twins[at].state, I.State.SUPERSEDED, reason);
        if (refusal != 0) return refusal;
        if (_twins[at].provider != provider) return I.RecordOfAnotherProvider.selector;
        if (find(next) != _twins.length) return I.RecordExists.selector;
        _change(at, I.State.SUPERSEDED, reason);
        _push(provider, key, next, _twins[at].kind, _twins[at].version + 1);
        return 0;
    }

    function end(uint32 provider, bytes32 commitment, I.State state, I.Reason reason) external returns (bytes4) {
        uint256 at = find(commitment);
        if (at == _twins.length) return I.RecordUnknown.selector;
        bytes4 refusal = _refusal(_twins[at].state, state, reason);
        if (refusal != 0) return refusal;
        if (_twins[at].provider != provider) return bytes4("key");
        _change(at, state, reason);
        return 0;
    }

    function amendMember(
        uint32 provider,
        uint32 key,
        uint256 run,
        uint256 offset,
        bytes32 next,
        I.Reason reason
    ) external returns (bytes4) {
        Run storage r = _runs[run];
        if (r.provider != provider) return I.RecordOfAnotherProvider.selector;
        if (next == r.entries[r.first + offset]) return I.RecordExists.selector;
        bytes4 refusal = _refusal(r.states[offset], I.State.SUPERSEDED, reason);
        if (refusal != 0) return refusal;
        if (find(next) != _twins.length) return I.RecordExists.selector;
        r.states[offset] = I.State.SUPERSEDED;
        _push(provider, key, next, r.kind, 2);
        return 0;
    }

    function endMember(
        uint32 provider,
        uint256 run,
        uint256 offset,
        I.State state,
        I.Reason reason
    ) external returns (bytes4) {
        Run storage r = _runs[run];
        if (state != I.State.ENTERED_IN_ERROR && state != I.State.ERASED) return I.RecordReasonInvalid.selector;
        if (r.provider != provider) return bytes4("key");
        bytes4 refusal = _refusal(r.states[offset], state, reason);
        if (refusal != 0) return refusal;
        r.states[offset] = state;
        return 0;
    }

    // VIEWS

    function twins() external view returns (Twin[] memory) {
        return _twins;
    }

    function runs() external view returns (uint256) {
        return _runs.length;
    }

    function runAt(uint256 i) external view returns (Run memory) {
        return _runs[i];
    }

    /// @dev Where it is among the twins, or their number.
    function find(bytes32 commitment) public view returns (uint256 i) {
        while (i < _twins.length && _twins[i].commitment != commitment) ++i;
    }

    function memberOf(uint256 run, uint256 offset) external view returns (I.Member memory) {
        Run storage r = _runs[run];
        uint256 index = r.first + offset;
        return
            I.Member(
                r.entries[index],
                I.Membership({
                    provider: r.provider,
                    inLog: r.inLog,
                    root: PlainLog.root(r.entries),
                    size: uint64(r.entries.length),
                    index: uint64(index),
                    path: PlainLog.path(index, r.entries)
                })
            );
    }

    // INTERNAL

    /// @dev A table, a row a state: which it may become.
    function _refusal(I.State from, I.State to, I.Reason reason) private pure returns (bytes4) {
        bool[5][5] memory may;
        may[uint8(I.State.CURRENT)] = [false, false, true, true, true];
        may[uint8(I.State.SUPERSEDED)][uint8(I.State.ERASED)] = true;
        may[uint8(I.State.ENTERED_IN_ERROR)][uint8(I.State.ERASED)] = true;
        if (!may[uint8(from)][uint8(to)]) return I.RecordStateRefuses.selector;

        I.State[7] memory into;
        into[uint8(I.Reason.AMENDED)] = I.State.SUPERSEDED;
        into[uint8(I.Reason.RECTIFIED)] = I.State.SUPERSEDED;
        into[uint8(I.Reason.ENTERED_IN_ERROR)] = I.State.ENTERED_IN_ERROR;
        into[uint8(I.Reason.ERASURE_REQUESTED)] = I.State.ERASED;
        into[uint8(I.Reason.RETENTION_ENDED)] = I.State.ERASED;
        into[uint8(I.Reason.ORDERED)] = I.State.ERASED;
        return into[uint8(reason)] == to ? bytes4(0) : I.RecordReasonInvalid.selector;
    }

    function _change(uint256 at, I.State state, I.Reason reason) private {
        (_twins[at].state, _twins[at].reason, _twins[at].changedAt) = (state, reason, uint40(block.timestamp));
    }

    function _push(uint32 provider, uint32 key, bytes32 commitment, uint16 kind, uint16 version) private {
        Twin storage twin = _twins.push();
        (twin.commitment, twin.provider, twin.key, twin.kind) = (commitment, provider, key, kind);
        (twin.version, twin.anchoredAt, twin.state) = (version, uint40(block.timestamp), I.State.CURRENT);
    }

    function _push(uint32 provider, uint32 key, uint16 kind, bool inLog) private returns (Run storage run) {
        run = _runs.push();
        (run.provider, run.key, run.kind, run.inLog) = (provider, key, kind, inLog);
        run.anchoredAt = uint40(block.timestamp);
    }
}
