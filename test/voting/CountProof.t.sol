// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CountProof} from "../../contracts/voting/CountProof.sol";
import {CurveSum} from "../../contracts/voting/CurveSum.sol";
import {IElection} from "../../contracts/voting/IElection.sol";
import {ITrustees} from "../../contracts/voting/ITrustees.sol";
import {Question} from "../../contracts/voting/Questions.sol";
import {vm} from "../helpers/Vm.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {PlainTally} from "./PlainTally.sol";
import {QuickCurve} from "./QuickCurve.sol";
import {TallyHarness} from "./TallyHarness.sol";

contract CountProofTest {
    using PlainCurve for Point;

    uint256 private constant N = PlainCurve.N;
    uint256 private constant OPTIONS = 5;

    /// @dev A count by its logarithms, which a test knows: of the trustees' shares and of each group's ΣC1 (0 is infinity).
    struct Scenario {
        uint256 groups;
        bool approval;
        uint256 weight;
        uint256[] counts;
        uint256[] indices;
        uint256[] shares;
        uint256 key;
        uint256[] logs;
    }

    Point[] private gammas;
    /// @dev For each number of groups one that selects a single option, then one for approval.
    TallyHarness[2][OPTIONS + 1] private harnesses;

    function setUp() public {
        gammas.push(PlainCurve.base());
        gammas.push(PlainCurve.generator("2"));
        gammas.push(PlainCurve.generator("3"));
        gammas.push(PlainCurve.generator("4"));
        gammas.push(PlainCurve.generator("5"));
        for (uint8 groups = 1; groups <= OPTIONS; ++groups) {
            for (uint256 kind; kind < 2; ++kind) {
                Question[] memory questions = new Question[](2);
                // Not the first, as the harness has to find it.
                questions[0] = Question(2, 1, 1, false);
                questions[1] = Question(uint8(OPTIONS), kind == 0 ? 1 : 0, groups, kind == 1);
                harnesses[groups][kind] = new TallyHarness(questions);
            }
        }
    }

    function testFuzz_check_acceptsTheResult(uint256 seed) public view {
        Scenario memory scenario = _scenario(seed);
        _check(scenario, _count(scenario));
    }

    // One group, whose ΣC1 all voters chose together: so that it is infinity; that ΣC2 is, less the first option; that what is
    // left before the last term is; that the first D's product meets the sum, or its opposite.
    function testFuzz_check_acceptsTheResult_whateverVotersColludeFor(
        uint256 seed,
        uint8 aim,
        bool isUnanimous
    ) public view {
        Scenario memory scenario = _scenario(seed);
        scenario.groups = 1;
        scenario.logs = new uint256[](1);
        if (isUnanimous) _allFor(scenario, 0);
        aim %= 5;
        if (aim != 0) {
            uint256 factor = scenario.key;
            uint256 first = _term(scenario, 0);
            if (aim == 2) factor = _term(scenario, scenario.indices.length - 1);
            if (aim == 3) factor = addmod(factor, N - first, N);
            if (aim == 4) factor = addmod(factor, first, N);
            // factor·log = -count of the first option
            scenario.logs[0] = mulmod(N - scenario.counts[0], PlainTally.inverse(factor), N);
        }
        _check(scenario, _count(scenario));
    }

    function testFuzz_check_acceptsTheResult_whenGroupsHaveNoVotes(uint256 seed, uint8 option) public view {
        Scenario memory scenario = _scenario(seed);
        scenario.approval = false;
        _allFor(scenario, option % OPTIONS);
        _check(scenario, _count(scenario));
    }

    function testFuzz_check_acceptsTheResult_whenNobodyVoted(uint256 seed) public view {
        Scenario memory scenario = _scenario(seed);
        scenario.weight = 0;
        scenario.counts = new uint256[](OPTIONS);
        scenario.logs = new uint256[](scenario.groups);
        _check(scenario, _count(scenario));
    }

    // Small sums with small counts, right or wrong: the contract agrees with the equation.
    function testFuzz_check_agreesWithTheEquation(uint256 seed, uint256 claim) public view {
        Scenario memory scenario = _scenario(seed);
        scenario.approval = true;
        scenario.weight = 2;
        for (uint256 j; j < OPTIONS; ++j) scenario.counts[j] = (seed >> (4 * j)) % 2;
        for (uint256 i; i < scenario.groups; ++i) scenario.logs[i] = (seed >> (8 * i + 40)) % 3;
        IElection.Count memory count = _count(scenario);
        // The hints fit what is claimed, so that nothing but the equation decides.
        for (uint256 j; j < OPTIONS; ++j) {
            if ((claim >> (4 * j)) % 4 == 0) count.counts[j] = (claim >> (4 * j + 2)) % 3;
        }
        _hint(scenario, count);
        TallyHarness harness = harnesses[scenario.groups][1];
        (bool accepted, ) = address(harness).staticcall(abi.encodeCall(harness.requireCounts, (1, 2, count)));
        assert(accepted == _holds(scenario, count));
    }

    function testFuzz_check_reverts_whenVotesMoveToAnotherOption(uint256 seed, uint8 from, uint8 to) public {
        Scenario memory scenario = _scenario(seed);
        scenario.groups = 1;
        IElection.Count memory count = _count(scenario);
        (from, to) = (from % uint8(OPTIONS), to % uint8(OPTIONS));
        vm.assume(from != to && count.counts[from] != 0 && count.counts[to] < scenario.weight);
        count.counts[from] -= 1;
        count.counts[to] += 1;
        _hint(scenario, count);
        vm.expectRevert(abi.encodeWithSelector(CountProof.CountWrong.selector, 0));
        _check(scenario, count);
    }

    function testFuzz_check_reverts_whenAnyHintIsAnother(uint256 seed, uint256 index, uint256 change) public {
        Scenario memory scenario = _scenario(seed);
        IElection.Count memory count = _count(scenario);
        if (seed % 2 == 0) change = 1 << (change % 256);
        index %= count.hints.length;
        // An inverse of what is infinity is not read, and scalars count modulo the order, inverses modulo the prime.
        vm.assume(count.hints[index] != 0 && change != 0 && change != N && change != PlainCurve.P);
        unchecked {
            count.hints[index] += change;
        }
        vm.expectRevert();
        _check(scenario, count);
    }

    function testFuzz_check_reverts_whenAPartialIsAnother(uint256 seed, uint8 trustee, uint256 share) public {
        Scenario memory scenario = _scenario(seed);
        scenario.groups = 1;
        scenario.logs = new uint256[](1);
        scenario.logs[0] = _draw(seed, "log");
        trustee %= uint8(scenario.indices.length);
        share %= N;
        vm.assume(share != 0 && share != scenario.shares[trustee]);
        IElection.Count memory right = _count(scenario);
        scenario.shares[trustee] = share;
        IElection.Count memory count = _count(scenario);
        count.sums = right.sums;
        _hint(scenario, count);
        vm.expectRevert(abi.encodeWithSelector(CountProof.CountWrong.selector, 0));
        _check(scenario, count);
    }

    function testFuzz_check_reverts_whenATrusteeComesTwice(uint256 seed, uint256 given) public {
        Scenario memory scenario = _scenario(seed);
        IElection.Count memory count = _count(scenario);
        count.partials[1] = count.partials[0];
        if (seed % 2 == 0) count.hints[0] = given;
        given = count.hints[0];
        vm.expectRevert(abi.encodeWithSelector(CountProof.CountCoefficientWrong.selector, scenario.indices[0], given));
        _check(scenario, count);
    }

    function testFuzz_check_reverts_whenACoefficientIsAnother(uint256 seed, uint8 trustee, uint256 wrong) public {
        Scenario memory scenario = _scenario(seed);
        IElection.Count memory count = _count(scenario);
        trustee %= uint8(scenario.indices.length);
        vm.assume(wrong % N != count.hints[trustee]);
        count.hints[trustee] = wrong;
        vm.expectRevert(
            abi.encodeWithSelector(CountProof.CountCoefficientWrong.selector, scenario.indices[trustee], wrong)
        );
        _check(scenario, count);
    }

    function testFuzz_check_reverts_whenACountIsTooLarge(uint256 seed, uint8 option, uint256 extra) public {
        Scenario memory scenario = _scenario(seed);
        IElection.Count memory count = _count(scenario);
        option %= uint8(OPTIONS);
        extra = (extra % (type(uint256).max - scenario.weight)) + 1;
        // Also a count that differs by the group's order, which makes the same point.
        if (seed % 2 == 0) extra = count.counts[option] + N - scenario.weight;
        count.counts[option] = scenario.weight + extra;
        vm.expectRevert(
            abi.encodeWithSelector(CountProof.CountTooLarge.selector, option, scenario.weight + extra, scenario.weight)
        );
        _check(scenario, count);
    }

    function testFuzz_check_reverts_whenTheTotalIsAnother(uint256 seed, uint8 option) public {
        Scenario memory scenario = _scenario(seed);
        scenario.approval = false;
        _allFor(scenario, option % OPTIONS);
        IElection.Count memory count = _count(scenario);
        option %= uint8(OPTIONS);
        count.counts[(option + 1) % OPTIONS] += 1;
        vm.expectRevert(
            abi.encodeWithSelector(CountProof.CountTotalWrong.selector, scenario.weight + 1, scenario.weight)
        );
        _check(scenario, count);
        count.counts[(option + 1) % OPTIONS] -= 1;
        count.counts[option] -= 1;
        vm.expectRevert(
            abi.encodeWithSelector(CountProof.CountTotalWrong.selector, scenario.weight - 1, scenario.weight)
        );
        _check(scenario, count);
    }

    function test_check_reverts_whenLengthsAreWrong() public {
        Scenario memory scenario = _scenario(7);
        scenario.groups = 2;
        scenario.logs = new uint256[](2);
        (scenario.logs[0], scenario.logs[1]) = (3, 4);
        IElection.Count memory right = _count(scenario);
        IElection.Count memory count = _count(scenario);
        _check(scenario, count);
        count.counts = new uint256[](4);
        _expectLengths(scenario, count);
        count.counts = new uint256[](6);
        _expectLengths(scenario, count);
        count.counts = right.counts;
        count.sums = new uint256[](4);
        _expectLengths(scenario, count);
        count.sums = new uint256[](12);
        _expectLengths(scenario, count);
        count.sums = right.sums;
        count.partials = new ITrustees.Partial[](0);
        _expectLengths(scenario, count);
        count.partials = right.partials;
        count.hints = new uint256[](right.hints.length - 1);
        _expectHints(scenario, count, right.hints.length);
        count.hints = new uint256[](right.hints.length + 1);
        _expectHints(scenario, count, right.hints.length);
    }

    // ORACLE AND PROVER

    /// @dev Whether counts meet the equation of every group, by plain arithmetic.
    function _holds(Scenario memory scenario, IElection.Count memory count) private view returns (bool) {
        for (uint256 group; group < scenario.groups; ++group) {
            (uint256 from, uint256 end) = _bounds(scenario, group);
            Point[] memory partials = new Point[](scenario.indices.length);
            for (uint256 i; i < partials.length; ++i) {
                uint256[] memory words = count.partials[i].partials;
                partials[i] = Point(words[2 * group], words[2 * group + 1]);
            }
            Point memory right = PlainTally.encode(gammas, count.counts, from, end);
            right = right.add(PlainTally.combine(scenario.indices, partials));
            if (!right.equal(Point(count.sums[4 * group + 2], count.sums[4 * group + 3]))) return false;
        }
        return true;
    }

    /// @dev Counts within the bounds, two to four trustees, groups whose ΣC1 is now and then infinity.
    function _scenario(uint256 seed) private pure returns (Scenario memory scenario) {
        scenario.groups = (_draw(seed, "groups") % OPTIONS) + 1;
        scenario.approval = _draw(seed, "approval") % 2 == 0;
        scenario.weight = (_draw(seed, "weight") % 2 ** 40) + 1;
        scenario.counts = new uint256[](OPTIONS);
        uint256 left = scenario.weight;
        for (uint256 j; j < OPTIONS; ++j) {
            uint256 drawn = _draw(seed, bytes32(j));
            // A third of the options have no votes.
            uint256 number = drawn % 3 == 0 ? 0 : drawn % (left + 1);
            if (!scenario.approval) left -= number;
            scenario.counts[j] = number;
        }
        if (!scenario.approval) scenario.counts[_draw(seed, "rest") % OPTIONS] += left;
        scenario.logs = new uint256[](scenario.groups);
        for (uint256 i; i < scenario.groups; ++i) {
            uint256 drawn = _draw(seed, bytes32(32 + i));
            scenario.logs[i] = drawn % 4 == 0 ? 0 : drawn;
        }
        _deal(scenario, seed);
    }

    /// @dev Shares of a random key for the first t of 16 trustees that a seed leaves.
    function _deal(Scenario memory scenario, uint256 seed) private pure {
        uint256 threshold = (_draw(seed, "threshold") % 3) + 2;
        scenario.indices = new uint256[](threshold);
        scenario.shares = new uint256[](threshold);
        scenario.key = _draw(seed, bytes32("coefficient"));
        uint256 index;
        for (uint256 i; i < threshold; ++i) {
            index += (_draw(seed, bytes32(64 + i)) % 4) + 1;
            scenario.indices[i] = index;
            uint256 power = 1;
            uint256 share = scenario.key;
            for (uint256 k = 1; k < threshold; ++k) {
                power = mulmod(power, index, N);
                share = addmod(share, mulmod(power, _draw(seed, bytes32(96 + k)), N), N);
            }
            scenario.shares[i] = share;
        }
    }

    function _allFor(Scenario memory scenario, uint256 option) private pure {
        scenario.counts = new uint256[](OPTIONS);
        scenario.counts[option] = scenario.weight;
    }

    /// @dev The sums of ballots with these counts, the partial decryptions, and the hints.
    function _count(Scenario memory scenario) private view returns (IElection.Count memory count) {
        count.counts = new uint256[](OPTIONS);
        for (uint256 j; j < OPTIONS; ++j) count.counts[j] = scenario.counts[j];
        count.sums = new uint256[](4 * scenario.groups);
        count.partials = new ITrustees.Partial[](scenario.indices.length);
        for (uint256 i; i < scenario.indices.length; ++i) {
            uint256[] memory words = new uint256[](2 * scenario.groups);
            for (uint256 group; group < scenario.groups; ++group) {
                Point memory partial_ = _times(mulmod(scenario.logs[group], scenario.shares[i], N));
                (words[2 * group], words[2 * group + 1]) = (partial_.x, partial_.y);
            }
            count.partials[i] = ITrustees.Partial(uint8(scenario.indices[i]), words);
        }
        for (uint256 group; group < scenario.groups; ++group) {
            (uint256 from, uint256 end) = _bounds(scenario, group);
            Point memory first = _times(scenario.logs[group]);
            Point memory second = _times(mulmod(scenario.logs[group], scenario.key, N)).add(
                PlainTally.encode(gammas, scenario.counts, from, end)
            );
            (count.sums[4 * group], count.sums[4 * group + 1]) = (first.x, first.y);
            (count.sums[4 * group + 2], count.sums[4 * group + 3]) = (second.x, second.y);
        }
        _hint(scenario, count);
    }

    /// @dev Computes the hints of counts, right or wrong. The inverse is that of the formula's own Z: nobody else knows it.
    function _hint(Scenario memory scenario, IElection.Count memory count) private view {
        uint256[] memory hints = new uint256[](256);
        uint256 trustees = scenario.indices.length;
        uint256 at = trustees;
        for (uint256 i; i < trustees; ++i) hints[i] = PlainTally.coefficient(scenario.indices, i);
        for (uint256 group; group < scenario.groups; ++group) {
            (uint256 from, uint256 end) = _bounds(scenario, group);
            CurveSum.Sum memory sum;
            CurveSum.addAny(sum, count.sums[4 * group + 2], count.sums[4 * group + 3]);
            for (uint256 j = from == 0 ? 1 : from; j < end; ++j) {
                if (count.counts[j] == 0) continue;
                at = _subtract(hints, at, sum, QuickCurve.multiply(gammas[j], count.counts[j]));
            }
            for (uint256 i; i < trustees - 1 && count.sums[4 * group] != 0; ++i) {
                uint256[] memory words = count.partials[i].partials;
                Point memory partial_ = Point(words[2 * group], words[2 * group + 1]);
                at = _subtract(hints, at, sum, QuickCurve.multiply(partial_, hints[i]));
            }
            hints[at++] = PlainCurve.inverse(sum.z);
        }
        assembly ("memory-safe") {
            mstore(hints, at)
        }
        count.hints = hints;
    }

    function _subtract(
        uint256[] memory hints,
        uint256 at,
        CurveSum.Sum memory sum,
        Point memory product
    ) private pure returns (uint256) {
        (hints[at], hints[at + 1]) = (product.x, product.y);
        CurveSum.add(sum, product.x, PlainCurve.P - product.y);
        return at + 2;
    }

    /// @dev What a trustee's term multiplies ΣC1 by.
    function _term(Scenario memory scenario, uint256 i) private view returns (uint256) {
        return mulmod(PlainTally.coefficient(scenario.indices, i), scenario.shares[i], N);
    }

    function _bounds(Scenario memory scenario, uint256 group) private pure returns (uint256 from, uint256 end) {
        return ((group * OPTIONS) / scenario.groups, ((group + 1) * OPTIONS) / scenario.groups);
    }

    function _check(Scenario memory scenario, IElection.Count memory count) private view {
        harnesses[scenario.groups][scenario.approval ? 1 : 0].requireCounts(1, scenario.weight, count);
    }

    function _expectLengths(Scenario memory scenario, IElection.Count memory count) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                CountProof.CountLengthWrong.selector,
                count.counts.length,
                count.sums.length,
                count.partials.length
            )
        );
        _check(scenario, count);
    }

    function _expectHints(Scenario memory scenario, IElection.Count memory count, uint256 expected) private {
        vm.expectRevert(
            abi.encodeWithSelector(CountProof.CountHintsLengthWrong.selector, count.hints.length, expected)
        );
        _check(scenario, count);
    }

    function _times(uint256 factor) private view returns (Point memory) {
        return QuickCurve.multiply(PlainCurve.base(), factor);
    }

    function _draw(uint256 seed, bytes32 name) private pure returns (uint256) {
        return (uint256(keccak256(abi.encode(seed, name))) % (N - 1)) + 1;
    }
}
