// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @notice A contract that is told of an attestation in the transaction that issues it, and may refuse it.
/// @dev In the manner of ERC-1363. The issuer chooses the receiver, so a receiver believes what it is told only of a
/// registry that it knows.
interface IAttestationReceiver {
    /// @notice Tells of an attestation that was just issued; reverting undoes it.
    /// @param operator the accredited key that issued it
    /// @param uid its record
    /// @param schema what kind it is
    /// @param issuer the key's body
    /// @param content `keccak256(abi.encode(subject, commitment, validFrom))`
    /// @param expiresAt first second no longer valid, in Unix seconds
    /// @param data what the issuer sent along; the receiver says what it means
    /// @return answer `IAttestationReceiver.onAttested.selector`; anything else refuses too
    function onAttested(
        address operator,
        Uid uid,
        SchemaId schema,
        uint32 issuer,
        bytes32 content,
        uint40 expiresAt,
        bytes calldata data
    ) external returns (bytes4 answer);
}
