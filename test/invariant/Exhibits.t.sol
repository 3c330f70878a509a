// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IEvidenceRegistry as I} from "../../contracts/justice/IEvidenceRegistry.sol";
import {IGoverned} from "../../contracts/trust/IGoverned.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {Signatures} from "../../contracts/trust/Signatures.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {Vm, vm} from "../helpers/Vm.sol";
import {EvidenceModel} from "../justice/EvidenceModel.sol";
import {PlainLog} from "../ledger/PlainLog.sol";

/// @title ExhibitHistory
/// @notice Lets custodians, courts, an advocate, witnesses and a stranger do anything with a few exhibits, holds a plain model
/// against the registry, and notes, apart from the model, what must never happen.
/// @dev Bodies 1 to 3 are custodians (2 a forensic centre too), 4 and 5 courts, 6 an advocate, 7 a notary, 8 a certification authority,
/// 9 and 10 capture tools. Bodies 1 to 8 have the keys of the same numbers, custodians also those of ten more. Keys 20 and 21 are nobody's; with the latter signatures
/// are forged.
contract ExhibitHistory {
    uint256 private constant EXHIBITS = 5;
    uint256 private constant NOBODY = 20;
    uint256 private constant FORGER = 21;
    bytes32 private constant ORDER = "order";
    /// @dev All times are so far apart, so that many meet in the very second.
    uint40 private constant TICK = 8;
    uint40 private constant NO_END = type(uint40).max;

    EvidenceModel public immutable model;
    I public immutable registry;

    bool public agreed = true;
    bool public depositChanged;
    bool public hopWrong;
    bool public endLeft;
    bool public sealedMoved;
    bool public movedWithoutBoth;
    bool public decidedByAnother;
    bool public heldEnded;
    bool public destroyedUnseen;
    bool public eventsTellOtherwise;
    bool public rootWrong;
    bool public suspendedCreated;
    /// @dev How often each function went through, or each error was met: the steps lead there.
    mapping(bytes4 outcome => uint256) public reached;
    mapping(I.State state => uint256) public seen;

    TrustList private immutable _LIST;
    uint40 private _time = 1_800_000_000;
    mapping(uint32 body => bool) private _suspended;
    // Apart from the model: what was before the step, who took it, and who consented to what.
    mapping(bytes32 commitment => I.Exhibit) private _before;
    uint32 private _by;
    mapping(bytes32 commitment => uint32) private _sealedWith;
    mapping(bytes32 commitment => uint32) private _offeredTo;
    bool private _bothSigned;
    uint32[] private _witnesses;
    // What the events alone tell.
    mapping(bytes32 commitment => uint32) private _holder;
    mapping(bytes32 commitment => uint256) private _changes;

    constructor() {
        vm.warp(_time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        _LIST = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = I(Artifact.deploy("EvidenceRegistry", abi.encode(address(manager), _LIST, relays)));
        model = EvidenceModel(Artifact.deploy("EvidenceModel", ""));
        bytes32 custodian = model.CUSTODIAN();
        bytes32[10] memory roles = [
            custodian,
            // Its custodians' keys list the second of its scopes.
            model.FORENSIC(),
            custodian,
            model.COURT(),
            model.COURT(),
            model.ADVOCATE(),
            model.NOTARY(),
            model.CERTIFIER(),
            model.TOOL(),
            model.TOOL()
        ];
        for (uint32 body = 1; body <= 10; ++body) {
            bytes32[] memory scopes = new bytes32[](body == 2 ? 2 : 1);
            scopes[0] = roles[body - 1];
            if (body == 2) scopes[1] = custodian;
            _LIST.registerBody(address(this), "");
            for (uint256 i; i < scopes.length; ++i) {
                _LIST.accredit(scopes[i], 0, body, 0, NO_END, 0, "");
                model.accredit(body, scopes[i]);
            }
            if (body < 9) _authorize(body, body, scopes);
            bytes32[] memory one = new bytes32[](1);
            one[0] = custodian;
            if (body < 4) _authorize(body, body + 10, one);
        }
        vm.recordLogs();
    }

    // STEPS

    function deposit(uint8 how, uint8 by, uint8 x, uint8 y, uint8 tool) external {
        vm.warp(_time);
        uint256 key = _key(by, 1 + (y % 3));
        uint32 with = tool % 16 == 0 ? tool % 3 : 9 + (tool % 2);
        bytes32[] memory entries = new bytes32[](how % 3 == 0 ? 1 : 1 + (x % 3));
        for (uint256 i; i < entries.length; ++i) entries[i] = _exhibit(x + i * (1 + (y % 2)));
        bytes4 refusal;
        bytes memory call;
        if (how % 3 == 0) {
            refusal = model.deposit(vm.addr(key), with, entries[0]);
            call = abi.encodeCall(I.deposit, (with, entries[0], "case"));
        } else if (how % 3 == 1) {
            refusal = model.depositMany(vm.addr(key), with, entries);
            call = abi.encodeCall(I.depositMany, (with, entries, "case"));
        } else {
            refusal = model.depositBatch(vm.addr(key), with, entries);
            call = abi.encodeCall(I.depositBatch, (with, PlainLog.root(entries), uint64(entries.length), "case"));
        }
        bool done = _act(key, call, refusal);
        if (done && (_suspended[_by] || _suspended[with])) suspendedCreated = true;
        for (uint32 body = 1; body <= 3; ++body) {
            (uint64 size, bytes32 root) = registry.checkpointOf(body);
            bytes32[] memory log = model.logOf(body);
            if (size != log.length || root != PlainLog.root(log)) rootWrong = true;
        }
    }

    function singleOut(uint8 by, uint8 run, uint8 index, uint8 forge) external {
        vm.warp(_time);
        uint256 count = model.runs();
        if (count == 0) return;
        run = uint8(run % count);
        EvidenceModel.Run memory r = model.runOf(run);
        index = uint8(index % r.entries.length);
        I.BatchedExhibit memory member = I.BatchedExhibit(
            r.entries[index],
            I.Place(
                r.deposit.depositor,
                r.inLog,
                PlainLog.root(r.entries),
                uint64(r.entries.length),
                index,
                PlainLog.path(index, r.entries)
            )
        );
        // Something else is given: the commitment, an index beyond the tree, a size or a depositor of no batch.
        bool isForged = forge % 16 < 2;
        bool isOther = forge % 16 > 1 && forge % 16 < 4;
        if (forge % 16 == 0) member.commitment = keccak256("forged");
        if (forge % 16 == 1) member.place.index += uint64(r.entries.length);
        if (forge % 16 == 2) member.place.size += 1_000;
        if (forge % 16 == 3) member.place.depositor = 1 + (r.deposit.depositor % 3) + 100;
        uint256 key = _key(by, r.deposit.depositor);
        _compareMember(member, run, index, isForged, isOther);
        bytes4 refusal = model.singleOut(vm.addr(key), isOther ? count : run, index, isForged);
        _act(key, abi.encodeCall(I.singleOut, (member)), refusal);
    }

    function coAttest(uint8 x, uint8 who, uint8 what, uint8 forge) external {
        vm.warp(_time);
        uint256 count = model.runs();
        // An exhibit, or a batch.
        bytes32 subject = count == 0 || what % 2 == 0 ? _exhibit(x) : model.batchIdOf(x % count);
        (uint256 key, bytes32 role) = _witness(who);
        bool isForged = forge % 8 == 0;
        bytes32 signed = keccak256(
            abi.encode(
                keccak256("CoAttestation(bytes32 subject,bytes32 role,address witness,uint256 deadline)"),
                subject,
                role,
                vm.addr(key),
                uint256(NO_END)
            )
        );
        I.Attestation[] memory one = new I.Attestation[](1);
        one[0] = I.Attestation(vm.addr(key), role, NO_END, _sign(isForged ? FORGER : key, signed));
        bytes4 refusal = model.coAttest(subject, vm.addr(key), role, isForged);
        _act(NOBODY, abi.encodeCall(I.witnessDeposit, (subject, one)), refusal);

        uint32[] memory bodies = new uint32[](3);
        (bodies[0], bodies[1], bodies[2]) = (2, 7, 8);
        for (uint256 i; i < 3; ++i) {
            bytes memory kept = abi.encode(registry.witnessOf(subject, bodies[i]));
            if (keccak256(kept) != keccak256(abi.encode(model.witnessOf(subject, bodies[i])))) agreed = false;
            bool answer = registry.isCoAttested(subject, bodies, i);
            if (answer != model.isCoAttested(subject, bodies, i)) agreed = false;
        }
    }

    function custody(uint8 what, uint8 by, uint8 x, uint8 to, uint8 last) external {
        vm.warp(_time);
        bytes32 commitment = _exhibit(x);
        I.Exhibit memory e = registry.exhibitOf(commitment);
        uint256 key = _key(by, what % 16 < 6 ? e.custodian : registry.currentOfferOf(commitment).to);
        bytes4 refusal;
        bytes memory call;
        if (what % 16 < 5) {
            (uint32 taker, uint40 until) = (to % 8 == 0 ? to % 3 : 1 + (to % 3), _time + TICK * (last / 32));
            refusal = model.offer(vm.addr(key), commitment, taker, until);
            call = abi.encodeCall(I.offer, (commitment, taker, until));
            if (_act(key, call, refusal)) _offeredTo[commitment] = taker;
        } else if (what % 16 == 5) {
            refusal = model.recall(vm.addr(key), commitment);
            if (_act(key, abi.encodeCall(I.recall, (commitment)), refusal)) _offeredTo[commitment] = 0;
        } else if (what % 16 < 8) {
            I.Refusal why = I.Refusal(last % 6);
            refusal = model.reject(vm.addr(key), commitment, why);
            if (_act(key, abi.encodeCall(I.reject, (commitment, why)), refusal)) _offeredTo[commitment] = 0;
        } else {
            refusal = model.accept(vm.addr(key), commitment);
            _act(key, abi.encodeCall(I.accept, (commitment)), refusal);
        }
    }

    function handOver(uint8 from, uint8 to, uint8 x, uint8 forge) external {
        vm.warp(_time);
        bytes32 commitment = _exhibit(x);
        I.Exhibit memory e = registry.exhibitOf(commitment);
        (uint256 giver, uint256 taker) = (_key(from, e.custodian), _key(to, 1 + ((uint256(to) / 4) % 3)));
        // Signed at another hop, as what is replayed was; over another exhibit; or by somebody else for one of the two.
        uint16 hop = forge % 16 == 1 ? (e.hop == 0 ? 1 : e.hop - 1) : e.hop;
        bool isForged = forge % 16 > 1 && forge % 16 < 5;
        bytes32 signed = keccak256(
            abi.encode(
                keccak256("HandOver(bytes32 exhibit,uint16 hop,address from,address to,uint256 deadline)"),
                forge % 16 == 2 ? _exhibit(x + 1) : commitment,
                hop,
                vm.addr(giver),
                vm.addr(taker),
                uint256(NO_END)
            )
        );
        bytes4 refusal = model.handOver(vm.addr(giver), vm.addr(taker), commitment, hop, isForged);
        _bothSigned = !isForged && hop == e.hop;
        bytes memory call = abi.encodeCall(
            I.handOver,
            (
                NO_END,
                commitment,
                vm.addr(giver),
                _sign(forge % 16 == 3 ? FORGER : giver, signed),
                vm.addr(taker),
                _sign(forge % 16 == 4 ? FORGER : taker, signed)
            )
        );
        _actFor(NOBODY, model.bodyOf(vm.addr(taker)), call, refusal);
        _bothSigned = false;
    }

    function proceed(uint8 what, uint8 by, uint8 x, uint8 how) external {
        vm.warp(_time);
        bytes32 commitment = _exhibit(x);
        I.Exhibit memory e = registry.exhibitOf(commitment);
        I.Action action = _choose(what, registry.nextOf(commitment));
        if (action == I.Action.TENDER) return _tender(_key(by, e.custodian), commitment, how);
        if (action == I.Action.DESTROY) return _destroy(_key(by, e.custodian), commitment, how);
        bool asCustodian = how % 2 == 0;
        bool isOfCustodian = action == I.Action.SEAL || action == I.Action.RETURN;
        isOfCustodian = isOfCustodian || (action == I.Action.REBUT && asCustodian);
        bool isOfAdvocate = action == I.Action.CHALLENGE || action == I.Action.REBUT;
        uint256 court = e.court == 0 ? 4 + (how % 2) : e.court;
        uint256 key = _key(
            by,
            isOfCustodian
                ? e.custodian
                : isOfAdvocate
                    ? 6
                    : court
        );
        bool hasGrounds = how % 16 != 0;
        bytes4 refusal = model.proceed(action, vm.addr(key), commitment, asCustodian, hasGrounds);
        _act(key, _call(action, commitment, asCustodian, hasGrounds ? ORDER : bytes32(0)), refusal);
    }

    /// @notice The council suspends and reinstates a body in one of its scopes, stops writes, or hears that a key was stolen.
    function govern(uint8 what, uint8 which, uint8 ago) external {
        vm.warp(_time);
        if (what % 8 == 0) {
            uint40 until = _time + TICK * (1 + (ago % 8));
            IGoverned(address(registry)).stop(until, "");
            model.stop(until);
        } else if (what % 8 == 1) {
            uint256 key = [uint256(11), 12, 13, 7][which % 4];
            if (!model.isSound(vm.addr(key))) return;
            _LIST.reportCompromise(vm.addr(key), _time - TICK * (ago % 8));
            model.steal(vm.addr(key), _time - TICK * (ago % 8));
        } else {
            uint32 body = [uint32(1), 2, 3, 4, 5, 7, 9, 10][which % 8];
            bytes32 scope =
                body < 4
                    ? model.CUSTODIAN()
                    : body < 6
                        ? model.COURT()
                        : model.TOOL();
            if (body == 7) scope = model.NOTARY();
            bool was = _suspended[body];
            // Mostly in force.
            if (!was && what % 4 != 0) return;
            if (was) _LIST.reinstate(scope, body, "");
            else _LIST.suspend(scope, body, "");
            _suspended[body] = !was;
            model.decide(body, scope, !was);
        }
        _compare();
    }

    /// @notice Time passes; now and then just until an offer ends.
    function wait(uint8 ticks, uint8 x) external {
        uint40 end = registry.currentOfferOf(_exhibit(x)).until;
        _time = ticks % 2 == 0 && end > _time ? end : _time + TICK * (ticks % 8);
        vm.warp(_time);
        _compare();
    }

    // INTERNAL: STEPS

    /// @dev Mostly what can be done next, less often an end; now and then anything.
    function _choose(uint8 what, I.Next[] memory next) private pure returns (I.Action action) {
        action = I.Action(1 + (what % 11));
        if (what % 4 == 0 || next.length == 0) return action;
        I.Action possible = next[(what / 4) % next.length].action;
        bool isEnd = possible == I.Action.RETURN || possible == I.Action.DESTROY;
        if (possible != I.Action.HAND_OVER && (!isEnd || what % 4 != 3)) return possible;
    }

    function _tender(uint256 key, bytes32 commitment, uint8 how) private {
        uint32 court = how % 8 == 0 ? how % 7 : 4 + (how % 2);
        bytes4 refusal = model.tender(vm.addr(key), commitment, court);
        _act(key, abi.encodeCall(I.tender, (court, commitment)), refusal);
    }

    function _destroy(uint256 key, bytes32 commitment, uint8 how) private {
        // The first, then one fewer, the same, the forensic centre, any; mostly two that may.
        uint256 count = how % 8 == 0 ? 1 : 2;
        (I.Attestation[] memory seeing, address[] memory who, bytes32[] memory roles) = (
            new I.Attestation[](count),
            new address[](count),
            new bytes32[](count)
        );
        bool isForged = count == 2 && how % 8 == 1;
        delete _witnesses;
        for (uint256 i; i < count; ++i) {
            uint8 second =
                how % 8 == 2
                    ? 0
                    : how % 8 == 3
                        ? 2
                        : how % 8 == 4
                            ? how / 8
                            : 1;
            (uint256 witness, bytes32 role) = _witness(i == 0 ? 0 : second);
            bytes32 signed = keccak256(
                abi.encode(
                    keccak256(
                        "Destruction(bytes32 exhibit,bytes32 order,bytes32 role,address witness,uint256 deadline)"
                    ),
                    commitment,
                    ORDER,
                    role,
                    vm.addr(witness),
                    uint256(NO_END)
                )
            );
            bool isOther = isForged && i == 1;
            (who[i], roles[i]) = (vm.addr(witness), role);
            seeing[i] = I.Attestation(who[i], role, NO_END, _sign(isOther ? FORGER : witness, signed));
            if (!isOther) _witnesses.push(model.bodyOf(who[i]));
        }
        bytes4 refusal = model.destroy(vm.addr(key), commitment, who, roles, isForged);
        _act(key, abi.encodeCall(I.destroy, (commitment, ORDER, seeing)), refusal);
    }

    function _call(
        I.Action action,
        bytes32 commitment,
        bool asCustodian,
        bytes32 grounds
    ) private pure returns (bytes memory) {
        if (action == I.Action.SEAL) return abi.encodeCall(I.seal, (commitment));
        bytes4 selector = I.releaseFromHold.selector;
        if (action == I.Action.UNSEAL) selector = I.liftSeal.selector;
        if (action == I.Action.CHALLENGE) selector = I.openChallenge.selector;
        if (action == I.Action.REBUT) selector = asCustodian ? I.rebut.selector : I.rebutAsAdvocate.selector;
        if (action == I.Action.ADMIT) selector = I.decideAdmission.selector;
        if (action == I.Action.EXCLUDE) selector = I.decideExclusion.selector;
        if (action == I.Action.RETURN) selector = I.returnExhibit.selector;
        if (action == I.Action.HOLD) selector = I.hold.selector;
        return abi.encodeWithSelector(selector, commitment, grounds);
    }

    function _authorize(uint32 body, uint256 key, bytes32[] memory scopes) private {
        bytes memory consent = TypedData.consent(address(_LIST), body, key);
        _LIST.authorizeKey(body, vm.addr(key), scopes, 0, NO_END, type(uint256).max, consent);
        model.authorize(vm.addr(key), body, scopes);
    }

    /// @dev Mostly the key of the body whose it is to act, or its other one; now and then any.
    function _key(uint8 pick, uint256 body) private pure returns (uint256) {
        uint256 any = (pick / 8) % 12;
        if (pick % 8 == 0 || body == 0)
            return
                any < 8
                    ? any + 1
                    : any < 11
                        ? any + 3
                        : NOBODY;
        return body < 4 && pick % 2 == 0 ? body + 10 : body;
    }

    /// @dev Three that are witnesses, each in its role, and some that are not.
    function _witness(uint8 pick) private view returns (uint256 key, bytes32 role) {
        pick %= 8;
        if (pick == 0 || pick == 5) return (7, model.NOTARY());
        if (pick == 1 || pick == 6) return (8, model.CERTIFIER());
        if (pick == 2) return (2, model.FORENSIC());
        if (pick == 3) return (12, model.FORENSIC());
        return pick == 4 ? (4, model.COURT()) : (NOBODY, model.NOTARY());
    }

    function _exhibit(uint256 n) private pure returns (bytes32) {
        return keccak256(abi.encode("exhibit", n % EXHIBITS));
    }

    function _sign(uint256 key, bytes32 structHash) private view returns (bytes memory) {
        return TypedData.sign(key, TypedData.digest("Diwan EvidenceRegistry", address(registry), structHash));
    }

    // INTERNAL: WHAT CAME OF IT

    function _act(uint256 key, bytes memory call, bytes4 refusal) private returns (bool) {
        return _actFor(key, model.bodyOf(vm.addr(key)), call, refusal);
    }

    function _actFor(uint256 key, uint32 body, bytes memory call, bytes4 refusal) private returns (bool done) {
        _by = body;
        vm.prank(vm.addr(key));
        bytes memory answer;
        (done, answer) = address(registry).call(call);
        bytes4 got = done ? bytes4(0) : bytes4(answer);
        if (got != refusal) agreed = false;
        ++reached[done ? bytes4(call) : got];
        _readEvents();
        for (uint256 n; n < EXHIBITS; ++n) _observe(_exhibit(n));
        _compare();
    }

    function _compare() private {
        for (uint256 n; n < EXHIBITS; ++n) {
            bytes32 c = _exhibit(n);
            bytes memory answers = abi.encode(registry.statusOf(c), registry.currentOfferOf(c), registry.nextOf(c));
            bytes memory expected = abi.encode(model.statusOf(c), model.currentOfferOf(c), model.nextOf(c));
            if (keccak256(answers) != keccak256(expected)) agreed = false;
        }
    }

    function _compareMember(
        I.BatchedExhibit memory member,
        uint256 run,
        uint256 index,
        bool isForged,
        bool isOther
    ) private {
        bytes memory expected;
        I.Verdict memory none;
        if (isOther) expected = abi.encode(none);
        else if (!isForged && index >= model.runOf(run).deposit.first)
            expected = abi.encode(model.statusOfMember(run, index));
        try registry.statusOfMember(member) returns (I.Verdict memory verdict) {
            if (keccak256(abi.encode(verdict)) != keccak256(expected)) agreed = false;
        } catch (bytes memory why) {
            if (expected.length != 0 || bytes4(why) != I.ExhibitNotMember.selector) agreed = false;
        }
    }

    /// @dev Apart from the model: from how an exhibit stood before the step to how it stands now.
    function _observe(bytes32 c) private {
        I.Exhibit memory b = _before[c];
        I.Exhibit memory e = registry.exhibitOf(c);
        ++seen[e.state];
        if (_holder[c] != e.custodian || _changes[c] != e.hop) eventsTellOtherwise = true;
        if (b.state == I.State.UNKNOWN) {
            _before[c] = e;
            return;
        }
        if (
            keccak256(abi.encode(b.depositedAt, b.depositor, b.key, b.tool)) !=
            keccak256(abi.encode(e.depositedAt, e.depositor, e.key, e.tool))
        ) depositChanged = true;
        bool moved = e.custodian != b.custodian;
        if (e.hop != b.hop + (moved ? 1 : 0)) hopWrong = true;
        bool wasOver = b.state == I.State.RETURNED || b.state == I.State.DESTROYED;
        if (wasOver && keccak256(abi.encode(b)) != keccak256(abi.encode(e))) endLeft = true;
        if (moved) {
            bool accepted = _offeredTo[c] == e.custodian && _by == e.custodian;
            if (!accepted && !(_bothSigned && _by == e.custodian)) movedWithoutBoth = true;
            if (_suspended[e.custodian]) suspendedCreated = true;
            _offeredTo[c] = 0;
        }
        if (e.isSealed && !b.isSealed) _sealedWith[c] = e.custodian;
        if (e.isSealed && _sealedWith[c] != e.custodian) sealedMoved = true;
        _observeDecision(b, e);
        _before[c] = e;
    }

    function _observeDecision(I.Exhibit memory b, I.Exhibit memory e) private {
        bool decided = e.state != b.state && (e.state == I.State.ADMITTED || e.state == I.State.EXCLUDED);
        bool unsealed = b.isSealed && !e.isSealed;
        bool heldOther = b.isHeld != e.isHeld;
        if (decided || unsealed || heldOther) {
            bool isCourt = (_by == 4 || _by == 5) && !_suspended[_by];
            bool inCharge = _by == b.court || (b.court == 0 && !decided);
            if (!isCourt || !inCharge) decidedByAnother = true;
        }
        bool ended = e.state != b.state && (e.state == I.State.RETURNED || e.state == I.State.DESTROYED);
        if (ended && b.isHeld) heldEnded = true;
        if (ended && (b.isSealed || _by != b.custodian)) sealedMoved = true;
        if (ended && e.state == I.State.DESTROYED) {
            bool two = _witnesses.length == 2 && _witnesses[0] != _witnesses[1];
            if (!two || _witnesses[0] == b.custodian || _witnesses[1] == b.custodian) destroyedUnseen = true;
        }
    }

    /// @dev Custody by the events alone.
    function _readEvents() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(registry)) continue;
            (bytes32 topic, bytes32 c) = (
                logs[i].topics[0],
                logs[i].topics.length > 1 ? logs[i].topics[1] : bytes32(0)
            );
            if (topic == I.ExhibitDeposited.selector) _holder[c] = uint32(uint256(logs[i].topics[2]));
            if (topic == I.ExhibitSingledOut.selector) _holder[c] = model.depositorOf(logs[i].topics[2]);
            if (topic != I.CustodyChanged.selector) continue;
            (uint32 from, ) = abi.decode(logs[i].data, (uint32, uint32));
            if (from != _holder[c]) eventsTellOtherwise = true;
            _holder[c] = uint32(uint256(logs[i].topics[2]));
            ++_changes[c];
        }
    }
}

