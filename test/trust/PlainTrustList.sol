// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../../contracts/trust/ITrustList.sol";

/// @title PlainTrustList
/// @notice The rules of the trust list said without any slot, checkpoint or walk: the oracle of its tests.
/// @dev An append-only list of every decision. Each question is answered by going through it from the start.
contract PlainTrustList {
    enum Kind {
        ACCREDIT,
        SUSPEND,
        REINSTATE,
        WITHDRAW
    }

    struct Entry {
        Kind kind;
        uint40 time;
        bool byCouncil;
        bytes32 scope;
        uint32 body;
        uint32 parent;
        uint40 from;
        uint40 until;
        uint8 levels;
    }

    /// @dev A body's case, as the entries up to a time tell it.
    struct Case {
        bool known;
        bool suspended;
        bool withdrawn;
        bool held;
        uint32 parent;
        uint40 from;
        uint40 until;
        uint8 levels;
    }

    struct KeyCase {
        uint32 body;
        uint32 number;
        uint40 from;
        uint40 until;
        bool burnt;
        uint40 burntFrom;
    }

    address public immutable COUNCIL;

    address[] private _controllers;
    Entry[] private _entries;
    mapping(address operator => KeyCase) private _keys;
    mapping(address operator => mapping(bytes32 scope => bool)) private _listed;
    mapping(address operator => bytes32[]) private _scopesListed;
    mapping(uint32 body => address[]) private _keysOf;

    constructor(address council) {
        COUNCIL = council;
    }

    // WHAT HAPPENED

    function registerBody(address controller) external returns (uint32) {
        _controllers.push(controller);
        return uint32(_controllers.length);
    }

    function updateBody(uint32 body, address controller) external {
        _controllers[body - 1] = controller;
    }

    function note(Entry calldata entry) external {
        _entries.push(entry);
    }

    function noteKey(uint32 body, address operator, bytes32[] calldata scopes, uint40 from, uint40 until) external {
        KeyCase storage k = _keys[operator];
        if (k.body == 0) {
            _keysOf[body].push(operator);
            (k.body, k.number) = (body, uint32(_keysOf[body].length));
        }
        (k.from, k.until) = (from, until);
        bytes32[] storage listed = _scopesListed[operator];
        for (; listed.length != 0; listed.pop()) _listed[operator][listed[listed.length - 1]] = false;
        for (uint256 i; i < scopes.length; ++i) {
            _listed[operator][scopes[i]] = true;
            listed.push(scopes[i]);
        }
    }

    function noteRetired(address operator) external {
        _keys[operator].until = uint40(block.timestamp);
    }

    function noteBurnt(address operator, uint40 since) external {
        (_keys[operator].burnt, _keys[operator].burntFrom) = (true, since);
    }

    // WHAT MAY HAPPEN

    function mayUpdateBody(address actor, uint32 body) external view returns (bool) {
        return _exists(body) && (actor == COUNCIL || _controls(actor, body));
    }

    function mayAccredit(address actor, Entry calldata e) external view returns (bool) {
        if (!_exists(e.body) || e.from >= e.until || e.until <= block.timestamp) return false;
        if (e.parent == 0) return actor == COUNCIL && e.levels < 4;
        if (actor != COUNCIL && !_controls(actor, e.parent)) return false;
        if (!stands(e.scope, e.parent, e.time)) return false;
        Case memory p = caseAt(e.scope, e.parent, e.time);
        if (p.levels <= e.levels || e.from < p.from || p.until < e.until) return false;
        // The council, on the accreditor's behalf, takes the body from whomever.
        if (actor == COUNCIL) return true;
        Case memory c = caseAt(e.scope, e.body, e.time);
        if (!c.known) return true;
        if (c.held) return false;
        return c.withdrawn || c.until <= block.timestamp || c.parent == e.parent;
    }

    function mayDecide(address actor, Entry calldata e) external view returns (bool) {
        Case memory c = caseAt(e.scope, e.body, e.time);
        if (!c.known) return false;
        if (c.parent != 0 && _controls(actor, c.parent)) {
            if (c.held) return false;
            if (e.kind == Kind.REINSTATE) return c.suspended && stands(e.scope, c.parent, e.time);
            return !c.withdrawn && (e.kind == Kind.WITHDRAW || !c.suspended);
        }
        // The council may also take over what the accreditor decided.
        if (actor != COUNCIL) return false;
        if (e.kind == Kind.REINSTATE) return c.suspended;
        return e.kind == Kind.WITHDRAW || !c.withdrawn;
    }

    function mayAuthorize(
        address actor,
        uint32 body,
        address operator,
        bytes32[] calldata scopes,
        uint40 from,
        uint40 until,
        bool consents
    ) external view returns (bool) {
        if (!_controls(actor, body) || from >= until || until <= block.timestamp || scopes.length == 0) return false;
        KeyCase memory k = _keys[operator];
        if (k.body == 0 ? !consents : k.body != body) return false;
        for (uint256 i; i < scopes.length; ++i) {
            if (!caseAt(scopes[i], body, uint40(block.timestamp)).known) return false;
        }
        return !k.burnt;
    }

    function mayRetire(address actor, address operator) external view returns (bool) {
        KeyCase memory k = _keys[operator];
        if (k.body == 0 || k.until <= block.timestamp) return false;
        return actor == operator || actor == COUNCIL || _controls(actor, k.body);
    }

    function mayReport(address actor, address operator, uint40 since) external view returns (bool) {
        KeyCase memory k = _keys[operator];
        if (k.body == 0 || since == 0 || since > block.timestamp) return false;
        if (k.burnt && since >= k.burntFrom) return false;
        return actor == COUNCIL || _controls(actor, k.body);
    }

    // HOW IT STANDS

    function caseAt(bytes32 scope, uint32 body, uint40 time) public view returns (Case memory c) {
        for (uint256 i; i < _entries.length && _entries[i].time <= time; ++i) {
            Entry storage e = _entries[i];
            if (e.body != body || e.scope != scope) continue;
            if (e.kind == Kind.ACCREDIT) {
                c = Case(true, false, false, false, e.parent, e.from, e.until, e.levels);
            } else {
                c.suspended = e.kind == Kind.SUSPEND;
                c.withdrawn = e.kind == Kind.WITHDRAW;
                c.held = e.byCouncil && e.kind != Kind.REINSTATE;
            }
        }
    }

    function standingAt(bytes32 scope, uint32 body, uint40 time) public view returns (ITrustList.Standing, uint32) {
        Case memory c = caseAt(scope, body, time);
        if (!c.known) return (ITrustList.Standing.NONE, body);
        if (c.withdrawn) return (ITrustList.Standing.WITHDRAWN, body);
        if (c.suspended) return (ITrustList.Standing.SUSPENDED, body);
        if (time < c.from) return (ITrustList.Standing.PENDING, body);
        if (time >= c.until) return (ITrustList.Standing.EXPIRED, body);
        if (c.parent == 0) return (ITrustList.Standing.IN_FORCE, body);

        Case memory p = caseAt(scope, c.parent, time);
        if (c.levels >= p.levels || c.from < p.from) return (ITrustList.Standing.WITHDRAWN, body);
        (ITrustList.Standing above, uint32 decidedBy) = standingAt(scope, c.parent, time);
        return above == ITrustList.Standing.IN_FORCE ? (above, body) : (above, decidedBy);
    }

    function stands(bytes32 scope, uint32 body, uint40 time) public view returns (bool) {
        (ITrustList.Standing standing, ) = standingAt(scope, body, time);
        return standing == ITrustList.Standing.IN_FORCE;
    }

    function standingOf(
        bytes32 scope,
        uint32 body,
        uint32 number,
        uint40 time
    ) external view returns (ITrustList.Standing standing) {
        (standing, ) = standingAt(scope, body, time);
        if (number == 0 || number > _keysOf[body].length) return standing;
        KeyCase memory k = _keys[_keysOf[body][number - 1]];
        bool everHere = caseAt(scope, body, type(uint40).max).known;
        if (everHere && k.burnt && k.burntFrom <= time) return ITrustList.Standing.COMPROMISED;
    }

    function mayAct(bytes32 scope, address operator) external view returns (bool) {
        KeyCase memory k = _keys[operator];
        if (k.body == 0 || k.burnt || block.timestamp < k.from || block.timestamp >= k.until) return false;
        return _listed[operator][scope] && stands(scope, k.body, uint40(block.timestamp));
    }

    function keyCase(address operator) external view returns (KeyCase memory) {
        return _keys[operator];
    }

    /// @notice Who controls a body; body 0 is the council.
    function controllerOf(uint32 body) external view returns (address) {
        return body == 0 ? COUNCIL : _controllers[body - 1];
    }

    function bodies() external view returns (uint32) {
        return uint32(_controllers.length);
    }

    function _exists(uint32 body) private view returns (bool) {
        return body != 0 && body <= _controllers.length;
    }

    function _controls(address actor, uint32 body) private view returns (bool) {
        return _exists(body) && _controllers[body - 1] == actor;
    }
}
