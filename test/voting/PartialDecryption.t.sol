// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {vm} from "../helpers/Vm.sol";
import {PartialDecryptionHarness} from "./PartialDecryptionHarness.sol";
import {Plain, PlainSum} from "./PlainSum.sol";

contract PartialDecryptionTest {
    using PlainSum for Plain;

    uint256 private constant N = PlainSum.N;
    uint256 private constant QUESTION = 5;
    uint256 private constant TRUSTEE = 4;
    bytes32 private constant CONFIGURATION = "configuration";

    /// @dev Everything that a prover knows. Logarithms have 32 bits, as the plain arithmetic is slow.
    struct Prover {
        uint256 share;
        uint256 secret;
        Plain publicShare;
        Plain[] sums;
        Plain[] partials;
        Plain t1;
        Plain t2;
        uint256[] weights;
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
        Prover memory prover = _prover(seed, 1, 0);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        if (change == 0) change = 1;
        index %= partials.length + proof.length;
        // Addition modulo 2^256: reaches every other word.
        unchecked {
            if (index < partials.length) partials[index] += change;
            else proof[index - partials.length] += change;
        }
        vm.expectRevert();
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    function testFuzz_check_reverts_whenTheShareIsAnother(uint256 seed, uint32 wrong) public {
        Prover memory prover = _prover(seed, 1, 0);
        vm.assume(wrong != 0 && wrong != prover.share);
        prover.partials[0] = prover.sums[0].multiply(wrong);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        vm.expectRevert();
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    function testFuzz_check_reverts_whenTheContractIsAnother(uint256 seed) public {
        Prover memory prover = _prover(seed, 1, 0);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        PartialDecryptionHarness other = new PartialDecryptionHarness();
        other.configure(CONFIGURATION);
        other.setShare(TRUSTEE, prover.publicShare.x, prover.publicShare.y);
        other.setSums(QUESTION, _words(prover.sums));
        harness.check(QUESTION, TRUSTEE, partials, proof);
        vm.expectRevert();
        other.check(QUESTION, TRUSTEE, partials, proof);
    }

    function testFuzz_check_reverts_whenTheChainIsAnother(uint256 seed, uint32 chain) public {
        Prover memory prover = _prover(seed, 1, 0);
        (uint256[] memory partials, uint256[] memory proof) = _prove(prover);
        vm.assume(chain != block.chainid && chain != 0);
        vm.chainId(chain);
        vm.expectRevert();
        harness.check(QUESTION, TRUSTEE, partials, proof);
    }

    /// @dev Draws a share, a secret and sums, and gives the contract what it should know of them.
    function _prover(uint256 seed, uint256 groups, uint256 infinite) private returns (Prover memory prover) {
        Plain memory base = PlainSum.base();
        prover.share = _draw(seed, "share");
        prover.secret = _draw(seed, "secret");
        prover.publicShare = base.multiply(prover.share);
        prover.sums = new Plain[](groups);
        prover.partials = new Plain[](groups);
        for (uint256 i; i < groups; ++i) {
            if ((infinite >> i) & 1 == 1) continue;
            prover.sums[i] = base.multiply(_draw(seed, bytes32(i)));
            prover.partials[i] = prover.sums[i].multiply(prover.share);
        }
        harness.setShare(TRUSTEE, prover.publicShare.x, prover.publicShare.y);
        harness.setSums(QUESTION, _words(prover.sums));
    }

    function _prove(Prover memory prover) private view returns (uint256[] memory partials, uint256[] memory proof) {
        partials = _words(prover.partials);
        bytes32 seed = keccak256(bytes.concat(abi.encodePacked(_words(prover.sums)), abi.encodePacked(partials)));
        prover.weights = new uint256[](prover.sums.length);
        Plain memory folded;
        for (uint256 i; i < prover.sums.length; ++i) {
            prover.weights[i] = i == 0 ? 1 : uint256(keccak256(bytes.concat(seed, bytes32(i)))) % N;
            folded = folded.add(prover.sums[i].multiply(prover.weights[i]));
        }
        if (folded.isInfinity()) return (partials, proof);
        prover.t1 = PlainSum.base().multiply(prover.secret);
        prover.t2 = folded.multiply(prover.secret);
        uint256 c = _challenge(prover);
        proof = _answer(prover, c, addmod(prover.secret, mulmod(c, prover.share, N), N));
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
        bytes memory points = abi.encodePacked(_words(prover.sums), _words(prover.partials));
        bytes memory commitments = abi.encode(_address(prover.t1), _address(prover.t2));
        return uint256(keccak256(bytes.concat(bound, points, commitments))) % N;
    }

    function _answer(Prover memory prover, uint256 c, uint256 z) private view returns (uint256[] memory proof) {
        uint256 finite;
        for (uint256 i; i < prover.sums.length; ++i) if (!prover.sums[i].isInfinity()) ++finite;
        proof = new uint256[](4 * finite + 3);
        (proof[0], proof[1], proof[2], proof[3]) = (c, z, prover.t2.x, prover.t2.y);
        Plain memory sum = prover.t2;
        uint256 scale = 1;
        uint256 cursor = 4;
        for (uint256 i; i < prover.sums.length; ++i) {
            if (prover.sums[i].isInfinity()) continue;
            Plain memory product = prover.partials[i].multiply(mulmod(c, prover.weights[i], N));
            (sum, scale) = _append(proof, cursor, product, sum, scale);
            cursor += 2;
            if (cursor == 6) continue;
            product = prover.sums[i].multiply(mulmod(z, prover.weights[i], N)).negate();
            (sum, scale) = _append(proof, cursor, product, sum, scale);
            cursor += 2;
        }
        proof[cursor] = PlainSum.inverse(scale);
    }

    /// @dev Writes a product and follows the Z of the contract's formula: `Z³` times the difference of the affine x-coordinates.
    function _append(
        uint256[] memory proof,
        uint256 cursor,
        Plain memory product,
        Plain memory sum,
        uint256 scale
    ) private view returns (Plain memory, uint256) {
        (proof[cursor], proof[cursor + 1]) = (product.x, product.y);
        uint256 cube = PlainSum.power(scale, 3);
        return (sum.add(product), mulmod(cube, PlainSum.minus(product.x, sum.x), PlainSum.P));
    }

    function _words(Plain[] memory points) private pure returns (uint256[] memory words) {
        words = new uint256[](2 * points.length);
        for (uint256 i; i < points.length; ++i) (words[2 * i], words[2 * i + 1]) = (points[i].x, points[i].y);
    }

    function _address(Plain memory point) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(point)))));
    }

    function _draw(uint256 seed, bytes32 name) private pure returns (uint256) {
        return (uint256(keccak256(abi.encode(seed, name))) >> 224) | 1;
    }
}
