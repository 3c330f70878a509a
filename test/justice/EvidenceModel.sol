// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEvidenceRegistry as I} from "../../contracts/justice/IEvidenceRegistry.sol";
import {IGoverned} from "../../contracts/trust/IGoverned.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Signatures} from "../../contracts/trust/Signatures.sol";
import {PlainLog} from "../ledger/PlainLog.sol";

/// @title EvidenceModel
/// @notice Exhibits, and who may do what with them, as the interfaces' texts have it: fields, not words, in lists that loops search.
/// @dev No code is shared with the registry. Each step tells the error that the registry must meet, 0 for none, and does it then.
contract EvidenceModel {
    /// @dev A key of a body. `number` counts the body's keys from 1.
    struct Person {
        uint32 body;
        uint32 number;
        bytes32[] scopes;
    }

    struct Decision {
        uint40 time;
        bool isSuspended;
    }

    struct Twin {
        bytes32 commitment;
        I.Exhibit exhibit;
        I.Offer offer;
    }

    /// @dev Exhibits deposited together: all entries of their tree; theirs are those from `first` on.
    struct Run {
        I.Deposit deposit;
        bool inLog;
        bytes32[] entries;
    }

    struct CoAttestation {
        bytes32 subject;
        uint32 body;
        I.Witness witness;
    }

    bytes32 public constant CUSTODIAN = keccak256("diwan.role.evidence-custodian");
    bytes32 public constant TOOL = keccak256("diwan.role.capture-tool");
    bytes32 public constant COURT = keccak256("diwan.role.court");
    bytes32 public constant ADVOCATE = keccak256("diwan.role.advocate");
    bytes32 public constant NOTARY = keccak256("diwan.role.notary");
    bytes32 public constant CERTIFIER = keccak256("diwan.role.certification-authority");
    bytes32 public constant FORENSIC = keccak256("diwan.role.forensic-centre");

    uint40 public stoppedUntil;

    mapping(address operator => Person) private _persons;
    mapping(uint32 body => uint32) private _keys;
    mapping(uint32 body => bytes32[]) private _scopes;
    mapping(uint32 body => mapping(uint32 number => uint40)) private _stolenSince;
    mapping(bytes32 scope => mapping(uint32 body => Decision[])) private _decisions;

    Twin[] private _twins;
    Run[] private _runs;
    CoAttestation[] private _witnesses;
    mapping(uint32 depositor => bytes32[]) private _logs;

    // THE TRUST LIST

    function accredit(uint32 body, bytes32 scope) external {
        _scopes[body].push(scope);
        _decisions[scope][body].push(Decision(_now(), false));
    }

    function authorize(address operator, uint32 body, bytes32[] calldata scopes) external {
        _persons[operator] = Person(body, ++_keys[body], scopes);
    }

    function decide(uint32 body, bytes32 scope, bool isSuspended) external {
        _decisions[scope][body].push(Decision(_now(), isSuspended));
    }

    function steal(address operator, uint40 since) external {
        Person storage p = _persons[operator];
        _stolenSince[p.body][p.number] = since;
    }

    function stop(uint40 until) external {
        stoppedUntil = until;
    }

    function bodyOf(address operator) public view returns (uint32) {
        return _persons[operator].body;
    }

    /// @notice Whether no controller said that a key was stolen.
    function isSound(address operator) public view returns (bool) {
        Person storage p = _persons[operator];
        return p.body != 0 && _stolenSince[p.body][p.number] == 0;
    }

    function standingOf(
        bytes32 scope,
        uint32 body,
        uint32 number,
        uint40 time
    ) public view returns (ITrustList.Standing standing) {
        uint40 since = _stolenSince[body][number];
        if (since != 0 && time >= since) return ITrustList.Standing.COMPROMISED;
        Decision[] storage decisions = _decisions[scope][body];
        for (uint256 i; i < decisions.length; ++i) {
            if (decisions[i].time > time) break;
            standing = decisions[i].isSuspended ? ITrustList.Standing.SUSPENDED : ITrustList.Standing.IN_FORCE;
        }
    }

    // DEPOSITS

    function deposit(address by, uint32 tool, bytes32 commitment) external returns (bytes4) {
        bytes4 refusal = _refusalOfDeposit(by, tool);
        if (refusal != 0) return refusal;
        if (find(commitment) != _twins.length) return I.ExhibitExists.selector;
        _push(commitment, _taken(by, tool));
        return 0;
    }

    function depositMany(address by, uint32 tool, bytes32[] calldata commitments) external returns (bytes4) {
        if (_now() < stoppedUntil) return IGoverned.WritesAreStopped.selector;
        bytes4 refusal = _refusalOfDeposit(by, tool);
        if (refusal != 0) return refusal;
        Run storage run = _runs.push();
        (run.deposit, run.inLog) = (_taken(by, tool), true);
        bytes32[] storage log = _logs[run.deposit.depositor];
        run.deposit.first = uint64(log.length);
        for (uint256 i; i < commitments.length; ++i) log.push(commitments[i]);
        run.entries = log;
        return 0;
    }

    function depositBatch(address by, uint32 tool, bytes32[] calldata commitments) external returns (bytes4) {
        bytes4 refusal = _refusalOfDeposit(by, tool);
        if (refusal != 0) return refusal;
        for (uint256 i; i < _runs.length; ++i) {
            bool isSame = !_runs[i].inLog && _runs[i].deposit.depositor == bodyOf(by);
            if (isSame && _hash(_runs[i].entries) == _hash(commitments)) return I.ExhibitBatchExists.selector;
        }
        Run storage run = _runs.push();
        (run.deposit, run.entries) = (_taken(by, tool), commitments);
        return 0;
    }

    /// @param run of those deposited together; their number for one that never was
    /// @param index of an entry of its tree
    /// @param isForged whether the proof is another's
    function singleOut(address by, uint256 run, uint256 index, bool isForged) external returns (bytes4) {
        if (run >= _runs.length) return I.ExhibitBatchUnknown.selector;
        Run storage r = _runs[run];
        bytes4 refusal = _refusalOfKey(by, r.deposit.depositor);
        if (refusal != 0) return refusal;
        if (isForged || index < r.deposit.first) return I.ExhibitNotMember.selector;
        if (find(r.entries[index]) != _twins.length) return I.ExhibitExists.selector;
        _push(r.entries[index], r.deposit);
        return 0;
    }

    // WITNESSES

    /// @param role in which it signs
    /// @param isForged whether somebody else signed
    function coAttest(bytes32 subject, address witness, bytes32 role, bool isForged) external returns (bytes4) {
        if (_now() < stoppedUntil) return IGoverned.WritesAreStopped.selector;
        uint32 depositor = depositorOf(subject);
        if (depositor == 0) return I.WitnessSubjectUnknown.selector;
        bytes4 refusal = _refusalOfWitness(witness, role, isForged);
        if (refusal != 0) return refusal;
        Person storage p = _persons[witness];
        if (p.body == depositor || witnessOf(subject, p.body).attestedAt != 0) return I.WitnessNotIndependent.selector;
        _witnesses.push(CoAttestation(subject, p.body, I.Witness(_now(), p.number, role)));
        return 0;
    }

    function isCoAttested(bytes32 subject, uint32[] calldata bodies, uint256 threshold) external view returns (bool) {
        uint256 found;
        for (uint256 i; i < bodies.length; ++i) {
            I.Witness memory w = witnessOf(subject, bodies[i]);
            if (w.attestedAt == 0) continue;
            if (standingOf(w.role, bodies[i], w.key, w.attestedAt) == ITrustList.Standing.IN_FORCE) ++found;
        }
        return threshold != 0 && found >= threshold;
    }

    // CUSTODY

    function offer(address by, bytes32 commitment, uint32 to, uint40 until) external returns (bytes4) {
        bytes4 refusal = _refusalOfState(commitment, I.Action.HAND_OVER);
        if (refusal != 0) return refusal;
        Twin storage t = _twins[find(commitment)];
        refusal = _refusalOfKey(by, t.exhibit.custodian);
        if (refusal != 0) return refusal;
        if (to == t.exhibit.custodian) return I.CustodianIsSame.selector;
        if (until <= _now()) return I.OfferEndInvalid.selector;
        if (!_isInForce(CUSTODIAN, to)) return ITrustList.NotAccredited.selector;
        t.offer = I.Offer(to, until, t.exhibit.hop);
        return 0;
    }

    function recall(address by, bytes32 commitment) external returns (bytes4) {
        if (find(commitment) == _twins.length) return I.ExhibitUnknown.selector;
        Twin storage t = _twins[find(commitment)];
        bytes4 refusal = _refusalOfKey(by, t.exhibit.custodian);
        if (refusal != 0) return refusal;
        if (_offeredTo(t) == 0) return I.OfferMissing.selector;
        delete t.offer;
        return 0;
    }

    function accept(address by, bytes32 commitment) external returns (bytes4) {
        bytes4 refusal = _refusalOfState(commitment, I.Action.HAND_OVER);
        if (refusal == 0) refusal = _refusalOfOffer(by, commitment);
        if (refusal == 0) _hand(commitment, bodyOf(by));
        return refusal;
    }

    function reject(address by, bytes32 commitment, I.Refusal why) external returns (bytes4) {
        if (why == I.Refusal.NONE) return I.RefusalReasonMissing.selector;
        if (find(commitment) == _twins.length) return I.ExhibitUnknown.selector;
        bytes4 refusal = _refusalOfOffer(by, commitment);
        if (refusal == 0) delete _twins[find(commitment)].offer;
        return refusal;
    }

    /// @param hop that both signed
    function handOver(
        address from,
        address to,
        bytes32 commitment,
        uint16 hop,
        bool isForged
    ) external returns (bytes4) {
        bytes4 refusal = _refusalOfState(commitment, I.Action.HAND_OVER);
        if (refusal != 0) return refusal;
        I.Exhibit storage e = _twins[find(commitment)].exhibit;
        if (isForged || hop != e.hop) return Signatures.SignatureInvalid.selector;
        refusal = _refusalOfKey(from, e.custodian);
        if (refusal == 0) refusal = _refusalOfAccredited(to, CUSTODIAN);
        if (refusal == 0 && bodyOf(to) == e.custodian) refusal = I.CustodianIsSame.selector;
        if (refusal == 0) _hand(commitment, bodyOf(to));
        return refusal;
    }

    // PROCEEDINGS

    /// @param action any but to hand over, to tender and to destroy
    /// @param asCustodian whether the custodian answers a challenge, rather than an advocate
    function proceed(
        I.Action action,
        address by,
        bytes32 commitment,
        bool asCustodian,
        bool hasGrounds
    ) external returns (bytes4) {
        bytes4 refusal = _refusalOfState(commitment, action);
        if (refusal != 0) return refusal;
        I.Exhibit storage e = _twins[find(commitment)].exhibit;
        if (action == I.Action.SEAL || action == I.Action.RETURN || (action == I.Action.REBUT && asCustodian)) {
            refusal = _refusalOfKey(by, e.custodian);
        } else if (action == I.Action.CHALLENGE || action == I.Action.REBUT) {
            refusal = _refusalOfAccredited(by, ADVOCATE);
        } else {
            refusal = _refusalOfAccredited(by, COURT);
            if (refusal == 0 && e.court != 0 && e.court != bodyOf(by)) refusal = I.CourtNotInCharge.selector;
        }
        if (refusal == 0 && !hasGrounds && action != I.Action.SEAL) refusal = I.GroundsMissing.selector;
        if (refusal != 0) return refusal;

        if (action == I.Action.SEAL) e.isSealed = true;
        else if (action == I.Action.UNSEAL) e.isSealed = false;
        else if (action == I.Action.HOLD) (e.isHeld, e.court) = (true, bodyOf(by));
        else if (action == I.Action.LIFT_HOLD) e.isHeld = false;
        else if (action == I.Action.CHALLENGE) e.state = I.State.CHALLENGED;
        else if (action == I.Action.REBUT) e.state = I.State.REBUTTED;
        else if (action == I.Action.ADMIT) e.state = I.State.ADMITTED;
        else if (action == I.Action.EXCLUDE) e.state = I.State.EXCLUDED;
        else e.state = I.State.RETURNED;
        return 0;
    }

    function tender(address by, bytes32 commitment, uint32 court) external returns (bytes4) {
        bytes4 refusal = _refusalOfState(commitment, I.Action.TENDER);
        if (refusal != 0) return refusal;
        I.Exhibit storage e = _twins[find(commitment)].exhibit;
        refusal = _refusalOfKey(by, e.custodian);
        if (refusal != 0) return refusal;
        if (e.isHeld && e.court != court) return I.CourtNotInCharge.selector;
        if (!_isInForce(COURT, court)) return ITrustList.NotAccredited.selector;
        (e.state, e.court) = (I.State.TENDERED, court);
        return 0;
    }

    /// @param witnesses any number of them
    /// @param roles in which they sign
    /// @param isForged whether somebody else signed for the last of them
    function destroy(
        address by,
        bytes32 commitment,
        address[] calldata witnesses,
        bytes32[] calldata roles,
        bool isForged
    ) external returns (bytes4) {
        bytes4 refusal = _refusalOfState(commitment, I.Action.DESTROY);
        if (refusal != 0) return refusal;
        I.Exhibit storage e = _twins[find(commitment)].exhibit;
        refusal = _refusalOfKey(by, e.custodian);
        if (refusal != 0) return refusal;
        if (witnesses.length != 2) return I.WitnessesMissing.selector;
        refusal = _refusalOfWitness(witnesses[0], roles[0], false);
        if (refusal == 0) refusal = _refusalOfWitness(witnesses[1], roles[1], isForged);
        if (refusal != 0) return refusal;
        (uint32 first, uint32 second) = (bodyOf(witnesses[0]), bodyOf(witnesses[1]));
        bool isIndependent = first != second && first != e.custodian && second != e.custodian;
        if (!isIndependent) return I.WitnessNotIndependent.selector;
        e.state = I.State.DESTROYED;
        return 0;
    }

    // VIEWS

    /// @return place of an exhibit with a slot of its own; how many there are when there is none
    function find(bytes32 commitment) public view returns (uint256 place) {
        while (place < _twins.length && _twins[place].commitment != commitment) ++place;
    }

    function exhibitOf(bytes32 commitment) public view returns (I.Exhibit memory exhibit) {
        uint256 place = find(commitment);
        if (place < _twins.length) exhibit = _twins[place].exhibit;
    }

    function currentOfferOf(bytes32 commitment) external view returns (I.Offer memory made) {
        uint256 place = find(commitment);
        if (place < _twins.length) made = _twins[place].offer;
    }

    function statusOf(bytes32 commitment) external view returns (I.Verdict memory verdict) {
        if (find(commitment) < _twins.length) verdict = _judge(exhibitOf(commitment));
    }

    /// @notice How an entry of a tree stands; reverts where it was deposited in an earlier run of the log.
    function statusOfMember(uint256 run, uint256 index) external view returns (I.Verdict memory) {
        Run storage r = _runs[run];
        require(index >= r.deposit.first);
        I.Exhibit memory e = exhibitOf(r.entries[index]);
        // Alone, too, if its depositor did that in the same second with the same key and tool.
        bool isSame = e.depositedAt == r.deposit.depositedAt && e.depositor == r.deposit.depositor;
        isSame = isSame && e.key == r.deposit.key && e.tool == r.deposit.tool;
        return _judge(isSame ? e : _fresh(r.deposit));
    }

    function nextOf(bytes32 commitment) external view returns (I.Next[] memory next) {
        I.Exhibit memory e = exhibitOf(commitment);
        I.Next[13] memory all;
        uint256 count;
        for (uint256 i; i < 12; ++i) {
            I.Action action = I.Action(i);
            if (_refusalOfState(commitment, action) != 0) continue;
            if (action == I.Action.REBUT || action == I.Action.CHALLENGE) all[count++] = I.Next(action, ADVOCATE, 0);
            if (action == I.Action.CHALLENGE) continue;
            bool isOfCourt = action == I.Action.UNSEAL || action == I.Action.ADMIT || action == I.Action.EXCLUDE;
            isOfCourt = isOfCourt || action == I.Action.HOLD || action == I.Action.LIFT_HOLD;
            all[count++] = isOfCourt ? I.Next(action, COURT, e.court) : I.Next(action, 0, e.custodian);
        }
        next = new I.Next[](count);
        for (uint256 i; i < count; ++i) next[i] = all[i];
    }

    function witnessOf(bytes32 subject, uint32 body) public view returns (I.Witness memory witness) {
        for (uint256 i; i < _witnesses.length; ++i)
            if (_witnesses[i].subject == subject && _witnesses[i].body == body) return _witnesses[i].witness;
    }

    function depositorOf(bytes32 subject) public view returns (uint32) {
        for (uint256 i; i < _runs.length; ++i) if (batchIdOf(i) == subject) return _runs[i].deposit.depositor;
        return exhibitOf(subject).depositor;
    }

    function batchIdOf(uint256 run) public view returns (bytes32) {
        Run storage r = _runs[run];
        return keccak256(abi.encode(r.deposit.depositor, r.inLog, PlainLog.root(r.entries), uint64(r.entries.length)));
    }

    function runs() external view returns (uint256) {
        return _runs.length;
    }

    function runOf(uint256 run) external view returns (Run memory) {
        return _runs[run];
    }

    function logOf(uint32 depositor) external view returns (bytes32[] memory) {
        return _logs[depositor];
    }

    // WHAT REFUSES

    function _refusalOfState(bytes32 commitment, I.Action action) private view returns (bytes4) {
        I.Exhibit memory e = exhibitOf(commitment);
        if (e.state == I.State.UNKNOWN) return I.ExhibitUnknown.selector;
        if (!_isInPlace(e.state, action)) return I.ExhibitStateRefuses.selector;
        if (action == I.Action.UNSEAL) return e.isSealed ? bytes4(0) : I.ExhibitSealRefuses.selector;
        if (action == I.Action.HOLD) return e.isHeld ? I.ExhibitHoldRefuses.selector : bytes4(0);
        if (action == I.Action.LIFT_HOLD) return e.isHeld ? bytes4(0) : I.ExhibitHoldRefuses.selector;
        bool isForGood = action == I.Action.RETURN || action == I.Action.DESTROY;
        bool moves = isForGood || action == I.Action.HAND_OVER || action == I.Action.SEAL;
        if (moves && e.isSealed) return I.ExhibitSealRefuses.selector;
        return isForGood && e.isHeld ? I.ExhibitHoldRefuses.selector : bytes4(0);
    }

    function _isInPlace(I.State state, I.Action action) private pure returns (bool) {
        if (state == I.State.RETURNED || state == I.State.DESTROYED) return false;
        bool isPending = state == I.State.TENDERED || state == I.State.CHALLENGED || state == I.State.REBUTTED;
        if (action == I.Action.TENDER) return state == I.State.DEPOSITED || state == I.State.EXCLUDED;
        if (action == I.Action.CHALLENGE) return isPending && state != I.State.CHALLENGED;
        if (action == I.Action.REBUT) return state == I.State.CHALLENGED;
        if (action == I.Action.ADMIT) return isPending;
        if (action == I.Action.EXCLUDE) return isPending || state == I.State.ADMITTED;
        return (action != I.Action.RETURN && action != I.Action.DESTROY) || !isPending;
    }

    function _refusalOfDeposit(address by, uint32 tool) private view returns (bytes4) {
        bytes4 refusal = _refusalOfAccredited(by, CUSTODIAN);
        if (refusal != 0 || _isInForce(TOOL, tool)) return refusal;
        return I.CaptureToolNotAccredited.selector;
    }

    /// @dev A key of a body, accredited or not, for what the body holds as a custodian.
    function _refusalOfKey(address by, uint32 body) private view returns (bytes4) {
        if (!isSound(by)) return ITrustList.KeyNotInForce.selector;
        if (bodyOf(by) != body) return ITrustList.KeyOfAnotherBody.selector;
        return _lists(by, CUSTODIAN) ? bytes4(0) : ITrustList.RoleNotListed.selector;
    }

    /// @dev A key of a body that is accredited now. In a scope that the body never had it is asked for the body's first.
    function _refusalOfAccredited(address by, bytes32 scope) private view returns (bytes4) {
        if (!isSound(by)) return ITrustList.KeyNotInForce.selector;
        uint32 body = bodyOf(by);
        bool wasAccredited = _decisions[scope][body].length != 0;
        if (!_lists(by, wasAccredited ? scope : _scopes[body][0])) return ITrustList.RoleNotListed.selector;
        return _isInForce(scope, body) ? bytes4(0) : ITrustList.NotAccredited.selector;
    }

    function _refusalOfWitness(address by, bytes32 role, bool isForged) private view returns (bytes4) {
        if (role != NOTARY && role != CERTIFIER && role != FORENSIC) return I.WitnessRoleInvalid.selector;
        return isForged ? Signatures.SignatureInvalid.selector : _refusalOfAccredited(by, role);
    }

    function _refusalOfOffer(address by, bytes32 commitment) private view returns (bytes4) {
        bytes4 refusal = _refusalOfAccredited(by, CUSTODIAN);
        if (refusal != 0) return refusal;
        Twin storage t = _twins[find(commitment)];
        if (_offeredTo(t) != bodyOf(by)) return I.OfferMissing.selector;
        return _now() < t.offer.until ? bytes4(0) : I.OfferLapsed.selector;
    }

    function _lists(address by, bytes32 scope) private view returns (bool) {
        bytes32[] storage scopes = _persons[by].scopes;
        for (uint256 i; i < scopes.length; ++i) if (scopes[i] == scope) return true;
        return false;
    }

    function _isInForce(bytes32 scope, uint32 body) private view returns (bool) {
        return standingOf(scope, body, 0, _now()) == ITrustList.Standing.IN_FORCE;
    }

    // WHAT IS KEPT

    function _taken(address by, uint32 tool) private view returns (I.Deposit memory d) {
        Person storage p = _persons[by];
        (d.depositedAt, d.depositor, d.key, d.tool) = (_now(), p.body, p.number, tool);
        d.role = _ordinalOf(p.body);
    }

    function _fresh(I.Deposit memory d) private pure returns (I.Exhibit memory e) {
        (e.depositedAt, e.depositor, e.key, e.tool) = (d.depositedAt, d.depositor, d.key, d.tool);
        (e.custodian, e.custodianRole, e.state) = (d.depositor, d.role, I.State.DEPOSITED);
    }

    function _push(bytes32 commitment, I.Deposit memory d) private {
        Twin storage t = _twins.push();
        (t.commitment, t.exhibit) = (commitment, _fresh(d));
    }

    function _hand(bytes32 commitment, uint32 to) private {
        I.Exhibit storage e = _twins[find(commitment)].exhibit;
        (e.custodian, e.custodianRole, e.hop) = (to, _ordinalOf(to), e.hop + 1);
    }

    function _offeredTo(Twin storage t) private view returns (uint32) {
        return t.offer.hop == t.exhibit.hop ? t.offer.to : 0;
    }

    /// @dev Which of a body's scopes the custodian's is.
    function _ordinalOf(uint32 body) private view returns (uint8 ordinal) {
        while (_scopes[body][ordinal] != CUSTODIAN) ++ordinal;
    }

    function _judge(I.Exhibit memory e) private view returns (I.Verdict memory v) {
        v.exhibit = e;
        v.standing = standingOf(CUSTODIAN, e.depositor, e.key, e.depositedAt);
        v.standingNow = standingOf(CUSTODIAN, e.depositor, e.key, _now());
        v.toolStanding = standingOf(TOOL, e.tool, 0, e.depositedAt);
        v.toolStandingNow = standingOf(TOOL, e.tool, 0, _now());
    }

    function _hash(bytes32[] memory entries) private pure returns (bytes32) {
        return keccak256(abi.encode(entries));
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp);
    }
}
