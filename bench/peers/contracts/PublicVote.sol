// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

/// @title PublicVote
/// @notice OpenZeppelin's Governor with its simple count, and no more than it asks to be given.
contract PublicVote is Governor, GovernorCountingSimple, GovernorVotes {
    constructor(IVotes token) Governor("PublicVote") GovernorVotes(token) {}

    /// @inheritdoc Governor
    function votingDelay() public pure override returns (uint256) {
        return 1;
    }

    /// @inheritdoc Governor
    function votingPeriod() public pure override returns (uint256) {
        return 1_000;
    }

    /// @inheritdoc Governor
    function quorum(uint256) public pure override returns (uint256) {
        return 2;
    }
}
