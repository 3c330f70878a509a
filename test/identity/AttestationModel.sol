// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AttestationRegistry} from "../../contracts/identity/AttestationRegistry.sol";
import {IAttestationReceiver} from "../../contracts/identity/IAttestationReceiver.sol";
import {IAttestationRegistry as I} from "../../contracts/identity/IAttestationRegistry.sol";
import {SchemaId} from "../../contracts/identity/SchemaId.sol";
import {Uid} from "../../contracts/identity/Uid.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";
import {Receiver} from "./Receiver.sol";

/// @title AttestationModel
/// @notice Does anything with a registry, and keeps beside it a plain twin that says what should have come of it.
/// @dev An office of two keys under a ministry issues; a rival body tries to interfere. The twin is written from the
/// interface's text: structs in storage, loops over all that was ever decided, no packing. `agreed` turns false for good
/// when the registry did what the twin says it should not have, or the reverse. Times are kept here, since the compiler
/// may read `block.timestamp` only once.
contract AttestationModel {
    struct Twin {
        bool issued;
        uint8 key;
        uint40 issuedAt;
        uint40 endedAt;
        uint40 suspendedAt;
        I.Reason reason;
        bool superseded;
        I.Attestation attestation;
    }

    struct Decided {
        uint40 time;
        uint40 from;
        uint40 until;
        ITrustList.Decision decision;
    }

    SchemaId internal constant SCHEMA = SchemaId.wrap("schema");
    uint40 internal constant NO_END = type(uint40).max;
    address private constant MINISTER = address(0x1001);
    address private constant CLERK = address(0x1002);
    /// @dev Leaves of each batch, of which two are known by their content; the others are entries alone.
    uint32 private constant SIZE = 300;
    uint32 private constant FIRST = 5;
    uint32 private constant SECOND = 290;

    AttestationRegistry public immutable registry;
    TrustList public immutable trustList;
    Receiver private immutable _receiver = new Receiver();
    bool public agreed = true;
    uint40 public time = 1_800_000_000;

    uint32 private _ministry;
    uint32 internal _office;
    address[3] internal _keys;
    uint40[2] private _compromised;
    Decided[] private _ofMinistry;
    Decided[] private _ofOffice;
    Twin[] internal _twins;
    /// @dev The batches' own records, of one- and two-bit lists; their attestations are those of the two leaves.
    Twin[2] private _batches;
    I.Attestation[2] private _leaves;
    uint8[300][2] private _entries;

    constructor() {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        trustList = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = AttestationRegistry(
            Artifact.deploy("AttestationRegistry", abi.encode(address(manager), trustList, relays))
        );

        _ministry = trustList.registerBody(MINISTER, "");
        _office = trustList.registerBody(CLERK, "");
        uint32 rival = trustList.registerBody(CLERK, "");
        trustList.accredit(SchemaId.unwrap(SCHEMA), 0, _ministry, 0, NO_END, 1, "");
        trustList.accredit(SchemaId.unwrap(SCHEMA), 0, rival, 0, NO_END, 0, "");
        vm.prank(MINISTER);
        trustList.accredit(SchemaId.unwrap(SCHEMA), _ministry, _office, 0, NO_END, 0, "");
        _ofMinistry.push(Decided(time, 0, NO_END, ITrustList.Decision.ACCREDITED));
        _ofOffice.push(Decided(time, 0, NO_END, ITrustList.Decision.ACCREDITED));
        _keys = [_authorize(_office, 1), _authorize(_office, 2), _authorize(rival, 3)];

        for (uint256 i; i < 2; ++i) {
            _leaves[i] = I.Attestation(_office, SCHEMA, bytes32(i), "leaf", time + 50, time + 500);
        }
        bytes32 root = _root();
        for (uint8 bits = 1; bits <= 2; ++bits) {
            vm.prank(_keys[0]);
            registry.attestBatch(SCHEMA, root, SIZE, bits);
            (_batches[bits - 1].issued, _batches[bits - 1].issuedAt) = (true, time);
        }
    }

    // TIME AND TRUST

    function pass(uint8 seconds_) external {
        time += seconds_;
        vm.warp(time);
    }

    function decideOnOffice(uint8 pick, uint8 startsIn, uint8 endsIn) external {
        vm.warp(time);
        _decide(_ofOffice, MINISTER, _office, pick, startsIn, endsIn);
    }

    function decideOnMinistry(uint8 pick) external {
        vm.warp(time);
        // Its grant itself stays as it is: what a narrower one does to those below is the trust list's matter.
        _decide(_ofMinistry, address(this), _ministry, pick % 2, 0, 0);
    }

    function reportCompromise(uint8 pick, uint16 ago) external {
        vm.warp(time);
        uint8 key = pick % 2;
        vm.prank(CLERK);
        try trustList.reportCompromise(_keys[key], time - ago) {
            _compromised[key] = time - ago;
        } catch {}
    }

    // ATTESTATIONS

    function attest(uint8 key, uint8 startsIn, uint8 endsIn) external {
        vm.warp(time);
        Twin storage twin = _newTwin(key % 2, startsIn, endsIn);
        I.Attestation memory a = twin.attestation;
        twin.issued = _expect(
            key % 2,
            abi.encodeCall(registry.attest, (SCHEMA, _contentOf(a), a.expiresAt)),
            _mayEnter(key % 2) && a.expiresAt > time
        );
    }

    function attestAndCall(uint8 key, uint8 startsIn, uint8 endsIn, bytes4 answer) external {
        vm.warp(time);
        // Rightly for one in two; what it was told is checked when it took it.
        bool takes = uint32(answer) % 2 == 0 || answer == IAttestationReceiver.onAttested.selector;
        if (takes) answer = IAttestationReceiver.onAttested.selector;
        _receiver.set(answer, address(0), "");
        Twin storage twin = _newTwin(key % 2, startsIn, endsIn);
        I.Attestation memory a = twin.attestation;
        (bytes32 content, bytes memory data) = (_contentOf(a), abi.encode(answer));
        bytes memory call = abi.encodeCall(registry.attestAndCall, (SCHEMA, content, a.expiresAt, _receiver, data));
        twin.issued = _expect(key % 2, call, takes && _mayEnter(key % 2) && a.expiresAt > time);
        if (!twin.issued) return;
        Uid uid = registry.uidOf(a);
        bytes32 told = keccak256(abi.encode(_keys[key % 2], uid, SCHEMA, _office, content, a.expiresAt, data));
        if (_receiver.told() != told) agreed = false;
    }

    function supersede(uint8 caller, uint8 pick, uint8 endsIn, uint8 why) external {
        vm.warp(time);
        if (_twins.length == 0) return;
        Twin storage old = _twins[pick % _twins.length];
        Uid uid = registry.uidOf(old.attestation);
        Twin storage twin = _newTwin(caller % 3, 0, endsIn);
        I.Attestation memory a = twin.attestation;
        I.Replacement memory replacement = I.Replacement(uid, _contentOf(a), a.expiresAt);
        bool fine = _isLive(old) && _mayEnter(caller % 3) && a.expiresAt > time;
        bytes memory call = abi.encodeCall(registry.supersede, (SCHEMA, replacement, _reason(why)));
        if (!_expect(caller % 3, call, fine)) return;
        twin.issued = true;
        (old.endedAt, old.reason, old.superseded) = (time, _reason(why), true);
    }

    function revoke(uint8 caller, uint8 pick, uint8 why) external {
        vm.warp(time);
        if (_twins.length == 0) return;
        Twin storage twin = _twins[pick % _twins.length];
        _revoke(caller % 3, twin, registry.uidOf(twin.attestation), _reason(why));
    }

    function suspend(uint8 caller, uint8 pick, uint8 why) external {
        vm.warp(time);
        if (_twins.length == 0) return;
        Twin storage twin = _twins[pick % _twins.length];
        _suspend(caller % 3, twin, registry.uidOf(twin.attestation), _reason(why));
    }

    function reinstate(uint8 caller, uint8 pick, uint8 why) external {
        vm.warp(time);
        if (_twins.length == 0) return;
        Twin storage twin = _twins[pick % _twins.length];
        _reinstate(caller % 3, twin, registry.uidOf(twin.attestation), _reason(why));
    }

    // BATCHES AND THEIR LEAVES

    function changeBatch(uint8 caller, bool two, uint8 pick, uint8 why) external {
        vm.warp(time);
        Uid uid = registry.uidOfBatch(_batch(two));
        Twin storage twin = _batches[two ? 1 : 0];
        if (pick < 100) _suspend(caller % 3, twin, uid, _reason(why));
        else if (pick < 250) _reinstate(caller % 3, twin, uid, _reason(why));
        else _revoke(caller % 3, twin, uid, _reason(why));
    }

    function changeLeaves(uint8 caller, bool two, uint8 word, uint256 chosen, uint8 code) external {
        vm.warp(time);
        uint8 bits = two ? 2 : 1;
        uint8[300] storage entries = _entries[bits - 1];
        Twin storage batch = _batches[bits - 1];
        code %= two ? 5 : 2;
        uint256 wordIndex = word % (two ? 4 : 3);

        (uint256 mask, uint256 refused, bool inside) = _select(bits, wordIndex, chosen, code);
        I.Leaves[] memory leaves = new I.Leaves[](1);
        leaves[0] = I.Leaves(wordIndex, mask);
        I.Reason why = I.Reason.UNSPECIFIED;
        bool fine = _isLive(batch) && inside && mask != 0;
        bytes memory call;
        if (code == 0) {
            fine = fine && two && _mayEnter(caller % 3);
            call = abi.encodeCall(registry.reinstateLeaves, (_batch(two), leaves, why));
        } else {
            fine = fine && code < (two ? 4 : 2) && _mayExit(caller % 3);
            call = abi.encodeCall(registry.markLeaves, (_batch(two), leaves, code, why));
        }
        if (fine && refused != 0) {
            // All else being right, the entries that refuse are named exactly.
            vm.prank(_keys[caller % 3]);
            (bool done, bytes memory error) = address(registry).call(call);
            bytes memory expected = abi.encodeWithSelector(
                I.LeavesRefuse.selector,
                registry.uidOfBatch(_batch(two)),
                wordIndex,
                refused
            );
            if (done || keccak256(error) != keccak256(expected)) agreed = false;
            _observe(caller % 3);
        } else if (_expect(caller % 3, call, fine)) {
            for (uint256 i; i < SIZE; ++i) {
                if (_isMeant(bits, wordIndex, mask, i)) entries[i] = code;
            }
        }
    }

    // COMPARE

    /// @notice Whether all records, words and verdicts are those of the twin, now.
    function agrees() external returns (bool) {
        vm.warp(time);
        for (uint256 i; i < _twins.length; ++i) {
            Twin storage twin = _twins[i];
            if (!_sameRecord(twin, registry.uidOf(twin.attestation), twin.attestation.expiresAt)) return false;
            I.Status status = _statusOf(twin, 0, twin.attestation);
            if (!_sameVerdict(registry.statusOf(twin.attestation), twin, twin.attestation, status, false)) return false;
            try registry.requireValid(twin.attestation) {
                if (status != I.Status.VALID) return false;
            } catch {
                if (status == I.Status.VALID) return false;
            }
        }
        for (uint8 bits = 1; bits <= 2; ++bits) {
            Twin storage batch = _batches[bits - 1];
            Uid uid = registry.uidOfBatch(_batch(bits == 2));
            if (!_sameRecord(batch, uid, NO_END)) return false;
            for (uint256 word; word < 4; ++word) {
                if (registry.statusWord(uid, word) != _word(bits, word)) return false;
            }
            for (uint256 i; i < 2; ++i) if (!_sameLeaf(bits, i)) return false;
        }
        return true;
    }

    function _sameLeaf(uint8 bits, uint256 i) private view returns (bool) {
        Twin storage batch = _batches[bits - 1];
        I.Attestation memory a = _leaves[i];
        I.Membership memory membership = I.Membership(_root(), SIZE, bits, i == 0 ? FIRST : SECOND, new bytes32[](1));
        membership.proof[0] = _leafOf(1 - i);
        I.Status status = _statusOf(batch, _entries[bits - 1][membership.index], a);
        if (!_sameVerdict(registry.statusOfLeaf(a, membership), batch, a, status, true)) return false;
        try registry.requireValidLeaf(a, membership) {
            return status == I.Status.VALID;
        } catch {
            return status != I.Status.VALID;
        }
    }

    function _sameRecord(Twin storage twin, Uid uid, uint40 expiresAt) private view returns (bool) {
        I.Record memory r = registry.recordOf(uid);
        if (!twin.issued) return keccak256(abi.encode(r)) == keccak256(new bytes(288));
        bool times = r.issuedAt == twin.issuedAt && r.endedAt == twin.endedAt && r.suspendedAt == twin.suspendedAt;
        bool issuer = r.issuer == _office && r.key == twin.key + 1 && r.role == 0;
        return
            times && issuer && r.expiresAt == expiresAt && r.reason == twin.reason && r.superseded == twin.superseded;
    }

    function _sameVerdict(
        I.Verdict memory verdict,
        Twin storage twin,
        I.Attestation memory a,
        I.Status status,
        bool leaf
    ) private view returns (bool) {
        if (verdict.status != status) return false;
        if (status == I.Status.UNKNOWN) return verdict.since == 0 && uint8(verdict.issuerNow) == 0;
        ITrustList.Standing today = _standingAt(twin.key, time);
        bool byRecord = !leaf || twin.endedAt != 0 || twin.suspendedAt != 0;
        I.Reason reason = byRecord ? twin.reason : I.Reason.UNSPECIFIED;
        return verdict.issuerNow == today && verdict.reason == reason && verdict.since == _since(twin, a, status);
    }

    function _since(Twin storage twin, I.Attestation memory a, I.Status status) private view returns (uint40) {
        if (status == I.Status.REVOKED || status == I.Status.SUPERSEDED) return twin.endedAt;
        if (status == I.Status.SUSPENDED) return twin.suspendedAt;
        if (status == I.Status.EXPIRED) return a.expiresAt;
        if (status == I.Status.NOT_YET_VALID) return twin.issuedAt;
        if (status == I.Status.VALID) return a.validFrom > twin.issuedAt ? a.validFrom : twin.issuedAt;
        return 0;
    }

    function _statusOf(Twin storage twin, uint8 entry, I.Attestation memory a) private view returns (I.Status) {
        if (!twin.issued) return I.Status.UNKNOWN;
        if (twin.endedAt != 0) return twin.superseded ? I.Status.SUPERSEDED : I.Status.REVOKED;
        ITrustList.Standing then = _standingAt(twin.key, twin.issuedAt);
        if (then == ITrustList.Standing.COMPROMISED) return I.Status.ISSUER_COMPROMISED;
        if (then == ITrustList.Standing.SUSPENDED) return I.Status.ISSUER_SUSPENDED;
        if (then != ITrustList.Standing.IN_FORCE) return I.Status.ISSUER_WITHDRAWN;
        if (twin.suspendedAt != 0) return I.Status.SUSPENDED;
        if (entry != 0) return [I.Status.REVOKED, I.Status.SUSPENDED, I.Status.SUPERSEDED][entry - 1];
        if (time < a.validFrom) return I.Status.NOT_YET_VALID;
        return time < a.expiresAt ? I.Status.VALID : I.Status.EXPIRED;
    }

    // THE TWIN'S RULES

    function _standingAt(uint8 key, uint40 t) private view returns (ITrustList.Standing) {
        if (_compromised[key] != 0 && t >= _compromised[key]) return ITrustList.Standing.COMPROMISED;
        ITrustList.Standing own = _standingOf(_ofOffice, t);
        return own == ITrustList.Standing.IN_FORCE ? _standingOf(_ofMinistry, t) : own;
    }

    function _standingOf(Decided[] storage history, uint40 t) private view returns (ITrustList.Standing standing) {
        for (uint256 i; i < history.length; ++i) {
            Decided storage d = history[i];
            if (d.time > t) break;
            if (d.decision == ITrustList.Decision.SUSPENDED) standing = ITrustList.Standing.SUSPENDED;
            else if (d.decision == ITrustList.Decision.WITHDRAWN) standing = ITrustList.Standing.WITHDRAWN;
            else if (t < d.from) standing = ITrustList.Standing.PENDING;
            else standing = t < d.until ? ITrustList.Standing.IN_FORCE : ITrustList.Standing.EXPIRED;
        }
    }

    /// @dev For the office's records: the rival's key, 2, may neither.
    function _mayExit(uint8 caller) private view returns (bool) {
        return caller < 2 && _compromised[caller] == 0;
    }

    function _mayEnter(uint8 caller) private view returns (bool) {
        return _mayExit(caller) && _standingAt(caller, time) == ITrustList.Standing.IN_FORCE;
    }

    function _isLive(Twin storage twin) private view returns (bool) {
        return twin.issued && twin.endedAt == 0;
    }

    function _revoke(uint8 caller, Twin storage twin, Uid uid, I.Reason why) private {
        bool fine = _isLive(twin) && _mayExit(caller);
        if (_expect(caller, abi.encodeCall(registry.revoke, (uid, why)), fine)) {
            (twin.endedAt, twin.reason) = (time, why);
        }
    }

    function _suspend(uint8 caller, Twin storage twin, Uid uid, I.Reason why) private {
        bool fine = _isLive(twin) && twin.suspendedAt == 0 && _mayExit(caller);
        if (_expect(caller, abi.encodeCall(registry.suspend, (uid, why)), fine)) {
            (twin.suspendedAt, twin.reason) = (time, why);
        }
    }

    function _reinstate(uint8 caller, Twin storage twin, Uid uid, I.Reason why) private {
        bool fine = _isLive(twin) && twin.suspendedAt != 0 && _mayEnter(caller);
        if (_expect(caller, abi.encodeCall(registry.reinstate, (SCHEMA, uid, why)), fine)) {
            (twin.suspendedAt, twin.reason) = (0, why);
        }
    }

    /// @dev The entries chosen in a word as a mask, those of them that refuse the code, and whether all are in the list.
    function _select(
        uint8 bits,
        uint256 wordIndex,
        uint256 chosen,
        uint8 code
    ) private view returns (uint256 mask, uint256 refused, bool inside) {
        inside = true;
        uint256 perWord = 256 / bits;
        for (uint256 i; i < perWord; ++i) {
            // One entry in sixteen or so, and sometimes past the end.
            if ((chosen >> i) & 0x1111 != 0x1111) continue;
            uint256 entry = uint256(bits == 1 ? 1 : 3) << (256 - bits * (i + 1));
            uint256 index = wordIndex * perWord + i;
            if (index >= SIZE) {
                if (chosen & 1 == 0) continue;
                inside = false;
            } else if (!_allows(bits, _entries[bits - 1][index], code)) {
                refused |= entry;
            }
            mask |= entry;
        }
    }

    function _allows(uint8 bits, uint8 value, uint8 code) private pure returns (bool) {
        if (bits == 1) return value == 0 && code == 1;
        if (value == 0) return code != 0;
        return value == 2 && code != 2;
    }

    function _isMeant(uint8 bits, uint256 wordIndex, uint256 mask, uint256 i) private pure returns (bool) {
        uint256 perWord = 256 / bits;
        return i / perWord == wordIndex && (mask >> (256 - bits * ((i % perWord) + 1))) & 1 == 1;
    }

    function _word(uint8 bits, uint256 wordIndex) private view returns (uint256 word) {
        uint256 perWord = 256 / bits;
        for (uint256 i; i < perWord; ++i) {
            uint256 index = wordIndex * perWord + i;
            word = (word << bits) | (index < SIZE ? _entries[bits - 1][index] : 0);
        }
    }

    // INTERNAL

    /// @dev Calls the registry as a key; notes whether it went as the twin says.
    function _expect(uint8 caller, bytes memory call, bool fine) private returns (bool done) {
        vm.prank(_keys[caller]);
        (done, ) = address(registry).call(call);
        if (done != fine) agreed = false;
        _observe(caller);
    }

    /// @dev For whoever watches how records change, after each call.
    function _observe(uint8 caller) internal virtual {}

    function _newTwin(uint8 key, uint8 startsIn, uint8 endsIn) private returns (Twin storage twin) {
        twin = _twins.push();
        (twin.key, twin.issuedAt) = (key, time);
        uint40 expiresAt = endsIn > 200 ? NO_END : time + endsIn;
        bytes32 subject = bytes32(_twins.length + 100);
        twin.attestation = I.Attestation(_office, SCHEMA, subject, "one", time + startsIn / 4, expiresAt);
    }

    function _decide(
        Decided[] storage history,
        address by,
        uint32 body,
        uint8 pick,
        uint8 startsIn,
        uint8 endsIn
    ) private {
        bytes32 scope = SchemaId.unwrap(SCHEMA);
        Decided memory last = history[history.length - 1];
        last.time = time;
        bytes memory call;
        if (pick % 4 == 0) {
            last.decision = ITrustList.Decision.SUSPENDED;
            call = abi.encodeCall(trustList.suspend, (scope, body, ""));
        } else if (pick % 4 == 1) {
            last.decision = ITrustList.Decision.ACCREDITED;
            call = abi.encodeCall(trustList.reinstate, (scope, body, ""));
        } else if (pick % 4 == 2) {
            last.decision = ITrustList.Decision.ACCREDITED;
            last.from = startsIn < 200 ? 0 : time + startsIn - 200;
            last.until = endsIn < 200 ? NO_END : (last.from == 0 ? time : last.from) + endsIn - 199;
            call = abi.encodeCall(trustList.accredit, (scope, _ministry, body, last.from, last.until, 0, ""));
        } else {
            last.decision = ITrustList.Decision.WITHDRAWN;
            call = abi.encodeCall(trustList.withdraw, (scope, body, ""));
        }
        if (by != address(this)) vm.prank(by);
        (bool done, ) = address(trustList).call(call);
        if (done) history.push(last);
    }

    function _authorize(uint32 body, uint256 secret) private returns (address key) {
        key = vm.addr(secret);
        bytes32[] memory scopes = new bytes32[](1);
        scopes[0] = SchemaId.unwrap(SCHEMA);
        bytes memory consent = TypedData.consent(address(trustList), body, secret);
        vm.prank(CLERK);
        trustList.authorizeKey(body, key, scopes, 0, NO_END, type(uint256).max, consent);
    }

    function _batch(bool two) internal view returns (I.Batch memory) {
        return I.Batch(_office, SCHEMA, _root(), SIZE, two ? 2 : 1);
    }

    /// @dev A tree of the two known leaves.
    function _root() private view returns (bytes32) {
        (bytes32 a, bytes32 b) = (_leafOf(0), _leafOf(1));
        return a < b ? keccak256(abi.encodePacked(a, b)) : keccak256(abi.encodePacked(b, a));
    }

    function _leafOf(uint256 i) private view returns (bytes32) {
        I.Attestation memory a = _leaves[i];
        bytes32 once = keccak256(abi.encode(i == 0 ? FIRST : SECOND, _contentOf(a), a.expiresAt));
        return keccak256(abi.encode(once));
    }

    function _contentOf(I.Attestation memory a) private pure returns (bytes32) {
        return keccak256(abi.encode(a.subject, a.commitment, a.validFrom));
    }

    function _reason(uint8 why) private pure returns (I.Reason) {
        return I.Reason(why % 11);
    }
}
