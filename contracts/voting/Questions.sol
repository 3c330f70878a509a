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

/// @notice All questions of an election in one word, 16 bits each, the first in the lowest bits.
/// @dev From the lowest: options less one in 5 bits, groups less one in 5, selections in 6. No question is zero, as none has
/// a single option: so the list ends at the first zero. Approval voting is what has no number of selections.
type QuestionList is uint256;

// slither-disable-start uninitialized-local
// Locals that are not given a value start at zero, as the language says.

/// @title Questions
/// @notice What a question may be, how its options are grouped, and how long the answer of a ballot is.
/// @dev A ballot reads all questions each time it is cast: as one word they are an immutable, or one slot.
library Questions {
    /// @notice The most options of a question: as many as there are generators.
    uint256 internal constant MOST_OPTIONS = 32;

    /// @notice The most questions of an election: as many as a word holds.
    uint256 internal constant MOST_QUESTIONS = 16;

    /// @notice When a question has too few or too many options, groups or selections.
    /// @param question its index
    error QuestionInvalid(uint256 question);

    /// @notice When an election has no question, or more than 16.
    /// @param count how many it has
    error QuestionCountInvalid(uint256 count);

    /// @notice Packs an election's questions, each of which must have 2 to 32 options, 1 to as many groups, and 1 to as many
    /// selections (approval: 0).
    /// @param questions the questions in order
    /// @return list the packed questions
    function pack(Question[] memory questions) internal pure returns (QuestionList list) {
        uint256 count = questions.length;
        require(count != 0 && count <= MOST_QUESTIONS, QuestionCountInvalid(count));
        uint256 packed;
        for (uint256 q; q < count; ++q) {
            Question memory question = questions[q];
            require(isValid(question), QuestionInvalid(q));
            uint256 bits =
                (question.options - 1) | ((uint256(question.groups) - 1) << 5) | (uint256(question.selections) << 10);
            packed |= bits << (16 * q);
        }
        return QuestionList.wrap(packed);
    }

    /// @notice Whether a question can be asked.
    /// @param question the question
    /// @return whether it can
    function isValid(Question memory question) internal pure returns (bool) {
        uint256 options = question.options;
        if (options < 2 || options > MOST_OPTIONS) return false;
        if (question.groups == 0 || question.groups > options) return false;
        if (question.approval) return question.selections == 0;
        return question.selections != 0 && question.selections <= options;
    }

    /// @notice Whether no question is left.
    /// @param list the questions
    /// @return whether none is
    function isEmpty(QuestionList list) internal pure returns (bool) {
        return QuestionList.unwrap(list) == 0;
    }

    /// @notice The first question.
    /// @param list the questions, not empty
    /// @return options how many options it has
    /// @return groups how many groups
    /// @return selections how many are selected; 0 in approval voting
    function first(QuestionList list) internal pure returns (uint256 options, uint256 groups, uint256 selections) {
        uint256 packed = QuestionList.unwrap(list);
        // Of five bits each.
        unchecked {
            return ((packed & 31) + 1, ((packed >> 5) & 31) + 1, (packed >> 10) & 63);
        }
    }

    /// @notice The questions after the first.
    /// @param list the questions
    /// @return the others
    function rest(QuestionList list) internal pure returns (QuestionList) {
        return QuestionList.wrap(QuestionList.unwrap(list) >> 16);
    }

    /// @notice How large an election is.
    /// @param list the questions
    /// @return questionCount how many questions there are
    /// @return optionCount how many options all have together
    /// @return groupCount how many groups all have together
    /// @return largest the most options of a question
    function size(
        QuestionList list
    ) internal pure returns (uint256 questionCount, uint256 optionCount, uint256 groupCount, uint256 largest) {
        for (QuestionList left = list; !isEmpty(left); left = rest(left)) {
            // How many are selected does not matter.
            // slither-disable-next-line unused-return
            (uint256 options, uint256 groups, ) = first(left);
            // At most 16 questions of 32 options.
            unchecked {
                ++questionCount;
                optionCount += options;
                groupCount += groups;
            }
            if (options > largest) largest = options;
        }
    }

    /// @notice The first option of a group: groups differ by one option at most, and none is empty.
    /// @param options how many options there are
    /// @param groups how many groups, not 0
    /// @param group the group, from 0; as many as there are gives the number of options
    /// @return option the option, from 0
    function firstOption(uint256 options, uint256 groups, uint256 group) internal pure returns (uint256 option) {
        // All are below 33.
        unchecked {
            return (group * options) / groups;
        }
    }
}
// slither-disable-end uninitialized-local
