// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signatures
/// @notice Checks an EIP-712 signature that somebody else may carry.
/// @dev The key is tried first and the ERC-1271 wallet asked only on a mismatch: cheaper, and right for accounts
/// with EIP-7702 code. Only 65-byte, low-s encodings are taken from a key; the wallet is asked by STATICCALL.
library Signatures {
    /// @notice The deadline in the signed message has passed.
    /// @param deadline last second at which the signature counts
    /// @param time the block's time, in Unix seconds
    error SignatureExpired(uint256 deadline, uint256 time);

    /// @notice The signature is not the named signer's over this message.
    /// @param signer who should have signed
    /// @param digest EIP-712 digest that should have been signed
    error SignatureInvalid(address signer, bytes32 digest);

    /// @notice Reverts unless `signer` signed `digest` and the deadline has not passed.
    /// @param signer an account or an ERC-1271 wallet
    /// @param digest the EIP-712 digest
    /// @param signature 65 bytes from a key, anything that an ERC-1271 wallet accepts
    /// @param deadline last second at which the signature counts
    function requireValid(address signer, bytes32 digest, bytes calldata signature, uint256 deadline) internal view {
        require(block.timestamp <= deadline, SignatureExpired(deadline, block.timestamp));
        require(
            _isOfKey(signer, digest, signature) ||
                SignatureChecker.isValidERC1271SignatureNow(signer, digest, signature),
            SignatureInvalid(signer, digest)
        );
    }

    /// @notice Whether `signer` signed `digest`, for who goes on without one that did not.
    /// @dev A wallet that spends more than it may has not signed: it could spend what the others in a batch need.
    /// @param signer an account or an ERC-1271 wallet
    /// @param digest the EIP-712 digest
    /// @param signature 65 bytes from a key, anything that an ERC-1271 wallet accepts
    /// @param walletGas how much gas a wallet may spend
    /// @return whether it did
    function isValid(
        address signer,
        bytes32 digest,
        bytes calldata signature,
        uint256 walletGas
    ) internal view returns (bool) {
        if (_isOfKey(signer, digest, signature)) return true;
        if (signer.code.length == 0) return false;
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        bytes32 answer = 0;
        // The language copies all of an answer to memory, which costs ever more per answer: a few wallets with long ones would make a
        // batch too dear for a block, whatever gas each may spend. Here one word is copied, and a shorter answer is none.
        assembly ("memory-safe") {
            mstore(0x00, 0)
            let isAnswered := staticcall(walletGas, signer, add(question, 0x20), mload(question), 0x00, 0x20)
            if and(isAnswered, gt(returndatasize(), 0x1f)) {
                answer := mload(0x00)
            }
        }
        return answer == bytes32(IERC1271.isValidSignature.selector);
    }

    function _isOfKey(address signer, bytes32 digest, bytes calldata signature) private pure returns (bool) {
        // Why it could not be recovered does not matter: zero is nobody's address.
        // slither-disable-next-line unused-return
        (address recovered, , ) = ECDSA.tryRecover(digest, signature);
        return recovered == signer && signer != address(0);
    }
}
