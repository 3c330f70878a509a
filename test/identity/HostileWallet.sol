// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title HostileWallet
/// @notice A wallet that accepts any signature, or misbehaves when it is asked.
contract HostileWallet {
    /// @notice What the wallet does when it is asked.
    enum Manner {
        ACCEPT,
        REFUSE,
        ANSWER_TRUE,
        ANSWER_NOTHING,
        ANSWER_SHORT,
        REVERT,
        BURN,
        REENTER,
        REENTER_AND_ACCEPT
    }

    Manner private _manner;
    address private _target;
    bytes private _call;

    /// @notice Chooses what the wallet does from now on.
    /// @param manner what it does
    /// @param target whom it calls when it reenters
    /// @param call what it calls there
    function behave(Manner manner, address target, bytes calldata call) external {
        (_manner, _target, _call) = (manner, target, call);
    }

    /// @notice ERC-1271, but not `view`: whoever asks by CALL lets the wallet write.
    /// @return the magic value, or something else
    function isValidSignature(bytes32, bytes calldata) external returns (bytes32) {
        bytes32 magic = bytes32(IERC1271.isValidSignature.selector);
        if (_manner == Manner.ACCEPT) return magic;
        if (_manner == Manner.REFUSE) return bytes32(bytes4(0xffffffff));
        if (_manner == Manner.ANSWER_TRUE) return bytes32(uint256(1));
        if (_manner == Manner.REVERT) revert("no");
        if (_manner == Manner.BURN)
            assembly {
                invalid()
            }
        if (_manner == Manner.ANSWER_NOTHING)
            assembly {
                return(0, 0)
            }
        if (_manner == Manner.ANSWER_SHORT)
            assembly {
                mstore(0, magic)
                return(0, 4)
            }
        (bool done, ) = _target.call(_call);
        return done || _manner == Manner.REENTER_AND_ACCEPT ? magic : bytes32(0);
    }
}
