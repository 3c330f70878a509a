// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BallotProof} from "../../contracts/voting/BallotProof.sol";
import {Question, QuestionList, Questions} from "../../contracts/voting/Questions.sol";
import {Secp256k1} from "../../contracts/voting/Secp256k1.sol";

/// @title BallotHarness
/// @notice Casts as an election does, for whoever asks: verifies, keeps the ballot's hash, emits the whole ballot.
contract BallotHarness {
    using BallotProof for BallotProof.Fold;

    bytes32 private immutable CONFIGURATION;
    uint256 private immutable KEY_X;
    uint256 private immutable KEY_PARITY;
    QuestionList private immutable QUESTIONS;

    mapping(bytes32 slotKey => bytes32 ballotHash) public slots;

    event BallotCast(bytes32 indexed slotKey, uint256 weight, bytes ballot);

    error KeyInvalid();

    constructor(bytes32 configuration, uint256 keyX, uint256 keyY, Question[] memory questions) {
        require(Secp256k1.isPoint(keyX, keyY), KeyInvalid());
        QUESTIONS = Questions.pack(questions);
        CONFIGURATION = configuration;
        KEY_X = keyX;
        KEY_PARITY = keyY & 1;
    }

    function cast(bytes32 slotKey, uint256 weight, bytes calldata ballot, bytes calldata hints) external {
        BallotProof.Fold memory fold = BallotProof.open(CONFIGURATION, KEY_X, KEY_PARITY, QUESTIONS, 1);
        bytes32 ballotHash = fold.add(slotKey, weight, ballot);
        fold.verify(hints);

        slots[slotKey] = ballotHash;
        emit BallotCast(slotKey, weight, ballot);
    }

    function castBatch(
        bytes32[] calldata slotKeys,
        uint256[] calldata weights,
        bytes[] calldata ballots,
        bytes calldata hints
    ) external {
        BallotProof.Fold memory fold = BallotProof.open(CONFIGURATION, KEY_X, KEY_PARITY, QUESTIONS, ballots.length);
        for (uint256 i; i < ballots.length; ++i) {
            slots[slotKeys[i]] = fold.add(slotKeys[i], weights[i], ballots[i]);
            emit BallotCast(slotKeys[i], weights[i], ballots[i]);
        }
        fold.verify(hints);
    }
}
