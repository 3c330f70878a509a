// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Question, QuestionList, Questions} from "../../contracts/voting/Questions.sol";

contract QuestionsTest {
    using Questions for QuestionList;

    function pack(Question[] memory questions) external pure returns (QuestionList) {
        return Questions.pack(questions);
    }

    function testFuzz_isValid_holdsForTheShapesThatCanBeAsked(uint8 k, uint8 l, uint8 g, bool approval) public pure {
        (k, l, g) = (k % 40, l % 40, g % 40);
        bool expected = k > 1 && k < 33 && g > 0 && g < k + 1;
        if (approval && l > 0) expected = false;
        if (!approval && (l == 0 || l > k)) expected = false;
        assert(Questions.isValid(Question(k, l, g, approval)) == expected);
    }

    function testFuzz_pack_keepsEveryQuestionInItsPlace(uint256 seed, uint8 size) public pure {
        Question[] memory questions = new Question[]((size % 16) + 1);
        for (uint256 q; q < questions.length; ++q) {
            uint256 random = uint256(keccak256(abi.encode(seed, q)));
            uint8 k = uint8(random % 31) + 2;
            uint8 g = uint8((random >> 8) % k) + 1;
            uint8 l = random >> 255 == 0 ? 0 : uint8((random >> 16) % k) + 1;
            questions[q] = Question(k, l, g, l == 0);
        }
        QuestionList list = Questions.pack(questions);
        for (uint256 q; q < questions.length; ++q) {
            assert(!list.isEmpty());
            (uint256 options, uint256 groups, uint256 selections) = list.first();
            assert(options == questions[q].options && groups == questions[q].groups);
            assert(selections == questions[q].selections);
            list = list.rest();
        }
        assert(list.isEmpty());
    }

    function testFuzz_firstOption_isBalanced(uint8 k, uint8 g) public pure {
        k = (k % 31) + 2;
        g = (g % k) + 1;
        assert(Questions.firstOption(k, g, 0) == 0 && Questions.firstOption(k, g, g) == k);
        uint256 least = k / g;
        uint256 larger;
        for (uint256 i; i < g; ++i) {
            uint256 size = Questions.firstOption(k, g, i + 1) - Questions.firstOption(k, g, i);
            assert(size == least || size == least + 1);
            if (size > least) ++larger;
        }
        assert(larger == k % g);
    }

    function test_pack_reverts_whenAQuestionCannotBeAsked() public view {
        Question[] memory questions = new Question[](2);
        questions[0] = Question(2, 1, 1, false);
        questions[1] = Question(1, 1, 1, false);
        _refuses(questions, abi.encodeWithSelector(Questions.QuestionInvalid.selector, 1));
        questions[1] = Question(32, 0, 32, true);
        this.pack(questions);
    }

    function test_pack_reverts_whenThereAreTooFewOrTooManyQuestions() public view {
        _refuses(new Question[](0), abi.encodeWithSelector(Questions.QuestionCountInvalid.selector, 0));
        Question[] memory questions = new Question[](17);
        for (uint256 q; q < 17; ++q) questions[q] = Question(2, 1, 1, false);
        _refuses(questions, abi.encodeWithSelector(Questions.QuestionCountInvalid.selector, 17));
    }

    function _refuses(Question[] memory questions, bytes memory expected) private view {
        try this.pack(questions) {
            assert(false);
        } catch (bytes memory reason) {
            assert(keccak256(reason) == keccak256(expected));
        }
    }
}
