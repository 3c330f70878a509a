// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {IElection} from "../../contracts/voting/IElection.sol";
import {IElectionFactory} from "../../contracts/voting/IElectionFactory.sol";
import {ITrustees} from "../../contracts/voting/ITrustees.sol";

/// @dev Makes elections with real trustees as the factory does, of any terms and without a trust list.
contract WholeElectionMaker {
    function make(
        address electionCode,
        address trusteesCode,
        IElection.Terms memory terms,
        ITrustees.Terms calldata ofTrustees,
        IElectionFactory.Text[] calldata texts,
        address[] calldata commission,
        IElection.Roll calldata roll
    ) external {
        address trustees = Clones.cloneWithImmutableArgs(trusteesCode, abi.encode(ofTrustees));
        terms.trustees = ITrustees(trustees);
        terms.texts = keccak256(abi.encode(texts));
        terms.commission = keccak256(abi.encodePacked(commission));
        bytes memory encoded = abi.encode(keccak256(abi.encode(terms)), terms, uint40(block.timestamp));
        address election = Clones.cloneWithImmutableArgs(electionCode, encoded);
        emit IElectionFactory.ElectionCreated(election, trustees, 1, terms, texts, commission, roll);
        ITrustees(trustees).bind(election);
    }
}
