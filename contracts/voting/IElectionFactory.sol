// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IElection} from "./IElection.sol";
import {ITrustees} from "./ITrustees.sol";
import {IVoterGate} from "./IVoterGate.sol";
import {Question} from "./Questions.sol";

/// @notice Makes elections. Times are Unix seconds.
interface IElectionFactory {
    /// @notice A question's text in one language.
    /// @param question the question's index
    /// @param language the language, a BCP 47 tag
    /// @param hash SHA-256 of the text
    struct Text {
        uint8 question;
        string language;
        bytes32 hash;
    }

    /// @notice What an election is to be.
    /// @param questions its questions, 1 to 16
    /// @param blanks for each question how many options at its end are blank ones
    /// @param texts the questions' texts, one at least for each question
    /// @param commission who decides on it, different members, in order
    /// @param quorum how many of them decide
    /// @param trustees who make its key and open its sums
    /// @param roll its roll; a root of 0 when it is published later
    /// @param gate who says which others may vote; 0 for nobody
    /// @param gateScope what the gate is to ask for
    /// @param gateFreeze what was issued after this second does not count at the gate
    /// @param opensAt the first second of voting
    /// @param closesAt the first second after it, unless it is extended
    /// @param challengePeriod how long a roll is public before the opening, at least, in seconds
    /// @param tallyPeriod how long after the close trustees may open the sums, in seconds
    /// @param longestExtension how much later than `closesAt` voting may end at most, in seconds
    /// @param minimumBallots how many voters must have cast for the sums to be opened, 2 at least
    /// @param mostExtensions how many extensions there may be
    /// @param hasPaper whether totals of kiosks or paper must be recorded before the sums are opened
    struct Request {
        Question[] questions;
        uint8[] blanks;
        Text[] texts;
        address[] commission;
        uint8 quorum;
        ITrustees.Terms trustees;
        IElection.Roll roll;
        IVoterGate gate;
        bytes32 gateScope;
        uint40 gateFreeze;
        uint40 opensAt;
        uint40 closesAt;
        uint32 challengePeriod;
        uint32 tallyPeriod;
        uint32 longestExtension;
        uint32 minimumBallots;
        uint8 mostExtensions;
        bool hasPaper;
    }

    /// @notice An election was made.
    /// @param election the election
    /// @param trustees its trustees
    /// @param body the body that holds it, by its index in the trust list
    /// @param terms what it fixes
    /// @param texts the questions' texts
    /// @param commission its commission's members
    /// @param roll its roll; a root of 0 when it is published later
    event ElectionCreated(
        address indexed election,
        address indexed trustees,
        uint32 indexed body,
        IElection.Terms terms,
        Text[] texts,
        address[] commission,
        IElection.Roll roll
    );

    /// @notice Voting must begin after the challenge period, end after it began, and leave time to open the sums; the latest time
    /// must fit 40 bits.
    /// @param opensAt when it is to begin
    /// @param closesAt when it is to end
    /// @param earliest when it can begin, not at that second itself
    error ElectionTimesInvalid(uint40 opensAt, uint40 closesAt, uint40 earliest);

    /// @notice There is no contract at the gate's address.
    /// @param gate the address
    error GateInvalid(address gate);

    /// @notice Opening a single ballot is no count.
    /// @param minimum how few were to be enough
    error MinimumTooSmall(uint32 minimum);

    /// @notice So many ciphertexts or options cost more than a call may.
    /// @param groups how many ciphertexts, 24 at most
    /// @param options how many options, 64 at most
    error ElectionTooLarge(uint256 groups, uint256 options);

    /// @notice For each question there is one number of blank options, smaller than that of its options.
    /// @param place the question, or how many numbers there are
    error BlanksInvalid(uint256 place);

    /// @notice A question has no text, or a text no question.
    /// @param seen the questions that have one, a bit each
    error TextsInvalid(uint256 seen);

    /// @notice The quorum is 1 to as many as there are members, 255 at most; two at least where totals of paper are recorded.
    /// @param members how many members
    /// @param quorum how many decide
    error CommissionInvalid(uint256 members, uint8 quorum);

    /// @notice A member of the commission is listed twice, or is nobody.
    /// @param member the address
    error CommissionMemberInvalid(address member);

    /// @notice Makes an election and its trustees; a key accredited as an election authority.
    /// @param request what it is to be
    /// @return election the election
    /// @return trustees its trustees
    function createElection(Request calldata request) external returns (address election, address trustees);

    /// @notice Whether an address is an election that was made here.
    /// @param election the address
    /// @return whether it is
    function isElection(address election) external view returns (bool);

    /// @notice What elections and trustees are clones of.
    /// @return election the implementation of elections
    /// @return trustees the implementation of trustees
    function implementations() external view returns (address election, address trustees);
}
