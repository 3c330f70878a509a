// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {ITrustees} from "../../contracts/voting/ITrustees.sol";
import {Trustees} from "../../contracts/voting/Trustees.sol";

/// @dev Makes trustees as the factory does, of any terms and for any election.
contract TrusteesMaker {
    address public immutable IMPLEMENTATION = address(new Trustees());

    event Made(address trustees);

    function make(ITrustees.Terms memory terms, address election) external {
        address trustees = Clones.cloneWithImmutableArgs(IMPLEMENTATION, abi.encode(terms));
        if (election != address(0)) ITrustees(trustees).bind(election);
        emit Made(trustees);
    }
}
