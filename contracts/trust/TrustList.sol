// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {TransparencyLog} from "../ledger/TransparencyLog.sol";

import {AccreditationSlot, AccreditationSlots} from "./AccreditationSlot.sol";
import {Governed} from "./Governed.sol";
import {ITrustList} from "./ITrustList.sol";
import {KeySlot, KeySlots} from "./KeySlot.sol";
import {Signatures} from "./Signatures.sol";

/// @title TrustList
/// @notice The tree of bodies: the council accredits accreditors, they accredit bodies, within scope, period and depth.
/// @dev Nothing loops over bodies: a withdrawal reaches what stands below because every judgement walks up. The walk
/// is at most four reads, as `levels` strictly grows on the way up; a re-parented cycle can't satisfy that.
contract TrustList is ITrustList, Governed, EIP712 {
    using Checkpoints for Checkpoints.Trace208;
    using TransparencyLog for TransparencyLog.Logs;

    // CONSTANTS

    uint32 private constant _COUNCIL = 0;
    uint8 private constant _MOST_LEVELS = 3;
    uint8 private constant _MOST_SCOPES = 64;
    bytes32 private constant _CHANGES = "changes";
    bytes32 private constant _KEY_CONSENT = keccak256("KeyConsent(uint32 body,address operator,uint256 deadline)");

    // STORAGE

    uint32 private _bodyCount;
    mapping(uint32 body => Body) private _bodies;
    mapping(bytes32 scope => mapping(uint32 body => AccreditationSlot)) private _accreditations;
    /// @dev Key: time. Value: the low 208 bits of the slot that was decided then.
    mapping(bytes32 scope => mapping(uint32 body => Checkpoints.Trace208)) private _history;
    mapping(uint32 body => mapping(uint8 role => bytes32 scope)) private _scopes;
    mapping(address operator => KeySlot) private _keys;
    mapping(uint32 body => mapping(uint32 key => uint40 since)) private _compromises;
    TransparencyLog.Logs private _logs;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param relays the relays to trust
    constructor(address authority, Relays memory relays) Governed(authority, relays) EIP712("Diwan TrustList", "1") {}

    // BODIES

    /// @inheritdoc ITrustList
    function registerBody(address controller, bytes32 profile) external whileOpen returns (uint32 body) {
        body = ++_bodyCount;
        _setBody(body, controller, profile);
    }

    /// @inheritdoc ITrustList
    function updateBody(uint32 body, address controller, bytes32 profile) external {
        _requireBody(body);
        if (_bodies[body].controller != _msgSender()) _checkCanCall(_msgSender(), _msgData());
        _setBody(body, controller, profile);
    }

    // ACCREDITATIONS

    /// @inheritdoc ITrustList
    function accredit(
        bytes32 scope,
        uint32 parent,
        uint32 body,
        uint40 from,
        uint40 until,
        uint8 levels,
        bytes32 grounds
    ) external whileOpen {
        _requireBody(body);
        require(from < until && block.timestamp < until, PeriodInvalid(from, until, uint40(block.timestamp)));
        bool byCouncil = _isCouncil(parent);
        _requireWithinGrant(scope, parent, from, until, levels);

        Accreditation memory a = _accreditations[scope][body].unpack();
        if (!byCouncil) _requireFreeToTake(a, scope, parent, body);
        if (a.decision == Decision.NONE) (a.role, a.alarm) = _addScope(body, scope);

        (a.from, a.until, a.parent, a.levels) = (from, until, parent, levels);
        (a.decision, a.held) = (Decision.ACCREDITED, false);
        _setAccreditation(scope, body, a, grounds);
    }

    /// @inheritdoc ITrustList
    function suspend(bytes32 scope, uint32 body, bytes32 grounds) external {
        Accreditation memory a = _decidable(scope, body, false);
        // The council may take over a suspension: else the accreditor could forestall its own, and then lift it.
        require(
            a.decision == Decision.ACCREDITED || (a.held && a.decision == Decision.SUSPENDED),
            DecisionNotAllowed(scope, body, a.decision)
        );
        a.decision = Decision.SUSPENDED;
        _setAccreditation(scope, body, a, grounds);
    }

    /// @inheritdoc ITrustList
    function reinstate(bytes32 scope, uint32 body, bytes32 grounds) external whileOpen {
        Accreditation memory a = _decidable(scope, body, true);
        require(a.decision == Decision.SUSPENDED, DecisionNotAllowed(scope, body, a.decision));
        (a.decision, a.held) = (Decision.ACCREDITED, false);
        _setAccreditation(scope, body, a, grounds);
    }

    /// @inheritdoc ITrustList
    function withdraw(bytes32 scope, uint32 body, bytes32 grounds) external {
        Accreditation memory a = _decidable(scope, body, false);
        // The council may take over a withdrawal, as it may a suspension.
        require(a.decision != Decision.WITHDRAWN || a.held, DecisionNotAllowed(scope, body, a.decision));
        a.decision = Decision.WITHDRAWN;
        _setAccreditation(scope, body, a, grounds);
    }

    // KEYS

    /// @inheritdoc ITrustList
    function authorizeKey(
        uint32 body,
        address operator,
        bytes32[] calldata scopes,
        uint40 from,
        uint40 until,
        uint256 deadline,
        bytes calldata consent
    ) external whileOpen {
        require(_bodies[body].controller == _msgSender(), NotController(body, _msgSender()));
        require(from < until && block.timestamp < until, PeriodInvalid(from, until, uint40(block.timestamp)));
        Key memory k = _keys[operator].unpack();
        if (k.body == 0) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(_KEY_CONSENT, body, operator, deadline)));
            Signatures.requireValid(operator, digest, consent, deadline);
            (k.body, k.index) = (body, ++_bodies[body].keys);
        }
        require(k.body == body, KeyOfAnotherBody(operator, body, k.body));
        require(k.compromisedSince == 0, KeyCompromised(operator, k.compromisedSince));

        (k.from, k.until, k.roles) = (from, until, _rolesOf(body, operator, scopes));
        _setKey(operator, k);
    }

    /// @inheritdoc ITrustList
    function retireKey(address operator) external {
        Key memory k = _keys[operator].unpack();
        if (operator != _msgSender()) _requireControlOf(operator, k);
        require(
            k.body != 0 && block.timestamp < k.until,
            KeyNotInForce(operator, _keys[operator].standing(block.timestamp))
        );
        k.until = uint40(block.timestamp);
        _setKey(operator, k);
    }

    /// @inheritdoc ITrustList
    function reportCompromise(address operator, uint40 since) external {
        Key memory k = _keys[operator].unpack();
        _requireControlOf(operator, k);
        require(since != 0 && since <= block.timestamp, CompromiseInFuture(since, uint40(block.timestamp)));
        require(k.compromisedSince == 0 || since < k.compromisedSince, KeyCompromised(operator, k.compromisedSince));
        k.compromisedSince = since;
        _compromises[k.body][k.index] = since;
        // At most 64, set by the body's own accreditors. All scopes, since the key may have listed others before.
        uint8 scopes = _bodies[k.body].scopes;
        for (uint8 role = 0; role < scopes; ++role) {
            bytes32 scope = _scopes[k.body][role];
            AccreditationSlot a = _accreditations[scope][k.body];
            if (a.alarm() == 0 || since < a.alarm()) _accreditations[scope][k.body] = a.withAlarm(since);
        }
        _setKey(operator, k);
    }

    // VIEWS

    /// @inheritdoc ITrustList
    function requireAccredited(
        bytes32 scope,
        address operator
    ) external view returns (uint32 body, uint32 key, uint8 role) {
        KeySlot k = _keyInForce(operator);
        (body, key) = (k.body(), k.index());
        AccreditationSlot a = _accreditations[scope][body];
        role = a.role();
        if (!k.lists(role)) revert RoleNotListed(operator, body, role);
        if (a.standsAlone(block.timestamp)) return (body, key, role);
        (Standing standing, ) = _walk(scope, body, a, block.timestamp);
        if (standing != Standing.IN_FORCE) revert NotAccredited(scope, body, standing);
    }

    /// @inheritdoc ITrustList
    function requireKey(address operator, uint32 body, uint8 role) external view {
        KeySlot k = _keyInForce(operator);
        if (k.body() != body) revert KeyOfAnotherBody(operator, body, k.body());
        if (!k.lists(role)) revert RoleNotListed(operator, body, role);
    }

    /// @inheritdoc ITrustList
    function standingOf(bytes32 scope, uint32 body, uint32 key, uint40 time) external view returns (Standing standing) {
        AccreditationSlot a = _accreditations[scope][body];
        if (a.standsAlone(time)) return Standing.IN_FORCE;
        if (a.alarm() != 0 && time >= a.alarm()) {
            uint40 since = _compromises[body][key];
            if (since != 0 && time >= since) return Standing.COMPROMISED;
        }
        if (time < a.since()) a = _pastState(scope, body, time);
        (standing, ) = _walk(scope, body, a, time);
    }

    /// @inheritdoc ITrustList
    function standingAt(bytes32 scope, uint32 body, uint40 time) public view returns (Standing, uint32) {
        AccreditationSlot a = _accreditations[scope][body];
        if (time < a.since()) a = _pastState(scope, body, time);
        return _walk(scope, body, a, time);
    }

    /// @inheritdoc ITrustList
    function isAccreditedAt(bytes32 scope, uint32 body, uint40 time) external view returns (bool) {
        (Standing standing, ) = standingAt(scope, body, time);
        return standing == Standing.IN_FORCE;
    }

    /// @inheritdoc ITrustList
    function accreditationOf(bytes32 scope, uint32 body) external view returns (Accreditation memory) {
        return _accreditations[scope][body].unpack();
    }

    /// @inheritdoc ITrustList
    function keyOf(address operator) external view returns (Key memory) {
        return _keys[operator].unpack();
    }

    /// @inheritdoc ITrustList
    function bodyOf(uint32 body) external view returns (Body memory) {
        return _bodies[body];
    }

    /// @inheritdoc ITrustList
    function checkpoint() external view returns (uint64 size, bytes32 root) {
        return _logs.checkpoint(_CHANGES);
    }

    // INTERNAL: WHO MAY

    function _requireBody(uint32 body) private view {
        require(_bodies[body].controller != address(0), UnknownBody(body));
    }

    /// @dev The key's controller or the council.
    function _requireControlOf(address operator, Key memory k) private {
        require(k.body != 0, KeyNotInForce(operator, Standing.NONE));
        if (_bodies[k.body].controller != _msgSender()) _checkCanCall(_msgSender(), _msgData());
    }

    /// @dev Whether the council decides, rather than an accreditor by its controller; reverts when neither does.
    function _isCouncil(uint32 accreditor) private returns (bool) {
        // Neither the council's own index nor a body that was handed to its AccessManager makes it an accreditor.
        bool owned = accreditor != _COUNCIL && _msgSender() != authority();
        if (owned && _bodies[accreditor].controller == _msgSender()) return false;
        _checkCanCall(_msgSender(), _msgData());
        return true;
    }

    /// @dev The accreditor is in force, and the grant lies within its own.
    function _requireWithinGrant(bytes32 scope, uint32 parent, uint40 from, uint40 until, uint8 levels) private view {
        if (parent == _COUNCIL) {
            require(levels <= _MOST_LEVELS, TooManyLevels(levels, _MOST_LEVELS));
            return;
        }
        _requireInForce(scope, parent);
        Accreditation memory p = _accreditations[scope][parent].unpack();
        require(p.levels != 0, MayNotAccredit(scope, parent));
        require(levels < p.levels, TooManyLevels(levels, p.levels - 1));
        require(p.from <= from && until <= p.until, PeriodOutsideParent(from, until, p.from, p.until));
    }

    /// @dev An accreditor takes a body that is its own, or nobody's any more.
    function _requireFreeToTake(Accreditation memory a, bytes32 scope, uint32 parent, uint32 body) private view {
        require(!a.held, HeldByCouncil(scope, body));
        bool free = a.decision == Decision.NONE || a.decision == Decision.WITHDRAWN || a.until <= block.timestamp;
        require(free || a.parent == parent, AccreditedByAnother(scope, body, a.parent));
    }

    /// @dev The accreditation, once the caller may decide on it; marks it held when that is the council.
    function _decidable(bytes32 scope, uint32 body, bool inForce) private returns (Accreditation memory a) {
        a = _accreditations[scope][body].unpack();
        require(a.decision != Decision.NONE, DecisionNotAllowed(scope, body, Decision.NONE));
        if (_isCouncil(a.parent)) {
            a.held = true;
            return a;
        }
        require(!a.held, HeldByCouncil(scope, body));
        if (inForce) _requireInForce(scope, a.parent);
    }

    function _requireInForce(bytes32 scope, uint32 body) private view {
        (Standing standing, ) = standingAt(scope, body, uint40(block.timestamp));
        require(standing == Standing.IN_FORCE, NotAccredited(scope, body, standing));
    }

    function _keyInForce(address operator) private view returns (KeySlot k) {
        k = _keys[operator];
        if (!k.inForce(block.timestamp)) revert KeyNotInForce(operator, k.standing(block.timestamp));
    }

    // INTERNAL: HOW IT STANDS

    /// @dev Up from the body, whose state at the time is `a`, until a level does not stand or the council is reached.
    function _walk(
        bytes32 scope,
        uint32 body,
        AccreditationSlot a,
        uint256 time
    ) private view returns (Standing standing, uint32 decidedBy) {
        mapping(uint32 => AccreditationSlot) storage inScope = _accreditations[scope];
        decidedBy = body;
        while (a.inForce(time)) {
            uint32 parent = a.parent();
            if (parent == _COUNCIL) return (Standing.IN_FORCE, body);
            AccreditationSlot p = inScope[parent];
            if (time < p.since()) p = _pastState(scope, parent, time);
            // A parent accredited anew, with less, no longer covers what it gave before.
            if (!p.covers(a)) return (Standing.WITHDRAWN, decidedBy);
            (decidedBy, a) = (parent, p);
        }
        standing = a.standing(uint40(time));
    }

    /// @dev The accreditation as it had been decided at a time before its last decision.
    function _pastState(bytes32 scope, uint32 body, uint256 time) private view returns (AccreditationSlot) {
        return AccreditationSlot.wrap(_history[scope][body].upperLookupRecent(uint48(time)));
    }

    // INTERNAL: WRITES

    function _setBody(uint32 body, address controller, bytes32 profile) private {
        require(controller != address(0), ControllerMissing());
        _bodies[body].controller = controller;
        emit BodyChanged(body, controller, profile);
        // The index is in the log's own event.
        // slither-disable-next-line unused-return
        _logs.append(_CHANGES, keccak256(abi.encode(BodyChanged.selector, body, controller, profile)));
    }

    function _setAccreditation(bytes32 scope, uint32 body, Accreditation memory a, bytes32 grounds) private {
        a.since = uint40(block.timestamp);
        AccreditationSlot slot = AccreditationSlots.pack(a);
        _accreditations[scope][body] = slot;
        // The values before and after are no news here.
        // slither-disable-next-line unused-return
        _history[scope][body].push(a.since, uint208(AccreditationSlot.unwrap(slot)));
        emit AccreditationChanged(scope, body, a, grounds);
        // The index is in the log's own event.
        // slither-disable-next-line unused-return
        _logs.append(_CHANGES, keccak256(abi.encode(AccreditationChanged.selector, scope, body, a, grounds)));
    }

    function _setKey(address operator, Key memory k) private {
        _keys[operator] = KeySlots.pack(k);
        emit KeyChanged(operator, k.body, k);
        // The index is in the log's own event.
        // slither-disable-next-line unused-return
        _logs.append(_CHANGES, keccak256(abi.encode(KeyChanged.selector, operator, k.body, k)));
    }

    /// @dev An alarm is written to all scopes of a body, so a new one takes it over from the first.
    function _addScope(uint32 body, bytes32 scope) private returns (uint8 role, uint40 alarm) {
        role = _bodies[body].scopes;
        require(role < _MOST_SCOPES, TooManyScopes(body, _MOST_SCOPES));
        _bodies[body].scopes = role + 1;
        _scopes[body][role] = scope;
        if (role != 0) alarm = _accreditations[_scopes[body][0]][body].alarm();
    }

    function _rolesOf(uint32 body, address operator, bytes32[] calldata scopes) private view returns (uint64 roles) {
        require(scopes.length != 0, NoRoles(operator));
        for (uint256 i = 0; i < scopes.length; ++i) {
            AccreditationSlot a = _accreditations[scopes[i]][body];
            require(a.decision() != Decision.NONE, NotAccredited(scopes[i], body, Standing.NONE));
            roles |= uint64(1) << a.role();
        }
    }
}
