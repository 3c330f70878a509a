// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {DidRegistry} from "../../contracts/identity/DidRegistry.sol";
import {IDidRecovery as R} from "../../contracts/identity/IDidRecovery.sol";
import {IDidRegistry as I} from "../../contracts/identity/IDidRegistry.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {Vm, vm} from "../helpers/Vm.sol";

/// @title DidModel
/// @notice Does anything with two DIDs of a registry, and keeps beside it a plain twin that says what should have come
/// of it.
/// @dev Six accounts try everything: the first two are the DIDs, the others guard, veto, receive or steal. The twin is
/// written from the interfaces' text: structs and lists in storage, searched from the start. `agreed` turns false for
/// good when the registry did what the twin says it should not have, or the reverse, or an event points elsewhere. Times
/// and blocks are kept here, since the compiler may read them only once.
contract DidModel {
    struct Held {
        uint40 time;
        address owner;
    }

    struct Delegated {
        bytes32 kind;
        address delegate;
        uint40 from;
        uint40 until;
    }

    struct Twin {
        I.State state;
        address owner;
        uint256 nonce;
        uint256[] chain;
        Held[] held;
        Delegated[] delegated;
        R.Plan plan;
        uint40 dueAt;
        address newOwner;
        bytes32 guardians;
        bytes32 next;
        uint40 nextDueAt;
    }

    uint256 internal constant ACTORS = 6;
    uint40 private constant EXIT_DELAY = 20;
    uint40 private constant GUARDIANS_DELAY = 50;

    DidRegistry public immutable registry;
    bool public agreed = true;
    uint40 public time = 1_800_000_000;
    uint256 public number = 1_000;
    uint40 private _stoppedUntil;

    address[6] internal _actors;
    Twin[2] internal _twins;
    R.Guardians[3] private _lists;

    constructor() {
        vm.warp(time);
        vm.roll(number);
        Sender.Relays memory relays;
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        registry = DidRegistry(
            Artifact.deploy("DidRegistry", abi.encode(address(manager), EXIT_DELAY, GUARDIANS_DELAY, relays))
        );
        for (uint256 i; i < ACTORS; ++i) _actors[i] = vm.addr(i + 1);
        for (uint256 i; i < 2; ++i) _twins[i].owner = _actors[i];
        _list(0, 2, 2, 5, 30, _actors[5]);
        _list(1, 1, 3, 5, 0, address(0));
        _list(2, 3, 2, 5, 60, _actors[0]);
    }

    // TIME AND THE COUNCIL

    function pass(uint8 seconds_) external {
        _begin();
        (time, number) = (time + seconds_, number + seconds_ / 4);
        _begin();
        _observe();
    }

    function stop(uint8 seconds_) external {
        _begin();
        _stoppedUntil = time + 1 + (seconds_ % 32);
        registry.stop(_stoppedUntil, "");
        _observe();
    }

    // OWNERS AND CHANGES

    function changeOwner(uint8 which, uint8 caller, uint8 to) external {
        Twin storage t = _twin(which);
        address given = _receiver(to);
        bool may = t.state == I.State.ACTIVE && _actor(caller) == t.owner && _mayGive(t, given);
        if (_call(caller, abi.encodeCall(registry.changeOwner, (_did(which), given)), may)) _give(t, given);
        _check(which);
    }

    function changeOwnerBySignature(uint8 which, uint8 signer, uint8 to, uint8 ahead, uint8 late) external {
        Twin storage t = _twin(which);
        address given = _receiver(to);
        uint256 deadline = time + 2 - (late % 4);
        bytes32 kind = keccak256("ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)");
        bytes32 hash = keccak256(abi.encode(kind, _did(which), given, _nonce(t, ahead), deadline));
        bytes memory data = abi.encodeCall(
            registry.changeOwnerBySignature,
            (_did(which), given, deadline, _sign(signer, hash))
        );
        bool may = t.state == I.State.ACTIVE && _mayGive(t, given) && _counts(t, signer, ahead, deadline);
        if (_call(0, data, may)) _give(t, given);
        _check(which);
    }

    function changeMany(uint8 which, uint8 caller, uint256 seed) external {
        Twin storage t = _twin(which);
        I.Change[] memory changes = _changes(seed);
        bool may = t.state == I.State.ACTIVE && _actor(caller) == t.owner && _mayChange(changes);
        if (_call(caller, abi.encodeCall(registry.changeMany, (_did(which), changes)), may)) _change(t, changes);
        _check(which);
    }

    function changeManyBySignature(uint8 which, uint8 signer, uint256 seed, uint8 ahead, uint8 late) external {
        Twin storage t = _twin(which);
        I.Change[] memory changes = _changes(seed);
        uint256 deadline = time + 2 - (late % 4);
        bytes32 hash = _hashOf(_did(which), changes, _nonce(t, ahead), deadline);
        bytes memory data = abi.encodeCall(
            registry.changeManyBySignature,
            (_did(which), changes, deadline, _sign(signer, hash))
        );
        bool may = t.state == I.State.ACTIVE && _mayChange(changes) && _counts(t, signer, ahead, deadline);
        if (_call(0, data, may)) {
            ++t.nonce;
            _change(t, changes);
        }
        _check(which);
    }

    // FREEZE AND ITS END

    function freeze(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may = t.state != I.State.DEACTIVATED && _actor(caller) == t.owner && _mayFreeze(t);
        if (_call(caller, abi.encodeCall(registry.freeze, (_did(which))), may)) _freeze(t);
        _check(which);
    }

    function freezeAsGuardian(uint8 which, uint8 caller, uint8 list) external {
        Twin storage t = _twin(which);
        R.Guardians memory g = _lists[list % 3];
        bool may = t.state != I.State.DEACTIVATED && _isOf(t, g) && _isIn(g, _actor(caller)) && _mayFreeze(t);
        if (_call(caller, abi.encodeCall(registry.freezeAsGuardian, (_did(which), g)), may)) _freeze(t);
        _check(which);
    }

    function scheduleExit(uint8 which, uint8 caller, bool isThaw) external {
        Twin storage t = _twin(which);
        bool may =
            t.state == I.State.FROZEN &&
                _actor(caller) == t.owner &&
                t.plan != R.Plan.RECOVERY &&
                (!isThaw || _isOpen());
        bytes memory data =
            isThaw
                ? abi.encodeCall(registry.scheduleThaw, (_did(which)))
                : abi.encodeCall(registry.scheduleDeactivation, (_did(which)));
        if (_call(caller, data, may)) {
            (t.plan, t.dueAt) = (isThaw ? R.Plan.THAW : R.Plan.DEACTIVATION, time + EXIT_DELAY);
        }
        _check(which);
    }

    function thaw(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may = _isOpen() && t.plan == R.Plan.THAW && t.dueAt <= time && !_changedNow(t);
        if (_call(caller, abi.encodeCall(registry.thaw, (_did(which))), may)) {
            _clearPlan(t);
            _unfreeze(t);
            ++t.nonce;
        }
        _check(which);
    }

    function deactivate(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may =
            t.state == I.State.FROZEN
                ? t.plan == R.Plan.DEACTIVATION && t.dueAt <= time
                : t.state == I.State.ACTIVE && _actor(caller) == t.owner && t.guardians == 0;
        if (_call(caller, abi.encodeCall(registry.deactivate, (_did(which))), may)) _end(t);
        _check(which);
    }

    // GUARDIANS AND RECOVERY

    function setGuardians(uint8 which, uint8 caller, uint8 list) external {
        Twin storage t = _twin(which);
        bytes32 commitment = list % 4 == 3 ? bytes32(0) : keccak256(abi.encode(_lists[list % 4]));
        bool may = _isOpen() && t.state != I.State.DEACTIVATED && _actor(caller) == t.owner;
        if (_call(caller, abi.encodeCall(registry.setGuardians, (_did(which), commitment)), may)) {
            if (t.state == I.State.ACTIVE && t.guardians == 0) (t.guardians, t.nextDueAt) = (commitment, 0);
            else (t.next, t.nextDueAt) = (commitment, time + GUARDIANS_DELAY);
        }
        _check(which);
    }

    function applyGuardians(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may = _isOpen() && t.nextDueAt != 0 && t.nextDueAt <= time && t.plan != R.Plan.RECOVERY;
        if (_call(caller, abi.encodeCall(registry.applyGuardians, (_did(which))), may)) {
            (t.guardians, t.nextDueAt) = (t.next, 0);
        }
        _check(which);
    }

    function cancelGuardians(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may = t.state != I.State.DEACTIVATED && _actor(caller) == t.owner && t.nextDueAt != 0;
        if (_call(caller, abi.encodeCall(registry.cancelGuardians, (_did(which))), may)) t.nextDueAt = 0;
        _check(which);
    }

    /// @dev `signers` is a set of actors, in the order of the list's members or, where `shuffled`, the reverse.
    function recover(uint8 which, uint8 to, uint8 list, uint8 signers, uint8 ahead, bool shuffled) external {
        Twin storage t = _twin(which);
        R.Guardians memory g = _lists[list % 3];
        address given = _receiver(to);
        bytes32 kind = keccak256(
            "Recover(address identity,address newOwner,bytes32 guardians,uint256 nonce,uint256 deadline)"
        );
        bytes32 commitment = keccak256(abi.encode(g));
        bytes32 hash = keccak256(abi.encode(kind, _did(which), given, commitment, _nonce(t, ahead), uint256(time)));
        (R.Approval[] memory approvals, bool ordered) = _approvals(g, signers, hash, shuffled);
        bool may =
            t.state != I.State.DEACTIVATED &&
                given != address(0) &&
                _isOf(t, g) &&
                approvals.length >= g.threshold &&
                ordered &&
                _nonce(t, ahead) == t.nonce;
        bytes memory data = abi.encodeCall(registry.recover, (_did(which), given, g, approvals, time));
        if (_call(0, data, may)) {
            (t.plan, t.dueAt, t.newOwner) = (R.Plan.RECOVERY, time + g.delay, given);
            ++t.nonce;
        }
        _check(which);
    }

    function executeRecovery(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may = t.plan == R.Plan.RECOVERY && t.dueAt <= time && (t.state == I.State.ACTIVE || !_changedNow(t));
        if (_call(caller, abi.encodeCall(registry.executeRecovery, (_did(which))), may)) {
            address given = t.newOwner;
            _clearPlan(t);
            t.nextDueAt = 0;
            if (t.state == I.State.FROZEN) _unfreeze(t);
            _give(t, given);
        }
        _check(which);
    }

    function vetoRecovery(uint8 which, uint8 caller) external {
        Twin storage t = _twin(which);
        bool may = t.state == I.State.ACTIVE && _actor(caller) == t.owner && t.plan == R.Plan.RECOVERY;
        if (_call(caller, abi.encodeCall(registry.vetoRecovery, (_did(which))), may)) _veto(t);
        _check(which);
    }

    function vetoRecoveryAsVetoer(uint8 which, uint8 caller, uint8 list) external {
        Twin storage t = _twin(which);
        R.Guardians memory g = _lists[list % 3];
        bool may =
            t.state != I.State.DEACTIVATED && _isOf(t, g) && _actor(caller) == g.veto && t.plan == R.Plan.RECOVERY;
        if (_call(caller, abi.encodeCall(registry.vetoRecoveryAsVetoer, (_did(which), g)), may)) _veto(t);
        _check(which);
    }

    // COMPARISON

    /// @notice The number of the actor who owns a DID, 0 where nobody does.
    function ownerNumber(uint8 which) external view returns (uint8 index) {
        address owner = _twin(which).owner;
        return owner == address(0) ? 0 : _indexOf(owner);
    }

    /// @notice Whether all reads answer as the twin has it.
    function agrees() public view returns (bool) {
        for (uint8 i; i < 2; ++i) {
            if (!_sameState(i) || !_samePlans(i) || !_sameDelegates(i)) return false;
            for (uint40 ago; ago < 100; ago += 9) {
                if (registry.ownerAt(_actors[i], time - ago) != _ownerAt(_twins[i], i, time - ago)) return false;
            }
        }
        return true;
    }

    function _sameState(uint8 i) private view returns (bool) {
        Twin storage t = _twins[i];
        (I.State state, address owner) = registry.stateOf(_actors[i]);
        uint256 length = t.chain.length;
        return
            state == t.state &&
            owner == t.owner &&
            registry.identityOwner(_actors[i]) == (t.state == I.State.ACTIVE ? t.owner : address(0)) &&
            registry.nonce(_actors[i]) == t.nonce &&
            registry.changed(_actors[i]) == (length == 0 ? 0 : t.chain[length - 1]);
    }

    function _samePlans(uint8 i) private view returns (bool) {
        Twin storage t = _twins[i];
        (R.Plan plan, uint40 dueAt, address to) = registry.planOf(_actors[i]);
        (bytes32 commitment, bytes32 next, uint40 nextDueAt) = registry.guardiansOf(_actors[i]);
        return
            plan == t.plan &&
            dueAt == t.dueAt &&
            to == t.newOwner &&
            commitment == t.guardians &&
            next == t.next &&
            nextDueAt == t.nextDueAt;
    }

    function _sameDelegates(uint8 i) private view returns (bool) {
        Twin storage t = _twins[i];
        for (uint256 n; n < t.delegated.length; ++n) {
            Delegated memory d = t.delegated[n];
            bool valid = t.state == I.State.ACTIVE && time < d.until;
            if (registry.validDelegate(_actors[i], d.kind, d.delegate) != valid) return false;
            for (uint40 ago; ago < 60; ago += 7) {
                uint40 at = time - ago;
                bool then = d.from <= at && at < d.until && _ownerAt(t, i, at) != address(0);
                if (registry.delegateAt(_actors[i], d.kind, d.delegate, at) != then) return false;
            }
        }
        return true;
    }

    function _ownerAt(Twin storage t, uint8 i, uint40 at) private view returns (address owner) {
        owner = _actors[i];
        for (uint256 n; n < t.held.length; ++n) {
            if (t.held[n].time <= at) owner = t.held[n].owner;
        }
    }

    /// @dev Called after every step; for who derives from this.
    function _observe() internal virtual {}

    // THE TWIN'S RULES

    function _mayGive(Twin storage t, address to) private view returns (bool) {
        return to == address(0) ? t.guardians == 0 : _isOpen();
    }

    function _mayChange(I.Change[] memory changes) private view returns (bool) {
        if (changes.length == 0) return false;
        for (uint256 i; i < changes.length; ++i) {
            I.Kind kind = changes[i].kind;
            bool isDelegate = kind == I.Kind.ADD_DELEGATE || kind == I.Kind.REVOKE_DELEGATE;
            if (isDelegate && changes[i].value.length != 20) return false;
            bool adds = kind == I.Kind.ADD_DELEGATE || kind == I.Kind.SET_ATTRIBUTE;
            if (adds && !_isOpen()) return false;
        }
        return true;
    }

    function _mayFreeze(Twin storage t) private view returns (bool) {
        return t.state == I.State.ACTIVE || t.plan == R.Plan.THAW || t.plan == R.Plan.DEACTIVATION;
    }

    function _counts(Twin storage t, uint8 signer, uint8 ahead, uint256 deadline) private view returns (bool) {
        return _actor(signer) == t.owner && _nonce(t, ahead) == t.nonce && time <= deadline;
    }

    function _isOf(Twin storage t, R.Guardians memory g) private view returns (bool) {
        return t.guardians == keccak256(abi.encode(g));
    }

    function _isIn(R.Guardians memory g, address account) private pure returns (bool found) {
        for (uint256 i; i < g.members.length; ++i) {
            if (g.members[i] == account) found = true;
        }
    }

    function _isOpen() private view returns (bool) {
        return time >= _stoppedUntil;
    }

    function _changedNow(Twin storage t) private view returns (bool) {
        return t.chain.length != 0 && t.chain[t.chain.length - 1] == number;
    }

    // THE TWIN'S STEPS

    function _give(Twin storage t, address to) private {
        if (to == address(0)) return _end(t);
        _touch(t);
        (t.owner, t.nextDueAt) = (to, 0);
        ++t.nonce;
        t.held.push(Held(time, to));
    }

    function _end(Twin storage t) private {
        _touch(t);
        _clearPlan(t);
        (t.state, t.owner, t.nextDueAt) = (I.State.DEACTIVATED, address(0), 0);
        ++t.nonce;
        t.held.push(Held(time, address(0)));
    }

    function _freeze(Twin storage t) private {
        if (t.state == I.State.FROZEN) return _clearPlan(t);
        _touch(t);
        t.state = I.State.FROZEN;
    }

    /// @dev The block of the freeze falls out of the chain that resolvers go back.
    function _unfreeze(Twin storage t) private {
        t.chain.pop();
        _touch(t);
        t.state = I.State.ACTIVE;
    }

    function _veto(Twin storage t) private {
        _clearPlan(t);
        ++t.nonce;
    }

    function _clearPlan(Twin storage t) private {
        (t.plan, t.dueAt, t.newOwner) = (R.Plan.NONE, 0, address(0));
    }

    function _touch(Twin storage t) private {
        if (!_changedNow(t)) t.chain.push(number);
    }

    function _change(Twin storage t, I.Change[] memory changes) private {
        _touch(t);
        for (uint256 i; i < changes.length; ++i) {
            I.Change memory c = changes[i];
            if (c.kind != I.Kind.ADD_DELEGATE && c.kind != I.Kind.REVOKE_DELEGATE) continue;
            address delegate = address(bytes20(c.value));
            Delegated storage d = _delegated(t, c.name, delegate);
            bool runs = time < d.until;
            if (c.kind == I.Kind.REVOKE_DELEGATE) {
                if (runs) d.until = time;
                continue;
            }
            if (!runs) d.from = time;
            d.until = c.validity > type(uint40).max - time ? type(uint40).max : time + uint40(c.validity);
        }
    }

    function _delegated(Twin storage t, bytes32 kind, address delegate) private returns (Delegated storage) {
        for (uint256 i; i < t.delegated.length; ++i) {
            if (t.delegated[i].kind == kind && t.delegated[i].delegate == delegate) return t.delegated[i];
        }
        t.delegated.push(Delegated(kind, delegate, 0, 0));
        return t.delegated[t.delegated.length - 1];
    }

    // CALLS

    function _begin() private {
        vm.warp(time);
        vm.roll(number);
    }

    function _twin(uint8 which) private view returns (Twin storage) {
        return _twins[which % 2];
    }

    function _did(uint8 which) private view returns (address) {
        return _actors[which % 2];
    }

    function _actor(uint8 pick) private view returns (address) {
        return _actors[pick % ACTORS];
    }

    function _receiver(uint8 pick) private view returns (address) {
        return pick % 16 == 15 ? address(0) : _actors[pick % ACTORS];
    }

    /// @dev The next nonce, for one in four the one before or after it.
    function _nonce(Twin storage t, uint8 ahead) private view returns (uint256) {
        if (ahead % 8 == 1) return t.nonce + 1;
        return ahead % 8 == 2 && t.nonce != 0 ? t.nonce - 1 : t.nonce;
    }

    /// @dev Makes the call and notes when it goes otherwise than the twin expects, or its events point elsewhere.
    function _call(uint8 caller, bytes memory data, bool expected) private returns (bool done) {
        _begin();
        vm.recordLogs();
        vm.prank(_actor(caller));
        (done, ) = address(registry).call(data);
        if (done != expected) agreed = false;
        // Logs of what was undone are recorded too.
        if (!done) vm.getRecordedLogs();
    }

    /// @dev The last word but the value's of each ERC-1056 event is where it points to.
    function _check(uint8 which) private {
        Twin storage t = _twin(which);
        uint256 length = t.chain.length;
        uint256 previous = length < 2 ? 0 : t.chain[length - 2];
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            uint256 pointer = previous;
            if (topic == I.DIDOwnerChanged.selector) (, pointer) = abi.decode(logs[i].data, (address, uint256));
            if (topic == I.DIDDelegateChanged.selector || topic == I.DIDAttributeChanged.selector) {
                (, , , pointer) = abi.decode(logs[i].data, (bytes32, uint256, uint256, uint256));
            }
            if (pointer != previous) agreed = false;
        }
        _observe();
    }

    // MATERIAL

    function _list(uint256 at, uint8 threshold, uint256 first, uint256 last, uint40 delay, address veto) private {
        R.Guardians storage g = _lists[at];
        for (uint256 i = first; i <= last; ++i) g.members.push(_actors[i]);
        // Ascending, by the plainest of sorts.
        for (uint256 i; i < g.members.length; ++i) {
            for (uint256 j = i + 1; j < g.members.length; ++j) {
                if (g.members[j] < g.members[i]) (g.members[i], g.members[j]) = (g.members[j], g.members[i]);
            }
        }
        (g.threshold, g.delay, g.veto, g.salt) = (threshold, delay, veto, bytes32(at));
    }

    function _approvals(
        R.Guardians memory g,
        uint8 signers,
        bytes32 hash,
        bool shuffled
    ) private view returns (R.Approval[] memory approvals, bool ordered) {
        uint256 count;
        for (uint256 i; i < g.members.length; ++i) count += (signers >> i) & 1;
        bool doubled = signers & 128 != 0 && count != 0;
        approvals = new R.Approval[](doubled ? count + 1 : count);
        uint256 n;
        for (uint256 i; i < g.members.length; ++i) {
            uint256 at = shuffled ? g.members.length - 1 - i : i;
            if ((signers >> at) & 1 == 0) continue;
            approvals[n++] = R.Approval(g.members[at], _sign(_indexOf(g.members[at]), hash));
        }
        if (doubled) approvals[n] = approvals[n - 1];
        ordered = !doubled && (!shuffled || count < 2);
    }

    function _indexOf(address account) private view returns (uint8 index) {
        while (_actors[index] != account) ++index;
    }

    function _changes(uint256 seed) private view returns (I.Change[] memory changes) {
        changes = new I.Change[](seed % 4);
        for (uint256 i; i < changes.length; ++i) {
            uint256 r = uint256(keccak256(abi.encode(seed, i)));
            I.Kind kind = I.Kind((r >> 8) % 4);
            bytes memory value = abi.encodePacked(_actors[(r >> 16) % ACTORS]);
            if ((r >> 24) % 16 == 0) value = abi.encodePacked(value, uint8(1));
            uint256 validity = (r >> 32) % 4 == 0 ? r : (r >> 40) % 64;
            changes[i] = I.Change(kind, bytes32((r >> 48) % 2), value, validity);
        }
    }

    function _hashOf(
        address did,
        I.Change[] memory changes,
        uint256 nonce,
        uint256 deadline
    ) private pure returns (bytes32) {
        string memory one = "Change(uint8 kind,bytes32 name,bytes value,uint256 validity)";
        bytes memory hashes;
        for (uint256 i; i < changes.length; ++i) {
            I.Change memory c = changes[i];
            bytes32 kind = keccak256(bytes(one));
            hashes = bytes.concat(hashes, keccak256(abi.encode(kind, c.kind, c.name, keccak256(c.value), c.validity)));
        }
        string memory many = "ChangeMany(address identity,Change[] changes,uint256 nonce,uint256 deadline)";
        return keccak256(abi.encode(keccak256(abi.encodePacked(many, one)), did, keccak256(hashes), nonce, deadline));
    }

    function _sign(uint8 signer, bytes32 hash) private view returns (bytes memory) {
        return TypedData.sign((signer % ACTORS) + 1, TypedData.digest("Diwan DidRegistry", address(registry), hash));
    }
}
