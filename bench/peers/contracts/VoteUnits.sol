// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";

/// @title VoteUnits
/// @notice One vote for each who was admitted, as OpenZeppelin's Governor asks for them.
contract VoteUnits is Votes {
    mapping(address voter => uint256 units) private _units;

    constructor() EIP712("VoteUnits", "1") {}

    /// @notice Admits a voter, who votes for themselves.
    /// @param voter the address
    function admit(address voter) external {
        _units[voter] = 1;
        _transferVotingUnits(address(0), voter, 1);
        _delegate(voter, voter);
    }

    function _getVotingUnits(address voter) internal view override returns (uint256) {
        return _units[voter];
    }
}
