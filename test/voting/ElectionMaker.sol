// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {IElection} from "../../contracts/voting/IElection.sol";

/// @dev Makes elections as the factory does, of any terms.
contract ElectionMaker {
    event Made(address election);

    function make(address implementation, IElection.Terms memory terms) external {
        bytes memory fixedWords = abi.encode(keccak256(abi.encode(terms)), terms, uint40(block.timestamp));
        emit Made(Clones.cloneWithImmutableArgs(implementation, fixedWords));
    }
}
