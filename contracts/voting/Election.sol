// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {Signatures} from "../trust/Signatures.sol";

import {BallotOpening} from "./BallotOpening.sol";
import {BallotProof} from "./BallotProof.sol";
import {Commission} from "./Commission.sol";
import {ElectionSlot, ElectionSlots} from "./ElectionSlot.sol";
import {IElection} from "./IElection.sol";
import {ITrustees} from "./ITrustees.sol";
import {QuestionList, Questions} from "./Questions.sol";
import {Tally} from "./Tally.sol";

/// @title Election
/// @notice One election, a clone of this contract that {ElectionFactory} makes.
/// @dev What is fixed when it is made stands in the clone's code, where reading costs a twentieth of a slot:
/// `abi.encode(keccak256(abi.encode(terms)), terms, createdAt)`. What is fixed later, the key and a later roll, is in one hash,
/// the configuration, and brought by each call. So a ballot that replaces another reads two slots: the configuration, and the
/// voter's own.
contract Election is IElection, EIP712 {
    using BallotProof for BallotProof.Fold;
    using Questions for QuestionList;

    // CONSTANTS

    bytes32 private constant _BALLOT = keccak256(
        "Ballot(bytes32 slotKey,bytes32 ballotHash,bytes32 replaces,uint40 deadline)"
    );
    bytes32 private constant _PUBLISH_ROLL = keccak256(
        "PublishRoll(bytes32 root,uint32 voters,uint64 weight,bytes32 file,uint32 revision,uint40 deadline)"
    );
    bytes32 private constant _EXTEND = keccak256("Extend(uint40 closesAt,bytes32 grounds,uint40 deadline)");
    bytes32 private constant _ANNUL = keccak256("Annul(bytes32 grounds,uint40 deadline)");
    bytes32 private constant _RECORD_PAPER = keccak256(
        "RecordPaper(uint32 ballots,uint64[] counts,bytes32 record,uint40 deadline)"
    );

    /// @dev Where in a clone's code the terms stand: behind the proxy's own 45 bytes and the hash of the terms.
    uint256 private constant _TERMS_AT = 0x4d;
    uint256 private constant _TERMS_LENGTH = 0x240;

    /// @dev How much a wallet may spend on saying whether a signature is its own: enough for a few ecrecovers.
    uint256 private constant _WALLET_GAS = 100_000;

    /// @dev How many members of the commission sign totals of kiosks or paper.
    uint256 private constant _PAPER_SIGNATURES = 2;

    // TYPES

    /// @dev What all ballots of a call are checked against.
    struct Casting {
        bytes32 configuration;
        QuestionList questions;
        bytes32 roll;
        bool hasSpoiled;
    }

    // STORAGE

    ElectionSlot private _slot;
    /// @dev The configuration; all its bits turned once a ballot was spoiled, so that ballots look for theirs among the spoiled
    /// ones only where there are any; 0 before the election is frozen and when it is annulled.
    bytes32 private _frozen;
    bytes32 private _roll;
    /// @dev publishedAt40 | revision32
    uint256 private _rollRevision;
    /// @dev The sum of the weights of all ballots, once they are summed up.
    uint128 private _weight;

    mapping(bytes32 slotKey => bytes32 ballotHash) private _ballots;
    mapping(bytes32 place => bool) private _spoiled;
    mapping(bytes32 place => mapping(address auditor => bool)) private _committed;
    mapping(address by => bytes32 progressHash) private _progress;
    mapping(uint256 question => bytes32 sumsHash) private _sums;

    // CONSTRUCTOR

    /// @dev The implementation itself has no terms behind its code, so that no call of it finds an election.
    constructor() EIP712("Diwan Election", "1") {}

    // THE COMMISSION

    /// @inheritdoc IElection
    function publishRoll(
        Roll calldata newRoll,
        uint32 revision,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external {
        Terms memory fixedTerms = _requireUnopened();
        // Anyone may open an election that has a gate and no roll: one that is still to come could be kept out.
        require(fixedTerms.roll != 0 || address(fixedTerms.gate) == address(0), RollNotPlanned());
        uint40 until = uint40(block.timestamp) + fixedTerms.challengePeriod;
        require(until < fixedTerms.opensAt, RollPeriodWrong(until, fixedTerms.opensAt));
        uint32 next = uint32(_rollRevision >> 40) + 1;
        require(revision == next, RollRevisionWrong(revision, next));
        bytes32 signed = keccak256(abi.encode(_PUBLISH_ROLL, newRoll, revision, deadline));
        _requireSigned(fixedTerms.commission, members, signatures, fixedTerms.quorum, signed, deadline);

        _roll = newRoll.root;
        _rollRevision = block.timestamp | (uint256(revision) << 40);
        _slot = _slot.with(ElectionSlots.ROLL_STORED);
        emit RollPublished(newRoll.root, revision, newRoll.voters, newRoll.weight, newRoll.file);
    }

    /// @inheritdoc IElection
    function objectToRoll(bytes32 grounds) external {
        _requireUnopened();
        // When it was published does not matter.
        // slither-disable-next-line unused-return
        (bytes32 root, , ) = roll();
        emit RollObjected(root, msg.sender, grounds);
    }

    /// @inheritdoc IElection
    function extend(
        uint40 newCloseAt,
        bytes32 grounds,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external {
        _requireState(State.OPEN);
        ElectionSlot slot = _slot;
        Terms memory fixedTerms = terms();
        uint40 latest = fixedTerms.closesAt + fixedTerms.longestExtension;
        uint256 left = fixedTerms.mostExtensions - slot.extensions();
        bool allowed = newCloseAt > slot.closesAt() && newCloseAt <= latest && left != 0;
        require(allowed, ExtensionInvalid(newCloseAt, latest, left));
        bytes32 signed = keccak256(abi.encode(_EXTEND, newCloseAt, grounds, deadline));
        _requireSigned(fixedTerms.commission, members, signatures, fixedTerms.quorum, signed, deadline);

        _slot = slot.extended(newCloseAt);
        emit ElectionExtended(newCloseAt, grounds);
    }

    /// @inheritdoc IElection
    function annul(
        bytes32 grounds,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external {
        State present = state();
        require(present < State.FINAL, ElectionStateWrong(present));
        Terms memory fixedTerms = terms();
        bytes32 signed = keccak256(abi.encode(_ANNUL, grounds, deadline));
        _requireSigned(fixedTerms.commission, members, signatures, fixedTerms.quorum, signed, deadline);

        _slot = _slot.with(ElectionSlots.ANNULLED);
        _frozen = 0;
        emit ElectionAnnulled(grounds);
        // Reverts where a partial decryption was posted.
        fixedTerms.trustees.stopDecryption();
    }

    /// @inheritdoc IElection
    function recordPaper(
        uint32 ballots,
        uint64[] calldata counts,
        bytes32 record,
        address[] calldata members,
        Signature[] calldata signatures,
        uint40 deadline
    ) external {
        _requireState(State.CLOSED);
        ElectionSlot slot = _slot;
        Terms memory fixedTerms = terms();
        // slither-disable-next-line unused-return
        (, uint256 expected, , ) = fixedTerms.questions.size();
        bool allowed = fixedTerms.hasPaper && !slot.has(ElectionSlots.PAPER_RECORDED) && counts.length == expected;
        require(allowed, PaperInvalid(counts.length, expected));
        // As EIP-712 hashes an array: its members, a word each.
        bytes32 hashed = keccak256(abi.encodePacked(counts));
        bytes32 signed = keccak256(abi.encode(_RECORD_PAPER, ballots, hashed, record, deadline));
        _requireSigned(fixedTerms.commission, members, signatures, _PAPER_SIGNATURES, signed, deadline);

        _slot = slot.with(ElectionSlots.PAPER_RECORDED);
        emit PaperRecorded(ballots, counts, record);
    }

    // BALLOTS

    /// @inheritdoc IElection
    function open() external {
        Terms memory fixedTerms = _requireUnopened();
        (uint256 x, uint256 y) = fixedTerms.trustees.key();
        // Its revision does not matter.
        // slither-disable-next-line unused-return
        (bytes32 root, , uint40 publishedAt) = roll();
        bool isReady =
            fixedTerms.trustees.phase() == ITrustees.Phase.DONE &&
                (root != 0 || address(fixedTerms.gate) != address(0));
        require(isReady, ElectionNotReady());
        uint40 until = publishedAt + fixedTerms.challengePeriod;
        require(block.timestamp >= until, RollPeriodWrong(until, fixedTerms.opensAt));

        bytes32 frozen = _configuration(keccak256(abi.encode(fixedTerms)), root, Key(x, y & 1));
        _slot = _slot.opened(fixedTerms.closesAt);
        _frozen = frozen;
        emit ElectionOpened(frozen, root, x, y);
    }

    /// @inheritdoc IElection
    function cast(
        Key calldata key,
        bytes32 slotKey,
        uint64 weight,
        bytes32[] calldata proof,
        bytes calldata ballot,
        bytes calldata hints
    ) external {
        Casting memory casting = _requireCasting(key);
        require(
            _isOnRoll(casting.roll, slotKey, msg.sender, weight, proof),
            VoterNotOnRoll(slotKey, msg.sender, weight)
        );
        _castOwn(casting, key, slotKey, weight, ballot, hints);
    }

    /// @inheritdoc IElection
    function castAtGate(
        Key calldata key,
        bytes32 slotKey,
        bytes calldata evidence,
        bytes calldata ballot,
        bytes calldata hints
    ) external {
        Casting memory casting = _requireCasting(key);
        Terms memory fixedTerms = terms();
        require(address(fixedTerms.gate) != address(0), VoterNotOnRoll(slotKey, msg.sender, 1));
        fixedTerms.gate.requireVoter(fixedTerms.gateScope, fixedTerms.gateFreeze, slotKey, msg.sender, evidence);
        _castOwn(casting, key, slotKey, 1, ballot, hints);
    }

    /// @inheritdoc IElection
    function castSigned(Key calldata key, SignedBallot calldata signed, bytes calldata hints) external {
        Casting memory casting = _requireCasting(key);
        BallotProof.Fold memory fold = BallotProof.open(casting.configuration, key.x, key.parity, casting.questions, 1);
        bytes32 ballotHash = fold.add(signed.slotKey, signed.weight, signed.ballot);
        (bool isRecordable, SkipReason reason) = _check(casting, _domainSeparatorV4(), signed, ballotHash);
        require(isRecordable, BallotNotRecordable(signed.slotKey, ballotHash, reason));
        fold.verify(hints);
        _record(signed.slotKey, ballotHash, signed.weight, signed.ballot);
    }

    /// @inheritdoc IElection
    function castBatch(Key calldata key, SignedBallot[] calldata signed, bytes calldata hints) external {
        Casting memory casting = _requireCasting(key);
        bytes32 domain = _domainSeparatorV4();
        BallotProof.Fold memory fold = BallotProof.open(
            casting.configuration,
            key.x,
            key.parity,
            casting.questions,
            signed.length
        );
        for (uint256 i; i < signed.length; ++i) {
            SignedBallot calldata one = signed[i];
            bytes32 ballotHash = fold.add(one.slotKey, one.weight, one.ballot);
            (bool isRecordable, SkipReason reason) = _check(casting, domain, one, ballotHash);
            if (isRecordable) _record(one.slotKey, ballotHash, one.weight, one.ballot);
            else emit BallotSkipped(one.slotKey, ballotHash, reason);
        }
        fold.verify(hints);
    }

    // AUDIT

    /// @inheritdoc IElection
    function commitBallot(bytes32 slotKey, bytes32 ballotHash) external {
        _requireState(State.OPEN);
        _committed[_place(slotKey, ballotHash)][msg.sender] = true;
        emit BallotCommitted(slotKey, ballotHash, msg.sender);
    }

    /// @inheritdoc IElection
    function spoil(
        Key calldata key,
        bytes32 slotKey,
        uint64 weight,
        uint256[] calldata ciphertexts,
        uint256[] calldata randomness,
        uint256[] calldata choices
    ) external {
        Casting memory casting = _requireCasting(key);
        bytes32 ballotHash = keccak256(abi.encodePacked(ciphertexts, uint256(weight)));
        bytes32 place = _place(slotKey, ballotHash);
        require(_committed[place][msg.sender], BallotNotCommitted(slotKey, ballotHash));
        require(_ballots[slotKey] != ballotHash, BallotIsRecorded(slotKey, ballotHash));
        BallotOpening.requireOpens(casting.questions, key.x, key.parity, ciphertexts, randomness, choices);

        _spoiled[place] = true;
        if (!casting.hasSpoiled) _frozen = ~casting.configuration;
        emit BallotSpoiled(slotKey, ballotHash, weight, ciphertexts, randomness, choices);
    }

    // COUNT

    /// @inheritdoc IElection
    function accumulate(Progress calldata progress, bytes calldata entries) external {
        _requireState(State.CLOSED);
        ElectionSlot slot = _slot;
        bytes32 given = progress.count == 0 ? bytes32(0) : Tally.progressHash(progress);
        bytes32 kept = _progress[msg.sender];
        require(given == 0 || given == kept, ProgressUnknown(given, kept));

        Progress memory next = Tally.accumulate(progress, terms().questions, _ballots, entries);
        emit BallotsAccumulated(msg.sender, next.count);
        if (next.count == slot.voters()) return _fixSums(slot, next);
        _progress[msg.sender] = Tally.progressHash(next);
    }

    /// @inheritdoc IElection
    function finalize(Count[] calldata counts) external {
        _requireState(State.TALLYING);
        ElectionSlot slot = _slot;
        Terms memory fixedTerms = terms();
        require(fixedTerms.trustees.isDecrypted(), SumsNotOpened());
        QuestionList left = fixedTerms.questions;
        uint256 question;
        for (; question < slot.counted(); ++question) left = left.rest();
        // slither-disable-next-line unused-return
        (uint256 questions, , , ) = left.size();
        require(counts.length != 0 && counts.length <= questions, CountsInvalid(counts.length, questions));
        for (uint256 i; i < counts.length; ++i) {
            uint256[] memory reported = Tally.resultOf(
                left,
                question,
                (fixedTerms.blanks >> (8 * question)) & 0xff,
                _weight,
                _sums[question],
                address(fixedTerms.trustees),
                counts[i]
            );
            emit ResultPublished(question, slot.voters(), _weight, reported);
            slot = slot.withCounted();
            left = left.rest();
            ++question;
        }
        if (left.isEmpty()) {
            slot = slot.with(ElectionSlots.FINAL);
            emit ElectionFinalized();
        }
        _slot = slot;
    }

    // VIEWS

    /// @inheritdoc IElection
    function electionKey() public view returns (Key memory) {
        if (!_slot.isOpened()) return Key(0, 0);
        (uint256 x, uint256 y) = terms().trustees.key();
        return Key(x, y & 1);
    }

    /// @inheritdoc IElection
    function configuration() public view returns (bytes32) {
        if (!_slot.isOpened()) return 0;
        // When the roll was published does not matter.
        // slither-disable-next-line unused-return
        (bytes32 root, , ) = roll();
        return _configuration(keccak256(abi.encode(terms())), root, electionKey());
    }

    /// @inheritdoc IElection
    function votingPeriod() external view returns (uint40 opensAt, uint40 closesAt) {
        Terms memory fixedTerms = terms();
        ElectionSlot slot = _slot;
        return (fixedTerms.opensAt, slot.isOpened() ? slot.closesAt() : fixedTerms.closesAt);
    }

    /// @inheritdoc IElection
    function turnout() external view returns (uint32) {
        return _slot.voters();
    }

    /// @inheritdoc IElection
    function ballotOf(bytes32 slotKey) external view returns (bytes32) {
        return _ballots[slotKey];
    }

    /// @inheritdoc IElection
    function isRecorded(bytes32 slotKey, bytes32 ballotHash) external view returns (bool) {
        return ballotHash != 0 && _ballots[slotKey] == ballotHash;
    }

    /// @inheritdoc IElection
    function isSpoiled(bytes32 slotKey, bytes32 ballotHash) external view returns (bool) {
        return _spoiled[_place(slotKey, ballotHash)];
    }

    /// @inheritdoc IElection
    function progressOf(address by) external view returns (bytes32) {
        return _progress[by];
    }

    /// @inheritdoc IElection
    function counted() external view returns (uint8) {
        return _slot.counted();
    }

    /// @inheritdoc IElection
    function state() public view returns (State) {
        ElectionSlot slot = _slot;
        if (slot.has(ElectionSlots.ANNULLED)) return State.ANNULLED;
        if (slot.has(ElectionSlots.FINAL)) return State.FINAL;
        Terms memory fixedTerms = terms();
        if (block.timestamp < fixedTerms.opensAt) {
            // A round that yields no key is followed by another, which begins with registration anew.
            bool isSetup =
                fixedTerms.trustees.phase() == ITrustees.Phase.REGISTRATION && fixedTerms.trustees.round() == 0;
            return isSetup ? State.SETUP : State.KEY_CEREMONY;
        }
        if (!slot.isOpened()) return State.FAILED;
        if (block.timestamp < slot.closesAt()) return State.OPEN;
        if (slot.voters() < fixedTerms.minimumBallots) return State.FAILED;
        bool isInTime = block.timestamp <= slot.closesAt() + fixedTerms.tallyPeriod;
        if (!slot.has(ElectionSlots.SUMMED)) return isInTime ? State.CLOSED : State.FAILED;
        return isInTime || fixedTerms.trustees.isDecrypted() ? State.TALLYING : State.FAILED;
    }

    /// @inheritdoc IElection
    function terms() public view returns (Terms memory fixedTerms) {
        // A word each, here as there, behind the hash of the terms: the language decodes them for ten times as much.
        assembly ("memory-safe") {
            extcodecopy(address(), fixedTerms, _TERMS_AT, _TERMS_LENGTH)
        }
    }

    /// @inheritdoc IElection
    function roll() public view returns (bytes32 root, uint32 revision, uint40 publishedAt) {
        if (_slot.has(ElectionSlots.ROLL_STORED)) {
            uint256 word = _rollRevision;
            return (_roll, uint32(word >> 40), uint40(word));
        }
        assembly ("memory-safe") {
            extcodecopy(address(), 0x00, add(_TERMS_AT, _TERMS_LENGTH), 0x20)
            publishedAt := mload(0x00)
        }
        return (terms().roll, 0, publishedAt);
    }

    // INTERNAL: CASTING

    /// @dev Verifies and records a ballot of the caller.
    function _castOwn(
        Casting memory casting,
        Key calldata key,
        bytes32 slotKey,
        uint64 weight,
        bytes calldata ballot,
        bytes calldata hints
    ) private {
        BallotProof.Fold memory fold = BallotProof.open(casting.configuration, key.x, key.parity, casting.questions, 1);
        bytes32 ballotHash = fold.add(slotKey, weight, ballot);
        bool isSpoiled_ = casting.hasSpoiled && _spoiled[_place(slotKey, ballotHash)];
        require(!isSpoiled_, BallotIsSpoiled(slotKey, ballotHash));
        fold.verify(hints);
        _record(slotKey, ballotHash, weight, ballot);
    }

    /// @dev Writes a ballot into its slot, and counts a voter who had none there.
    function _record(bytes32 slotKey, bytes32 ballotHash, uint64 weight, bytes calldata ballot) private {
        if (_ballots[slotKey] == 0) _slot = _slot.withVoter();
        _ballots[slotKey] = ballotHash;
        emit BallotCast(slotKey, ballotHash, weight, ballot);
    }

    /// @dev Whether a signed ballot can be recorded now, and why not.
    function _check(
        Casting memory casting,
        bytes32 domain,
        SignedBallot calldata signed,
        bytes32 ballotHash
    ) private view returns (bool isRecordable, SkipReason reason) {
        (bytes32 slotKey, address voter) = (signed.slotKey, signed.voter);
        if (block.timestamp > signed.deadline) return (false, SkipReason.SIGNATURE_EXPIRED);
        if (_ballots[slotKey] != signed.replaces) return (false, SkipReason.SLOT_CHANGED);
        if (casting.hasSpoiled && _spoiled[_place(slotKey, ballotHash)]) return (false, SkipReason.BALLOT_SPOILED);
        bool isVoter =
            signed.evidence.length == 0
                ? _isOnRoll(casting.roll, slotKey, voter, signed.weight, signed.proof)
                : _isAtGate(slotKey, voter, signed.weight, signed.evidence);
        if (!isVoter) return (false, SkipReason.NOT_ON_ROLL);
        bytes32 content = keccak256(abi.encode(_BALLOT, slotKey, ballotHash, signed.replaces, signed.deadline));
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, content);
        bool isSigned = Signatures.isValid(voter, digest, signed.signature, _WALLET_GAS);
        return (isSigned, SkipReason.SIGNATURE_INVALID);
    }

    function _isOnRoll(
        bytes32 root,
        bytes32 slotKey,
        address voter,
        uint64 weight,
        bytes32[] calldata proof
    ) private pure returns (bool) {
        // Hashed twice, so that no inner node passes for an entry.
        bytes32 leaf = keccak256(abi.encode(slotKey, voter, weight));
        assembly ("memory-safe") {
            mstore(0x00, leaf)
            leaf := keccak256(0x00, 0x20)
        }
        // A ballot of no weight could not be summed up.
        return weight != 0 && MerkleProof.processProofCalldata(proof, leaf) == root;
    }

    function _isAtGate(
        bytes32 slotKey,
        address voter,
        uint64 weight,
        bytes calldata evidence
    ) private view returns (bool) {
        Terms memory fixedTerms = terms();
        if (weight != 1 || address(fixedTerms.gate) == address(0)) return false;
        try fixedTerms.gate.requireVoter(fixedTerms.gateScope, fixedTerms.gateFreeze, slotKey, voter, evidence) {
            return true;
        } catch {
            return false;
        }
    }

    /// @dev What ballots are checked against, where the election is open and the key is its key.
    function _requireCasting(Key calldata key) private view returns (Casting memory casting) {
        bytes32 setup;
        QuestionList questions;
        bytes32 root;
        uint256 opensAt;
        uint256 closesAt;
        // The hash of the terms, and of these the first four.
        assembly ("memory-safe") {
            let words := mload(0x40)
            extcodecopy(address(), words, sub(_TERMS_AT, 0x20), 0xa0)
            setup := mload(words)
            questions := mload(add(words, 0x20))
            root := mload(add(words, 0x40))
            opensAt := mload(add(words, 0x60))
            closesAt := mload(add(words, 0x80))
        }
        bool isOpen = block.timestamp >= opensAt && (block.timestamp < closesAt || block.timestamp < _slot.closesAt());
        bytes32 frozen = _frozen;
        if (!isOpen || frozen == 0) revert ElectionStateWrong(state());

        bytes32 known = _configuration(setup, root, key);
        if (known != frozen && known != ~frozen) {
            // With the roll that was published later, then, or with another key.
            root = _roll;
            known = _configuration(setup, root, key);
            require(known == frozen || known == ~frozen, ElectionKeyWrong(key.x, key.parity));
        }
        casting.configuration = known;
        casting.questions = questions;
        casting.roll = root;
        casting.hasSpoiled = known != frozen;
    }

    // INTERNAL: COUNT

    /// @dev Fixes the sums of all ballots and hands them to the trustees.
    function _fixSums(ElectionSlot slot, Progress memory progress) private {
        Terms memory fixedTerms = terms();
        require(!fixedTerms.hasPaper || slot.has(ElectionSlots.PAPER_RECORDED), PaperMissing());
        _slot = slot.with(ElectionSlots.SUMMED);
        _weight = progress.weight;
        uint40 deadline = slot.closesAt() + fixedTerms.tallyPeriod;
        Tally.fix(progress, fixedTerms.questions, _sums, address(fixedTerms.trustees), configuration(), deadline);
    }

    // INTERNAL: REQUIREMENTS

    function _requireState(State wanted) private view {
        State present = state();
        require(present == wanted, ElectionStateWrong(present));
    }

    /// @dev Before the opening, and before all is frozen for it.
    function _requireUnopened() private view returns (Terms memory fixedTerms) {
        State present = state();
        require(present <= State.KEY_CEREMONY && !_slot.isOpened(), ElectionStateWrong(present));
        return terms();
    }

    function _requireSigned(
        bytes32 commission,
        address[] calldata members,
        Signature[] calldata signatures,
        uint256 needed,
        bytes32 content,
        uint40 deadline
    ) private view {
        Commission.requireSigned(commission, members, signatures, needed, _hashTypedDataV4(content), deadline);
    }

    // INTERNAL: HASHES

    function _configuration(bytes32 setup, bytes32 root, Key memory key) private pure returns (bytes32) {
        return keccak256(abi.encode(setup, root, key.x, key.parity));
    }

    function _place(bytes32 slotKey, bytes32 ballotHash) private pure returns (bytes32) {
        return keccak256(abi.encode(slotKey, ballotHash));
    }
}
