// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice One question of an election.
/// @param options how many answers there are to choose from, 2 to 32
/// @param selections how many of them each ballot chooses, exactly; 0 in approval voting
/// @param groups how many ciphertexts the options share: 1 is cheapest to cast, one an option is cheapest to decode
/// @param approval whether any number may be chosen
struct Question {
    uint8 options;
    uint8 selections;
    uint8 groups;
    bool approval;
}

/// @title Questions
/// @notice What a question may be, how its options are grouped, and how long the answer of a ballot is.
library Questions {
    /// @notice The most options of a question: as many as there are generators.
    uint256 internal constant MOST_OPTIONS = 32;

    /// @notice When a question has too few or too many options, groups or selections.
    /// @param question its index
    error QuestionInvalid(uint256 question);

    /// @notice When an election asks nothing.
    error QuestionsMissing();

    /// @notice Reverts unless there are questions, and each is one that a ballot can answer.
    /// @param questions an election's questions
    function check(Question[] memory questions) internal pure {
        require(questions.length != 0, QuestionsMissing());
        for (uint256 q; q < questions.length; ++q) {
            require(isValid(questions[q]), QuestionInvalid(q));
        }
    }

    /// @notice Whether a question has 2 to 32 options, 1 to as many groups, and 1 to as many selections (approval: 0).
    /// @param question the question
    /// @return whether it is valid
    function isValid(Question memory question) internal pure returns (bool) {
        uint256 options = question.options;
        if (options < 2 || options > MOST_OPTIONS) return false;
        if (question.groups == 0 || question.groups > options) return false;
        if (question.approval) return question.selections == 0;
        return question.selections != 0 && question.selections <= options;
    }

    /// @notice The first option of a group: groups differ by one option at most, and with valid questions none is empty.
    /// @dev Both numbers of a valid question and the group are below 33, so nothing overflows.
    /// @param question the question
    /// @param group the group, from 0; as many as there are gives the number of options
    /// @return option the option, from 0
    function firstOption(Question memory question, uint256 group) internal pure returns (uint256 option) {
        unchecked {
            return (group * question.options) / question.groups;
        }
    }

    /// @notice How many words a ballot's ciphertexts for a question are: two points a group.
    /// @param question the question
    /// @return words the number
    function ciphertextWords(Question memory question) internal pure returns (uint256 words) {
        return 4 * uint256(question.groups);
    }

    /// @notice How many words come before the responses: ciphertexts and commitments, all that the challenge hashes.
    /// @param question the question
    /// @return words the number
    function committedWords(Question memory question) internal pure returns (uint256 words) {
        return 7 * uint256(question.groups) + 4;
    }

    /// @notice How many words the responses are: one an option, one a group, one for the commitments to the bits.
    /// @param question the question
    /// @return words the number
    function responseWords(Question memory question) internal pure returns (uint256 words) {
        return uint256(question.options) + question.groups + 1;
    }
}
