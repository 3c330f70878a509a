// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PartialDecryption} from "../../contracts/voting/PartialDecryption.sol";
import {vm} from "../helpers/Vm.sol";
import {PartialDecryptionHarness} from "./PartialDecryptionHarness.sol";
import {PlainCurve, Point} from "./PlainCurve.sol";
import {QuickCurve} from "./QuickCurve.sol";

contract PartialDecryptionTest {
    using PlainCurve for Point;

    uint256 private constant N = PlainCurve.N;
    uint256 private constant QUESTION = 5;
    uint256 private constant TRUSTEE = 4;
    bytes32 private constant CONFIGURATION = "configuration";

    /// @dev What a prover claims, by the logarithms: a test knows those of all points, and 0 is infinity.
    struct Prover {
        uint256 share;
        uint256 secret;
        uint256[] sums;
        uint256[] partials;
        Point publicShare;
        uint256[] sumWords;
        uint256[] partialWords;
        Point t1;
        Point t2;
    }

    PartialDecryptionHarness private harness;

    function setUp() public {
        harness = new PartialDecryptionHarness();
        harness.configure(CONFIGURATION);
    }

    function testFuzz_check_accepts_whenProvedByTheBook(uint256 seed, uint8 infinite) public {
        // Bit g of `infinite` makes group g's sum infinity; bit 3 says whether there are one or two groups.
        Prover memory prover = _prover(seed, (infinite >> 3) % 2 == 0 ? 1 : 2, infinite % 4);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    function testFuzz_check_reverts_whenAnyWordIsAnother(uint256 seed, uint256 index, uint256 change) public {
        (uint256[] memory partials, uint256[] memory proof) = _prove(_prover(seed, 1, 0));
        if (change == 0) change = 1;
        index %= partials.length + proof.length;
        // Modulo 2^256 every other word is reached, and half of the runs change few bits only.
        if (seed % 2 == 0) change = 1 << (change % 256);
        unchecked {
            if (index < partials.length) partials[index] += change;
            else proof[index - partials.length] += change;
        }
        // Which check it meets first depends on the word.
        vm.expectRevert();
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    function testFuzz_check_reverts_whenTheShareIsAnother(uint256 seed, uint256 wrong) public {
        Prover memory prover = _prover(seed, 1, 0);
        wrong %= N;
        vm.assume(wrong != 0 && wrong != prover.share);
        prover.partials[0] = mulmod(prover.sums[0], wrong, N);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        vm.expectRevert(abi.encodeWithSelector(PartialDecryption.PartialDecryptionRefused.selector, QUESTION, TRUSTEE));
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    function test_check_reverts_whenTheContractIsAnother() public {
        Prover memory prover = _prover(1, 2, 0);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        harness.check(QUESTION, TRUSTEE, partials, proof);
        PartialDecryptionHarness right = harness;
        harness = new PartialDecryptionHarness();
        harness.configure(CONFIGURATION);
        _tell(prover);
        uint256 hashed = _challenge(prover);
        vm.expectRevert(
            abi.encodeWithSelector(PartialDecryption.PartialDecryptionChallengeWrong.selector, proof[0], hashed)
        );
        harness.check(QUESTION, TRUSTEE, partials, proof);
        right.check(QUESTION, TRUSTEE, partials, proof);
    }

    function test_check_reverts_whenTheChainIsAnother() public {
        Prover memory prover = _prover(1, 2, 0);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        harness.check(QUESTION, TRUSTEE, partials, proof);
        vm.chainId(77);
        uint256 hashed = _challenge(prover);
        vm.expectRevert(
            abi.encodeWithSelector(PartialDecryption.PartialDecryptionChallengeWrong.selector, proof[0], hashed)
        );
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    /// @dev Draws a share, a secret and sums, and gives the contract what it should know of them.
    function _prover(uint256 seed, uint256 groups, uint256 infinite) private returns (Prover memory prover) {
        prover.share = _draw(seed, "share");
        prover.secret = _draw(seed, "secret");
        prover.sums = new uint256[](groups);
        prover.partials = new uint256[](groups);
        for (uint256 i; i < groups; ++i) {
            if ((infinite >> i) & 1 == 1) continue;
            prover.sums[i] = _draw(seed, bytes32(i));
            prover.partials[i] = mulmod(prover.sums[i], prover.share, N);
        }
        _tell(prover);
    }

    function _tell(Prover memory prover) private {
        prover.publicShare = _times(prover.share);
        prover.sumWords = _words(prover.sums);
        harness.setShare(TRUSTEE, prover.publicShare.x, prover.publicShare.y);
        harness.setSums(QUESTION, prover.sumWords);
    }

    function _prove(Prover memory prover) private view returns (uint256[] memory partials, uint256[] memory proof) {
        partials = prover.partialWords = _words(prover.partials);
        uint256 folded;
        for (uint256 i; i < prover.sums.length; ++i) {
            folded = addmod(folded, mulmod(prover.sums[i], _weight(prover, i), N), N);
        }
        if (folded == 0) return (partials, proof);
        prover.t1 = _times(prover.secret);
        prover.t2 = _times(mulmod(folded, prover.secret, N));
        uint256 c = _challenge(prover);
        proof = _answer(prover, c, addmod(prover.secret, mulmod(c, prover.share, N), N));
    }

    function _weight(Prover memory prover, uint256 group) private pure returns (uint256) {
        if (group == 0) return 1;
        bytes memory points = abi.encodePacked(prover.sumWords, prover.partialWords);
        return uint256(keccak256(bytes.concat(keccak256(points), bytes32(group)))) % N;
    }

    function _challenge(Prover memory prover) private view returns (uint256) {
        bytes memory bound = abi.encode(
            keccak256("diwan/partial-decryption/v1"),
            block.chainid,
            harness,
            CONFIGURATION,
            QUESTION,
            TRUSTEE,
            prover.publicShare
        );
        bytes memory points = abi.encodePacked(prover.sumWords, prover.partialWords);
        bytes memory commitments = abi.encode(prover.t1.toAddress(), prover.t2.toAddress());
        return uint256(keccak256(bytes.concat(bound, points, commitments))) % N;
    }

    /// @dev The words of a proof. The Z of the contract's formula becomes its cube times the difference of the affine
    /// x-coordinates with each addition.
    function _answer(Prover memory prover, uint256 c, uint256 z) private view returns (uint256[] memory proof) {
        uint256[] memory logs = new uint256[](2 * prover.sums.length);
        uint256 count;
        for (uint256 i; i < prover.sums.length; ++i) {
            if (prover.sums[i] == 0) continue;
            uint256 weight = _weight(prover, i);
            logs[count++] = mulmod(mulmod(c, weight, N), prover.partials[i], N);
            if (count != 1) logs[count++] = N - mulmod(mulmod(z, weight, N), prover.sums[i], N);
        }
        Point memory sum = prover.t2;
        proof = new uint256[](2 * count + 5);
        (proof[0], proof[1], proof[2], proof[3]) = (c, z, sum.x, sum.y);
        uint256 scale = 1;
        for (uint256 i; i < count; ++i) {
            Point memory product = _times(logs[i]);
            (proof[2 * i + 4], proof[2 * i + 5]) = (product.x, product.y);
            scale = mulmod(PlainCurve.power(scale, 3), PlainCurve.subtract(product.x, sum.x), PlainCurve.P);
            sum = sum.add(product);
        }
        proof[2 * count + 4] = PlainCurve.inverse(scale);
    }

    function _times(uint256 factor) private view returns (Point memory) {
        return QuickCurve.multiply(PlainCurve.base(), factor);
    }

    function _words(uint256[] memory logs) private view returns (uint256[] memory words) {
        words = new uint256[](2 * logs.length);
        for (uint256 i; i < logs.length; ++i) {
            Point memory point = _times(logs[i]);
            (words[2 * i], words[2 * i + 1]) = (point.x, point.y);
        }
    }

    function _draw(uint256 seed, bytes32 name) private pure returns (uint256) {
        return (uint256(keccak256(abi.encode(seed, name))) % (N - 1)) + 1;
    }
}
