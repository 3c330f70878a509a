// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {vm} from "./Vm.sol";

/// @title TypedData
/// @notice EIP-712 by the standard's text, for tests that sign; the contracts use OpenZeppelin's.
library TypedData {
    /// @notice What is signed: the digest of a struct in the domain of a contract of this suite, version 1, on this chain.
    function digest(string memory name, address verifyingContract, bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifyingContract
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    /// @notice A key's signature in its one accepted form, 65 bytes.
    function sign(uint256 key, bytes32 hash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, hash);
        return abi.encodePacked(r, s, v);
    }

    /// @notice A key's consent, without a deadline, to act for a body of a trust list.
    function consent(address trustList, uint32 body, uint256 key) internal view returns (bytes memory) {
        bytes32 typeHash = keccak256("KeyConsent(uint32 body,address operator,uint256 deadline)");
        bytes32 structHash = keccak256(abi.encode(typeHash, body, vm.addr(key), type(uint256).max));
        return sign(key, digest("Diwan TrustList", trustList, structHash));
    }
}
