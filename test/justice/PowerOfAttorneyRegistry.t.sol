// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPowerOfAttorneyRegistry as I} from "../../contracts/justice/IPowerOfAttorneyRegistry.sol";
import {PowerOfAttorneyRegistry} from "../../contracts/justice/PowerOfAttorneyRegistry.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {Signatures} from "../../contracts/trust/Signatures.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {TypedData} from "../helpers/TypedData.sol";
import {vm} from "../helpers/Vm.sol";

contract PowerOfAttorneyRegistryTest {
    bytes32 private constant GRANT = keccak256(
        "PowerGrant(address principal,address agent,bytes32 scope,uint40 from,uint40 until,uint32 version,uint256 deadline)"
    );
    uint40 private constant START = 1_800_000_000;
    uint256 private constant KEY = 11;

    PowerOfAttorneyRegistry private registry;
    address private immutable _PRINCIPAL = vm.addr(KEY);

    function setUp() public {
        vm.warp(START);
        Sender.Relays memory relays;
        bytes memory arguments = abi.encode(address(this), address(0), relays);
        registry = PowerOfAttorneyRegistry(Artifact.deploy("PowerOfAttorneyRegistry", arguments));
    }

    function testFuzz_statusOf_isByTheClock(
        address agent,
        bytes32 scope,
        uint16 from,
        uint16 until,
        uint32 at
    ) external {
        vm.assume(agent != address(0) && agent != _PRINCIPAL && scope != 0);
        I.Grant memory given = I.Grant(agent, scope, START + from, START + until);
        bool sound = until > from;
        vm.prank(_PRINCIPAL);
        (bool done, ) = address(registry).call(abi.encodeCall(I.grant, (given)));
        assert(done == sound);
        vm.warp(uint256(START) + at);
        I.Status expected =
            !sound
                ? I.Status.NONE
                : at < from
                    ? I.Status.PENDING
                    : at < until
                        ? I.Status.IN_FORCE
                        : I.Status.EXPIRED;
        assert(registry.statusOf(_PRINCIPAL, agent, scope) == expected);
        (bool holds, ) = address(registry).staticcall(abi.encodeCall(I.requirePower, (_PRINCIPAL, agent, scope)));
        assert(holds == (expected == I.Status.IN_FORCE));
    }

    function testFuzz_grantBySignature_holdsForItsVersionAlone(uint8 changes, uint8 version, uint8 bit) external {
        address agent = address(0xa9e27);
        changes %= 8;
        version %= 8;
        for (uint256 i; i < changes; ++i) {
            vm.prank(_PRINCIPAL);
            registry.revoke(agent, "scope");
        }
        I.Grant memory given = I.Grant(agent, "scope", START, START + 1);
        bytes32 hash = keccak256(
            abi.encode(GRANT, _PRINCIPAL, agent, bytes32("scope"), START, START + 1, version, type(uint256).max)
        );
        bytes memory signature = TypedData.sign(
            KEY,
            TypedData.digest("Diwan PowerOfAttorneyRegistry", address(registry), hash)
        );
        bytes memory broken = bytes.concat(signature);
        broken[bit % 65] ^= bytes1(uint8(1 << (bit % 8)));
        bytes4 refusal = version == changes ? Signatures.SignatureInvalid.selector : I.PowerVersionMismatch.selector;
        assert(_carry(given, version, broken) == refusal);
        assert(_carry(given, version, signature) == (version == changes ? bytes4(0) : refusal));
        assert(_carry(given, version, signature) == I.PowerVersionMismatch.selector);
    }

    /// @return the error, or 0
    function _carry(I.Grant memory given, uint32 version, bytes memory signature) private returns (bytes4) {
        (bool done, bytes memory answer) = address(registry).call(
            abi.encodeCall(I.grantBySignature, (_PRINCIPAL, given, version, type(uint256).max, signature))
        );
        return done ? bytes4(0) : bytes4(answer);
    }
}
