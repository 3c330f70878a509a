// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {Vm, vm} from "../helpers/Vm.sol";
import {PlainTrustList} from "./PlainTrustList.sol";

/// @title TrustSteps
/// @notice Does anything that anybody may try on a trust list, and notes where it differs from its plain twin.
/// @dev Few bodies, scopes, keys and seconds, so that steps meet. This contract is the council.
contract TrustSteps {
    uint256 private constant FIRST_SECOND = 1_000;

    TrustList public immutable LIST;
    PlainTrustList public immutable PLAIN;

    /// @notice What the list did otherwise than its twin, empty when nothing.
    string public difference;

    /// @notice How often a function did what was tried, and how often it refused.
    mapping(string name => mapping(bool done => uint256)) public count;

    /// @dev How everybody stood at a second that is over.
    struct Memory {
        bytes32 scope;
        uint32 body;
        uint40 time;
        ITrustList.Standing standing;
        uint32 decidedBy;
    }

    Memory[] private _memories;
    bytes32[] private _log;

    constructor() {
        vm.warp(FIRST_SECOND);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        LIST = TrustList(
            Artifact.deploy("TrustList", abi.encode(address(manager), Sender.Relays(address(0), address(0))))
        );
        PLAIN = PlainTrustList(Artifact.deploy("PlainTrustList", abi.encode(address(this))));
        for (uint256 i; i < 4; ++i) register(i);
        // Something to build on: the first body stands under the council.
        accredit(1, 0, 0, 0, 1, 3, 3 << 8);
    }

    // STEPS

    function pass(uint256 seconds_) external {
        if (seconds_ % 4 == 0) return;
        _remember();
        vm.warp(block.timestamp + (seconds_ % 4));
    }

    function register(uint256 actor) public {
        if (PLAIN.bodies() == 6) return;
        address controller = actorAt(1 + (actor % 4));
        vm.recordLogs();
        uint32 body = LIST.registerBody(controller, bytes32(actor));
        _keepLog();
        if (PLAIN.registerBody(controller) != body) _differs("registerBody");
    }

    function handOver(uint256 actor, uint256 body, uint256 controller) external {
        uint32 b = bodyAt(body);
        address by = _likely(actor, PLAIN.controllerOf(actor % 2 == 0 ? 0 : b));
        address to = actorAt(1 + (controller % 4));
        bool expected = PLAIN.mayUpdateBody(by, b);
        if (_try(by, abi.encodeCall(ITrustList.updateBody, (b, to, 0)), expected, "updateBody"))
            PLAIN.updateBody(b, to);
    }

    function accredit(
        uint256 actor,
        uint256 scope,
        uint256 parent,
        uint256 body,
        uint256 start,
        uint256 length,
        uint256 levels
    ) public {
        PlainTrustList.Entry memory e = _entry(PlainTrustList.Kind.ACCREDIT, scope, body);
        e.parent = uint32(parent % (PLAIN.bodies() + 1));
        for (uint256 i; parent % 4 != 0 && i < 6 && !PLAIN.stands(e.scope, e.parent, e.time); ++i) {
            e.parent = uint32((e.parent + 1) % (PLAIN.bodies() + 1));
        }
        PlainTrustList.Case memory p = PLAIN.caseAt(e.scope, e.parent, e.time);
        // Around now, so that starts and ends are passed by; or as wide as the accreditor's own, or a second wider.
        e.from =
            start % 2 == 0 && p.known ? p.from + 1 - uint40((start >> 8) % 3) : e.time + 4 - uint40((start >> 8) % 16);
        e.until =
            length % 2 == 0 && p.known
                ? p.until + 1 - uint40((length >> 8) % 3)
                : e.from + (length % 3 == 0 ? 1_000 : uint40((length >> 8) % 40));
        e.levels = levels % 4 != 0 && p.levels != 0 ? p.levels - 1 : uint8((levels >> 8) % 5);
        address by = _likely(actor, PLAIN.controllerOf(e.parent));
        bytes memory call = abi.encodeCall(
            ITrustList.accredit,
            (e.scope, e.parent, e.body, e.from, e.until, e.levels, bytes32(start))
        );
        _tryOn(e, by, call, PLAIN.mayAccredit(by, e), "accredit");
    }

    function suspend(uint256 actor, uint256 scope, uint256 body) external {
        _decide(PlainTrustList.Kind.SUSPEND, actor, scope, body, ITrustList.suspend.selector, "suspend");
    }

    function reinstate(uint256 actor, uint256 scope, uint256 body) external {
        _decide(PlainTrustList.Kind.REINSTATE, actor, scope, body, ITrustList.reinstate.selector, "reinstate");
    }

    function withdraw(uint256 actor, uint256 scope, uint256 body) external {
        _decide(PlainTrustList.Kind.WITHDRAW, actor, scope, body, ITrustList.withdraw.selector, "withdraw");
    }

    function authorize(
        uint256 actor,
        uint256 body,
        uint256 key,
        uint256 scopes,
        uint256 start,
        bool consents
    ) external {
        address operator = keyAt(key);
        bytes32[] memory listed = new bytes32[](scopes % 8 == 0 ? 0 : 1 + ((scopes >> 8) % 2));
        for (uint256 i; i < listed.length; ++i) listed[i] = scopeAt((scopes >> 16) + i);
        // Mostly the body that the key has, or one that was accredited.
        uint32 b = bodyAt(body >> 8);
        uint32 its = PLAIN.keyCase(operator).body;
        if (body % 4 != 0 && its != 0) b = its;
        for (uint256 i; listed.length != 0 && its == 0 && i < 6 && !_known(listed[0], b); ++i) b = bodyAt(b);
        address by = _likely(actor, PLAIN.controllerOf(b));
        uint40 from = uint40(block.timestamp) + 2 - uint40(start % 8);
        uint40 until = from + uint40((start >> 8) % 60);
        bytes memory consent = TypedData.consent(address(LIST), consents ? b : b + 1, 1 + (key % 4));
        bool expected = PLAIN.mayAuthorize(by, b, operator, listed, from, until, consents);
        bytes memory call = abi.encodeCall(
            ITrustList.authorizeKey,
            (b, operator, listed, from, until, type(uint256).max, consent)
        );
        if (_try(by, call, expected, "authorizeKey")) PLAIN.noteKey(b, operator, listed, from, until);
    }

    function retire(uint256 actor, uint256 key) external {
        address operator = _usedKey(key);
        address by = _likely(actor, actor % 2 == 0 ? operator : PLAIN.controllerOf(PLAIN.keyCase(operator).body));
        bytes memory call = abi.encodeCall(ITrustList.retireKey, (operator));
        if (_try(by, call, PLAIN.mayRetire(by, operator), "retireKey")) PLAIN.noteRetired(operator);
    }

    function report(uint256 actor, uint256 key, uint256 ago) external {
        address operator = _usedKey(key);
        address by = _likely(actor, PLAIN.controllerOf(actor % 2 == 0 ? 0 : PLAIN.keyCase(operator).body));
        uint40 since = uint40(block.timestamp + 1 - (ago % 12));
        bytes memory call = abi.encodeCall(ITrustList.reportCompromise, (operator, since));
        if (_try(by, call, PLAIN.mayReport(by, operator, since), "reportCompromise")) PLAIN.noteBurnt(operator, since);
    }

    // WHO AND WHAT

    /// @notice The council, four controllers, and one that controls nothing.
    function actorAt(uint256 i) public view returns (address) {
        i %= 6;
        return i == 0 ? address(this) : address(uint160(0xAC7000 + i));
    }

    /// @notice An actor or a key.
    function anyoneAt(uint256 i) public view returns (address) {
        return i % 3 == 0 ? keyAt(i >> 8) : actorAt(i >> 8);
    }

    function bodyAt(uint256 i) public view returns (uint32) {
        return uint32(1 + (i % PLAIN.bodies()));
    }

    function scopeAt(uint256 i) public pure returns (bytes32) {
        return i % 2 == 0 ? bytes32("court") : bytes32("clinic");
    }

    /// @notice One of four.
    function keyAt(uint256 i) public pure returns (address) {
        return vm.addr(1 + (i % 4));
    }

    /// @notice Every entry that the log should hold, in order.
    function log() external view returns (bytes32[] memory) {
        return _log;
    }

    /// @notice How everybody stood at seconds that are over, as the list said then.
    function memories() external view returns (Memory[] memory) {
        return _memories;
    }

    // INTERNAL

    function _remember() private {
        for (uint32 body = 1; body <= PLAIN.bodies(); ++body) {
            for (uint256 i; i < 2; ++i) {
                Memory memory m;
                (m.scope, m.body, m.time) = (scopeAt(i), body, uint40(block.timestamp));
                (m.standing, m.decidedBy) = LIST.standingAt(m.scope, m.body, m.time);
                _memories.push(m);
            }
        }
    }

    function _entry(
        PlainTrustList.Kind kind,
        uint256 scope,
        uint256 body
    ) private view returns (PlainTrustList.Entry memory e) {
        (e.kind, e.time, e.scope, e.body) = (kind, uint40(block.timestamp), scopeAt(scope), bodyAt(body));
    }

    function _decide(
        PlainTrustList.Kind kind,
        uint256 actor,
        uint256 scope,
        uint256 body,
        bytes4 selector,
        string memory name
    ) private {
        PlainTrustList.Entry memory e = _entry(kind, scope, body);
        // Mostly one on which it can be decided.
        for (uint256 i; actor % 4 != 0 && i < 6 && !PLAIN.mayDecide(address(this), e); ++i) e.body = bodyAt(e.body);
        uint32 parent = PLAIN.caseAt(e.scope, e.body, e.time).parent;
        address by = _likely(actor, PLAIN.controllerOf(actor % 3 == 0 ? 0 : parent));
        e.byCouncil = by == address(this);
        bytes memory call = abi.encodeWithSelector(selector, e.scope, e.body, bytes32(0));
        _tryOn(e, by, call, PLAIN.mayDecide(by, e), name);
    }

    function _tryOn(
        PlainTrustList.Entry memory e,
        address by,
        bytes memory call,
        bool expected,
        string memory name
    ) private {
        bool held = LIST.accreditationOf(e.scope, e.body).held;
        if (!_try(by, call, expected, name)) return;
        if (held && by != address(this)) _differs("held");
        PLAIN.note(e);
    }

    function _known(bytes32 scope, uint32 body) private view returns (bool) {
        return PLAIN.caseAt(scope, body, uint40(block.timestamp)).known;
    }

    /// @dev Mostly one that has a body.
    function _usedKey(uint256 key) private view returns (address operator) {
        operator = keyAt(key);
        for (uint256 i = 1; i < 4 && PLAIN.keyCase(operator).body == 0; ++i) operator = keyAt((key % 4) + i);
    }

    /// @dev Mostly whoever may, or too little would happen.
    function _likely(uint256 actor, address rightful) private view returns (address) {
        return actor % 5 == 0 ? anyoneAt(actor >> 8) : rightful;
    }

    function _try(address by, bytes memory call, bool expected, string memory name) private returns (bool done) {
        vm.recordLogs();
        if (by != address(this)) vm.prank(by);
        (done, ) = address(LIST).call(call);
        if (done) _keepLog();
        ++count[name][done];
        if (done != expected) _differs(name);
    }

    /// @dev Entry: the change's event, its topics and its data, hashed. The other event is the log's own.
    function _keepLog() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (logs.length != 2) _differs("events");
        Vm.Log memory change = logs[0];
        bytes memory entry;
        for (uint256 i; i < change.topics.length; ++i) entry = bytes.concat(entry, change.topics[i]);
        _log.push(keccak256(bytes.concat(entry, change.data)));
    }

    function _differs(string memory name) private {
        difference = name;
    }
}
