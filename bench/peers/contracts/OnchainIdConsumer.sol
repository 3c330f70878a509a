// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice As much of an ONCHAINID as a contract asks that relies on it.
interface IOnchainId {
    function getClaim(
        bytes32 claimId
    )
        external
        view
        returns (
            uint256 topic,
            uint256 scheme,
            address issuer,
            bytes memory signature,
            bytes memory data,
            string memory uri
        );
}

/// @notice As much of a claims' issuer.
interface IOnchainIdIssuer {
    function isClaimValid(
        IOnchainId identity,
        uint256 topic,
        bytes memory signature,
        bytes memory data
    ) external view returns (bool);
}

/// @title OnchainIdConsumer
/// @notice A contract that relies on claims in ONCHAINIDs, as ERC-3643 tokens do; the transaction's gas is what that costs.
contract OnchainIdConsumer {
    /// @notice The claim does not hold, or is another one than was meant.
    error NotValid(IOnchainId identity);

    IOnchainIdIssuer private immutable _ISSUER;
    uint256 private immutable _TOPIC;

    constructor(IOnchainIdIssuer issuer, uint256 topic) {
        _ISSUER = issuer;
        _TOPIC = topic;
    }

    /// @notice The issuer signed this answer for the identity, and did not revoke that.
    function rely(IOnchainId identity, bytes32 answer) external view {
        bytes32 claimId = keccak256(abi.encode(_ISSUER, _TOPIC));
        (uint256 topic, , , bytes memory signature, bytes memory data, ) = identity.getClaim(claimId);
        bool isMeant = topic == _TOPIC && bytes32(data) == answer;
        require(isMeant && _ISSUER.isClaimValid(identity, topic, signature, data), NotValid(identity));
    }
}
