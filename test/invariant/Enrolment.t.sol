// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEnrolment as I} from "../../contracts/identity/IEnrolment.sol";
import {RequestId} from "../../contracts/identity/RequestId.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {EnrolmentModel} from "../identity/EnrolmentModel.sol";

/// @title EnrolmentHistory
/// @notice Remembers how each request looked before each call, and notes what must never happen.
contract EnrolmentHistory is EnrolmentModel {
    bool public confirmedChanged;
    bool public decidedWithoutRequest;
    bool public decidedAfterLapse;

    mapping(RequestId id => I.Request) private _before;

    function _observe() internal override {
        for (uint256 i; i < _twins.length; ++i) {
            RequestId id = _idOf(_twins[i]);
            I.Request memory old = _before[id];
            I.Request memory r = enrolment.statusOf(id);
            if (keccak256(abi.encode(old)) == keccak256(abi.encode(r))) continue;
            if (old.state == I.State.CONFIRMED) confirmedChanged = true;
            if (r.decidedAt != 0 && r.decidedAt >= r.lapsesAt) decidedAfterLapse = true;
            bool decided = r.state != I.State.REQUESTED && r.state != I.State.LAPSED;
            if (decided && old.state != I.State.REQUESTED) decidedWithoutRequest = true;
            _before[id] = r;
        }
    }
}

contract EnrolmentInvariants {
    EnrolmentHistory private history;

    function setUp() public {
        history = EnrolmentHistory(Artifact.deploy("EnrolmentHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_enrolmentDoesWhatThePlainTwinSays() public {
        assert(history.agreed());
        assert(history.agrees());
    }

    function invariant_aRequestIsDecidedOnceAndInTime() public view {
        assert(!history.confirmedChanged());
        assert(!history.decidedWithoutRequest());
        assert(!history.decidedAfterLapse());
    }

    function invariant_noConfirmationWithoutItsAttestation() public view {
        assert(!history.halfDone());
    }
}
