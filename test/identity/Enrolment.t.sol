// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IEnrolment as I} from "../../contracts/identity/IEnrolment.sol";
import {RequestId} from "../../contracts/identity/RequestId.sol";
import {RequestSlot, RequestSlots} from "../../contracts/identity/RequestSlot.sol";
import {SchemaId} from "../../contracts/identity/SchemaId.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {EnrolmentModel} from "./EnrolmentModel.sol";

contract EnrolmentTest {
    EnrolmentModel private model;

    function setUp() public {
        model = EnrolmentModel(Artifact.deploy("EnrolmentModel", ""));
    }

    function testFuzz_anything_agreesWithThePlainTwin(uint256 seed) public {
        for (uint256 step; step < 24; ++step) {
            _step(uint256(keccak256(abi.encode(seed, step))));
            assert(model.agreed());
        }
        assert(model.agrees());
        assert(!model.halfDone());
        for (uint256 i; i < 3; ++i) {
            model.pass(uint16(seed >> (16 * i)));
            assert(model.agrees());
        }
    }

    function test_steps_leadToEveryState() public {
        for (uint256 step; step < 1_000; ++step) _step(uint256(keccak256(abi.encode("anywhere", step))));
        assert(model.agreed());
        assert(model.reached(I.State.CONFIRMED) != 0);
        // Made anew after each of these.
        assert(model.reached(I.State.REJECTED) != 0);
        assert(model.reached(I.State.WITHDRAWN) != 0);
        assert(model.reached(I.State.LAPSED) != 0);
    }

    function _step(uint256 r) private {
        (uint8 a, uint8 b, uint8 c) = (uint8(r >> 8), uint8(r >> 16), uint8(r >> 24));
        (uint8 d, uint8 e) = (uint8(r >> 32), uint8(r >> 40));
        uint256 pick = uint8(r) % 20;
        if (pick < 8) model.request(a, b, c, d);
        else if (pick < 10) model.withdraw(a, b, c, d);
        else if (pick < 14) model.confirm(a, b, c, d);
        else if (pick < 16) model.reject(a, b, c, d, e);
        else if (pick < 17) model.confirmAsStranger(a, b, c, d, e);
        else if (pick < 18) model.pass(uint16(r >> 48));
        else if (pick < 19) model.suspendOrReinstate(a);
        else model.stop(a % 60);
    }

    function testFuzz_requestIdOf_agreesWithItsTwin(
        address applicant,
        uint32 office,
        SchemaId schema,
        bytes32 commitment
    ) public view {
        RequestId id = model.enrolment().requestIdOf(applicant, office, schema, commitment);
        assert(RequestId.unwrap(id) == keccak256(abi.encode(applicant, office, schema, commitment)));
    }

    function testFuzz_slot_keepsWhatItWasGiven(
        uint40 time,
        uint40 lapsesAt,
        uint40 decidedAt,
        uint32 office,
        uint32 key,
        uint8 to,
        uint8 why
    ) public pure {
        I.State state = I.State(2 + (to % 3));
        I.Grounds grounds = I.Grounds(why % 7);
        RequestSlot slot = RequestSlots.requested(time, lapsesAt, office);
        _same(slot, I.Request(time, lapsesAt, 0, office, 0, I.State.LAPSED, I.Grounds.UNSPECIFIED), lapsesAt);
        if (lapsesAt != 0) {
            I.Request memory open = I.Request(time, lapsesAt, 0, office, 0, I.State.REQUESTED, I.Grounds.UNSPECIFIED);
            _same(slot, open, lapsesAt - 1);
        }
        slot = slot.decided(decidedAt, state).by(key, grounds);
        _same(slot, I.Request(time, lapsesAt, decidedAt, office, key, state, grounds), type(uint40).max);
    }

    function _same(RequestSlot slot, I.Request memory expected, uint40 time) private pure {
        assert(keccak256(abi.encode(slot.unpack(time))) == keccak256(abi.encode(expected)));
    }
}
