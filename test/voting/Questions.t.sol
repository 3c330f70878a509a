// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Question, QuestionList, Questions} from "../../contracts/voting/Questions.sol";
import {vm} from "../helpers/Vm.sol";
import {CurveHarness} from "./CurveHarness.sol";

contract QuestionsTest {
    CurveHarness private harness;

    function setUp() public {
        harness = new CurveHarness();
    }

    function test_isValid_isSoWithinAllBounds() public view {
        for (uint8 k; k <= 34; k += k == 3 ? 28 : 1) {
            for (uint8 g; g <= 34; ++g) {
                for (uint8 l; l <= 34; ++l) {
                    bool sized = k >= 2 && k <= 32 && g >= 1 && g <= k;
                    assert(harness.isValid(Question(k, l, g, false)) == (sized && l >= 1 && l <= k));
                    assert(harness.isValid(Question(k, l, g, true)) == (sized && l == 0));
                }
            }
        }
    }

    function testFuzz_pack_keepsEveryQuestion(uint256 seed) public view {
        Question[] memory questions = new Question[](1 + (seed % 16));
        for (uint256 q; q < questions.length; ++q) {
            uint256 random = uint256(keccak256(abi.encode(seed, q)));
            uint8 k = uint8(2 + (random % 31));
            uint8 g = uint8(1 + ((random >> 8) % k));
            uint8 l = uint8(1 + ((random >> 16) % k));
            bool approval = (random >> 32) & 1 == 1;
            questions[q] = Question(k, approval ? 0 : l, g, approval);
        }
        QuestionList list = harness.pack(questions);
        for (uint256 q; q < questions.length; ++q) {
            assert(!harness.isEmpty(list));
            (uint256 options, uint256 groups, uint256 selections) = harness.first(list);
            assert(options == questions[q].options);
            assert(groups == questions[q].groups);
            assert(selections == questions[q].selections);
            list = harness.rest(list);
        }
        assert(harness.isEmpty(list));
    }

    function test_pack_reverts_whenThereAreNoQuestionsOrTooMany() public {
        Question[] memory questions = new Question[](17);
        for (uint256 q; q < 17; ++q) questions[q] = Question(2, 1, 1, false);
        vm.expectRevert(abi.encodeWithSelector(Questions.QuestionCountInvalid.selector, 17));
        harness.pack(questions);

        vm.expectRevert(abi.encodeWithSelector(Questions.QuestionCountInvalid.selector, 0));
        harness.pack(new Question[](0));
    }

    function test_pack_reverts_whenAQuestionIsInvalid() public {
        Question[] memory questions = new Question[](3);
        questions[0] = Question(2, 1, 1, false);
        questions[1] = Question(32, 32, 32, false);
        questions[2] = Question(3, 4, 1, false);
        vm.expectRevert(abi.encodeWithSelector(Questions.QuestionInvalid.selector, 2));
        harness.pack(questions);
    }

    function test_firstOption_balancesTheGroups() public view {
        for (uint256 k = 2; k <= 32; ++k) {
            for (uint256 g = 1; g <= k; ++g) {
                assert(Questions.firstOption(k, g, 0) == 0 && harness.firstOption(k, g, g) == k);
                for (uint256 i; i < g; ++i) {
                    uint256 size = Questions.firstOption(k, g, i + 1) - Questions.firstOption(k, g, i);
                    assert(size == k / g || (size == k / g + 1 && k % g != 0));
                }
            }
        }
    }
}
