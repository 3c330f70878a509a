// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAttestationRegistry as I} from "../../contracts/identity/IAttestationRegistry.sol";
import {AttestationRegistry} from "../../contracts/identity/AttestationRegistry.sol";
import {SchemaId} from "../../contracts/identity/SchemaId.sol";
import {Uid} from "../../contracts/identity/Uid.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {vm} from "../helpers/Vm.sol";
import {AttestationModel} from "./AttestationModel.sol";

contract AttestationRegistryTest {
    AttestationModel private model;
    AttestationRegistry private registry;

    function setUp() public {
        model = AttestationModel(Artifact.deploy("AttestationModel", ""));
        registry = model.registry();
    }

    // RECORDS AND VERDICTS

    function testFuzz_anything_agreesWithThePlainTwin(uint256 seed) public {
        for (uint256 step; step < 24; ++step) {
            _step(uint256(keccak256(abi.encode(seed, step))));
            assert(model.agreed());
        }
        assert(model.agrees());
        for (uint256 i; i < 3; ++i) {
            model.pass(uint8(seed >> (8 * i)));
            assert(model.agrees());
        }
    }

    function testFuzz_leaves_agreeWithThePlainTwin(uint256 seed) public {
        for (uint256 step; step < 12; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            // Masks that overlap, one after another, so that entries of all values meet each code.
            uint256 chosen = r | (r << 1) | uint256(keccak256(abi.encode(r)));
            model.changeLeaves(uint8(r % 2), r & 256 == 0, uint8(r >> 16), chosen, uint8(r >> 24));
            assert(model.agreed());
        }
        assert(model.agrees());
    }

    function _step(uint256 r) private {
        (uint8 a, uint8 b, uint8 c, uint8 d) = (uint8(r >> 8), uint8(r >> 16), uint8(r >> 24), uint8(r >> 32));
        uint256 pick = uint8(r) % 20;
        if (pick < 3) model.attest(a, b, c);
        else if (pick < 4) model.attestAndCall(a, b, c, bytes4(uint32(r >> 32)));
        else if (pick < 6) model.pass(a % 64);
        else if (pick < 7) model.revoke(a, b, c);
        else if (pick < 9) model.suspend(a, b, c);
        else if (pick < 11) model.reinstate(a, b, c);
        else if (pick < 13) model.supersede(a, b, c, d);
        else if (pick < 16) model.decideOnOffice(a, b, c);
        else if (pick < 17) model.decideOnMinistry(a);
        else if (pick < 18) model.changeBatch(a, b > 127, c, d);
        else if (pick < 19) model.changeLeaves(a, b > 127, c, r | (r << 40), d);
        else model.reportCompromise(a, uint16(b) / 4);
    }

    // HASHES

    function testFuzz_uidOf_agreesWithItsTwin(I.Attestation calldata a) public view {
        bytes32 content = keccak256(abi.encode(a.subject, a.commitment, a.validFrom));
        bytes32 expected = keccak256(abi.encode(a.issuer, a.schema, content, a.expiresAt));
        assert(Uid.unwrap(registry.uidOf(a)) == expected);
    }

    function testFuzz_uidOfBatch_agreesWithItsTwin(I.Batch calldata b) public view {
        bytes32 expected = keccak256(abi.encode(b.issuer, b.schema, b.root, b.size, b.bits));
        assert(Uid.unwrap(registry.uidOfBatch(b)) == expected);
    }

    function testFuzz_leafOf_agreesWithItsTwin(I.Attestation calldata a, uint32 index) public view {
        bytes32 content = keccak256(abi.encode(a.subject, a.commitment, a.validFrom));
        bytes32 once = keccak256(abi.encode(index, content, a.expiresAt));
        assert(registry.leafOf(a, index) == keccak256(abi.encode(once)));
    }

    function testFuzz_uidOf_differs_whenAnyFieldDoes(I.Attestation memory a, uint8 field, uint256 flip) public view {
        I.Attestation memory b = abi.decode(abi.encode(a), (I.Attestation));
        field %= 6;
        if (field == 0) b.issuer ^= uint32(1 << (flip % 32));
        if (field == 1) b.schema = SchemaId.wrap(SchemaId.unwrap(a.schema) ^ bytes32(1 << (flip % 256)));
        if (field == 2) b.subject ^= bytes32(1 << (flip % 256));
        if (field == 3) b.commitment ^= bytes32(1 << (flip % 256));
        if (field == 4) b.validFrom ^= uint40(1 << (flip % 40));
        if (field == 5) b.expiresAt ^= uint40(1 << (flip % 40));
        assert(Uid.unwrap(registry.uidOf(a)) != Uid.unwrap(registry.uidOf(b)));
        // A leaf's issuer and schema are its batch's.
        if (field > 1) assert(registry.leafOf(a, 7) != registry.leafOf(b, 7));
    }

    function testFuzz_leafOf_differs_whenTheIndexDoes(I.Attestation calldata a, uint32 one, uint32 other) public view {
        vm.assume(one != other);
        assert(registry.leafOf(a, one) != registry.leafOf(a, other));
    }

    function testFuzz_uidOfBatch_differs_whenAnyFieldDoes(I.Batch memory a, uint8 field, uint256 flip) public view {
        I.Batch memory b = abi.decode(abi.encode(a), (I.Batch));
        field %= 5;
        if (field == 0) b.issuer ^= uint32(1 << (flip % 32));
        if (field == 1) b.schema = SchemaId.wrap(SchemaId.unwrap(a.schema) ^ bytes32(1 << (flip % 256)));
        if (field == 2) b.root ^= bytes32(1 << (flip % 256));
        if (field == 3) b.size ^= uint32(1 << (flip % 32));
        if (field == 4) b.bits ^= uint8(1 << (flip % 8));
        assert(Uid.unwrap(registry.uidOfBatch(a)) != Uid.unwrap(registry.uidOfBatch(b)));
    }

    function testFuzz_uidOf_isNoBatchs(I.Batch memory b, uint40 validFrom) public view {
        // The batch's words where an attestation has its own.
        bytes32 shape = bytes32((uint256(b.size) << 8) | b.bits);
        I.Attestation memory a = I.Attestation(b.issuer, b.schema, b.root, shape, validFrom, type(uint40).max);
        assert(Uid.unwrap(registry.uidOf(a)) != Uid.unwrap(registry.uidOfBatch(b)));
    }

    // PROOFS

    function testFuzz_statusOfLeaf_knowsEachLeafAtItsIndexAlone(uint256 seed, uint8 pick, uint8 other) public view {
        I.Attestation memory a = I.Attestation(2, SchemaId.wrap("schema"), bytes32(seed), "", 0, type(uint40).max);
        uint256 size = (seed % 40) + 1;
        uint256 index = pick % size;
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i; i < size; ++i) {
            leaves[i] = i == index ? registry.leafOf(a, uint32(i)) : keccak256(abi.encode(seed, i));
        }
        (bytes32 root, bytes32[] memory proof) = _prove(leaves, index);

        // In the tree, which nobody issued.
        I.Membership memory m = I.Membership(root, uint32(size), 1, uint32(index), proof);
        assert(registry.statusOfLeaf(a, m).status == I.Status.UNKNOWN);

        m.index = uint32(other % size);
        if (m.index != index) assert(!_isInBatch(a, m));
        m.index = uint32(size) + other;
        assert(!_isInBatch(a, m));
        m.index = uint32(index);
        if (proof.length != 0) {
            m.proof[other % proof.length] ^= bytes32(uint256(1) << (seed % 256));
            assert(!_isInBatch(a, m));
        }
        m.proof = new bytes32[](0);
        if (size > 1) assert(!_isInBatch(a, m));
    }

    function _isInBatch(I.Attestation memory a, I.Membership memory m) private view returns (bool) {
        try registry.statusOfLeaf(a, m) returns (I.Verdict memory) {
            return true;
        } catch (bytes memory error) {
            bytes memory expected = abi.encodeWithSelector(
                I.LeafNotInBatch.selector,
                registry.uidOfBatch(I.Batch(a.issuer, a.schema, m.root, m.size, m.bits)),
                m.index
            );
            assert(keccak256(error) == keccak256(expected));
            return false;
        }
    }

    /// @dev A tree whose odd node goes up as it is, and the siblings of one leaf.
    function _prove(bytes32[] memory level, uint256 index) private pure returns (bytes32 root, bytes32[] memory proof) {
        while (level.length > 1) {
            if (index ^ 1 < level.length) proof = _append(proof, level[index ^ 1]);
            bytes32[] memory up = new bytes32[]((level.length + 1) / 2);
            for (uint256 i; i < up.length; ++i) {
                up[i] = 2 * i + 1 == level.length ? level[2 * i] : _pair(level[2 * i], level[2 * i + 1]);
            }
            (level, index) = (up, index / 2);
        }
        root = level[0];
    }

    function _append(bytes32[] memory words, bytes32 word) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](words.length + 1);
        for (uint256 i; i < words.length; ++i) longer[i] = words[i];
        longer[words.length] = word;
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encodePacked(a, b)) : keccak256(abi.encodePacked(b, a));
    }
}
