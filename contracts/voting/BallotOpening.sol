// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveSum} from "./CurveSum.sol";
import {Generators} from "./Generators.sol";
import {QuestionList, Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";

/// @title BallotOpening
/// @notice Checks what a ballot's ciphertexts were made of, once their randomness is known.
/// @dev For each group `C1 = r·G` and `C2 = r·H + Σ m_j·Γ_j`. Both are compared by address, as everywhere here. It says nothing
/// of whether the choices are allowed: a ballot that could not be cast can be opened too.
library BallotOpening {
    using CurveSum for CurveSum.Sum;
    using Questions for QuestionList;

    /// @notice An opening has more or fewer words than the questions need.
    /// @param ciphertexts how many words of ciphertexts
    /// @param randomness how many words of randomness
    /// @param choices how many words of choices
    error OpeningLengthWrong(uint256 ciphertexts, uint256 randomness, uint256 choices);

    /// @notice A question's choices name options that it does not have.
    /// @param question the question's index
    error OpeningChoiceInvalid(uint256 question);

    /// @notice A ciphertext is another than the opening says.
    /// @param question the question's index
    /// @param group the group
    error OpeningWrong(uint256 question, uint256 group);

    /// @notice Reverts unless an opening is that of a ballot's ciphertexts.
    /// @param questions the election's questions
    /// @param keyX the x-coordinate of the election's key
    /// @param keyParity 0 where its y-coordinate is even, 1 where it is odd
    /// @param ciphertexts for each group of each question C1 and C2, two words each
    /// @param randomness for each group of each question r
    /// @param choices for each question, bit j for option j
    function requireOpens(
        QuestionList questions,
        uint256 keyX,
        uint256 keyParity,
        uint256[] calldata ciphertexts,
        uint256[] calldata randomness,
        uint256[] calldata choices
    ) external view {
        // How many options the questions have, and the largest of them, do not matter.
        // slither-disable-next-line unused-return
        (uint256 answers, , uint256 all, ) = questions.size();
        bool fits = choices.length == answers && randomness.length == all && ciphertexts.length == 4 * all;
        require(fits, OpeningLengthWrong(ciphertexts.length, randomness.length, choices.length));
        uint256 place = 0;
        QuestionList left = questions;
        for (uint256 question; question < answers; ++question) {
            // Openings do not depend on how many options are to be chosen.
            // slither-disable-next-line unused-return
            (uint256 options, uint256 groups, ) = left.first();
            uint256 chosen = choices[question];
            require(chosen >> options == 0, OpeningChoiceInvalid(question));
            for (uint256 group; group < groups; ++group) {
                uint256 first = Questions.firstOption(options, groups, group);
                uint256 end = Questions.firstOption(options, groups, group + 1);
                uint256 inGroup = ((chosen >> first) << first) & ((1 << end) - 1);
                uint256[] calldata ciphertext = ciphertexts[4 * place:4 * place + 4];
                bool opens = _opens(ciphertext, randomness[place], keyX, keyParity, inGroup);
                require(opens, OpeningWrong(question, group));
                ++place;
            }
            left = left.rest();
        }
    }

    /// @dev Whether one ciphertext is that of the chosen options, a bit each.
    function _opens(
        uint256[] calldata ciphertext,
        uint256 r,
        uint256 keyX,
        uint256 keyParity,
        uint256 chosen
    ) private view returns (bool) {
        (uint256 x, uint256 y) = (ciphertext[2], ciphertext[3]);
        if (r == 0 || r >= Secp256k1.N || !Secp256k1.isPoint(x, y)) return false;
        if (Secp256k1.multiply(Secp256k1.G_X, 0, r, 0) != Secp256k1.toAddress(ciphertext[0], ciphertext[1]))
            return false;

        CurveSum.Sum memory sum = CurveSum.Sum(x, y, 1);
        uint256[] memory xs = Generators.xCoordinates(Questions.MOST_OPTIONS);
        for (uint256 option; chosen != 0; (chosen >>= 1, ++option)) {
            if (chosen & 1 == 0) continue;
            uint256 gammaX = option == 0 ? Secp256k1.G_X : xs[option - 1];
            sum.add(gammaX, Secp256k1.P - CurveSum.evenY(gammaX));
        }
        // Infinity has no inverse, and r·H is never infinity.
        if (sum.z == 0) return false;
        (x, y) = sum.toAffine(CurveSum.invert(sum.z));
        return Secp256k1.multiply(keyX, keyParity, r, 0) == Secp256k1.toAddress(x, y);
    }
}
