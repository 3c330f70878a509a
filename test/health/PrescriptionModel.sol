// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IPrescriptionRegistry as I} from "../../contracts/health/IPrescriptionRegistry.sol";
import {PrescriptionId} from "../../contracts/health/PrescriptionId.sol";
import {PrescriptionRegistry} from "../../contracts/health/PrescriptionRegistry.sol";
import {IGoverned} from "../../contracts/trust/IGoverned.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

/// @title PrescriptionModel
/// @notice Does anything with prescriptions, and keeps beside them plain books that say what should have come of it.
/// @dev Bodies 1 and 2 prescribe, with keys 1, 2 and key 3; bodies 3 and 4 dispense, with keys 4, 5 and key 6. The books
/// keep every dispensing and every decision, and work out from the start what is left and how a body stood. `agreed`
/// turns false for good when the contract answered otherwise than the books say, the error included.
contract PrescriptionModel {
    struct Entry {
        uint32 pharmacy;
        uint16 quantity;
        bool takenBack;
    }

    struct Book {
        uint40 issuedAt;
        uint40 expiresAt;
        uint8 key;
        uint16 quantity;
        I.CancelReason reason;
        Entry[] entries;
    }

    struct Change {
        uint40 time;
        bool suspended;
    }

    uint40 private constant NO_END = type(uint40).max;
    uint256 public constant BOOKS = 5;

    PrescriptionRegistry public immutable registry;
    TrustList public immutable trustList;
    bool public agreed = true;
    uint40 public time = 1_800_000_000;
    /// @dev How often each function went through, or each error was met: the steps lead there.
    mapping(bytes4 outcome => uint256) public reached;

    Book[BOOKS] internal _books;
    mapping(uint32 body => Change[]) private _changes;
    uint40[7] private _compromised;
    uint40 private _stoppedUntil;

    constructor() {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        trustList = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = PrescriptionRegistry(
            Artifact.deploy("PrescriptionRegistry", abi.encode(address(manager), trustList, relays))
        );
        for (uint32 body = 1; body <= 4; ++body) {
            trustList.registerBody(address(this), "");
            trustList.accredit(_scopeOf(body), 0, body, 0, NO_END, 0, "");
        }
        for (uint8 key = 1; key <= 6; ++key) {
            bytes32[] memory scopes = new bytes32[](1);
            scopes[0] = _scopeOf(_bodyOf(key));
            bytes memory consent = TypedData.consent(address(trustList), _bodyOf(key), key);
            trustList.authorizeKey(_bodyOf(key), vm.addr(key), scopes, 0, NO_END, type(uint256).max, consent);
        }
    }

    // TIME AND TRUST

    function pass(uint8 seconds_) external {
        time += seconds_;
        vm.warp(time);
    }

    function suspendOrReinstate(uint8 pick) external {
        vm.warp(time);
        uint32 body = 1 + (pick % 4);
        bool suspend = !_suspendedAt(body, time);
        if (suspend) trustList.suspend(_scopeOf(body), body, "");
        else trustList.reinstate(_scopeOf(body), body, "");
        _changes[body].push(Change(time, suspend));
    }

    function compromise(uint8 pick, uint8 before) external {
        vm.warp(time);
        // Seldom: a burnt key never acts again.
        if (pick % 8 != 0) return;
        uint8 key = _key(pick / 8);
        uint40 since = time - before;
        if (_compromised[key] != 0 && since >= _compromised[key]) return;
        trustList.reportCompromise(vm.addr(key), since);
        _compromised[key] = since;
    }

    function stop(uint8 seconds_) external {
        vm.warp(time);
        if (seconds_ == 0) return;
        _stoppedUntil = time + seconds_;
        registry.stop(_stoppedUntil, "");
    }

    // PRESCRIPTIONS

    function issue(uint8 by, uint8 pick, uint16 quantity, uint8 seconds_) external {
        vm.warp(time);
        uint8 key = _key(by);
        Book storage book = _books[pick % BOOKS];
        quantity %= 20;
        uint40 expiresAt = time + 30 * uint40(seconds_ % 48);
        bytes4 refusal = _refusalOfIssue(key, book, quantity, expiresAt);
        bytes memory call = abi.encodeCall(I.issue, (_idOf(pick % BOOKS), quantity, expiresAt));
        if (!_expect(key, call, refusal)) return;
        (book.issuedAt, book.expiresAt, book.key, book.quantity) = (time, expiresAt, key, quantity);
    }

    function dispense(uint8 by, uint8 pick, uint16 quantity) external {
        vm.warp(time);
        uint8 key = _key(by);
        Book storage book = _books[pick % BOOKS];
        quantity %= 12;
        if (quantity == 11) quantity = uint16(_left(book));
        bytes4 refusal = _refusalOfDispensing(key, book, quantity);
        bytes memory call = abi.encodeCall(I.dispense, (_openingOf(pick % BOOKS), quantity));
        if (_expect(key, call, refusal)) book.entries.push(Entry(_bodyOf(key), quantity, false));
    }

    function reverse(uint8 by, uint8 pick) external {
        vm.warp(time);
        uint8 key = _key(by);
        Book storage book = _books[pick % BOOKS];
        bytes4 refusal = _refusalOfReversal(key, book);
        bytes memory call = abi.encodeCall(I.reverse, (_idOf(pick % BOOKS)));
        if (_expect(key, call, refusal)) book.entries[book.entries.length - 1].takenBack = true;
    }

    function cancel(uint8 by, uint8 pick, uint8 why) external {
        vm.warp(time);
        uint8 key = _key(by);
        Book storage book = _books[pick % BOOKS];
        I.CancelReason reason = I.CancelReason(why % 6);
        bytes4 refusal = _refusalOfCancellation(key, book, reason);
        bytes memory call = abi.encodeCall(I.cancel, (_idOf(pick % BOOKS), reason));
        if (_expect(key, call, refusal)) book.reason = reason;
    }

    function annul(uint8 by, uint8 pick) external {
        vm.warp(time);
        Book storage book = _books[pick % BOOKS];
        bytes4 refusal = 0;
        if (book.issuedAt == 0) refusal = I.PrescriptionUnknown.selector;
        else if (book.reason == I.CancelReason.NONE && _standingOf(book) != ITrustList.Standing.COMPROMISED) {
            refusal = I.PrescriberNotCompromised.selector;
        }
        PrescriptionId[] memory ids = new PrescriptionId[](2);
        (ids[0], ids[1]) = (_idOf(pick % BOOKS), _idOf(pick % BOOKS));
        if (!_expect(_key(by), abi.encodeCall(I.annul, (ids)), refusal)) return;
        if (book.reason == I.CancelReason.NONE) book.reason = I.CancelReason.KEY_COMPROMISED;
    }

    // COMPARE

    /// @notice Whether all prescriptions are those of the books, now.
    function agrees() external returns (bool) {
        vm.warp(time);
        for (uint256 n; n < BOOKS; ++n) {
            Book storage book = _books[n];
            (I.State state, uint16 left, ITrustList.Standing prescriber) = registry.statusOf(_idOf(n));
            if (state != _stateOf(book) || left != _left(book) || prescriber != _standingOf(book)) return false;
            if (keccak256(abi.encode(registry.recordOf(_idOf(n)))) != keccak256(abi.encode(_recordOf(book)))) {
                return false;
            }
        }
        return true;
    }

    // INTERNAL

    /// @dev Calls as a key; notes whether it went as the books say.
    function _expect(uint8 key, bytes memory call, bytes4 refusal) private returns (bool done) {
        vm.prank(vm.addr(key));
        bytes memory answer;
        (done, answer) = address(registry).call(call);
        bytes4 got = done ? bytes4(0) : bytes4(answer);
        if (got != refusal) agreed = false;
        ++reached[done ? bytes4(call) : refusal];
        _observe();
    }

    /// @dev For whoever watches how prescriptions change, after each call.
    function _observe() internal virtual {}

    function _refusalOfIssue(
        uint8 key,
        Book storage book,
        uint16 quantity,
        uint40 expiresAt
    ) private view returns (bytes4) {
        if (time < _stoppedUntil) return IGoverned.WritesAreStopped.selector;
        bytes4 refusal = _refusalOfLicence(key, 1);
        if (refusal != 0) return refusal;
        if (quantity == 0) return I.PrescriptionQuantityMissing.selector;
        if (expiresAt == time) return I.PrescriptionEndInvalid.selector;
        return book.issuedAt == 0 ? bytes4(0) : I.PrescriptionIssuedBefore.selector;
    }

    function _refusalOfDispensing(uint8 key, Book storage book, uint16 quantity) private view returns (bytes4) {
        bytes4 refusal = _refusalOfLicence(key, 3);
        if (refusal != 0) return refusal;
        if (book.issuedAt == 0) return I.PrescriptionUnknown.selector;
        if (book.reason != I.CancelReason.NONE) return I.PrescriptionIsCancelled.selector;
        if (time >= book.expiresAt) return I.PrescriptionExpired.selector;
        if (quantity == 0) return I.PrescriptionQuantityMissing.selector;
        uint256 left = _left(book);
        if (left == 0) return I.PrescriptionSpent.selector;
        return quantity <= left ? bytes4(0) : I.PrescriptionExceeded.selector;
    }

    function _refusalOfReversal(uint8 key, Book storage book) private view returns (bytes4) {
        if (book.issuedAt == 0) return I.PrescriptionUnknown.selector;
        uint256 count = book.entries.length;
        if (count == 0 || book.entries[count - 1].takenBack) return I.NothingDispensed.selector;
        return _refusalOfKey(key, book.entries[count - 1].pharmacy);
    }

    function _refusalOfCancellation(uint8 key, Book storage book, I.CancelReason reason) private view returns (bytes4) {
        if (book.issuedAt == 0) return I.PrescriptionUnknown.selector;
        bytes4 refusal = _refusalOfKey(key, _bodyOf(book.key));
        if (refusal != 0) return refusal;
        if (reason == I.CancelReason.NONE) return I.CancelReasonMissing.selector;
        return book.reason == I.CancelReason.NONE ? bytes4(0) : I.PrescriptionIsCancelled.selector;
    }

    /// @dev What the trust list says to a key that wants to act as one of the two bodies from `first` on.
    function _refusalOfLicence(uint8 key, uint32 first) private view returns (bytes4) {
        if (_compromised[key] != 0) return ITrustList.KeyNotInForce.selector;
        uint32 body = _bodyOf(key);
        bool licensed = (body == first || body == first + 1) && !_suspendedAt(body, time);
        return licensed ? bytes4(0) : ITrustList.NotAccredited.selector;
    }

    /// @dev What the trust list says to a key that wants to end something of a body.
    function _refusalOfKey(uint8 key, uint32 body) private view returns (bytes4) {
        if (_compromised[key] != 0) return ITrustList.KeyNotInForce.selector;
        return _bodyOf(key) == body ? bytes4(0) : ITrustList.KeyOfAnotherBody.selector;
    }

    function _stateOf(Book storage book) internal view returns (I.State) {
        if (book.issuedAt == 0) return I.State.UNKNOWN;
        if (book.reason != I.CancelReason.NONE) return I.State.CANCELLED;
        uint256 left = _left(book);
        if (left == 0) return I.State.DISPENSED;
        if (time >= book.expiresAt) return I.State.EXPIRED;
        return left == book.quantity ? I.State.ISSUED : I.State.PARTLY_DISPENSED;
    }

    function _left(Book storage book) internal view returns (uint256 left) {
        left = book.quantity;
        for (uint256 i; i < book.entries.length; ++i) {
            if (!book.entries[i].takenBack) left -= book.entries[i].quantity;
        }
    }

    function _standingOf(Book storage book) internal view returns (ITrustList.Standing) {
        if (book.issuedAt == 0) return ITrustList.Standing.NONE;
        uint40 since = _compromised[book.key];
        if (since != 0 && since <= book.issuedAt) return ITrustList.Standing.COMPROMISED;
        // Not that it may issue while suspended; but it may be suspended in the same second.
        bool suspended = _suspendedAt(_bodyOf(book.key), book.issuedAt);
        return suspended ? ITrustList.Standing.SUSPENDED : ITrustList.Standing.IN_FORCE;
    }

    function _recordOf(Book storage book) private view returns (I.Record memory r) {
        if (book.issuedAt == 0) return r;
        (r.issuedAt, r.expiresAt, r.issued, r.remaining) = (
            book.issuedAt,
            book.expiresAt,
            book.quantity,
            uint16(_left(book))
        );
        (r.prescriber, r.key, r.reason) = (_bodyOf(book.key), book.key == 2 ? 2 : 1, book.reason);
        if (book.entries.length == 0) return r;
        Entry storage last = book.entries[book.entries.length - 1];
        (r.pharmacy, r.dispensed) = (last.pharmacy, last.takenBack ? 0 : last.quantity);
    }

    /// @dev What was last decided by a time, all decisions looked through.
    function _suspendedAt(uint32 body, uint40 at) private view returns (bool suspended) {
        Change[] storage changes = _changes[body];
        for (uint256 i; i < changes.length && changes[i].time <= at; ++i) suspended = changes[i].suspended;
    }

    function _key(uint8 pick) private pure returns (uint8) {
        return 1 + (pick % 6);
    }

    function _bodyOf(uint8 key) private pure returns (uint32) {
        return [uint32(0), 1, 1, 2, 3, 3, 4][key];
    }

    function _scopeOf(uint32 body) private pure returns (bytes32) {
        return body < 3 ? keccak256("diwan.role.prescriber") : keccak256("diwan.role.pharmacy");
    }

    function _openingOf(uint256 n) private pure returns (bytes32) {
        return keccak256(abi.encode("opening", n));
    }

    function _idOf(uint256 n) internal pure returns (PrescriptionId) {
        return PrescriptionId.wrap(keccak256(abi.encode(keccak256("diwan.health.prescription"), _openingOf(n))));
    }
}
