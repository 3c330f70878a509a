// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry as I} from "../../contracts/identity/IAttestationRegistry.sol";
import {Uid} from "../../contracts/identity/Uid.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {AttestationModel} from "../identity/AttestationModel.sol";

/// @title AttestationHistory
/// @notice Remembers how each record looked before each call, and notes what must never happen.
contract AttestationHistory is AttestationModel {
    bool public endedRecordChanged;
    bool public issueChanged;
    bool public strangerChangedRecord;
    bool public endedLeafChanged;

    mapping(bytes32 uid => I.Record) private _before;
    mapping(uint8 bits => mapping(uint256 wordIndex => uint256 word)) private _wordsBefore;

    constructor() {
        // What was issued at the start.
        _observe(0);
    }

    /// @notice Whether what a compromised key signed since then is VALID anywhere.
    function compromisedIsValid() external view returns (bool) {
        for (uint256 i; i < _twins.length; ++i) {
            if (!_twins[i].issued) continue;
            uint40 since = trustList.keyOf(_keys[_twins[i].key]).compromisedSince;
            if (since == 0 || _twins[i].issuedAt < since) continue;
            if (registry.statusOf(_twins[i].attestation).status == I.Status.VALID) return true;
        }
        return false;
    }

    function _observe(uint8 caller) internal override {
        for (uint256 i; i < _twins.length; ++i) _compare(caller, registry.uidOf(_twins[i].attestation));
        for (uint8 bits = 1; bits <= 2; ++bits) {
            Uid uid = registry.uidOfBatch(_batch(bits == 2));
            _compare(caller, uid);
            for (uint256 word; word < 3; ++word) _compareWord(caller, bits, word, registry.statusWord(uid, word));
        }
    }

    function _compare(uint8 caller, Uid uid) private {
        I.Record memory old = _before[Uid.unwrap(uid)];
        I.Record memory r = registry.recordOf(uid);
        bool changed = keccak256(abi.encode(old)) != keccak256(abi.encode(r));
        if (!changed) return;
        if (old.issuedAt != 0) {
            if (old.endedAt != 0) endedRecordChanged = true;
            bytes32 issue = keccak256(abi.encode(old.issuedAt, old.expiresAt, old.issuer, old.key, old.role));
            if (issue != keccak256(abi.encode(r.issuedAt, r.expiresAt, r.issuer, r.key, r.role))) issueChanged = true;
        }
        // The last of the keys is the rival's, and all records are the office's.
        if (caller == 2) strangerChangedRecord = true;
        _before[Uid.unwrap(uid)] = r;
    }

    function _compareWord(uint8 caller, uint8 bits, uint256 wordIndex, uint256 word) private {
        uint256 old = _wordsBefore[bits][wordIndex];
        if (old == word) return;
        if (caller == 2) strangerChangedRecord = true;
        for (uint256 shift; shift < 256; shift += bits) {
            uint256 entry = (old >> shift) & ((1 << bits) - 1);
            bool ended = entry == 1 || entry == 3;
            if (ended && (word >> shift) & ((1 << bits) - 1) != entry) endedLeafChanged = true;
        }
        _wordsBefore[bits][wordIndex] = word;
    }
}

contract AttestationsInvariants {
    AttestationHistory private history;

    function setUp() public {
        history = AttestationHistory(Artifact.deploy("AttestationHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_registryDoesWhatThePlainTwinSays() public {
        assert(history.agreed());
        assert(history.agrees());
    }

    function invariant_recordsOnlyGoForward() public view {
        assert(!history.endedRecordChanged());
        assert(!history.issueChanged());
        assert(!history.endedLeafChanged());
    }

    function invariant_onlyTheIssuersKeysChangeItsRecords() public view {
        assert(!history.strangerChangedRecord());
    }

    function invariant_nothingThatACompromisedKeySignedIsValid() public view {
        assert(!history.compromisedIsValid());
    }
}
