// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {AttestationRegistry} from "../../contracts/identity/AttestationRegistry.sol";
import {Enrolment} from "../../contracts/identity/Enrolment.sol";
import {IAttestationRegistry} from "../../contracts/identity/IAttestationRegistry.sol";
import {IEnrolment as I} from "../../contracts/identity/IEnrolment.sol";
import {RequestId} from "../../contracts/identity/RequestId.sol";
import {SchemaId} from "../../contracts/identity/SchemaId.sol";
import {Uid} from "../../contracts/identity/Uid.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {TrustList} from "../../contracts/trust/TrustList.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

/// @title EnrolmentModel
/// @notice Does anything with an enrolment, and keeps beside it a plain twin that says what should have come of it.
/// @dev Two offices, two schemas; clerk 0 of office 1 for both schemas, clerk 1 of office 1 for the first alone, clerk 2
/// of office 2 for both. Four applicants, of whom the first two are clerks 0 and 2. The twin finds requests by looking
/// through all of them, field by field, and keeps time as it goes. `agreed` turns false for good when the contract did
/// what the twin says it should not have, or the reverse.
contract EnrolmentModel {
    struct Twin {
        address applicant;
        uint32 office;
        uint8 schema;
        uint8 application;
        uint40 requestedAt;
        uint40 lapsesAt;
        uint40 decidedAt;
        uint32 key;
        I.State state;
        I.Grounds grounds;
    }

    uint40 private constant NO_END = type(uint40).max;
    uint32 private constant LAPSE = 600;
    address private constant HEAD = address(0x2001);

    Enrolment public immutable enrolment;
    AttestationRegistry public immutable registry;
    TrustList public immutable trustList;
    bool public agreed = true;
    /// @dev Whether a confirmation and its attestation ever came apart.
    bool public halfDone;
    uint40 public time = 1_800_000_000;
    /// @dev How often a request was made anew out of a state, or was confirmed: the steps lead there.
    mapping(I.State state => uint256) public reached;

    address[3] internal _clerks;
    address[4] private _applicants;
    Twin[] internal _twins;
    bool[3] private _suspended;
    uint40 private _stoppedUntil;
    uint256 private _content;

    constructor() {
        vm.warp(time);
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        Sender.Relays memory relays;
        trustList = TrustList(Artifact.deploy("TrustList", abi.encode(address(manager), relays)));
        registry = AttestationRegistry(
            Artifact.deploy("AttestationRegistry", abi.encode(address(manager), trustList, relays))
        );
        enrolment = Enrolment(
            Artifact.deploy("Enrolment", abi.encode(address(manager), address(registry), trustList, LAPSE, relays))
        );
        for (uint32 office = 1; office <= 2; ++office) {
            trustList.registerBody(HEAD, "");
            for (uint8 schema; schema < 2; ++schema) {
                trustList.accredit(_schema(schema), 0, office, 0, NO_END, 0, "");
            }
        }
        _clerks = [_authorize(1, 1, 2), _authorize(1, 2, 1), _authorize(2, 3, 2)];
        _applicants = [_clerks[0], _clerks[2], address(0x3001), address(0x3002)];
    }

    // TIME AND TRUST

    function pass(uint16 seconds_) external {
        time += seconds_ % LAPSE;
        vm.warp(time);
    }

    function suspendOrReinstate(uint8 pick) external {
        vm.warp(time);
        uint32 office = 1 + (pick % 2);
        _suspended[office] = !_suspended[office];
        for (uint8 schema; schema < 2; ++schema) {
            if (_suspended[office]) trustList.suspend(_schema(schema), office, "");
            else trustList.reinstate(_schema(schema), office, "");
        }
    }

    function stop(uint8 seconds_) external {
        vm.warp(time);
        if (seconds_ == 0) return;
        _stoppedUntil = time + seconds_;
        enrolment.stop(_stoppedUntil, "");
    }

    // THE APPLICANT

    function request(uint8 by, uint8 office, uint8 schema, uint8 application) external {
        vm.warp(time);
        address applicant = _applicants[by % 4];
        (office, schema, application) = (1 + (office % 2), schema % 2, application % 3);
        Twin storage twin = _twin(applicant, office, schema, application);
        I.State state = _stateOf(twin);
        bool fine = time >= _stoppedUntil && state != I.State.REQUESTED && state != I.State.CONFIRMED;
        bytes memory call = abi.encodeCall(
            enrolment.request,
            (office, SchemaId.wrap(_schema(schema)), bytes32(uint256(application)))
        );
        if (!_expect(applicant, address(enrolment), call, fine)) return;
        (twin.requestedAt, twin.lapsesAt, twin.decidedAt, twin.key) = (time, time + LAPSE, 0, 0);
        (twin.state, twin.grounds) = (I.State.REQUESTED, I.Grounds.UNSPECIFIED);
        if (state != I.State.NONE) ++reached[state];
    }

    function withdraw(uint8 by, uint8 office, uint8 schema, uint8 application) external {
        vm.warp(time);
        address applicant = _applicants[by % 4];
        (office, schema, application) = (1 + (office % 2), schema % 2, application % 3);
        Twin storage twin = _twin(applicant, office, schema, application);
        bytes memory call = abi.encodeCall(
            enrolment.withdraw,
            (office, SchemaId.wrap(_schema(schema)), bytes32(uint256(application)))
        );
        bool fine = _stateOf(twin) == I.State.REQUESTED;
        if (!_expect(applicant, address(enrolment), call, fine)) return;
        (twin.state, twin.decidedAt) = (I.State.WITHDRAWN, time);
    }

    // THE CLERK

    function confirm(uint8 by, uint8 whose, uint8 schema, uint8 application) external {
        vm.warp(time);
        (by, schema, application) = (by % 3, schema % 2, application % 3);
        address applicant = _applicants[whose % 4];
        Twin storage twin = _twin(applicant, _officeOf(by), schema, application);
        bytes32 content = bytes32(++_content);
        bytes memory call = abi.encodeCall(
            registry.attestAndCall,
            (
                SchemaId.wrap(_schema(schema)),
                content,
                NO_END,
                enrolment,
                abi.encode(applicant, bytes32(uint256(application)))
            )
        );
        bool fine = time >= _stoppedUntil && _mayDecide(by, schema, twin);
        bool done = _expect(_clerks[by], address(registry), call, fine);
        Uid uid = Uid.wrap(keccak256(abi.encode(_officeOf(by), _schema(schema), content, NO_END)));
        IAttestationRegistry.Record memory record = registry.recordOf(uid);
        if (done != (record.issuedAt == time && record.issuer == _officeOf(by))) halfDone = true;
        if (!done) return;
        (twin.state, twin.decidedAt) = (I.State.CONFIRMED, time);
        ++reached[I.State.CONFIRMED];
    }

    function reject(uint8 by, uint8 whose, uint8 schema, uint8 application, uint8 why) external {
        vm.warp(time);
        (by, schema, application) = (by % 3, schema % 2, application % 3);
        address applicant = _applicants[whose % 4];
        Twin storage twin = _twin(applicant, _officeOf(by), schema, application);
        I.Grounds grounds = I.Grounds(why % 7);
        bytes memory call = abi.encodeCall(
            enrolment.reject,
            (SchemaId.wrap(_schema(schema)), applicant, bytes32(uint256(application)), grounds)
        );
        if (!_expect(_clerks[by], address(enrolment), call, _mayDecide(by, schema, twin))) return;
        (twin.state, twin.decidedAt, twin.grounds) = (I.State.REJECTED, time, grounds);
        twin.key = by == 1 ? 2 : 1;
    }

    /// @notice Nobody but the registry confirms, whoever calls and whatever they say.
    function confirmAsStranger(uint8 by, uint8 whose, uint8 office, uint8 schema, uint8 application) external {
        vm.warp(time);
        bytes memory data = abi.encode(_applicants[whose % 4], bytes32(uint256(application % 3)));
        bytes memory call = abi.encodeCall(
            enrolment.onAttested,
            (_clerks[by % 3], Uid.wrap(0), SchemaId.wrap(_schema(schema % 2)), 1 + (office % 2), "", NO_END, data)
        );
        _expect(_clerks[by % 3], address(enrolment), call, false);
    }

    // COMPARE

    /// @notice Whether all requests are those of the twin, now.
    function agrees() external returns (bool) {
        vm.warp(time);
        for (uint256 i; i < _twins.length; ++i) {
            Twin storage twin = _twins[i];
            bool known = twin.state != I.State.NONE;
            I.Request memory expected = I.Request({
                requestedAt: twin.requestedAt,
                lapsesAt: twin.lapsesAt,
                decidedAt: twin.decidedAt,
                office: known ? twin.office : 0,
                key: twin.key,
                state: _stateOf(twin),
                grounds: twin.grounds
            });
            I.Request memory actual = enrolment.statusOf(_idOf(twin));
            if (keccak256(abi.encode(actual)) != keccak256(abi.encode(expected))) return false;
        }
        return true;
    }

    // INTERNAL

    /// @dev Calls as somebody; notes whether it went as the twin says.
    function _expect(address by, address to, bytes memory call, bool fine) private returns (bool done) {
        vm.prank(by);
        (done, ) = to.call(call);
        if (done != fine) agreed = false;
        _observe();
    }

    /// @dev For whoever watches how requests change, after each call.
    function _observe() internal virtual {}

    function _mayDecide(uint8 clerk, uint8 schema, Twin storage twin) private view returns (bool) {
        bool listed = clerk != 1 || schema == 0;
        bool own = twin.applicant == _clerks[clerk];
        return listed && !own && !_suspended[_officeOf(clerk)] && _stateOf(twin) == I.State.REQUESTED;
    }

    function _stateOf(Twin storage twin) internal view returns (I.State) {
        return twin.state == I.State.REQUESTED && time >= twin.lapsesAt ? I.State.LAPSED : twin.state;
    }

    function _twin(address applicant, uint32 office, uint8 schema, uint8 application) private returns (Twin storage) {
        for (uint256 i; i < _twins.length; ++i) {
            Twin storage known = _twins[i];
            bool same = known.applicant == applicant && known.office == office;
            if (same && known.schema == schema && known.application == application) return known;
        }
        Twin storage twin = _twins.push();
        (twin.applicant, twin.office, twin.schema, twin.application) = (applicant, office, schema, application);
        return twin;
    }

    function _idOf(Twin storage twin) internal view returns (RequestId) {
        bytes32 application = bytes32(uint256(twin.application));
        return RequestId.wrap(keccak256(abi.encode(twin.applicant, twin.office, _schema(twin.schema), application)));
    }

    function _officeOf(uint8 clerk) private pure returns (uint32) {
        return clerk == 2 ? 2 : 1;
    }

    function _schema(uint8 i) private pure returns (bytes32) {
        return i == 0 ? bytes32("residence") : bytes32("licence");
    }

    function _authorize(uint32 body, uint256 secret, uint256 schemas) private returns (address key) {
        key = vm.addr(secret);
        bytes32[] memory scopes = new bytes32[](schemas);
        for (uint8 i; i < schemas; ++i) scopes[i] = _schema(i);
        bytes memory consent = TypedData.consent(address(trustList), body, secret);
        vm.prank(HEAD);
        trustList.authorizeKey(body, key, scopes, 0, NO_END, type(uint256).max, consent);
    }
}
