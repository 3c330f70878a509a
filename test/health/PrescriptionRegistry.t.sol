// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPrescriptionRegistry as I} from "../../contracts/health/IPrescriptionRegistry.sol";
import {PrescriptionSlot, PrescriptionSlots} from "../../contracts/health/PrescriptionSlot.sol";
import {IGoverned} from "../../contracts/trust/IGoverned.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {PrescriptionModel} from "./PrescriptionModel.sol";

contract PrescriptionRegistryTest {
    error OutcomeNotReached(uint256 outcome);

    PrescriptionModel private model;
    uint256[20] private _met;

    function setUp() public {
        model = PrescriptionModel(Artifact.deploy("PrescriptionModel", ""));
    }

    // WHAT IS RECORDED

    function test_steps_leadToEveryOutcome() public {
        for (uint256 seed; seed < 24; ++seed) {
            model = PrescriptionModel(Artifact.deploy("PrescriptionModel", ""));
            _run(seed, 80);
            _collect();
        }
        for (uint256 i; i < 20; ++i) require(_met[i] != 0, OutcomeNotReached(i));
    }

    function testFuzz_anything_agreesWithThePlainBooks(uint256 seed) public {
        _run(seed, 40);
    }

    function _run(uint256 seed, uint256 steps) private {
        for (uint256 step; step < steps; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            (uint8 a, uint8 b, uint8 c) = (uint8(r >> 8), uint8(r >> 16), uint8(r >> 24));
            uint256 what = r % 32;
            if (what < 8) model.issue(a, b, uint16(r >> 32), c);
            else if (what < 19) model.dispense(a, b, uint16(r >> 32));
            else if (what < 22) model.reverse(a, b);
            else if (what < 24) model.cancel(a, b, c);
            else if (what < 26) model.annul(a, b);
            else if (what < 29) model.pass(a);
            else if (what == 29) model.suspendOrReinstate(a);
            else if (what == 30) model.compromise(a, b);
            else if (a % 4 == 0) model.stop(b);
        }
        assert(model.agreed());
        assert(model.agrees());
    }

    function _collect() private {
        bytes4[20] memory outcomes = [
            I.issue.selector,
            I.dispense.selector,
            I.reverse.selector,
            I.cancel.selector,
            I.annul.selector,
            IGoverned.WritesAreStopped.selector,
            ITrustList.KeyNotInForce.selector,
            ITrustList.NotAccredited.selector,
            ITrustList.KeyOfAnotherBody.selector,
            I.PrescriptionQuantityMissing.selector,
            I.PrescriptionEndInvalid.selector,
            I.PrescriptionIssuedBefore.selector,
            I.PrescriptionUnknown.selector,
            I.PrescriptionIsCancelled.selector,
            I.PrescriptionExpired.selector,
            I.PrescriptionSpent.selector,
            I.PrescriptionExceeded.selector,
            I.NothingDispensed.selector,
            I.CancelReasonMissing.selector,
            I.PrescriberNotCompromised.selector
        ];
        for (uint256 i; i < 20; ++i) _met[i] += model.reached(outcomes[i]);
    }

    // THE SLOT

    function testFuzz_slot_givesBackWhatItTook(
        uint40 issuedAt,
        uint40 expiresAt,
        uint32 prescriber,
        uint32 key,
        uint8 role,
        uint16 issued,
        uint16 quantity
    ) public pure {
        PrescriptionSlot slot = PrescriptionSlots.created(issuedAt, expiresAt, prescriber, key, role, issued);
        I.Record memory r;
        (r.issuedAt, r.expiresAt, r.prescriber, r.key, r.role) = (issuedAt, expiresAt, prescriber, key, role);
        (r.issued, r.remaining) = (issued, issued);
        assert(_same(slot, r));
        if (quantity > issued) quantity = issued;
        slot = slot.afterDispensing(type(uint32).max, type(uint8).max, quantity);
        (r.pharmacy, r.pharmacyRole, r.dispensed) = (type(uint32).max, type(uint8).max, quantity);
        r.remaining = r.issued - quantity;
        assert(_same(slot, r));
        slot = slot.afterReversal();
        (r.dispensed, r.remaining) = (0, r.issued);
        assert(_same(slot, r));
        slot = slot.afterDispensing(7, 8, r.issued).cancelled(I.CancelReason.OTHER);
        (r.pharmacy, r.pharmacyRole, r.dispensed, r.remaining) = (7, 8, r.issued, 0);
        r.reason = I.CancelReason.OTHER;
        assert(_same(slot, r) && slot.isCancelled());
        assert(_same(slot.afterReversal().afterDispensing(7, 8, r.issued), r));
    }

    function _same(PrescriptionSlot slot, I.Record memory r) private pure returns (bool) {
        return keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(r));
    }
}
