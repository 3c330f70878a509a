// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";

import {Commission} from "./Commission.sol";
import {IElection} from "./IElection.sol";
import {IElectionFactory} from "./IElectionFactory.sol";
import {ITrustees} from "./ITrustees.sol";
import {QuestionList, Questions} from "./Questions.sol";

/// @title ElectionFactory
/// @notice Makes elections, each with trustees of its own.
/// @dev Both are EIP-1167 clones of fixed implementations. What an election fixes stands in its clone's code. The council may
/// stop new elections, never one that is under way: a stop while voting is open would be a power over the vote.
contract ElectionFactory is IElectionFactory, Governed {
    using Questions for QuestionList;

    // CONSTANTS

    /// @notice The scope that bodies are accredited for that hold elections.
    bytes32 public constant ELECTION_ROLE = keccak256("diwan.role.election-authority");

    /// @dev So that casting a ballot, and fixing the sums, costs less than a million gas.
    uint256 private constant _MOST_GROUPS = 24;
    uint256 private constant _MOST_OPTIONS = 64;

    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;
    address private immutable _ELECTION;
    address private immutable _TRUSTEES;

    // STORAGE

    mapping(address election => bool) private _made;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who may hold elections
    /// @param election the implementation of elections
    /// @param trustees the implementation of their trustees, which takes its orders from this factory
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        address election,
        address trustees,
        Relays memory relays
    ) Governed(authority, relays) {
        (_TRUST_LIST, _ELECTION, _TRUSTEES) = (trustList, election, trustees);
    }

    // ELECTIONS

    /// @inheritdoc IElectionFactory
    function createElection(Request calldata request) external whileOpen returns (address election, address trustees) {
        // Which key of the body it was is in the trust list's own events.
        // slither-disable-next-line unused-return
        (uint32 body, , ) = _TRUST_LIST.requireAccredited(ELECTION_ROLE, _msgSender());
        trustees = Clones.cloneWithImmutableArgs(_TRUSTEES, abi.encode(request.trustees));
        IElection.Terms memory terms = _termsOf(request, ITrustees(trustees));
        bytes memory encoded = abi.encode(keccak256(abi.encode(terms)), terms, uint40(block.timestamp));
        election = Clones.cloneWithImmutableArgs(_ELECTION, encoded);
        _made[election] = true;
        emit ElectionCreated(election, trustees, body, terms, request.texts, request.commission, request.roll);
        // The trustees check their own terms.
        ITrustees(trustees).bind(election);
    }

    // VIEWS

    /// @inheritdoc IElectionFactory
    function isElection(address election) external view returns (bool) {
        return _made[election];
    }

    /// @inheritdoc IElectionFactory
    function implementations() external view returns (address election, address trustees) {
        return (_ELECTION, _TRUSTEES);
    }

    // INTERNAL

    function _termsOf(
        Request calldata request,
        ITrustees trustees
    ) private view returns (IElection.Terms memory terms) {
        terms = IElection.Terms({
            questions: Questions.pack(request.questions),
            roll: request.roll.root,
            blanks: _packBlanks(request),
            texts: _hashTexts(request),
            commission: _hashCommission(request),
            trustees: trustees,
            gate: request.gate,
            gateScope: request.gateScope,
            gateFreeze: request.gateFreeze,
            opensAt: request.opensAt,
            closesAt: request.closesAt,
            challengePeriod: request.challengePeriod,
            tallyPeriod: request.tallyPeriod,
            longestExtension: request.longestExtension,
            minimumBallots: request.minimumBallots,
            mostExtensions: request.mostExtensions,
            quorum: request.quorum,
            hasPaper: request.hasPaper
        });
        // The ceremony may take all of its time, by one trustee who is silent, and the roll may be objected to meanwhile.
        uint40 ceremony =
            uint40(request.trustees.registrationPeriod) +
                request.trustees.dealingPeriod +
                request.trustees.complaintPeriod +
                request.trustees.answerPeriod;
        uint40 earliest =
            uint40(block.timestamp) + (ceremony > terms.challengePeriod ? ceremony : terms.challengePeriod);
        // In 256 bits, as no time of the election may leave the 40 that it is kept in.
        uint256 latest = uint256(terms.closesAt) + terms.longestExtension + terms.tallyPeriod;
        bool isInOrder = terms.opensAt > earliest && terms.closesAt > terms.opensAt && terms.tallyPeriod != 0;
        require(isInOrder && latest <= type(uint40).max, ElectionTimesInvalid(terms.opensAt, terms.closesAt, earliest));
        // Asking an address without code would revert a whole batch.
        address gate = address(terms.gate);
        require(gate == address(0) || gate.code.length != 0, GateInvalid(gate));
        // One ballot alone would be opened, not counted.
        require(terms.minimumBallots > 1, MinimumTooSmall(terms.minimumBallots));
        // The number of questions is checked where they are packed.
        // slither-disable-next-line unused-return
        (, uint256 options, uint256 groups, ) = terms.questions.size();
        require(groups <= _MOST_GROUPS && options <= _MOST_OPTIONS, ElectionTooLarge(groups, options));
    }

    /// @dev A question needs an option at least that is not blank.
    function _packBlanks(Request calldata request) private pure returns (uint256 packed) {
        uint256 questions = request.questions.length;
        require(request.blanks.length == questions, BlanksInvalid(request.blanks.length));
        for (uint256 q; q < questions; ++q) {
            uint8 blanks = request.blanks[q];
            require(blanks < request.questions[q].options, BlanksInvalid(q));
            packed |= uint256(blanks) << (8 * q);
        }
    }

    /// @dev Every question has a text.
    function _hashTexts(Request calldata request) private pure returns (bytes32) {
        uint256 seen = 0;
        for (uint256 i; i < request.texts.length; ++i) seen |= uint256(1) << request.texts[i].question;
        require(seen == (uint256(1) << request.questions.length) - 1, TextsInvalid(seen));
        return keccak256(abi.encode(request.texts));
    }

    function _hashCommission(Request calldata request) private pure returns (bytes32) {
        address[] calldata members = request.commission;
        // Totals of kiosks or paper take two signatures: one member alone could never record them, and no sum would be opened.
        uint256 fewest = request.hasPaper ? 2 : 1;
        bool fits = request.quorum != 0 && request.quorum <= members.length && members.length <= type(uint8).max;
        fits = fits && members.length >= fewest;
        require(fits, CommissionInvalid(members.length, request.quorum));
        for (uint256 i; i < members.length; ++i) {
            bool isNew = members[i] != address(0);
            for (uint256 j; j < i; ++j) isNew = isNew && members[j] != members[i];
            require(isNew, CommissionMemberInvalid(members[i]));
        }
        return Commission.hashOf(members);
    }
}
