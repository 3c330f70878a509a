// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {CeremonySlot, CeremonySlots} from "./CeremonySlot.sol";
import {CurveSum} from "./CurveSum.sol";
import {ITrustees} from "./ITrustees.sol";
import {PartialDecryption} from "./PartialDecryption.sol";
import {Secp256k1} from "./Secp256k1.sol";

/// @title Trustees
/// @notice The trustees of one election, a clone of this contract that {ElectionFactory} makes.
/// @dev The terms stand in the clone's code, as `abi.encode(terms)`. Of a dealing one hash is kept, of a partial decryption too:
/// who needs them brings them. Sums of points that others chose are complete ({CurveSum}), so that no dealer can stop a round.
contract Trustees is ITrustees {
    using CurveSum for CurveSum.Sum;

    // CONSTANTS

    bytes32 private constant _POSSESSION = keccak256("diwan/possession/v1");

    uint256 private constant _MOST_TRUSTEES = 16;
    /// @dev A compressed point, a share, and 16 bytes that authenticate both.
    uint256 private constant _SHARE_LENGTH = 81;
    /// @dev Where in a clone's code the terms stand, behind the proxy's own 45 bytes, and in them the threshold, the four periods,
    /// the number of trustees, and the first of them.
    uint256 private constant _TERMS_AT = 0x2d;
    uint256 private constant _THRESHOLD_AT = _TERMS_AT + 0x40;
    uint256 private constant _PERIODS_AT = _TERMS_AT + 0x60;
    uint256 private constant _COUNT_AT = _TERMS_AT + 0xe0;

    // STORAGE

    /// @inheritdoc ITrustees
    address public election;
    CeremonySlot private _ceremony;
    uint256 private _keyX;
    uint256 private _keyY;
    bytes32 private _commitmentsHash;
    /// @dev deadline40 | stopped8 | questions8 | 8 free | how many partial decryptions, 8 bits a question.
    uint256 private _decryption;

    mapping(uint32 round => mapping(uint8 dealer => bytes32 dealingHash)) private _dealings;
    /// @dev Of each dealer: who complained, and from bit 32 on, whose complaint is unanswered.
    mapping(uint32 round => mapping(uint8 dealer => uint256)) private _complaints;
    mapping(uint8 trustee => bytes32 shareKeyHash) private _shareKeys;
    mapping(uint256 question => bytes32 statementHash) private _statements;
    mapping(uint256 question => mapping(uint8 trustee => bytes32 partialsHash)) private _partials;

    // THE ELECTION

    /// @inheritdoc ITrustees
    function bind(address named) external {
        // Whoever makes a clone names its election in the same transaction.
        require(election == address(0), ElectionNamed(election));
        Terms memory fixedTerms = terms();
        address[] memory all = fixedTerms.trustees;
        uint8 threshold = fixedTerms.threshold;
        bool fits = threshold >= 2 && all.length <= _MOST_TRUSTEES && all.length + 1 >= 2 * uint256(threshold);
        require(fits, TrusteeTermsInvalid(all.length, threshold));
        for (uint256 i; i < all.length; ++i) {
            bool isNew = all[i] != address(0);
            for (uint256 j; j < i; ++j) isNew = isNew && all[j] != all[i];
            require(isNew, TrusteeListInvalid(all[i]));
        }
        election = named;
        _start(0);
    }

    /// @inheritdoc ITrustees
    function startDecryption(bytes32 configuration, uint40 deadline, bytes32[] calldata sumHashes) external {
        require(msg.sender == election, NotTheElection(msg.sender));
        require(_decryption == 0, DecryptionNotOpen(uint40(_decryption)));
        _decryption = deadline | (sumHashes.length << 48);
        for (uint256 question; question < sumHashes.length; ++question) {
            _statements[question] = _statementHash(configuration, sumHashes[question]);
        }
        emit DecryptionStarted(configuration, deadline, sumHashes);
    }

    /// @inheritdoc ITrustees
    function stopDecryption() external {
        require(msg.sender == election, NotTheElection(msg.sender));
        require(!hasPartials(), PartialsPosted());
        _decryption |= 1 << 40;
        emit DecryptionStopped();
    }

    // THE CEREMONY

    /// @inheritdoc ITrustees
    function registerKey(uint8 trustee, uint256 x, uint256 y) external {
        CeremonySlot slot = _requirePhase(Phase.REGISTRATION);
        _requireTrustee(trustee);
        require(slot.registered() & (1 << trustee) == 0, StepDoneBefore(trustee));
        require(Secp256k1.isPoint(x, y), CeremonyPointInvalid(x, y));

        slot = slot.withRegistered(trustee);
        if (_size(slot.registered()) == _count()) slot = slot.withDealingAt(block.timestamp);
        _ceremony = slot;
        emit EncryptionKeyRegistered(slot.round(), trustee, x, y);
    }

    /// @inheritdoc ITrustees
    function deal(
        uint8 dealer,
        uint256[] calldata commitments,
        uint256[2] calldata proof,
        bytes calldata shares
    ) external {
        CeremonySlot slot = _requirePhase(Phase.DEALING);
        _requireTrustee(dealer);
        require(slot.registered() & (1 << dealer) != 0, TrusteeNotRegistered(dealer));
        require(slot.dealt() & (1 << dealer) == 0, StepDoneBefore(dealer));
        bool fits =
            commitments.length == 2 * _threshold() && shares.length == _SHARE_LENGTH * (_size(slot.registered()) - 1);
        require(fits, DealingLengthWrong(commitments.length, shares.length));
        for (uint256 i; i < commitments.length; i += 2) {
            (uint256 x, uint256 y) = (commitments[i], commitments[i + 1]);
            require(Secp256k1.isPoint(x, y), CeremonyPointInvalid(x, y));
        }
        bytes32 commitmentsHash = keccak256(abi.encodePacked(commitments));
        bytes32 sharesHash = keccak256(shares);
        _requirePossession(slot.round(), dealer, commitments, proof, commitmentsHash, sharesHash);

        _dealings[slot.round()][dealer] = _dealingHash(commitmentsHash, sharesHash);
        slot = slot.withDealt(dealer);
        if (slot.dealt() == slot.registered()) slot = slot.withComplaintsAt(block.timestamp);
        _ceremony = slot;
        emit SharesDealt(slot.round(), dealer, commitments, proof, shares);
    }

    /// @inheritdoc ITrustees
    function complain(uint8 trustee, uint8 dealer, bytes32 commitmentsHash, bytes calldata shares) external {
        CeremonySlot slot = _requirePhase(Phase.COMPLAINTS);
        _requireTrustee(trustee);
        require(slot.registered() & (1 << trustee) != 0 && trustee != dealer, TrusteeNotRegistered(trustee));
        uint32 number = slot.round();
        bool isDealt = _dealings[number][dealer] == _dealingHash(commitmentsHash, keccak256(shares));
        require(slot.dealt() & (1 << dealer) != 0 && isDealt, DealingUnknown(dealer));
        uint256 complaints = _complaints[number][dealer];
        require(complaints & (1 << trustee) == 0, StepDoneBefore(trustee));

        _complaints[number][dealer] = complaints | (1 << trustee) | (1 << (32 + trustee));
        _ceremony = slot.withComplained(trustee).withAccused(dealer, true);
        emit ComplaintMade(number, dealer, trustee);
    }

    /// @inheritdoc ITrustees
    function reveal(
        uint8 dealer,
        uint8 trustee,
        uint256 share,
        uint256[] calldata commitments,
        bytes32 sharesHash
    ) external {
        CeremonySlot slot = _requirePhase(Phase.ANSWERS);
        _requireTrustee(dealer);
        uint32 number = slot.round();
        uint256 complaints = _complaints[number][dealer];
        require((complaints >> 32) & (1 << trustee) != 0, ComplaintUnknown(dealer, trustee));
        bytes32 dealt = _dealingHash(keccak256(abi.encodePacked(commitments)), sharesHash);
        require(_dealings[number][dealer] == dealt, DealingUnknown(dealer));
        require(_isShare(commitments, trustee, share), ShareWrong(dealer, trustee));

        complaints &= ~(uint256(1) << (32 + trustee));
        _complaints[number][dealer] = complaints;
        if (complaints >> 32 == 0) _ceremony = slot.withAccused(dealer, false);
        emit ShareRevealed(number, dealer, trustee, share);
    }

    /// @inheritdoc ITrustees
    function finish(uint256[][] calldata commitments, bytes32[] calldata sharesHashes) external {
        CeremonySlot slot = _requirePhase(Phase.FINISHING);
        uint256 qualified = _qualified(slot);
        uint256 dealers = _size(qualified);
        require(dealers >= _threshold(), RoundFailed(dealers, _threshold()));
        bool fits = commitments.length == dealers && sharesHashes.length == dealers;
        require(fits, DealersWrong(commitments.length, dealers));
        uint32 number = slot.round();
        uint256 place = 0;
        for (uint8 dealer = 1; dealer <= _MOST_TRUSTEES; ++dealer) {
            if (qualified & (1 << dealer) == 0) continue;
            bytes32 dealt = _dealingHash(keccak256(abi.encodePacked(commitments[place])), sharesHashes[place]);
            require(_dealings[number][dealer] == dealt, DealingUnknown(dealer));
            ++place;
        }

        uint256[] memory sums = _sumCommitments(commitments);
        if (!Secp256k1.isPoint(sums[0], sums[1])) {
            emit CeremonyFailed(number);
            return _start(number + 1);
        }
        (_keyX, _keyY) = (sums[0], sums[1]);
        _commitmentsHash = keccak256(abi.encodePacked(sums));
        _ceremony = slot.withKeyMade();
        emit KeyMade(number, sums[0], sums[1], qualified, sums);
    }

    /// @inheritdoc ITrustees
    function restart() external {
        CeremonySlot slot = _requirePhase(Phase.FINISHING);
        require(_size(_qualified(slot)) < _threshold(), RoundSucceeded());
        emit CeremonyFailed(slot.round());
        _start(slot.round() + 1);
    }

    /// @inheritdoc ITrustees
    function deriveShareKeys(uint256[] calldata commitments, uint8 last) external {
        CeremonySlot slot = _requirePhase(Phase.DERIVING);
        require(keccak256(abi.encodePacked(commitments)) == _commitmentsHash, CommitmentsUnknown());
        uint8 derived = slot.derived();
        require(last > derived && last <= _count(), ShareIndexWrong(last));
        for (uint8 trustee = derived + 1; trustee <= last; ++trustee) {
            (uint256 x, uint256 y) = (0, 0);
            // Nothing was dealt to who did not register.
            if (slot.registered() & (1 << trustee) != 0) (x, y) = _affine(CurveSum.evaluate(commitments, trustee));
            if (x != 0) _shareKeys[trustee] = keccak256(abi.encode(x, y));
            emit ShareKeyDerived(trustee, x, y);
        }
        _ceremony = slot.withDerived(last);
    }

    // DECRYPTION

    /// @inheritdoc ITrustees
    function postPartial(
        uint8 trustee,
        uint256 question,
        bytes32 configuration,
        uint256[2] calldata shareKey,
        uint256[] calldata sums,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) external {
        _requireTrustee(trustee);
        uint256 decryption = _decryption;
        // Neither a deadline of 0, before the start, nor one that was stopped.
        require(
            block.timestamp <= uint40(decryption) && (decryption >> 40) & 0xff == 0,
            DecryptionNotOpen(uint40(decryption))
        );
        bytes32 statementHash = _statementHash(configuration, keccak256(abi.encodePacked(sums)));
        require(_statements[question] == statementHash, DecryptionStatementUnknown(question));
        bool isShareKey = _shareKeys[trustee] == keccak256(abi.encode(shareKey));
        require(isShareKey, ShareKeyUnknown(trustee));
        require(_partials[question][trustee] == 0, PartialPostedBefore(question, trustee));
        PartialDecryption.Statement memory statement = PartialDecryption.Statement(
            configuration,
            question,
            trustee,
            shareKey[0],
            shareKey[1],
            sums
        );
        PartialDecryption.check(statement, partials, proof);

        _partials[question][trustee] = keccak256(abi.encodePacked(partials));
        // At most 16 trustees post once each.
        _decryption = decryption + (1 << (64 + 8 * question));
        emit PartialDecryptionPosted(question, trustee, partials, proof);
    }

    // VIEWS

    /// @inheritdoc ITrustees
    function key() external view returns (uint256 x, uint256 y) {
        return (_keyX, _keyY);
    }

    /// @inheritdoc ITrustees
    function phase() external view returns (Phase) {
        return _phase(_ceremony);
    }

    /// @inheritdoc ITrustees
    function round() external view returns (uint32) {
        return _ceremony.round();
    }

    /// @inheritdoc ITrustees
    function schedule() external view returns (uint40 dealing, uint40 complaints, uint40 answers, uint40 finishing) {
        return _schedule(_ceremony);
    }

    /// @inheritdoc ITrustees
    function participation()
        external
        view
        returns (uint256 registered, uint256 dealt, uint256 complained, uint256 accused)
    {
        CeremonySlot slot = _ceremony;
        return (slot.registered(), slot.dealt(), slot.complained(), slot.accused());
    }

    /// @inheritdoc ITrustees
    function partialsOf(uint256 question) public view returns (uint256) {
        return (_decryption >> (64 + 8 * question)) & 0xff;
    }

    /// @inheritdoc ITrustees
    function decryptionDeadline() external view returns (uint40) {
        return uint40(_decryption);
    }

    /// @inheritdoc ITrustees
    function isDecrypted() external view returns (bool) {
        uint256 questions = (_decryption >> 48) & 0xff;
        uint256 threshold = _threshold();
        for (uint256 question; question < questions; ++question) {
            if (partialsOf(question) < threshold) return false;
        }
        return questions != 0;
    }

    /// @inheritdoc ITrustees
    function requirePartials(uint256 question, Partial[] calldata partials) external view {
        uint256 threshold = _threshold();
        uint8 last = 0;
        require(partials.length == threshold, PartialsWrong(partials.length, threshold));
        for (uint256 i; i < threshold; ++i) {
            uint8 trustee = partials[i].index;
            require(trustee > last, PartialsWrong(i, threshold));
            bytes32 posted = _partials[question][trustee];
            bool isPosted = posted != 0 && posted == keccak256(abi.encodePacked(partials[i].partials));
            require(isPosted, PartialUnknown(question, trustee));
            last = trustee;
        }
    }

    /// @inheritdoc ITrustees
    function hasPartials() public view returns (bool) {
        return _decryption >> 64 != 0;
    }

    /// @inheritdoc ITrustees
    function terms() public view returns (Terms memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (Terms));
    }

    // INTERNAL: THE CEREMONY

    function _start(uint32 number) private {
        _ceremony = CeremonySlots.started(number, block.timestamp);
        emit CeremonyStarted(number);
    }

    /// @dev Who qualified: a round yields a key when as many did as decrypt. A dealer of whom as many complained is out, answers
    /// or not, since one of them at least is honest. No more is asked: complaints of an honest dealer come from corrupt
    /// trustees alone, fewer than decrypt, to whom the shares that it reveals were known before. To count whoever complained as
    /// corrupt, of any dealer, would let one trustee start every round again, by wrong shares to some and complaints of others.
    function _qualified(CeremonySlot slot) private view returns (uint256 qualified) {
        uint256 threshold = _threshold();
        uint256 candidates = slot.dealt() & ~slot.accused();
        uint32 number = slot.round();
        for (uint8 dealer = 1; dealer <= _MOST_TRUSTEES; ++dealer) {
            if (candidates & (1 << dealer) == 0) continue;
            uint256 made = uint32(_complaints[number][dealer]);
            if (_size(made) >= threshold) continue;
            qualified |= 1 << dealer;
        }
    }

    /// @dev The sums of the dealers' commitments, coefficient by coefficient.
    function _sumCommitments(uint256[][] calldata commitments) private view returns (uint256[] memory sums) {
        sums = new uint256[](commitments[0].length);
        for (uint256 k; k < sums.length; k += 2) {
            CurveSum.Sum memory sum = CurveSum.Sum(0, 0, 0);
            for (uint256 d; d < commitments.length; ++d) sum.add(commitments[d][k], commitments[d][k + 1]);
            (sums[k], sums[k + 1]) = _affine(sum);
        }
    }

    /// @dev Whether a share is the value at an index of the polynomial that was committed to.
    function _isShare(uint256[] calldata commitments, uint8 index, uint256 share) private view returns (bool) {
        (uint256 x, uint256 y) = _affine(CurveSum.evaluate(commitments, index));
        if (share == 0 || x == 0) return share == 0 && x == 0;
        return share < Secp256k1.N && Secp256k1.toAddress(x, y) == Secp256k1.multiply(Secp256k1.G_X, 0, share, 0);
    }

    /// @dev Reverts unless the dealer knows the constant term of its polynomial: it might else choose one that cancels others'.
    function _requirePossession(
        uint32 number,
        uint8 dealer,
        uint256[] calldata commitments,
        uint256[2] calldata proof,
        bytes32 commitmentsHash,
        bytes32 sharesHash
    ) private view {
        (uint256 challenge, uint256 response) = (proof[0], proof[1]);
        bool isInRange = challenge != 0 && challenge < Secp256k1.N && response < Secp256k1.N;
        require(isInRange, PossessionNotProven(dealer));
        address r = Secp256k1.multiply(commitments[0], commitments[1] & 1, Secp256k1.N - challenge, response);
        bytes32 hash = keccak256(
            bytes.concat(
                abi.encode(_POSSESSION, block.chainid, address(this), number, dealer, msg.sender),
                abi.encode(_count(), _threshold(), commitmentsHash, sharesHash, r)
            )
        );
        // A challenge is no random number that a miner could choose.
        // slither-disable-next-line weak-prng
        require(uint256(hash) % Secp256k1.N == challenge, PossessionNotProven(dealer));
    }

    /// @dev The affine coordinates of a sum, two zeros for infinity.
    function _affine(CurveSum.Sum memory sum) private view returns (uint256 x, uint256 y) {
        return sum.z == 0 ? (0, 0) : sum.toAffine(CurveSum.invert(sum.z));
    }

    function _dealingHash(bytes32 commitmentsHash, bytes32 sharesHash) private pure returns (bytes32) {
        return keccak256(abi.encode(commitmentsHash, sharesHash));
    }

    function _statementHash(bytes32 configuration, bytes32 sumsHash) private pure returns (bytes32) {
        return keccak256(abi.encode(configuration, sumsHash));
    }

    // INTERNAL: TIME

    function _phase(CeremonySlot slot) private view returns (Phase) {
        if (slot.isKeyMade()) return slot.derived() == _count() ? Phase.DONE : Phase.DERIVING;
        (uint40 dealing, uint40 complaints, uint40 answers, uint40 finishing) = _schedule(slot);
        if (block.timestamp < dealing) return Phase.REGISTRATION;
        if (block.timestamp < complaints) return Phase.DEALING;
        if (block.timestamp < answers) return Phase.COMPLAINTS;
        return slot.accused() != 0 && block.timestamp < finishing ? Phase.ANSWERS : Phase.FINISHING;
    }

    function _schedule(
        CeremonySlot slot
    ) private view returns (uint40 dealing, uint40 complaints, uint40 answers, uint40 finishing) {
        dealing = slot.dealingAt();
        if (dealing == 0) dealing = slot.startedAt() + _period(0);
        complaints = slot.complaintsAt();
        if (complaints == 0) complaints = dealing + _period(1);
        answers = complaints + _period(2);
        finishing = answers + _period(3);
    }

    /// @dev Only a ceremony that {bind} started has a time: before, nobody does anything.
    function _requirePhase(Phase wanted) private view returns (CeremonySlot slot) {
        slot = _ceremony;
        Phase present = _phase(slot);
        require(present == wanted && slot.startedAt() != 0, CeremonyPhaseWrong(present));
    }

    // INTERNAL: THE TERMS

    function _requireTrustee(uint8 index) private view {
        // Past the last trustee the code ends, and reads as zeros: nobody.
        address trustee = address(uint160(_word(_COUNT_AT + 32 * uint256(index))));
        require(index != 0 && trustee == msg.sender, NotATrustee(msg.sender));
    }

    function _threshold() private view returns (uint256) {
        return _word(_THRESHOLD_AT);
    }

    function _count() private view returns (uint256) {
        return _word(_COUNT_AT);
    }

    /// @dev How long a step takes: registration, dealing, complaints, answers.
    function _period(uint256 step) private view returns (uint40) {
        // Terms that are no uint32 cannot be bound: {terms} decodes them.
        return uint40(_word(_PERIODS_AT + 32 * step));
    }

    /// @dev A word of the clone's code: decoding all terms costs twenty times as much.
    function _word(uint256 position) private view returns (uint256 word) {
        assembly ("memory-safe") {
            extcodecopy(address(), 0x00, position, 0x20)
            word := mload(0x00)
        }
    }

    /// @dev How many trustees a set has.
    function _size(uint256 set) private pure returns (uint256 size) {
        for (; set != 0; set &= set - 1) ++size;
    }
}
