// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessLink} from "../../contracts/health/AccessLink.sol";
import {ConsentRegistry} from "../../contracts/health/ConsentRegistry.sol";
import {ConsentSlot, ConsentSlots} from "../../contracts/health/ConsentSlot.sol";
import {GuardianshipSlot, GuardianshipSlots} from "../../contracts/health/GuardianshipSlot.sol";
import {IBreakGlass} from "../../contracts/health/IBreakGlass.sol";
import {IConsentRegistry as I} from "../../contracts/health/IConsentRegistry.sol";
import {IDelegation as D} from "../../contracts/health/IDelegation.sol";
import {IGuardianship as G} from "../../contracts/health/IGuardianship.sol";
import {PatientSlot} from "../../contracts/health/PatientSlot.sol";
import {IGoverned} from "../../contracts/trust/IGoverned.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Signatures} from "../../contracts/trust/Signatures.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {ConsentModel} from "./ConsentModel.t.sol";

contract ConsentRegistryTest {
    ConsentModel private model;
    bytes4[3] private _terms = [
        I.ConsentGranteeMissing.selector,
        I.ConsentPurposesMissing.selector,
        I.ConsentPeriodInvalid.selector
    ];
    bytes4[3] private _signed = [
        I.ConsentVersionMismatch.selector,
        Signatures.SignatureExpired.selector,
        Signatures.SignatureInvalid.selector
    ];

    function setUp() public {
        model = ConsentModel(Artifact.deploy("ConsentModel", ""));
    }

    // WHAT IS RECORDED

    function test_steps_leadToEveryOutcome() public {
        for (uint256 seed; seed < 160; ++seed) _walk(seed, 64);
        assert(model.agreed() && model.agrees() && model.headsAgree());
        ConsentRegistry r = model.registry();
        _requireReached(
            r.grant.selector,
            [bytes4(0), IGoverned.WritesAreStopped.selector, _terms[0], _terms[1], _terms[2]]
        );
        _requireReached(r.grantBySignature.selector, [bytes4(0), _signed[0], _signed[1], _signed[2], _terms[2]]);
        _requireReached(
            r.grantAsGuardian.selector,
            [bytes4(0), G.GuardianNotInForce.selector, I.ConsentOutlastsGuardian.selector, _terms[1], _terms[2]]
        );
        _requireReached(
            r.grantByDelegates.selector,
            [
                bytes4(0),
                D.DelegatesMismatch.selector,
                D.DelegatesLapsed.selector,
                D.TooFewDelegates.selector,
                D.NotDelegate.selector
            ]
        );
        _requireReached(r.revokeBySignature.selector, [bytes4(0), _signed[0], _signed[1], _signed[2], bytes4(0)]);
        _requireReached(
            r.appointGuardian.selector,
            [
                bytes4(0),
                ITrustList.NotAccredited.selector,
                ITrustList.KeyNotInForce.selector,
                G.GuardianshipInPast.selector,
                G.GuardianInvalid.selector
            ]
        );
        _requireReached(
            r.endGuardianship.selector,
            [
                bytes4(0),
                G.GuardianshipNotRunning.selector,
                ITrustList.KeyOfAnotherBody.selector,
                ITrustList.KeyNotInForce.selector,
                bytes4(0)
            ]
        );
        _requireReached(
            r.logAccess.selector,
            [
                bytes4(0),
                I.ConsentNotInForce.selector,
                ITrustList.NotAccredited.selector,
                ITrustList.KeyNotInForce.selector,
                bytes4(0)
            ]
        );
        assert(model.reached(r.revokeAsGuardian.selector, 0) != 0);
        assert(model.reached(r.revokeByDelegates.selector, 0) != 0);
        assert(model.reached(r.objectToAsGuardian.selector, 0) != 0);
        assert(model.reached(r.objectToBySignature.selector, IGoverned.WritesAreStopped.selector) != 0);
        assert(model.reached(r.setDelegates.selector, IGoverned.WritesAreStopped.selector) != 0);
        assert(model.reached(r.logEmergencyAccess.selector, 0) != 0);
        assert(model.reached(r.logEmergencyAccess.selector, IBreakGlass.BreakGlassNotOpen.selector) != 0);
        for (uint256 status; status <= uint256(I.Status.GUARDIAN_LAPSED); ++status) {
            assert(I.Status(status) == I.Status.IN_FORCE || model.refused(I.Status(status)) != 0);
        }
    }

    function testFuzz_anything_agreesWithThePlainTwin(uint256 seed) public {
        _walk(seed, 24);
        assert(model.agreed() && model.agrees() && model.headsAgree());
    }

    // HASHES AND SLOTS

    function testFuzz_link_agreesWithItsPlainTwin(
        uint224 head,
        uint32 recipient,
        uint32 key,
        uint8 purpose,
        bytes32 basis,
        uint32 version,
        uint40 time,
        bytes32 commitment
    ) public pure {
        bytes32 plain = keccak256(abi.encode(head, recipient, key, purpose, basis, version, time, commitment));
        assert(AccessLink.follow(head, recipient, key, purpose, basis, version, time, commitment) == plain);
    }

    function testFuzz_consentSlot_givesBackWhatItTook(
        I.Grant calldata g,
        uint40 time,
        uint32 version,
        uint8 who,
        address guardian
    ) public pure {
        I.By by = I.By(who % 5);
        ConsentSlot slot = ConsentSlots.granted(g.purposes, g.from, g.until, g.uses, time, version, by);
        I.Consent memory c = I.Consent(
            g.purposes,
            g.from,
            g.until,
            time,
            version,
            g.uses,
            by,
            I.State.GRANTED,
            guardian
        );
        _same(slot.unpack(guardian), c);
        assert(!slot.hangs() && slot.hung().hangs());
        _same(slot.hung().unpack(guardian), c);

        if (g.uses != 0) {
            (c.uses, c.state) = (g.uses - 1, g.uses == 1 ? I.State.USED_UP : I.State.GRANTED);
            _same(slot.used().unpack(guardian), c);
            _same(slot.hung().used().unpack(guardian), c);
            assert(slot.hung().used().hangs());
        }
        (c.uses, c.state, c.changedAt, c.version, c.by) = (
            g.uses,
            I.State.REVOKED,
            version,
            version ^ 1,
            I.By.GUARDIAN
        );
        _same(slot.revoked(version, version ^ 1, I.By.GUARDIAN).unpack(guardian), c);
        assert(!slot.hung().revoked(version, version ^ 1, I.By.GUARDIAN).hangs());
    }

    function testFuzz_allows_isWhatItsWordsSay(
        uint32 purposes,
        uint32 barred,
        uint8 purpose,
        uint40 from,
        uint40 until,
        uint40 time,
        uint8 kind
    ) public pure {
        if (from >= until) (from, until) = (until, from == until ? from + (from < type(uint40).max ? 1 : 0) : from);
        if (from == until) return;
        purpose = purpose % 40;
        // At the edges as often as anywhere.
        if (kind % 8 == 1) time = from;
        if (kind % 8 == 2) time = until;
        if (kind % 8 == 3 && from != 0) time = from - 1;
        if (kind % 8 == 4) time = until - 1;
        ConsentSlot slot = ConsentSlots.granted(purposes, from, until, 1, 0, 1, I.By.PATIENT);
        bool named = purpose < 32 && (purposes / 2 ** purpose) % 2 == 1 && (barred / 2 ** purpose) % 2 == 0;
        bool expected = named && time >= from && time < until;
        assert(slot.allows(purpose, barred, time) == expected);
        assert(slot.names(purpose) == (purpose < 32 && (purposes / 2 ** purpose) % 2 == 1));
        assert(!slot.hung().allows(purpose, barred, time));
        assert(!slot.used().allows(purpose, barred, time));
        assert(!slot.revoked(0, 2, I.By.PATIENT).allows(purpose, barred, time));
        assert(!ConsentSlot.wrap(0).allows(purpose, barred, time));
    }

    function testFuzz_patientSlot_givesBackWhatItTook(uint256 word, uint32 purposes, uint224 head) public pure {
        PatientSlot slot = PatientSlot.wrap(word);
        assert(slot.withObjections(purposes).objections() == purposes);
        assert(slot.withObjections(purposes).head() == slot.head());
        assert(slot.withHead(head).head() == head);
        assert(slot.withHead(head).objections() == slot.objections());
        for (uint8 purpose; purpose < 40; ++purpose) {
            bool barred = purpose < 32 && (purposes / uint256(2) ** purpose) % 2 == 1;
            assert(slot.withObjections(purposes).bars(purpose) == barred);
        }
    }

    function testFuzz_guardianshipSlot_givesBackWhatItTook(
        uint40 from,
        uint40 until,
        uint40 endedAt,
        uint32 court,
        uint32 key,
        uint8 role
    ) public pure {
        GuardianshipSlot slot = GuardianshipSlots.appointed(from, until, court, key, role);
        G.Guardianship memory g = G.Guardianship(from, until, 0, court, key, role);
        assert(keccak256(abi.encode(slot.unpack())) == keccak256(abi.encode(g)));
        g.endedAt = endedAt;
        assert(keccak256(abi.encode(slot.ended(endedAt).unpack())) == keccak256(abi.encode(g)));
    }

    // HELPERS

    function _requireReached(bytes4 method, bytes4[5] memory outcomes) private view {
        for (uint256 i; i < 5; ++i) assert(model.reached(method, outcomes[i]) != 0);
    }

    /// @dev Steps that a seed chooses: the twin follows each.
    function _walk(uint256 seed, uint256 steps) private {
        for (uint256 step; step < steps; ++step) {
            uint256 r = uint256(keccak256(abi.encode(seed, step)));
            (uint8 a, uint8 b, uint8 c, uint8 d) = (uint8(r >> 8), uint8(r >> 16), uint8(r >> 24), uint8(r >> 32));
            uint256 kind = r % 28;
            if (kind < 3) model.grant(a, r >> 40);
            else if (kind < 5) model.grantBySignature(a, r >> 40, b);
            else if (kind < 7) model.grantAsGuardian(a, b, r >> 40);
            else if (kind < 9) model.grantByDelegates(a, r >> 40, b, c, d);
            else if (kind < 10) model.revoke(a, b, c);
            else if (kind < 11) model.revokeBySignature(a, b, c, d);
            else if (kind < 12) model.revokeAsGuardian(a, b, c, d);
            else if (kind < 13) model.revokeByDelegates(a, uint16(r >> 40), b, c, d);
            else if (kind < 14) model.objectTo(a, b & c);
            else if (kind < 15) model.objectToBySignature(a, b & c, d);
            else if (kind < 16) model.objectToAsGuardian(a, b, c & d);
            else if (kind < 17) model.setDelegates(a, b);
            else if (kind < 18) model.setDelegatesBySignature(a, b, c);
            else if (kind < 19) model.appointGuardian(a, b, c, uint16(r >> 40));
            else if (kind < 20) model.endGuardianship(a, b, c);
            else if (kind < 23) model.logAccess(a, b, c, d);
            else if (kind < 24) model.breakGlass(a, b);
            else if (kind < 25) model.logEmergencyAccess(a, b);
            else if (kind < 26) model.logAccesses(a);
            else if (kind < 27) model.pass(a % 64);
            else _council(a, b, uint16(r >> 40), c);
        }
    }

    function _council(uint8 which, uint8 a, uint16 b, uint8 c) private {
        if (which % 4 == 0) model.stop(a);
        else if (which % 4 == 1) model.compromise(a, b, c);
        else model.suspendOrReinstate(a);
    }

    function _same(I.Consent memory a, I.Consent memory b) private pure {
        assert(keccak256(abi.encode(a)) == keccak256(abi.encode(b)));
    }
}
