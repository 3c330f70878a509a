// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {DidSlot} from "../../contracts/identity/DidSlot.sol";
import {IDidRecovery} from "../../contracts/identity/IDidRecovery.sol";
import {IDidRegistry} from "../../contracts/identity/IDidRegistry.sol";
import {PeriodSlot} from "../../contracts/identity/PeriodSlot.sol";
import {PlanSlot} from "../../contracts/identity/PlanSlot.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {DidModel} from "./DidModel.sol";

contract DidRegistryTest {
    DidModel private model;

    function setUp() public {
        model = DidModel(Artifact.deploy("DidModel", ""));
    }

    function testFuzz_anything_agreesWithThePlainTwin(uint256 seed) public {
        for (uint256 step; step < 40; ++step) {
            _step(uint256(keccak256(abi.encode(seed, step))));
            assert(model.agreed());
        }
        assert(model.agrees());
    }

    /// @dev Callers and lists are mostly the right ones, so that long stories come about.
    function _step(uint256 r) private {
        uint8 which = uint8(r >> 8) % 8 == 0 ? 1 : 0;
        uint8 any = uint8(r >> 16);
        uint8 caller = _likelyOwner(which, uint8(r >> 24), any);
        (uint8 list, uint8 ahead) = (uint8(r >> 32) % 4 == 0 ? any : 0, uint8(r >> 40));
        uint256 pick = uint8(r) % 32;
        if (pick < 5) model.pass(uint8(r >> 48) % 40);
        else if (pick < 6) model.stop(any);
        else if (pick < 8) model.changeOwner(which, caller, any);
        else if (pick < 9) model.changeOwnerBySignature(which, caller, any, ahead, any);
        else if (pick < 11) model.changeMany(which, caller, r >> 64);
        else if (pick < 12) model.changeManyBySignature(which, caller, r >> 64, ahead, any);
        else if (pick < 14) model.freeze(which, caller);
        else if (pick < 15) model.freezeAsGuardian(which, any, list);
        else if (pick < 18) model.scheduleExit(which, caller, any % 4 != 0);
        else if (pick < 20) model.thaw(which, any);
        else if (pick < 21) model.deactivate(which, caller);
        else if (pick < 23) model.setGuardians(which, caller, list);
        else if (pick < 24) model.applyGuardians(which, any);
        else if (pick < 25) model.cancelGuardians(which, caller);
        else if (pick < 28) model.recover(which, any, list, uint8(r >> 56), ahead, any % 8 == 1);
        else if (pick < 30) model.executeRecovery(which, any);
        else if (pick < 31) model.vetoRecovery(which, caller);
        else model.vetoRecoveryAsVetoer(which, 5, list);
    }

    /// @dev Three times in four the number of who owns the DID.
    function _likelyOwner(uint8 which, uint8 r, uint8 any) private view returns (uint8 caller) {
        if (r % 4 == 0) return any;
        return model.ownerNumber(which);
    }

    // WORDS

    function testFuzz_didSlot_packsEachFieldBesideTheOthers(
        address identity,
        address owner,
        uint32 first,
        uint32 second,
        uint8 nonces
    ) public pure {
        DidSlot did = DidSlot.wrap(0);
        assert(did.owner(identity) == identity && did.state() == IDidRegistry.State.ACTIVE);
        did = did.touched(first).touched(second).withOwner(owner);
        for (uint256 i; i < nonces; ++i) did = did.withNextNonce();
        did = did.withState(IDidRegistry.State.FROZEN);
        assert(did.owner(identity) == (owner == address(0) ? identity : owner));
        assert(did.nonce() == nonces && did.state() == IDidRegistry.State.FROZEN);
        assert(did.changed() == second && did.link() == (first == second ? 0 : first));
        DidSlot again = did.relinked(first).withState(IDidRegistry.State.DEACTIVATED);
        assert(again.changed() == first && again.link() == did.link() && again.nonce() == nonces);
        assert(again.owner(identity) == address(0));
    }

    function test_didSlot_startsItsNonceAgain_whenAllAreUsed() public pure {
        uint256 all = ((1 << 30) - 1) << 224;
        DidSlot did = DidSlot.wrap(all).withOwner(address(7)).withState(IDidRegistry.State.FROZEN);
        DidSlot next = did.withNextNonce();
        assert(did.nonce() == (1 << 30) - 1 && next.nonce() == 0);
        assert(next.owner(address(1)) == address(7) && next.state() == IDidRegistry.State.FROZEN);
    }

    function testFuzz_planSlot_packsEachFieldBesideTheOthers(
        uint40 due,
        uint40 other,
        address to,
        uint8 k
    ) public pure {
        IDidRecovery.Plan kind = IDidRecovery.Plan(k % 4);
        PlanSlot plan = PlanSlot.wrap(0).withGuardiansDueAt(due).planned(kind, other, to);
        assert(plan.kind() == kind && plan.dueAt() == other && plan.newOwner() == to && plan.guardiansDueAt() == due);
        assert(PlanSlot.unwrap(plan.withoutPlan().withGuardiansDueAt(0)) == 0);
        assert(plan.withGuardiansDueAt(other).dueAt() == other && plan.withGuardiansDueAt(other).newOwner() == to);
    }

    function testFuzz_periodSlot_containsWhatAPlainPeriodDoes(uint40 a, uint40 b, uint40 end, uint40 at) public pure {
        if (b > end) (b, end) = (end, b);
        PeriodSlot period = PeriodSlot.wrap(0).extended(a, b);
        assert(period.from() == a && period.until() == b);
        assert(period.contains(at) == (a <= at && at < b));
        PeriodSlot later = period.extended(b, end);
        assert(later.from() == b && later.until() == end);
        if (b == 0) return;
        assert(period.extended(b - 1, end).from() == a);
    }
}
