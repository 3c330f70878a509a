// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Question} from "../../contracts/voting/Questions.sol";
import {PlainBallotProof, Setup} from "./PlainBallotProof.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {QuickCurve} from "./QuickCurve.sol";

/// @title PlainProver
/// @notice Makes ballots, also false ones, and the hints for whatever ballots it is given. For tests: its chance is a seed.
library PlainProver {
    using {PlainCurve.add, PlainCurve.toAddress} for Point;
    using QuickCurve for Point;

    uint256 private constant N = PlainCurve.N;

    struct Secrets {
        uint256[] encrypted;
        uint256[] m;
        uint256[] a;
        uint256[] r;
        uint256[] alpha;
        uint256 gamma;
        uint256 delta;
    }

    /// @dev The hints in the making: the plain sum says what the Jacobian sum's Z is.
    struct Hints {
        bytes points;
        Point sum;
        uint256 z;
        uint256 key;
        uint256 blinding;
        uint256[] gammas;
    }

    /// @param m what each option of each question encrypts: 0 or 1, if honest
    function prove(
        Setup memory setup,
        bytes32 slotKey,
        uint256 weight,
        uint256[][] memory m,
        uint256 seed
    ) internal view returns (bytes memory ballot) {
        return proveOther(setup, slotKey, weight, m, m, seed);
    }

    /// @dev Encrypts one choice and proves another.
    function proveOther(
        Setup memory setup,
        bytes32 slotKey,
        uint256 weight,
        uint256[][] memory encrypted,
        uint256[][] memory m,
        uint256 seed
    ) internal view returns (bytes memory ballot) {
        for (uint256 q; q < setup.questions.length; ++q) {
            Question memory question = setup.questions[q];
            Secrets memory secrets = _draw(question, m[q], uint256(keccak256(abi.encode(seed, q))));
            secrets.encrypted = encrypted[q];
            uint256 start = ballot.length;
            ballot = bytes.concat(ballot, _commit(setup, question, secrets));
            uint256 x = uint256(PlainBallotProof.digest(setup, q, slotKey, weight, ballot, start)) % N;
            ballot = bytes.concat(ballot, _respond(secrets, x));
        }
    }

    function hint(
        Setup memory setup,
        bytes32[] memory slotKeys,
        uint256[] memory weights,
        bytes[] memory ballots
    ) internal view returns (bytes memory) {
        bytes32 seed = _seed(setup, slotKeys, weights, ballots);
        Hints memory hints;
        hints.gammas = new uint256[](setup.gammas.length);
        uint256 item;
        uint256 largest;
        for (uint256 b; b < ballots.length; ++b) {
            uint256 start;
            for (uint256 q; q < setup.questions.length; ++q) {
                Question memory question = setup.questions[q];
                if (question.options > largest) largest = question.options;
                (, PlainBallotProof.Answer memory answer) = PlainBallotProof.parse(question, ballots[b], start);
                answer.x = uint256(PlainBallotProof.digest(setup, q, slotKeys[b], weights[b], ballots[b], start)) % N;
                _hintAnswer(hints, question, answer, seed, item);
                start += 32 * PlainBallotProof.wordsOf(question);
                ++item;
            }
        }
        _push(hints, setup.key, N - hints.key);
        for (uint256 j = 1; j < largest; ++j) _push(hints, setup.gammas[j], N - hints.gammas[j]);
        return bytes.concat(hints.points, bytes32(PlainCurve.inverse(hints.z)));
    }

    function _draw(
        Question memory question,
        uint256[] memory m,
        uint256 seed
    ) private pure returns (Secrets memory secrets) {
        secrets.m = m;
        secrets.a = _random(question.options, seed, "a");
        secrets.r = _random(question.groups, seed, "r");
        secrets.alpha = _random(question.groups, seed, "alpha");
        secrets.gamma = _random(1, seed, "gamma")[0];
        secrets.delta = _random(1, seed, "delta")[0];
        if (question.approval) return secrets;
        uint256 last = question.options - 1;
        secrets.a[last] = 0;
        for (uint256 j; j < last; ++j) secrets.a[last] = addmod(secrets.a[last], N - secrets.a[j], N);
    }

    function _random(uint256 count, uint256 seed, string memory name) private pure returns (uint256[] memory values) {
        values = new uint256[](count);
        for (uint256 i; i < count; ++i) values[i] = uint256(keccak256(abi.encode(seed, name, i))) % N;
    }

    function _commit(
        Setup memory setup,
        Question memory question,
        Secrets memory secrets
    ) private view returns (bytes memory) {
        bytes memory ciphertexts;
        bytes memory a1;
        bytes memory a2;
        for (uint256 i; i < question.groups; ++i) {
            Point memory c = setup.key.multiply(secrets.r[i]);
            Point memory a = setup.key.multiply(secrets.alpha[i]);
            for (uint256 j; j < question.options; ++j) {
                if (PlainBallotProof.groupOf(question, j) != i) continue;
                c = c.add(setup.gammas[j].multiply(secrets.encrypted[j]));
                a = a.add(setup.gammas[j].multiply(secrets.a[j]));
            }
            ciphertexts = bytes.concat(ciphertexts, abi.encode(PlainCurve.base().multiply(secrets.r[i]), c));
            a1 = bytes.concat(a1, abi.encode(PlainCurve.base().multiply(secrets.alpha[i]).toAddress()));
            a2 = bytes.concat(a2, abi.encode(a));
        }
        Point memory d = setup.blinding.multiply(secrets.gamma);
        Point memory e = setup.blinding.multiply(secrets.delta);
        for (uint256 j; j < question.options; ++j) {
            uint256 a = secrets.a[j];
            uint256 oneLess2m = addmod(1, N - mulmod(2, secrets.m[j], N), N);
            d = d.add(setup.gammas[j].multiply(mulmod(a, oneLess2m, N)));
            e = e.add(setup.gammas[j].multiply(N - mulmod(a, a, N)));
        }
        return bytes.concat(ciphertexts, a1, a2, abi.encode(d, e));
    }

    function _respond(Secrets memory secrets, uint256 x) private pure returns (bytes memory responses) {
        for (uint256 j; j < secrets.m.length; ++j) {
            responses = bytes.concat(responses, bytes32(addmod(mulmod(secrets.m[j], x, N), secrets.a[j], N)));
        }
        for (uint256 i; i < secrets.r.length; ++i) {
            responses = bytes.concat(responses, bytes32(addmod(mulmod(secrets.r[i], x, N), secrets.alpha[i], N)));
        }
        return bytes.concat(responses, bytes32(addmod(mulmod(secrets.gamma, x, N), secrets.delta, N)));
    }

    function _seed(
        Setup memory setup,
        bytes32[] memory slotKeys,
        uint256[] memory weights,
        bytes[] memory ballots
    ) private pure returns (bytes32) {
        bytes memory transcript;
        for (uint256 b; b < ballots.length; ++b) {
            uint256 start;
            for (uint256 q; q < setup.questions.length; ++q) {
                Question memory question = setup.questions[q];
                bytes32 digest = PlainBallotProof.digest(setup, q, slotKeys[b], weights[b], ballots[b], start);
                transcript = bytes.concat(transcript, digest);
                uint256 end = start + 32 * PlainBallotProof.wordsOf(question);
                uint256 at = end - 32 * (uint256(question.options) + question.groups + 1);
                for (; at < end; at += 32) {
                    transcript = bytes.concat(transcript, bytes32(PlainBallotProof.wordAt(ballots[b], at)));
                }
                start = end;
            }
        }
        return keccak256(transcript);
    }

    function _hintAnswer(
        Hints memory hints,
        Question memory question,
        PlainBallotProof.Answer memory answer,
        bytes32 seed,
        uint256 item
    ) private view {
        uint256 bits = _weight(seed, item, question.groups);
        for (uint256 i; i < question.groups; ++i) {
            uint256 rho = _weight(seed, item, i);
            if (item == 0 && i == 0) {
                rho = 1;
                hints.sum = answer.a2[0];
                hints.z = 1;
            }
            _push(hints, answer.c2[i], mulmod(rho, answer.x, N));
            if (item != 0 || i != 0) _push(hints, answer.a2[i], rho);
            hints.key = addmod(hints.key, mulmod(rho, answer.z[i], N), N);
            for (uint256 j; j < question.options; ++j) {
                if (PlainBallotProof.groupOf(question, j) != i) continue;
                uint256 f = answer.f[j] % N;
                uint256 second = mulmod(rho, f, N);
                uint256 third = mulmod(bits, mulmod(f, addmod(answer.x, N - f, N), N), N);
                hints.gammas[j] = addmod(hints.gammas[j], addmod(second, third, N), N);
            }
        }
        _push(hints, answer.d, mulmod(bits, answer.x, N));
        _push(hints, answer.e, bits);
        hints.blinding = addmod(hints.blinding, mulmod(bits, answer.w, N), N);
    }

    function _weight(bytes32 seed, uint256 item, uint256 equation) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, item, equation))) % N;
    }

    /// @dev The verifier's Z is multiplied by how much the added point's x differs, in units of Z².
    function _push(Hints memory hints, Point memory a, uint256 factor) private view {
        Point memory product = a.multiply(factor);
        hints.points = bytes.concat(hints.points, abi.encode(product));
        uint256 difference = PlainCurve.subtract(product.x, hints.sum.x);
        uint256 z = hints.z;
        hints.z = mulmod(mulmod(z, mulmod(z, z, PlainCurve.P), PlainCurve.P), difference, PlainCurve.P);
        hints.sum = hints.sum.add(product);
    }
}
