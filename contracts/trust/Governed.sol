// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {Context} from "@openzeppelin/contracts/utils/Context.sol";

import {IGoverned} from "./IGoverned.sol";
import {Sender} from "./Sender.sol";

/// @title Governed
/// @notice A contract whose new writes the council may stop for a time; reads and exits go on.
/// @dev `_stoppedUntil` shares its slot with AccessManaged's authority.
abstract contract Governed is IGoverned, AccessManaged, Sender {
    uint40 private _stoppedUntil;

    /// @param authority the council's AccessManager
    /// @param relays the relays to trust
    constructor(address authority, Relays memory relays) AccessManaged(authority) Sender(relays) {}

    /// @dev Guards functions that create something; never those that end, withdraw or read.
    modifier whileOpen() {
        // A stop has an end that it was given; nobody gains by moving a block's time within its tolerance.
        // slither-disable-next-line timestamp
        if (block.timestamp < _stoppedUntil) revert WritesAreStopped(_stoppedUntil);
        _;
    }

    /// @inheritdoc IGoverned
    function stop(uint40 until, bytes32 grounds) external restricted {
        require(until > block.timestamp, StopMustEndLater(until, uint40(block.timestamp)));
        _stoppedUntil = until;
        emit WritesStopped(until, grounds);
    }

    /// @inheritdoc IGoverned
    function resume(bytes32 grounds) external restricted {
        require(_stoppedUntil > block.timestamp, WritesAreOpen());
        _stoppedUntil = 0;
        emit WritesResumed(grounds);
    }

    /// @inheritdoc IGoverned
    function stoppedUntil() external view returns (uint40) {
        return _stoppedUntil;
    }

    function _msgSender() internal view override(Context, Sender) returns (address) {
        return Sender._msgSender();
    }

    function _msgData() internal view override(Context, ERC2771Context) returns (bytes calldata) {
        return ERC2771Context._msgData();
    }

    function _contextSuffixLength() internal view override(Context, ERC2771Context) returns (uint256) {
        return ERC2771Context._contextSuffixLength();
    }
}
