// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title Wallet
/// @notice An ERC-1271 wallet that is honest, or misbehaves as it is told.
contract Wallet {
    enum Behaviour {
        HONEST,
        REVERTS,
        BURNS_ALL_GAS,
        ANSWERS_NOTHING,
        ANSWERS_FOUR_BYTES,
        ANSWERS_ZERO,
        ANSWERS_ONES,
        ANSWERS_DIRTY,
        ANSWERS_HUGE,
        REENTERS
    }

    address private immutable _OWNER;
    Behaviour private _behaviour;
    address private _target;
    bytes private _call;

    constructor(address owner) {
        _OWNER = owner;
    }

    /// @notice Chooses how the wallet answers.
    function behave(Behaviour behaviour) external {
        _behaviour = behaviour;
    }

    /// @notice Makes the wallet call a contract while it is asked, and say yes whatever comes of it.
    function reenter(address target, bytes calldata call) external {
        (_behaviour, _target, _call) = (Behaviour.REENTERS, target, call);
    }

    /// @notice Calls a contract as the wallet.
    function act(address target, bytes calldata call) external {
        (bool done, bytes memory result) = target.call(call);
        if (!done) {
            assembly {
                revert(add(result, 0x20), mload(result))
            }
        }
    }

    /// @notice ERC-1271. Not a view, so that it may try what it must not.
    function isValidSignature(bytes32 digest, bytes calldata signature) external returns (bytes4) {
        Behaviour behaviour = _behaviour;
        if (behaviour == Behaviour.REVERTS) revert("no");
        if (behaviour == Behaviour.BURNS_ALL_GAS) {
            assembly {
                invalid()
            }
        }
        if (behaviour == Behaviour.ANSWERS_NOTHING) _answer(0, 0);
        // The right four bytes, but not the word of the ABI.
        if (behaviour == Behaviour.ANSWERS_FOUR_BYTES) _answer(bytes32(IERC1271.isValidSignature.selector), 4);
        if (behaviour == Behaviour.ANSWERS_ZERO) _answer(0, 32);
        if (behaviour == Behaviour.ANSWERS_ONES) _answer(bytes32(type(uint256).max), 32);
        if (behaviour == Behaviour.ANSWERS_DIRTY)
            _answer(bytes32(IERC1271.isValidSignature.selector) | bytes32(uint256(1)), 32);
        if (behaviour == Behaviour.ANSWERS_HUGE) _answer(0, 100_000);
        if (behaviour == Behaviour.REENTERS) {
            (bool done, ) = _target.call(_call);
            done;
            return IERC1271.isValidSignature.selector;
        }
        (address signer, , ) = ECDSA.tryRecover(digest, signature);
        return signer == _OWNER ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function _answer(bytes32 word, uint256 length) private pure {
        assembly {
            let memoryEnd := mload(0x40)
            mstore(memoryEnd, word)
            return(memoryEnd, length)
        }
    }
}