contract ExhibitInvariants {
    ExhibitHistory private history;
    mapping(bytes4 outcome => uint256) private _reached;
    mapping(uint256 state => uint256) private _seen;

    function setUp() public {
        history = ExhibitHistory(Artifact.deploy("ExhibitHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_theRegistryDoesWhatThePlainModelSays() public view {
        assert(history.agreed());
    }

    function invariant_whatWasDepositedNeverChanges() public view {
        assert(!history.depositChanged());
        assert(!history.rootWrong());
    }

    function invariant_custodyIsAChainOfBothPartiesConsents() public view {
        assert(!history.movedWithoutBoth());
        assert(!history.hopWrong());
        assert(!history.eventsTellOtherwise());
    }

    function invariant_aSealedExhibitStaysWhereItWasSealed() public view {
        assert(!history.sealedMoved());
    }

    function invariant_onlyTheCourtInChargeDecides() public view {
        assert(!history.decidedByAnother());
    }

    function invariant_anEndIsForGoodAndNeverOfWhatIsHeld() public view {
        assert(!history.endLeft());
        assert(!history.heldEnded());
        assert(!history.destroyedUnseen());
    }

    function invariant_whoIsSuspendedNeitherDepositsNorTakes() public view {
        assert(!history.suspendedCreated());
    }

    /// @notice The steps lead to every state, through every function and to every error, or the rest says little.
    function test_steps_leadEverywhere_whenTakenAtRandom() external {
        uint256 seed = 11;
        for (uint256 i; i < 4_000; ++i) {
            // Another registry now and then: the exhibits of one are soon used up.
            if (i % 200 == 0 && i != 0) {
                _count();
                setUp();
            }
            seed = uint256(keccak256(abi.encode(seed)));
            (uint8 a, uint8 b, uint8 c, uint8 d) = (
                uint8(seed),
                uint8(seed >> 8),
                uint8(seed >> 16),
                uint8(seed >> 24)
            );
            uint256 step = (seed >> 32) % 16;
            if (step < 2) history.deposit(a, b, c, d, uint8(seed >> 40));
            else if (step < 4) history.singleOut(a, b, c, d);
            else if (step < 5) history.coAttest(a, b, c, d);
            else if (step < 8) history.custody(a, b, c, d, uint8(seed >> 40));
            else if (step < 10) history.handOver(a, b, c, d);
            else if (step < 14) history.proceed(a, b, c, d);
            else if (step == 14) history.govern(a, b, c);
            else history.wait(a, b);
            assert(history.agreed());
        }
        _count();
        for (uint256 s; s < 9; ++s) assert(_seen[s] != 0);
        bytes4[48] memory outcomes = _outcomes();
        for (uint256 i; i < outcomes.length; ++i) assert(_reached[outcomes[i]] != 0);
    }

    function _count() private {
        bytes4[48] memory outcomes = _outcomes();
        for (uint256 i; i < outcomes.length; ++i) _reached[outcomes[i]] += history.reached(outcomes[i]);
        for (uint256 s; s < 9; ++s) _seen[s] += history.seen(I.State(s));
    }

    function _outcomes() private pure returns (bytes4[48] memory) {
        return
            [
                I.deposit.selector,
                I.depositMany.selector,
                I.depositBatch.selector,
                I.singleOut.selector,
                I.witnessDeposit.selector,
                I.offer.selector,
                I.recall.selector,
                I.accept.selector,
                I.reject.selector,
                I.handOver.selector,
                I.seal.selector,
                I.liftSeal.selector,
                I.tender.selector,
                I.openChallenge.selector,
                I.rebutAsAdvocate.selector,
                I.rebut.selector,
                I.decideAdmission.selector,
                I.decideExclusion.selector,
                I.returnExhibit.selector,
                I.destroy.selector,
                I.hold.selector,
                I.releaseFromHold.selector,
                I.ExhibitExists.selector,
                I.ExhibitUnknown.selector,
                I.CaptureToolNotAccredited.selector,
                I.ExhibitBatchExists.selector,
                I.ExhibitBatchUnknown.selector,
                I.ExhibitNotMember.selector,
                I.WitnessSubjectUnknown.selector,
                I.WitnessesMissing.selector,
                I.WitnessRoleInvalid.selector,
                I.WitnessNotIndependent.selector,
                I.OfferEndInvalid.selector,
                I.OfferMissing.selector,
                I.OfferLapsed.selector,
                I.RefusalReasonMissing.selector,
                I.CustodianIsSame.selector,
                I.ExhibitStateRefuses.selector,
                I.ExhibitSealRefuses.selector,
                I.ExhibitHoldRefuses.selector,
                I.CourtNotInCharge.selector,
                I.GroundsMissing.selector,
                IGoverned.WritesAreStopped.selector,
                Signatures.SignatureInvalid.selector,
                ITrustList.KeyNotInForce.selector,
                ITrustList.KeyOfAnotherBody.selector,
                ITrustList.NotAccredited.selector,
                ITrustList.RoleNotListed.selector
            ];
    }
}
