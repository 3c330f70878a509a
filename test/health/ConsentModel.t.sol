// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {ConsentRegistry} from "../../contracts/health/ConsentRegistry.sol";
import {IBreakGlass} from "../../contracts/health/IBreakGlass.sol";
import {IConsentRegistry as I} from "../../contracts/health/IConsentRegistry.sol";
import {IDelegation as D} from "../../contracts/health/IDelegation.sol";
import {IGuardianship as G} from "../../contracts/health/IGuardianship.sol";
import {IGoverned} from "../../contracts/trust/IGoverned.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {Signatures} from "../../contracts/trust/Signatures.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

/// @title ConsentModel
/// @notice Does anything with the consents of two patients, and keeps beside the registry a plain twin that says what
/// should have come of it.
/// @dev The twin is written from the interfaces' text: fields, not words; lists that are searched from the start; every
/// access kept, not hashed. `agreed` turns false for good when a call went through that the twin refuses, or was refused
/// for another reason than the twin's.
///
/// Secret keys: 1 and 2 are patients, 3 and 4 guardians, 5 to 7 delegates, 11 and 12 keys of the hospital (body 1), 13 of
/// the clinic (body 2), 14 and 15 of the court (body 3), 16 nobody's.
contract ConsentModel {
    struct Twin {
        address patient;
        uint32 grantee;
        bytes32 scope;
        I.State state;
        I.By by;
        address guardian;
        uint32 purposes;
        uint40 from;
        uint40 until;
        uint40 changedAt;
        uint256 version;
        bool limited;
        uint256 granted;
        uint256 taken;
    }

    struct Guarded {
        address patient;
        address guardian;
        uint40 from;
        uint40 until;
        uint40 endedAt;
        uint32 key;
    }

    struct Access {
        address patient;
        uint32 recipient;
        uint32 key;
        uint8 purpose;
        bytes32 basis;
        uint256 version;
        uint40 time;
        bytes32 commitment;
    }

    struct Decision {
        uint40 time;
        bool suspended;
    }

    struct Opening {
        address patient;
        uint32 body;
        uint40 openedAt;
    }

    /// @dev How what is signed is spoilt; in half of the cases not at all.
    enum Fault {
        NONE,
        LATE,
        OTHER_SIGNER,
        VERSION_BEHIND,
        VERSION_AHEAD
    }

    uint40 private constant NO_END = type(uint40).max;
    uint40 private constant WINDOW = 64;
    bytes32 private constant RECIPIENT = keccak256("diwan.role.health-recipient");
    bytes32 private constant EMERGENCY = keccak256("diwan.role.emergency-care");
    bytes32 private constant COURT = keccak256("diwan.role.court");

    ConsentRegistry public immutable registry;
    TrustList public immutable trustList;
    bool public agreed = true;
    uint40 public time = 1_800_000_000;
    /// @dev How often a call came to an outcome: 0 of a function for having gone through, else the error. Tells whether
    /// the steps lead there.
    mapping(bytes4 method => mapping(bytes4 outcome => uint256)) public reached;
    /// @dev How often a use of a consent was refused with a status.
    mapping(I.Status status => uint256) public refused;

    Twin[] internal _twins;
    Guarded[] internal _guarded;
    Access[] internal _accesses;
    Opening[] private _openings;
    D.Delegates[2] private _lists;
    mapping(address patient => uint32) private _objections;
    mapping(address patient => uint256) private _nonces;
    mapping(address patient => uint256 listAndOne) private _delegated;
    mapping(uint32 body => bool) private _suspended;
    Decision[] private _ofCourt;
    mapping(uint32 key => uint40 since) private _compromised;
    uint40 private _stoppedUntil;
    uint256 private _batched;

    constructor() {
        vm.warp(time);
        Sender.Relays memory relays;
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        trustList = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = ConsentRegistry(
            Artifact.deploy("ConsentRegistry", abi.encode(address(manager), trustList, WINDOW, relays))
        );
        for (uint256 i; i < 3; ++i) trustList.registerBody(address(this), "");
        _accredit(1, RECIPIENT);
        _accredit(1, EMERGENCY);
        _accredit(2, RECIPIENT);
        _accredit(2, EMERGENCY);
        _accredit(3, COURT);
        _authorize(1, 11, RECIPIENT, EMERGENCY);
        _authorize(1, 12, RECIPIENT, EMERGENCY);
        _authorize(2, 13, RECIPIENT, EMERGENCY);
        _authorize(3, 14, COURT, COURT);
        _authorize(3, 15, COURT, COURT);
        registry.setReviewLimit(type(uint32).max);
        _list(0, 2, time + 30_000);
        _list(1, 1, time + 200);
    }

    // TIME, THE COUNCIL AND THE TRUST LIST

    /// @dev Every fourth time exactly to the next second at which something begins or ends.
    function pass(uint8 seconds_) public {
        _begin();
        time = seconds_ % 4 == 0 ? _nextEdge() : time + seconds_;
        _begin();
        _observe();
    }

    function stop(uint8 seconds_) public {
        _begin();
        _stoppedUntil = time + 1 + (seconds_ % 32);
        registry.stop(_stoppedUntil, "");
        _observe();
    }

    function suspendOrReinstate(uint8 which) public {
        _begin();
        uint32 body = 1 + (which % 3);
        bytes32 scope = body == 3 ? COURT : RECIPIENT;
        if (_suspended[body]) trustList.reinstate(scope, body, "");
        else trustList.suspend(scope, body, "");
        _suspended[body] = !_suspended[body];
        if (body == 3) _ofCourt.push(Decision(time, _suspended[body]));
        _observe();
    }

    /// @dev A burnt key comes back never, so this is rare.
    function compromise(uint8 which, uint16 back, uint8 seldom) public {
        _begin();
        if (seldom >= 16) return;
        uint32 key = 1 + (which % 2);
        uint40 since = time - (back % 512);
        if (_compromised[key] != 0 && since >= _compromised[key]) return;
        trustList.reportCompromise(vm.addr(13 + key), since);
        _compromised[key] = since;
        _observe();
    }

    // GRANT

    function grant(uint8 who, uint256 seed) public {
        _begin();
        (address patient, I.Grant memory g) = (_patient(who), _terms(seed));
        bytes4 refusal = _stopped() ? IGoverned.WritesAreStopped.selector : _refusalOfTerms(g);
        if (_call(patient, abi.encodeCall(registry.grant, (g)), refusal)) _grant(patient, g, I.By.PATIENT, address(0));
        _observe();
    }

    function grantBySignature(uint8 who, uint256 seed, uint8 fault) public {
        _begin();
        (address patient, I.Grant memory g) = (_patient(who), _terms(seed));
        (uint32 version, uint256 deadline) = _signed(_versionOf(patient, g.grantee, g.scope), fault);
        bytes32 hash = _hashGrant(patient, g, version, deadline);
        bytes memory signature = TypedData.sign(_signer(1 + (who % 2), fault), _digest(hash));

        bytes4 refusal = _refusalOfTerms(g);
        if (_isLate(fault)) refusal = Signatures.SignatureExpired.selector;
        else if (_isOthers(fault)) refusal = Signatures.SignatureInvalid.selector;
        if (version != _versionOf(patient, g.grantee, g.scope)) refusal = I.ConsentVersionMismatch.selector;
        if (_stopped()) refusal = IGoverned.WritesAreStopped.selector;
        bytes memory data = abi.encodeCall(registry.grantBySignature, (patient, g, version, deadline, signature));
        if (_call(vm.addr(16), data, refusal)) _grant(patient, g, I.By.SIGNATURE, address(0));
        _observe();
    }

    function grantAsGuardian(uint8 who, uint8 by, uint256 seed) public {
        _begin();
        (address patient, address guardian) = (_patient(who), _guardian(by));
        I.Grant memory g = _terms(seed);
        bytes4 refusal = _refusalOfTerms(g);
        if (_standing(patient, guardian) != ITrustList.Standing.IN_FORCE) refusal = G.GuardianNotInForce.selector;
        else if (g.until > _endOf(patient, guardian)) refusal = I.ConsentOutlastsGuardian.selector;
        if (_stopped()) refusal = IGoverned.WritesAreStopped.selector;
        if (_call(guardian, abi.encodeCall(registry.grantAsGuardian, (patient, g)), refusal)) {
            _grant(patient, g, I.By.GUARDIAN, guardian);
        }
        _observe();
    }

    function grantByDelegates(uint8 who, uint256 seed, uint8 fault, uint8 order, uint8 list) public {
        _begin();
        (address patient, I.Grant memory g) = (_patient(who), _terms(seed));
        (uint32 version, uint256 deadline) = _signed(_versionOf(patient, g.grantee, g.scope), fault);
        bytes32 hash = _hashGrant(patient, g, version, deadline);
        D.Approval[] memory approvals = _approve(order, fault, hash);

        bytes4 refusal = _refusalOfDelegates(patient, list % 2, approvals, fault);
        if (refusal == 0) refusal = _refusalOfTerms(g);
        if (version != _versionOf(patient, g.grantee, g.scope)) refusal = I.ConsentVersionMismatch.selector;
        if (_stopped()) refusal = IGoverned.WritesAreStopped.selector;
        bytes memory data = abi.encodeCall(
            registry.grantByDelegates,
            (patient, g, version, deadline, _lists[list % 2], approvals)
        );
        if (_call(vm.addr(16), data, refusal)) _grant(patient, g, I.By.DELEGATES, address(0));
        _observe();
    }

    // REVOKE

    function revoke(uint8 who, uint8 grantee, uint8 scope) public {
        _begin();
        address patient = _patient(who);
        bytes memory data = abi.encodeCall(registry.revoke, (_body(grantee), _scope(scope)));
        if (_call(patient, data, 0)) _revoke(patient, grantee, scope, I.By.PATIENT, 0);
        _observe();
    }

    function revokeBySignature(uint8 who, uint8 grantee, uint8 scope, uint8 fault) public {
        _begin();
        address patient = _patient(who);
        (uint32 version, uint256 deadline) = _signed(_versionOf(patient, _body(grantee), _scope(scope)), fault);
        bytes32 hash = _hashRevocation(patient, grantee, scope, version, deadline);
        bytes memory signature = TypedData.sign(_signer(1 + (who % 2), fault), _digest(hash));

        bytes4 refusal = _refusalOfVersion(patient, grantee, scope, version);
        if (_isOthers(fault)) refusal = Signatures.SignatureInvalid.selector;
        if (_isLate(fault)) refusal = Signatures.SignatureExpired.selector;
        bytes memory data = abi.encodeCall(
            registry.revokeBySignature,
            (patient, _body(grantee), _scope(scope), version, deadline, signature)
        );
        if (_call(vm.addr(16), data, refusal)) _revoke(patient, grantee, scope, I.By.SIGNATURE, version);
        _observe();
    }

    function revokeAsGuardian(uint8 who, uint8 by, uint8 grantee, uint8 scope) public {
        _begin();
        (address patient, address guardian) = (_patient(who), _guardian(by));
        bytes memory data = abi.encodeCall(registry.revokeAsGuardian, (patient, _body(grantee), _scope(scope)));
        if (_call(guardian, data, _refusalOfGuardian(patient, guardian))) {
            _revoke(patient, grantee, scope, I.By.GUARDIAN, 0);
        }
        _observe();
    }

    function revokeByDelegates(uint8 who, uint16 what, uint8 fault, uint8 order, uint8 list) public {
        _begin();
        address patient = _patient(who);
        (uint8 grantee, uint8 scope) = (uint8(what), uint8(what >> 8));
        (uint32 version, uint256 deadline) = _signed(_versionOf(patient, _body(grantee), _scope(scope)), fault);
        D.Approval[] memory approvals = _approve(
            order,
            fault,
            _hashRevocation(patient, grantee, scope, version, deadline)
        );
        bytes4 refusal = _refusalOfDelegates(patient, list % 2, approvals, fault);
        if (refusal == 0) refusal = _refusalOfVersion(patient, grantee, scope, version);
        bytes memory data = abi.encodeCall(
            registry.revokeByDelegates,
            (patient, _body(grantee), _scope(scope), version, deadline, _lists[list % 2], approvals)
        );
        if (_call(vm.addr(16), data, refusal)) _revoke(patient, grantee, scope, I.By.DELEGATES, version);
        _observe();
    }

    // OBJECTIONS AND DELEGATES

    function objectTo(uint8 who, uint8 mask) public {
        _begin();
        address patient = _patient(who);
        bytes4 refusal = _refusalOfMask(patient, mask);
        if (_call(patient, abi.encodeCall(registry.objectTo, (mask)), refusal)) _object(patient, mask);
        _observe();
    }

    function objectToBySignature(uint8 who, uint8 mask, uint8 fault) public {
        _begin();
        address patient = _patient(who);
        (uint256 nonce, uint256 deadline) = _signed(_nonces[patient], fault);
        bytes32 kind = keccak256("ConsentObjection(address patient,uint32 purposes,uint256 nonce,uint256 deadline)");
        bytes32 hash = keccak256(abi.encode(kind, patient, uint32(mask), nonce, deadline));
        bytes memory signature = TypedData.sign(_signer(1 + (who % 2), fault), _digest(hash));
        bytes4 refusal = _refusalOfNonce(patient, nonce, fault);
        if (refusal == 0) refusal = _refusalOfMask(patient, mask);
        bytes memory data = abi.encodeCall(registry.objectToBySignature, (patient, mask, nonce, deadline, signature));
        if (_call(vm.addr(16), data, refusal)) _object(patient, mask);
        _observe();
    }

    function objectToAsGuardian(uint8 who, uint8 by, uint8 mask) public {
        _begin();
        (address patient, address guardian) = (_patient(who), _guardian(by));
        bytes4 refusal = _refusalOfGuardian(patient, guardian);
        if (refusal == 0) refusal = _refusalOfMask(patient, mask);
        bytes memory data = abi.encodeCall(registry.objectToAsGuardian, (patient, mask));
        if (_call(guardian, data, refusal)) _object(patient, mask);
        _observe();
    }

    function setDelegates(uint8 who, uint8 list) public {
        _begin();
        address patient = _patient(who);
        bytes4 refusal = list % 3 != 0 && _stopped() ? IGoverned.WritesAreStopped.selector : bytes4(0);
        if (_call(patient, abi.encodeCall(registry.setDelegates, (_commitment(list % 3))), refusal)) {
            (_delegated[patient], _nonces[patient]) = (list % 3, _nonces[patient] + 1);
        }
        _observe();
    }

    function setDelegatesBySignature(uint8 who, uint8 list, uint8 fault) public {
        _begin();
        address patient = _patient(who);
        (uint256 nonce, uint256 deadline) = _signed(_nonces[patient], fault);
        bytes32 kind = keccak256(
            "ConsentDelegation(address patient,bytes32 commitment,uint256 nonce,uint256 deadline)"
        );
        bytes32 commitment = _commitment(list % 3);
        bytes32 hash = keccak256(abi.encode(kind, patient, commitment, nonce, deadline));
        bytes memory signature = TypedData.sign(_signer(1 + (who % 2), fault), _digest(hash));
        bytes4 refusal = _refusalOfNonce(patient, nonce, fault);
        if (refusal == 0 && list % 3 != 0 && _stopped()) refusal = IGoverned.WritesAreStopped.selector;
        bytes memory data = abi.encodeCall(
            registry.setDelegatesBySignature,
            (patient, commitment, nonce, deadline, signature)
        );
        if (_call(vm.addr(16), data, refusal)) {
            (_delegated[patient], _nonces[patient]) = (list % 3, _nonces[patient] + 1);
        }
        _observe();
    }

    // GUARDIANS

    /// @dev By either key of the court, or by a key of the clinic.
    function appointGuardian(uint8 by, uint8 who, uint8 whom, uint16 ahead) public {
        _begin();
        (address patient, address guardian) = (_patient(who), whom % 16 == 0 ? _patient(who) : _guardian(whom));
        uint40 until = time - 16 + (ahead % 1_024);
        uint32 key = 1 + (by % 2);
        bool clinic = by % 16 == 0;
        bytes4 refusal = 0;
        if (_suspended[3] || clinic) refusal = ITrustList.NotAccredited.selector;
        if (!clinic && _compromised[key] != 0) refusal = ITrustList.KeyNotInForce.selector;
        if (until <= time) refusal = G.GuardianshipInPast.selector;
        if (patient == guardian) refusal = G.GuardianInvalid.selector;
        if (_stopped()) refusal = IGoverned.WritesAreStopped.selector;
        bytes memory data = abi.encodeCall(registry.appointGuardian, (patient, guardian, until));
        if (_call(vm.addr(clinic ? 13 : 13 + key), data, refusal)) {
            Guarded storage twin = _guardedTwin(patient, guardian);
            (twin.from, twin.until, twin.endedAt, twin.key) = (time, until, 0, key);
        }
        _observe();
    }

    /// @dev By the guardian, a key of the court, a key of the clinic, or nobody.
    function endGuardianship(uint8 by, uint8 who, uint8 whom) public {
        _begin();
        (address patient, address guardian) = (_patient(who), _guardian(whom));
        Guarded storage twin = _guardedTwin(patient, guardian);
        uint256 secret = [uint256(3) + (whom % 2), 14, 15, 13, 16][by % 5];
        bytes4 refusal = 0;
        if (secret == 13) refusal = ITrustList.KeyOfAnotherBody.selector;
        bool burnt = (secret == 14 && _compromised[1] != 0) || (secret == 15 && _compromised[2] != 0);
        if (secret == 16 || burnt) refusal = ITrustList.KeyNotInForce.selector;
        if (twin.endedAt != 0 || time >= twin.until) refusal = G.GuardianshipNotRunning.selector;
        bytes memory data = abi.encodeCall(registry.endGuardianship, (patient, guardian));
        if (_call(vm.addr(secret), data, refusal)) twin.endedAt = time;
        _observe();
    }

    // ACCESSES

    function logAccess(uint8 by, uint8 who, uint8 scope, uint8 purpose) public {
        _begin();
        address patient = _patient(who);
        uint256 secret = by % 16 == 0 ? 16 : 11 + (by % 3);
        uint32 body = secret == 13 ? 2 : 1;
        purpose = purpose % 8 == 0 ? purpose : purpose % 4;
        Twin storage twin = _twin(patient, body, _scope(scope));
        bytes32 commitment = keccak256(abi.encode(_accesses.length));
        bytes4 refusal = 0;
        I.Status status = _statusOf(twin, purpose);
        if (status != I.Status.IN_FORCE) refusal = I.ConsentNotInForce.selector;
        if (secret == 16) refusal = ITrustList.KeyNotInForce.selector;
        else if (_suspended[body]) refusal = ITrustList.NotAccredited.selector;
        if (refusal == I.ConsentNotInForce.selector) ++refused[status];
        bytes memory data = abi.encodeCall(registry.logAccess, (patient, twin.scope, purpose, commitment));
        if (_call(vm.addr(secret), data, refusal)) {
            ++twin.taken;
            uint32 key = secret == 12 ? 2 : 1;
            _accesses.push(Access(patient, body, key, purpose, twin.scope, twin.version, time, commitment));
        }
        _observe();
    }

    function breakGlass(uint8 by, uint8 who) public {
        _begin();
        (address patient, uint256 secret) = (_patient(who), 11 + (by % 3));
        uint32 body = secret == 13 ? 2 : 1;
        bytes4 refusal =
            _openingOf(patient, body, time) == _openings.length ? bytes4(0) : IBreakGlass.GlassBrokenBefore.selector;
        bytes memory data = abi.encodeCall(
            registry.breakGlass,
            (patient, WINDOW, IBreakGlass.EmergencyReason.LIFE_THREATENING, "")
        );
        if (_call(vm.addr(secret), data, refusal)) _openings.push(Opening(patient, body, time));
        _observe();
    }

    function logEmergencyAccess(uint8 by, uint8 which) public {
        _begin();
        if (_openings.length == 0) return;
        Opening memory use = _openings[which % 4 < _openings.length ? _openings.length - 1 - (which % 4) : 0];
        uint256 secret = 11 + (by % 3);
        uint32 body = secret == 13 ? 2 : 1;
        bool open = body == use.body || _openingOf(use.patient, body, use.openedAt) != _openings.length;
        bytes32 commitment = keccak256(abi.encode(_accesses.length));
        bytes4 refusal = open && time < use.openedAt + WINDOW ? bytes4(0) : IBreakGlass.BreakGlassNotOpen.selector;
        bytes memory data = abi.encodeCall(registry.logEmergencyAccess, (use.patient, use.openedAt, commitment));
        if (_call(vm.addr(secret), data, refusal)) {
            bytes32 basis = keccak256(abi.encode(use.patient, body, use.openedAt));
            _accesses.push(Access(use.patient, body, secret == 12 ? 2 : 1, 1, basis, 0, time, commitment));
        }
        _observe();
    }

    function logAccesses(uint8 count) public {
        _begin();
        bytes32[] memory entries = new bytes32[](count % 4);
        bytes4 refusal = count % 4 == 0 ? bytes4(keccak256("LogBatchEmpty(bytes32)")) : bytes4(0);
        if (_suspended[1]) refusal = ITrustList.NotAccredited.selector;
        if (_call(vm.addr(11), abi.encodeCall(registry.logAccesses, (entries)), refusal)) _batched += count % 4;
        _observe();
    }

    // COMPARE

    /// @notice Whether all that is recorded, and all that is answered, is what the twin says, now.
    function agrees() external returns (bool) {
        _begin();
        for (uint256 i; i < _twins.length; ++i) if (!_agreesOn(_twins[i])) return false;
        for (uint256 i; i < _guarded.length; ++i) if (!_agreesOnGuardian(_guarded[i])) return false;
        for (uint8 i; i < 2; ++i) if (!_agreesOnPatient(_patient(i))) return false;
        (uint64 size, ) = registry.accessCheckpoint(1);
        return size == _batched;
    }

    /// @notice Whether the heads are those of the accesses in their order.
    function headsAgree() external view returns (bool) {
        for (uint8 i; i < 2; ++i) {
            address patient = _patient(i);
            uint224 head = 0;
            for (uint256 j; j < _accesses.length; ++j) {
                Access memory a = _accesses[j];
                if (a.patient != patient) continue;
                bytes memory link = abi.encode(
                    head,
                    a.recipient,
                    a.key,
                    a.purpose,
                    a.basis,
                    a.version,
                    a.time,
                    a.commitment
                );
                head = uint224(uint256(keccak256(link)));
            }
            if (registry.accessHeadOf(patient) != head) return false;
        }
        return true;
    }

    function _agreesOn(Twin storage twin) private view returns (bool) {
        I.Consent memory expected = I.Consent({
            purposes: twin.purposes,
            from: twin.from,
            until: twin.until,
            changedAt: twin.changedAt,
            version: uint32(twin.version),
            uses: twin.limited ? uint24(twin.granted - twin.taken) : 0,
            by: twin.by,
            state: _stateOf(twin),
            guardian: twin.guardian
        });
        I.Consent memory actual = registry.consentOf(twin.patient, twin.grantee, twin.scope);
        if (keccak256(abi.encode(actual)) != keccak256(abi.encode(expected))) return false;
        for (uint8 purpose; purpose < 5; ++purpose) {
            I.Status status = registry.statusOf(twin.patient, twin.grantee, twin.scope, purpose);
            if (status != _statusOf(twin, purpose)) return false;
        }
        return true;
    }

    function _agreesOnGuardian(Guarded storage twin) private view returns (bool) {
        G.Guardianship memory actual = registry.guardianshipOf(twin.patient, twin.guardian);
        bool same = actual.from == twin.from && actual.until == twin.until && actual.endedAt == twin.endedAt;
        bool sameCourt = actual.court == (twin.from == 0 ? 0 : 3) && actual.key == twin.key && actual.role == 0;
        ITrustList.Standing standing = registry.guardianStandingOf(twin.patient, twin.guardian);
        return same && sameCourt && standing == _standing(twin.patient, twin.guardian);
    }

    function _agreesOnPatient(address patient) private view returns (bool) {
        bool same = registry.objectionsOf(patient) == _objections[patient];
        bool sameDelegates = registry.delegatesOf(patient) == _commitment(_delegated[patient]);
        return same && sameDelegates && registry.nonces(patient) == _nonces[patient];
    }

    // INTERNAL: THE TWIN CHANGES

    function _grant(address patient, I.Grant memory g, I.By by, address guardian) private {
        Twin storage twin = _twin(patient, g.grantee, g.scope);
        (twin.state, twin.by, twin.guardian) = (I.State.GRANTED, by, guardian);
        (twin.purposes, twin.from, twin.until, twin.changedAt) = (g.purposes, g.from, g.until, time);
        (twin.limited, twin.granted, twin.taken) = (g.uses != 0, g.uses, 0);
        ++twin.version;
    }

    /// @dev `signed` is the version that was signed, or 0 where nothing was.
    function _revoke(address patient, uint8 grantee, uint8 scope, I.By by, uint256 signed) private {
        Twin storage twin = _twin(patient, _body(grantee), _scope(scope));
        (twin.state, twin.by, twin.guardian, twin.changedAt) = (I.State.REVOKED, by, address(0), time);
        if (signed > twin.version) twin.version = signed;
        ++twin.version;
    }

    function _object(address patient, uint8 mask) private {
        (_objections[patient], _nonces[patient]) = (mask, _nonces[patient] + 1);
    }

    // INTERNAL: THE TWIN'S RULES

    function _stopped() private view returns (bool) {
        return time < _stoppedUntil;
    }

    function _refusalOfTerms(I.Grant memory g) private view returns (bytes4) {
        if (g.grantee == 0) return I.ConsentGranteeMissing.selector;
        if (g.purposes == 0) return I.ConsentPurposesMissing.selector;
        return g.from >= g.until || time >= g.until ? I.ConsentPeriodInvalid.selector : bytes4(0);
    }

    function _refusalOfVersion(
        address patient,
        uint8 grantee,
        uint8 scope,
        uint32 signed
    ) private view returns (bytes4) {
        uint256 current = _versionOf(patient, _body(grantee), _scope(scope));
        return signed == current || signed == current + 1 ? bytes4(0) : I.ConsentVersionMismatch.selector;
    }

    function _refusalOfGuardian(address patient, address guardian) private view returns (bytes4) {
        bool may = _standing(patient, guardian) == ITrustList.Standing.IN_FORCE;
        return may ? bytes4(0) : G.GuardianNotInForce.selector;
    }

    function _refusalOfNonce(address patient, uint256 nonce, uint8 fault) private view returns (bytes4) {
        if (nonce != _nonces[patient]) return Nonces.InvalidAccountNonce.selector;
        if (_isLate(fault)) return Signatures.SignatureExpired.selector;
        return _isOthers(fault) ? Signatures.SignatureInvalid.selector : bytes4(0);
    }

    function _refusalOfMask(address patient, uint8 mask) private view returns (bytes4) {
        for (uint8 purpose; purpose < 32; ++purpose) {
            bool lifted = (_objections[patient] >> purpose) % 2 == 1 && (uint32(mask) >> purpose) % 2 == 0;
            if (lifted && _stopped()) return IGoverned.WritesAreStopped.selector;
        }
        return 0;
    }

    function _refusalOfDelegates(
        address patient,
        uint256 list,
        D.Approval[] memory approvals,
        uint8 fault
    ) private view returns (bytes4) {
        D.Delegates storage delegates = _lists[list];
        if (_delegated[patient] != list + 1) return D.DelegatesMismatch.selector;
        if (time >= delegates.until) return D.DelegatesLapsed.selector;
        if (approvals.length < delegates.threshold) return D.TooFewDelegates.selector;
        for (uint256 i; i < approvals.length; ++i) {
            if (i != 0 && approvals[i].delegate <= approvals[i - 1].delegate) return D.NotDelegate.selector;
            bool listed = false;
            for (uint256 j; j < 3; ++j) listed = listed || delegates.members[j] == approvals[i].delegate;
            if (!listed) return D.NotDelegate.selector;
            if (_isLate(fault)) return Signatures.SignatureExpired.selector;
            if (_isOthers(fault)) return Signatures.SignatureInvalid.selector;
        }
        return 0;
    }

    function _standing(address patient, address guardian) internal view returns (ITrustList.Standing) {
        for (uint256 i; i < _guarded.length; ++i) {
            Guarded storage twin = _guarded[i];
            if (twin.patient != patient || twin.guardian != guardian || twin.from == 0) continue;
            if (twin.endedAt != 0) return ITrustList.Standing.WITHDRAWN;
            if (time >= twin.until) return ITrustList.Standing.EXPIRED;
            uint40 since = _compromised[twin.key];
            if (since != 0 && since <= twin.from) return ITrustList.Standing.COMPROMISED;
            return _wasSuspended(twin.from) ? ITrustList.Standing.SUSPENDED : ITrustList.Standing.IN_FORCE;
        }
        return ITrustList.Standing.NONE;
    }

    /// @dev Whether the court was suspended in a second, by the last decision made in it or before: an appointment may have
    /// come just before that.
    function _wasSuspended(uint40 at) private view returns (bool suspended) {
        for (uint256 i; i < _ofCourt.length; ++i) if (_ofCourt[i].time <= at) suspended = _ofCourt[i].suspended;
    }

    function _stateOf(Twin storage twin) private view returns (I.State) {
        bool usedUp = twin.state == I.State.GRANTED && twin.limited && twin.taken == twin.granted;
        return usedUp ? I.State.USED_UP : twin.state;
    }

    function _statusOf(Twin storage twin, uint8 purpose) internal view returns (I.Status) {
        I.State state = _stateOf(twin);
        if (state == I.State.NONE) return I.Status.NONE;
        if (state == I.State.REVOKED) return I.Status.REVOKED;
        if (state == I.State.USED_UP) return I.Status.USED_UP;
        if (time < twin.from) return I.Status.PENDING;
        if (time >= twin.until) return I.Status.EXPIRED;
        if (purpose > 31 || (twin.purposes / 2 ** purpose) % 2 == 0) return I.Status.PURPOSE_NOT_GRANTED;
        bool lapsed =
            twin.by == I.By.GUARDIAN && _standing(twin.patient, twin.guardian) != ITrustList.Standing.IN_FORCE;
        if (lapsed) return I.Status.GUARDIAN_LAPSED;
        return (_objections[twin.patient] / 2 ** purpose) % 2 == 1 ? I.Status.OBJECTED : I.Status.IN_FORCE;
    }

    // INTERNAL: WHAT IS SIGNED

    /// @dev The version or nonce that is signed, and the deadline, as the fault spoils them.
    function _signed(uint256 current, uint8 fault) private view returns (uint32 number, uint256 deadline) {
        Fault f = _faultOf(fault);
        number = uint32(current);
        if (f == Fault.VERSION_AHEAD) number += 1 + ((fault / 8) % 2);
        if (f == Fault.VERSION_BEHIND && number != 0) --number;
        deadline = f == Fault.LATE ? time - 1 : time + (fault / 8);
    }

    function _faultOf(uint8 fault) private pure returns (Fault) {
        return fault % 8 < 4 ? Fault.NONE : Fault((fault % 8) - 3);
    }

    function _isLate(uint8 fault) private pure returns (bool) {
        return _faultOf(fault) == Fault.LATE;
    }

    function _isOthers(uint8 fault) private pure returns (bool) {
        return _faultOf(fault) == Fault.OTHER_SIGNER;
    }

    function _signer(uint256 secret, uint8 fault) private pure returns (uint256) {
        return _isOthers(fault) ? 16 : secret;
    }

    /// @dev Up to three approvals in an order that may be wrong; the last is now and then by one who is no delegate.
    function _approve(uint8 order, uint8 fault, bytes32 hash) private view returns (D.Approval[] memory approvals) {
        approvals = new D.Approval[](order % 4);
        uint256 first = (order / 4) % 3;
        for (uint256 i; i < approvals.length; ++i) {
            uint256 place = order % 64 < 8 ? first : (first + i) % 3;
            address delegate = _lists[0].members[place];
            if (order >= 224 && i + 1 == approvals.length) delegate = vm.addr(16);
            approvals[i] = D.Approval(delegate, TypedData.sign(_signer(_secretOf(delegate), fault), _digest(hash)));
        }
    }

    function _hashGrant(
        address patient,
        I.Grant memory g,
        uint32 version,
        uint256 deadline
    ) private pure returns (bytes32) {
        bytes32 kind = keccak256(
            "ConsentGrant(address patient,uint32 grantee,bytes32 scope,uint32 purposes,uint40 from,uint40 until,"
            "uint24 uses,uint32 version,uint256 deadline)"
        );
        bytes memory terms = abi.encode(g.grantee, g.scope, g.purposes, g.from, g.until, g.uses);
        return keccak256(bytes.concat(abi.encode(kind, patient), terms, abi.encode(version, deadline)));
    }

    function _hashRevocation(
        address patient,
        uint8 grantee,
        uint8 scope,
        uint32 version,
        uint256 deadline
    ) private pure returns (bytes32) {
        bytes32 kind = keccak256(
            "ConsentRevocation(address patient,uint32 grantee,bytes32 scope,uint32 version,uint256 deadline)"
        );
        return keccak256(abi.encode(kind, patient, _body(grantee), _scope(scope), version, deadline));
    }

    function _digest(bytes32 hash) private view returns (bytes32) {
        return TypedData.digest("Diwan ConsentRegistry", address(registry), hash);
    }

    // INTERNAL: CALLS

    function _begin() private {
        vm.warp(time);
    }

    /// @dev For whoever watches how things change, after each step.
    function _observe() internal virtual {}

    function _call(address by, bytes memory data, bytes4 refusal) private returns (bool done) {
        bytes memory answer;
        vm.prank(by);
        (done, answer) = address(registry).call(data);
        bytes4 outcome = done ? bytes4(0) : bytes4(answer);
        if (outcome != refusal) agreed = false;
        ++reached[bytes4(data)][outcome];
    }

    // INTERNAL: NAMES

    function _patient(uint8 who) internal pure returns (address) {
        return vm.addr(1 + (who % 2));
    }

    function _guardian(uint8 by) private pure returns (address) {
        return vm.addr(3 + (by % 2));
    }

    function _body(uint8 which) private pure returns (uint32) {
        return 1 + (which % 2);
    }

    function _scope(uint8 which) private pure returns (bytes32) {
        return which % 2 == 0 ? bytes32(0) : bytes32("laboratory");
    }

    function _secretOf(address delegate) private pure returns (uint256) {
        for (uint256 secret = 5; secret < 8; ++secret) if (vm.addr(secret) == delegate) return secret;
        return 16;
    }

    /// @dev Mostly sound terms: now and then no grantee, no purposes, or a period that is inverted or over.
    function _terms(uint256 seed) private view returns (I.Grant memory g) {
        g.grantee = seed % 32 == 0 ? 0 : _body(uint8(seed >> 8));
        g.scope = _scope(uint8(seed >> 16));
        g.purposes = (seed >> 24) % 16 == 0 ? 0 : uint32((seed >> 32) % 16);
        g.from = time - 32 + uint40((seed >> 40) % 64);
        g.until = time - 4 + uint40((seed >> 48) % 256);
        g.uses = uint24((seed >> 56) % 4);
    }

    function _commitment(uint256 listAndOne) private view returns (bytes32) {
        return listAndOne == 0 ? bytes32(0) : keccak256(abi.encode(_lists[listAndOne - 1]));
    }

    /// @dev The version of a consent; 0 for one that nobody touched.
    function _versionOf(address patient, uint32 grantee, bytes32 scope) private view returns (uint256) {
        for (uint256 i; i < _twins.length; ++i) {
            Twin storage t = _twins[i];
            if (t.patient == patient && t.grantee == grantee && t.scope == scope) return t.version;
        }
        return 0;
    }

    function _twin(address patient, uint32 grantee, bytes32 scope) private returns (Twin storage) {
        for (uint256 i; i < _twins.length; ++i) {
            Twin storage known = _twins[i];
            if (known.patient == patient && known.grantee == grantee && known.scope == scope) return known;
        }
        Twin storage twin = _twins.push();
        (twin.patient, twin.grantee, twin.scope) = (patient, grantee, scope);
        return twin;
    }

    function _guardedTwin(address patient, address guardian) private returns (Guarded storage) {
        for (uint256 i; i < _guarded.length; ++i) {
            Guarded storage known = _guarded[i];
            if (known.patient == patient && known.guardian == guardian) return known;
        }
        Guarded storage twin = _guarded.push();
        (twin.patient, twin.guardian) = (patient, guardian);
        return twin;
    }

    function _endOf(address patient, address guardian) private view returns (uint40) {
        for (uint256 i; i < _guarded.length; ++i) {
            Guarded storage known = _guarded[i];
            if (known.patient == patient && known.guardian == guardian) return known.until;
        }
        return 0;
    }

    function _openingOf(address patient, uint32 body, uint40 openedAt) private view returns (uint256 i) {
        for (; i < _openings.length; ++i) {
            Opening storage use = _openings[i];
            if (use.patient == patient && use.body == body && use.openedAt == openedAt) return i;
        }
    }

    function _nextEdge() private view returns (uint40 edge) {
        edge = time + 256;
        for (uint256 i; i < _twins.length; ++i) edge = _nearer(_nearer(edge, _twins[i].from), _twins[i].until);
        for (uint256 i; i < _guarded.length; ++i) edge = _nearer(edge, _guarded[i].until);
        for (uint256 i; i < _openings.length; ++i) edge = _nearer(edge, _openings[i].openedAt + WINDOW);
        for (uint256 i; i < 2; ++i) edge = _nearer(edge, _lists[i].until);
        edge = _nearer(edge, _stoppedUntil);
    }

    function _nearer(uint40 edge, uint40 other) private view returns (uint40) {
        return other > time && other < edge ? other : edge;
    }

    // INTERNAL: MAKING READY

    function _list(uint256 which, uint8 threshold, uint40 until) private {
        address[] memory members = new address[](3);
        for (uint256 i; i < 3; ++i) members[i] = vm.addr(5 + i);
        for (uint256 i; i < 2; ++i) {
            for (uint256 j; j < 2; ++j) {
                if (members[j] > members[j + 1]) (members[j], members[j + 1]) = (members[j + 1], members[j]);
            }
        }
        _lists[which] = D.Delegates(members, threshold, until, bytes32(which));
    }

    function _accredit(uint32 body, bytes32 scope) private {
        trustList.accredit(scope, 0, body, 0, NO_END, 0, "");
    }

    function _authorize(uint32 body, uint256 secret, bytes32 scope, bytes32 other) private {
        bytes32[] memory scopes = new bytes32[](2);
        (scopes[0], scopes[1]) = (scope, other);
        bytes memory consent = TypedData.consent(address(trustList), body, secret);
        trustList.authorizeKey(body, vm.addr(secret), scopes, 0, NO_END, type(uint256).max, consent);
    }
}
