// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentRegistry as I} from "../../contracts/health/IConsentRegistry.sol";
import {ITrustList} from "../../contracts/trust/ITrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {ConsentModel} from "../health/ConsentModel.t.sol";

/// @title ConsentHistory
/// @notice Remembers how each consent looked before each step, and notes what must never happen.
contract ConsentHistory is ConsentModel {
    bool public versionFell;
    bool public changedUnnoticed;
    bool public readWithoutConsent;
    bool public readTooOften;
    bool public guardianOutlived;

    mapping(bytes32 consent => I.Consent) private _before;
    mapping(address patient => uint32 mask) private _objectionsBefore;
    mapping(bytes32 consent => mapping(uint32 version => uint256 uses)) private _granted;
    mapping(bytes32 consent => mapping(uint32 version => uint256 accesses)) private _readUnder;
    uint256 private _seen;

    function _observe() internal override {
        for (; _seen < _accesses.length; ++_seen) _judge(_accesses[_seen]);
        for (uint256 i; i < _twins.length; ++i) _compare(_twins[i]);
        for (uint8 i; i < 2; ++i) _objectionsBefore[_patient(i)] = registry.objectionsOf(_patient(i));
    }

    /// @dev By the records as they were before the step, and the interface's text; nothing is asked of the twin.
    function _judge(Access storage a) private {
        if (a.version == 0) return;
        bytes32 id = _idOf(a.patient, a.recipient, a.basis);
        I.Consent memory c = _before[id];
        bool granted = c.state == I.State.GRANTED && c.version == a.version;
        bool within = c.from <= a.time && a.time < c.until;
        bool forThis = (c.purposes >> a.purpose) % 2 == 1 && (_objectionsBefore[a.patient] >> a.purpose) % 2 == 0;
        if (!granted || !within || !forThis) readWithoutConsent = true;
        ITrustList.Standing standing = registry.guardianStandingOf(a.patient, c.guardian);
        if (c.by == I.By.GUARDIAN && standing != ITrustList.Standing.IN_FORCE) guardianOutlived = true;
        uint256 count = ++_readUnder[id][c.version];
        if (c.uses != 0 && count > _granted[id][c.version]) readTooOften = true;
    }

    function _compare(Twin storage twin) private {
        bytes32 id = _idOf(twin.patient, twin.grantee, twin.scope);
        I.Consent memory old = _before[id];
        I.Consent memory c = registry.consentOf(twin.patient, twin.grantee, twin.scope);
        if (c.version < old.version) versionFell = true;
        bool used = c.state == I.State.GRANTED || c.state == I.State.USED_UP;
        // Whatever changes within a version is a use.
        (old.uses, old.state) = (c.uses, used ? c.state : old.state);
        if (c.version == old.version && keccak256(abi.encode(old)) != keccak256(abi.encode(c))) changedUnnoticed = true;
        if (c.version != _before[id].version) _granted[id][c.version] = c.uses;
        _before[id] = c;
    }

    function _idOf(address patient, uint32 grantee, bytes32 scope) private pure returns (bytes32) {
        return keccak256(abi.encode(patient, grantee, scope));
    }
}

contract ConsentInvariants {
    ConsentHistory private history;

    function setUp() public {
        history = ConsentHistory(Artifact.deploy("ConsentHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_theRegistryDoesWhatThePlainTwinSays() public {
        assert(history.agreed());
        assert(history.agrees());
    }

    function invariant_versionsOnlyGrowAndNothingElseChangesTerms() public view {
        assert(!history.versionFell());
        assert(!history.changedUnnoticed());
    }

    function invariant_nobodyReadsWithoutConsentInForce() public view {
        assert(!history.readWithoutConsent());
        assert(!history.readTooOften());
        assert(!history.guardianOutlived());
    }

    function invariant_theHeadIsThatOfAllAccessesInOrder() public view {
        assert(history.headsAgree());
    }
}
