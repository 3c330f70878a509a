// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Signatures} from "../../contracts/trust/Signatures.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";
import {Wallet} from "./Wallet.sol";

contract SignaturesTest {
    uint256 private constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// @dev External, so that the signature is calldata and a revert can be caught.
    function requireValid(address signer, bytes32 digest, bytes calldata signature, uint256 deadline) external view {
        Signatures.requireValid(signer, digest, signature, deadline);
    }

    /// @dev External, so that the signature is calldata.
    function isValid(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return Signatures.isValid(signer, digest, signature, 100_000);
    }

    function testFuzz_requireValid_passes_whenTheKeySigned(uint256 key, bytes32 digest) public view {
        key = _key(key);
        this.requireValid(vm.addr(key), digest, TypedData.sign(key, digest), block.timestamp);
    }

    function testFuzz_requireValid_reverts_whenAnyBitDiffers(uint256 key, bytes32 digest, uint16 bit) public view {
        key = _key(key);
        bytes memory signature = TypedData.sign(key, digest);
        bit %= 65 * 8;
        signature[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        assert(!_valid(vm.addr(key), digest, signature));
    }

    function testFuzz_requireValid_reverts_whenAnyByteDiffers(
        uint256 key,
        bytes32 digest,
        uint8 at,
        bytes1 other
    ) public view {
        key = _key(key);
        bytes memory signature = TypedData.sign(key, digest);
        at %= 65;
        vm.assume(signature[at] != other);
        signature[at] = other;
        assert(!_valid(vm.addr(key), digest, signature));
    }

    function testFuzz_requireValid_reverts_whenAnythingElseWasSigned(
        uint256 key,
        uint256 other,
        bytes32 digest,
        bytes32 otherDigest
    ) public view {
        (key, other) = (_key(key), _key(other));
        vm.assume(key != other && digest != otherDigest);
        assert(!_valid(vm.addr(key), otherDigest, TypedData.sign(key, digest)));
        assert(!_valid(vm.addr(other), digest, TypedData.sign(key, digest)));
    }

    function testFuzz_requireValid_reverts_whenTheLengthIsNot65(uint256 key, bytes32 digest, uint8 length) public view {
        key = _key(key);
        vm.assume(length != 65);
        bytes memory whole = TypedData.sign(key, digest);
        bytes memory signature = new bytes(length);
        for (uint256 i; i < length && i < 65; ++i) signature[i] = whole[i];
        assert(!_valid(vm.addr(key), digest, signature));
    }

    function testFuzz_requireValid_reverts_whenTheSameIsSaidOtherwise(uint256 key, bytes32 digest) public view {
        key = _key(key);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        bytes32 highS = bytes32(ORDER - uint256(s));
        assert(!_valid(vm.addr(key), digest, abi.encodePacked(r, highS, v == 27 ? uint8(28) : uint8(27))));
        // EIP-2098.
        assert(!_valid(vm.addr(key), digest, abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255)))));
        assert(!_valid(vm.addr(key), digest, abi.encodePacked(r, s, v - 27)));
    }

    function testFuzz_requireValid_reverts_whenTheDeadlineHasPassed(
        uint256 key,
        bytes32 digest,
        uint64 deadline,
        uint64 late
    ) public {
        key = _key(key);
        bytes memory signature = TypedData.sign(key, digest);
        vm.warp(deadline);
        this.requireValid(vm.addr(key), digest, signature, deadline);
        vm.warp(uint256(deadline) + 1 + late);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureExpired.selector, deadline, block.timestamp));
        this.requireValid(vm.addr(key), digest, signature, deadline);
    }

    function testFuzz_requireValid_reverts_whenNobodySigned(bytes32 digest, bytes calldata signature) public {
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureInvalid.selector, address(0), digest));
        this.requireValid(address(0), digest, signature, block.timestamp);
    }

    function testFuzz_requireValid_asksTheWallet(uint256 key, uint256 other, bytes32 digest, uint8 behaviour) public {
        (key, other) = (_key(key), _key(other));
        vm.assume(key != other);
        Wallet wallet = new Wallet(vm.addr(key));
        this.requireValid(address(wallet), digest, TypedData.sign(key, digest), block.timestamp);
        assert(!_valid(address(wallet), digest, TypedData.sign(other, digest)));
        // Every behaviour but the first and the last, which never says yes as it should.
        wallet.behave(Wallet.Behaviour(1 + (behaviour % 8)));
        assert(!_valid(address(wallet), digest, TypedData.sign(key, digest)));
    }

    function testFuzz_isValid_agreesWithRequireValid(
        uint256 key,
        uint256 other,
        bytes32 digest,
        uint8 behaviour
    ) public {
        (key, other) = (_key(key), _key(other));
        Wallet wallet = new Wallet(vm.addr(key));
        wallet.behave(Wallet.Behaviour(behaviour % 9));
        address[4] memory signers = [address(wallet), vm.addr(key), address(0), address(this)];
        bytes[3] memory signatures = [TypedData.sign(key, digest), TypedData.sign(other, digest), bytes("")];
        for (uint256 i; i < signers.length; ++i) {
            for (uint256 j; j < signatures.length; ++j) {
                bool isOne = this.isValid(signers[i], digest, signatures[j]);
                assert(isOne == _valid(signers[i], digest, signatures[j]));
            }
        }
        assert(this.isValid(address(wallet), digest, signatures[0]) == (behaviour % 9 == 0));
    }

    function _valid(address signer, bytes32 digest, bytes memory signature) private view returns (bool) {
        try this.requireValid{gas: 1_000_000}(signer, digest, signature, block.timestamp) {
            return true;
        } catch {
            return false;
        }
    }

    function _key(uint256 key) private pure returns (uint256) {
        return 1 + (key % (ORDER - 1));
    }
}
