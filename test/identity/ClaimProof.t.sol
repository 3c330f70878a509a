// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ClaimProof} from "../../contracts/identity/ClaimProof.sol";
import {IEligibility as I} from "../../contracts/identity/IEligibility.sol";

contract ClaimProofTest {
    uint256 private constant MOST = 9;

    /// @dev The tree in one array, as StandardMerkleTree's: the root first, the leaves last.
    bytes32[] private nodes;
    I.Claim[] private claims;

    function isProven(bytes32 commitment, I.Disclosure calldata disclosure) external pure returns (bool) {
        return ClaimProof.isProven(commitment, disclosure);
    }

    function testFuzz_isProven_takesAnyChoiceOfClaims(uint256 seed, uint8 size, uint256 chosen) public {
        uint256 count = 1 + (size % MOST);
        _grow(seed, count);
        I.Disclosure memory d = _disclose(count, chosen);
        assert(this.isProven(nodes[0], d));
        assert(!this.isProven(keccak256(abi.encode(nodes[0])), d));
    }

    function testFuzz_isProven_refuses_whenAnythingIsAltered(
        uint256 seed,
        uint8 size,
        uint256 chosen,
        uint8 what,
        uint8 where
    ) public {
        uint256 count = 2 + (size % (MOST - 1));
        _grow(seed, count);
        // At least one claim: with none, only the root itself can be altered.
        I.Disclosure memory d = _disclose(count, chosen | 1);
        uint256 kind = what % 8;
        uint256 at = where % d.claims.length;
        if (kind == 0) d.claims[at].value = string.concat(d.claims[at].value, " ");
        else if (kind == 1) d.claims[at].name = string.concat(d.claims[at].name, " ");
        else if (kind == 2) d.claims[at].salt = ~d.claims[at].salt;
        else if (kind == 3 && d.proof.length != 0) d.proof[where % d.proof.length] ^= bytes32(uint256(1));
        else if (kind == 4 && d.proofFlags.length != 0) {
            uint256 i = where % d.proofFlags.length;
            d.proofFlags[i] = !d.proofFlags[i];
        } else if (kind == 5) d.proof = _longer(d.proof);
        else if (kind == 6) d.claims = _shorter(d.claims);
        else d.proofFlags = new bool[](d.proofFlags.length + 1);
        assert(!this.isProven(nodes[0], d));
    }

    function testFuzz_isProven_neverReverts(bytes32 root, I.Disclosure calldata d) public pure {
        // Whatever comes, an answer: and not yes, as nobody finds such a root by chance but that of none.
        bool none = d.claims.length == 0 && d.proof.length == 1 && d.proofFlags.length == 0 && d.proof[0] == root;
        assert(ClaimProof.isProven(root, d) == none);
    }

    function testFuzz_leafOf_agreesWithItsTwin(I.Claim calldata claim) public pure {
        bytes32 once = keccak256(abi.encode(claim.salt, claim.name, claim.value));
        assert(ClaimProof.leafOf(claim) == keccak256(abi.encodePacked(once)));
    }

    // A PLAIN TREE

    function _grow(uint256 seed, uint256 count) private {
        delete nodes;
        delete claims;
        for (uint256 i; i < 2 * count - 1; ++i) nodes.push();
        for (uint256 i; i < count; ++i) {
            claims.push(I.Claim(keccak256(abi.encode(seed, i)), string.concat("claim ", _digit(i)), _digit(seed % 10)));
            I.Claim memory c = claims[i];
            nodes[2 * count - 2 - i] = keccak256(abi.encode(keccak256(abi.encode(c.salt, c.name, c.value))));
        }
        for (uint256 i = count - 1; i > 0; --i) {
            (bytes32 a, bytes32 b) = (nodes[2 * i - 1], nodes[2 * i]);
            nodes[i - 1] = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
    }

    /// @dev Level by level: every known node is paired with its sibling, known or given.
    function _disclose(uint256 count, uint256 chosen) private view returns (I.Disclosure memory d) {
        bool[] memory known = new bool[](nodes.length);
        (uint256 shown, uint256 given, uint256 pairs) = (0, 0, 0);
        d.claims = new I.Claim[](count);
        for (uint256 i; i < count; ++i) {
            if ((chosen >> i) & 1 == 0) continue;
            d.claims[shown++] = claims[i];
            known[2 * count - 2 - i] = true;
        }
        (d.proof, d.proofFlags) = (new bytes32[](nodes.length), new bool[](nodes.length));
        for (uint256 i = nodes.length - 1; i > 0; --i) {
            // The left one of a pair is looked at last.
            uint256 sibling = i % 2 == 1 ? i + 1 : i - 1;
            if (!known[i] || (i % 2 == 1 && known[sibling])) continue;
            d.proofFlags[pairs++] = known[sibling];
            if (!known[sibling]) d.proof[given++] = nodes[sibling];
            known[(i - 1) / 2] = true;
        }
        if (shown == 0) d.proof[given++] = nodes[0];
        (d.claims, d.proof, d.proofFlags) = (_cut(d.claims, shown), _cut(d.proof, given), _cut(d.proofFlags, pairs));
    }

    function _digit(uint256 i) private pure returns (string memory) {
        return string(abi.encodePacked(bytes1(uint8(48 + i))));
    }

    function _cut(I.Claim[] memory list, uint256 length) private pure returns (I.Claim[] memory cut) {
        cut = new I.Claim[](length);
        for (uint256 i; i < length; ++i) cut[i] = list[i];
    }

    function _cut(bytes32[] memory list, uint256 length) private pure returns (bytes32[] memory cut) {
        cut = new bytes32[](length);
        for (uint256 i; i < length; ++i) cut[i] = list[i];
    }

    function _cut(bool[] memory list, uint256 length) private pure returns (bool[] memory cut) {
        cut = new bool[](length);
        for (uint256 i; i < length; ++i) cut[i] = list[i];
    }

    function _longer(bytes32[] memory list) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i; i < list.length; ++i) longer[i] = list[i];
    }

    function _shorter(I.Claim[] memory list) private pure returns (I.Claim[] memory) {
        return _cut(list, list.length - 1);
    }
}
