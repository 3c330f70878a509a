// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Decentralised identifiers: who controls one, its keys, delegates and services.
/// @dev Events and reads of ERC-1056, so that did:ethr resolvers and writers work unmodified. Other than there: what is
/// signed is EIP-712 with the identity's own nonce (ERC-1056's `…Signed` functions can be replayed on another chain and
/// after a change of owner, so they are not here); a change of owner to zero is for ever; a revoked delegate's `validTo`
/// is 0, so that resolvers drop it in that very block; times that would overflow end at the type's maximum.
/// Any address is a DID from the start, controlled by itself. All times are Unix seconds.
interface IDidRegistry {
    /// @notice How a DID stands: FROZEN is reported lost, DEACTIVATED is for ever.
    enum State {
        ACTIVE,
        FROZEN,
        DEACTIVATED
    }

    /// @notice What a change does.
    enum Kind {
        SET_ATTRIBUTE,
        REVOKE_ATTRIBUTE,
        ADD_DELEGATE,
        REVOKE_DELEGATE
    }

    /// @notice One of many changes.
    /// @param kind what it does
    /// @param name the attribute's name, or the delegate's type, for resolvers UTF-8 filled up with zeros
    /// @param value the attribute's value, or the delegate's 20 bytes
    /// @param validity seconds from now; not looked at where the change revokes
    struct Change {
        Kind kind;
        bytes32 name;
        bytes value;
        uint256 validity;
    }

    /// @notice Somebody else controls the DID; zero where nobody does: it was reported lost, or, where `DidDeactivated`
    /// follows, ended for ever.
    /// @param identity the DID's address
    /// @param owner who controls it from now on
    /// @param previousChange block of the change before, that resolvers go back to; 0 for none
    event DIDOwnerChanged(address indexed identity, address owner, uint256 previousChange);

    /// @notice A delegate was added or revoked.
    /// @param identity the DID's address
    /// @param delegateType what the delegate may do
    /// @param delegate the delegate
    /// @param validTo first second no longer valid; 0 where it was revoked
    /// @param previousChange block of the change before; 0 for none
    event DIDDelegateChanged(
        address indexed identity,
        bytes32 delegateType,
        address delegate,
        uint256 validTo,
        uint256 previousChange
    );

    /// @notice An attribute was set or revoked; only this event keeps it.
    /// @param identity the DID's address
    /// @param name the attribute's name
    /// @param value its value
    /// @param validTo first second no longer valid; 0 where it was revoked
    /// @param previousChange block of the change before; 0 for none
    event DIDAttributeChanged(
        address indexed identity,
        bytes32 name,
        bytes value,
        uint256 validTo,
        uint256 previousChange
    );

    /// @notice The caller does not control the DID.
    /// @param identity the DID's address
    /// @param caller who called
    error NotDidOwner(address identity, address caller);

    /// @notice The DID is reported lost: it allows no change until it is thawed or recovered.
    /// @param identity the DID's address
    error DidIsFrozen(address identity);

    /// @notice The DID was deactivated, which is for ever.
    /// @param identity the DID's address
    error DidIsDeactivated(address identity);

    /// @notice A batch of changes needs at least one.
    /// @param identity the DID's address
    error ChangesEmpty(address identity);

    /// @notice A delegate is an address of 20 bytes.
    /// @param identity the DID's address
    /// @param length bytes given
    error DelegateInvalid(address identity, uint256 length);

    /// @notice Gives the DID to another key or wallet; its owner only. Zero deactivates it, as `deactivate` does.
    /// @param identity the DID's address
    /// @param newOwner who shall control it
    function changeOwner(address identity, address newOwner) external;

    /// @notice Gives the DID to another key or wallet by the owner's signature, that anyone may carry.
    /// @dev EIP-712 `ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)`, or ERC-1271.
    /// @param identity the DID's address
    /// @param newOwner who shall control it; zero deactivates it
    /// @param deadline last second at which the signature counts
    /// @param signature the owner's, over the identity's `nonce`
    function changeOwnerBySignature(
        address identity,
        address newOwner,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Adds a delegate, or changes how long one is valid; the owner only.
    /// @param identity the DID's address
    /// @param delegateType what it may do: resolvers know "veriKey" and "sigAuth"
    /// @param delegate the delegate
    /// @param validity seconds from now
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external;

    /// @notice Revokes a delegate; the owner only.
    /// @param identity the DID's address
    /// @param delegateType what it could do
    /// @param delegate the delegate
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external;

    /// @notice Publishes a key or a service; the owner only. Nothing personal belongs here: events cannot be erased.
    /// @param identity the DID's address
    /// @param name what it is, such as "did/pub/Secp256k1/veriKey/hex" or "did/svc/HubService"
    /// @param value the key's or the service's bytes
    /// @param validity seconds from now
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external;

    /// @notice Revokes a key or a service; the owner only.
    /// @param identity the DID's address
    /// @param name what it was set under
    /// @param value what it was set to
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external;

    /// @notice Makes many changes; the owner only. All or none.
    /// @param identity the DID's address
    /// @param changes at least one, carried out in their order
    function changeMany(address identity, Change[] calldata changes) external;

    /// @notice Makes many changes by one signature of the owner, that anyone may carry. All or none.
    /// @dev EIP-712 `ChangeMany(address identity,Change[] changes,uint256 nonce,uint256 deadline)
    /// Change(uint8 kind,bytes32 name,bytes value,uint256 validity)` (one string), or ERC-1271.
    /// @param identity the DID's address
    /// @param changes at least one, carried out in their order
    /// @param deadline last second at which the signature counts
    /// @param signature the owner's, over the identity's `nonce`
    function changeManyBySignature(
        address identity,
        Change[] calldata changes,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Who controls a DID now.
    /// @param identity the DID's address
    /// @return the owner; zero while it is frozen, and once it is deactivated
    function identityOwner(address identity) external view returns (address);

    /// @notice Whether a delegate is valid now; none is while the DID is frozen, or once it is deactivated.
    /// @param identity the DID's address
    /// @param delegateType what it may do
    /// @param delegate the delegate
    /// @return whether it is
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool);

    /// @notice The block of a DID's last change, from which resolvers start.
    /// @param identity the DID's address
    /// @return the block's number; 0 for none
    function changed(address identity) external view returns (uint256);

    /// @notice What the next signature for a DID is made over; moves with each signed change, change of owner, thaw,
    /// veto and step of a recovery, so that nothing that was signed before counts again.
    /// @param identity the DID's address
    /// @return the number
    function nonce(address identity) external view returns (uint256);

    /// @notice How a DID stands now.
    /// @param identity the DID's address
    /// @return state active, frozen or deactivated
    /// @return owner who controls it, even while it is frozen; zero once it is deactivated
    function stateOf(address identity) external view returns (State state, address owner);

    /// @notice Who controlled a DID at a time, as its changes of owner tell.
    /// @dev Freezes are not in it: their events tell when a DID was frozen.
    /// @param identity the DID's address
    /// @param time when, in Unix seconds
    /// @return the owner at the end of that second; zero where it was deactivated
    function ownerAt(address identity, uint40 time) external view returns (address);

    /// @notice Whether a delegate was valid at a time, as far as its latest period tells; events tell the earlier ones.
    /// @dev Freezes are not in it, as in `ownerAt`.
    /// @param identity the DID's address
    /// @param delegateType what it may do
    /// @param delegate the delegate
    /// @param time when, in Unix seconds
    /// @return whether it was
    function delegateAt(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint40 time
    ) external view returns (bool);
}
