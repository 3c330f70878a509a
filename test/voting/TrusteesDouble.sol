// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustees} from "../../contracts/voting/ITrustees.sol";

/// @dev Stands for trustees that have made a key and open any sum: what an election sees of them, and no proof.
contract TrusteesDouble {
    ITrustees.Phase public phase = ITrustees.Phase.DONE;
    uint32 public round;
    bool public isDecrypted;
    bool public hasPartials;
    bool public isStopped;
    address public election;
    bytes32 public configuration;
    uint40 public deadline;
    bytes32[] public sumHashes;

    uint256 private _x;
    uint256 private _y;

    error HasPartials();

    constructor(uint256 x, uint256 y) {
        (_x, _y) = (x, y);
    }

    function setKey(uint256 x, uint256 y) external {
        (_x, _y) = (x, y);
    }

    function setPhase(ITrustees.Phase to) external {
        phase = to;
    }

    function setRound(uint32 to) external {
        round = to;
    }

    function setPartials(bool any, bool enough) external {
        (hasPartials, isDecrypted) = (any, enough);
    }

    function bind(address to) external {
        election = to;
    }

    function startDecryption(bytes32 hash, uint40 until, bytes32[] calldata hashes) external {
        (configuration, deadline, sumHashes) = (hash, until, hashes);
    }

    function stopDecryption() external {
        require(!hasPartials, HasPartials());
        isStopped = true;
    }

    function key() external view returns (uint256, uint256) {
        return (_x, _y);
    }

    // solhint-disable-next-line no-empty-blocks
    function requirePartials(uint256, ITrustees.Partial[] calldata) external pure {}
}
