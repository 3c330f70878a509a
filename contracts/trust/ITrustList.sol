// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Who may act, for what, since when and until when.
/// @dev A body is an index from 1; body 0 is the council. A scope is a role, `keccak256("diwan.role.court")`, or a
/// schema's id. All times are Unix seconds; a change holds from the second of its block on, that second included.
interface ITrustList {
    /// @notice How a body, or a record that a body signed, stands in a scope at a moment.
    /// NONE: never accredited. IN_FORCE: accredited at every level. PENDING: before its start. EXPIRED: after its end.
    /// SUSPENDED: for a time, by the accreditor or the council. WITHDRAWN: for good, or no longer within the
    /// accreditor's own grant. COMPROMISED: the key that signed was no longer in its holder's hands alone.
    enum Standing {
        NONE,
        IN_FORCE,
        PENDING,
        EXPIRED,
        SUSPENDED,
        WITHDRAWN,
        COMPROMISED
    }

    /// @notice What an accreditor last decided.
    enum Decision {
        NONE,
        ACCREDITED,
        SUSPENDED,
        WITHDRAWN
    }

    /// @notice A body's accreditation in one scope; one slot.
    /// @param from first second in force
    /// @param until first second no longer in force; the type's maximum is for no end
    /// @param since when this state was decided
    /// @param alarm the earliest time from which a key of the body is known compromised, 0 when none is
    /// @param parent the accreditor's index, 0 for the council
    /// @param role the scope's ordinal among the body's scopes, 0 to 63: its bit in `Key.roles`
    /// @param levels how many levels of bodies may stand below, 0 to 3
    /// @param decision the last decision
    /// @param held whether only the council may change it, because it suspended or withdrew it
    struct Accreditation {
        uint40 from;
        uint40 until;
        uint40 since;
        uint40 alarm;
        uint32 parent;
        uint8 role;
        uint8 levels;
        Decision decision;
        bool held;
    }

    /// @notice An operator key of a body; one slot. A key belongs to one body for ever.
    /// @param body the body that it acts for
    /// @param index the key's number within the body, from 1
    /// @param from first second at which it may act
    /// @param until first second at which it no longer may
    /// @param compromisedSince the time from which it is known compromised, 0 when it is not
    /// @param roles bitmap over the body's scopes by their `Accreditation.role`
    struct Key {
        uint32 body;
        uint32 index;
        uint40 from;
        uint40 until;
        uint40 compromisedSince;
        uint64 roles;
    }

    /// @notice A body; one slot.
    /// @param controller who rotates its keys and accredits below it
    /// @param keys how many keys it ever had
    /// @param scopes how many scopes it ever had
    struct Body {
        address controller;
        uint32 keys;
        uint8 scopes;
    }

    /// @notice A body was registered, or changed hands or its public profile.
    /// @param body the body's index
    /// @param controller who controls it now
    /// @param profile SHA-256 of the body's public profile
    event BodyChanged(uint32 indexed body, address indexed controller, bytes32 profile);

    /// @notice An accreditation was given, renewed, suspended, reinstated or withdrawn.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param accreditation its whole state now
    /// @param grounds SHA-256 of the published decision
    event AccreditationChanged(
        bytes32 indexed scope,
        uint32 indexed body,
        Accreditation accreditation,
        bytes32 grounds
    );

    /// @notice An operator key was authorised, changed, retired or reported compromised.
    /// @param operator the key's address
    /// @param body the body's index
    /// @param key its whole state now
    event KeyChanged(address indexed operator, uint32 indexed body, Key key);

    /// @notice No body has this index.
    /// @param body the index given
    error UnknownBody(uint32 body);

    /// @notice The caller does not control the body.
    /// @param body the body's index
    /// @param caller who called
    error NotController(uint32 body, address caller);

    /// @notice The body's controller may not be the zero address.
    error ControllerMissing();

    /// @notice The body is not accredited in the scope now.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param standing how it stands
    error NotAccredited(bytes32 scope, uint32 body, Standing standing);

    /// @notice The address is nobody's key, or one that may not act now.
    /// @param operator the address
    /// @param standing NONE, PENDING, EXPIRED or COMPROMISED
    error KeyNotInForce(address operator, Standing standing);

    /// @notice The key does not list the scope.
    /// @param operator the key's address
    /// @param body the key's body
    /// @param role the scope's ordinal in that body
    error RoleNotListed(address operator, uint32 body, uint8 role);

    /// @notice The key belongs to another body.
    /// @param operator the key's address
    /// @param body the body asked for
    /// @param owner the body that it belongs to
    error KeyOfAnotherBody(address operator, uint32 body, uint32 owner);

    /// @notice The key is burnt: a compromise is never undone, and its time only moves back.
    /// @param operator the key's address
    /// @param since the time from which it is known compromised, in Unix seconds
    error KeyCompromised(address operator, uint40 since);

    /// @notice A compromise starts neither at 0 nor in the future.
    /// @param since the time given, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error CompromiseInFuture(uint40 since, uint40 time);

    /// @notice A period must end after its start and after now.
    /// @param from first second, in Unix seconds
    /// @param until first second after it, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error PeriodInvalid(uint40 from, uint40 until, uint40 time);

    /// @notice A grant must lie within the accreditor's own.
    /// @param from first second asked for, in Unix seconds
    /// @param until first second after it, in Unix seconds
    /// @param parentFrom the accreditor's first second, in Unix seconds
    /// @param parentUntil the accreditor's first second after, in Unix seconds
    error PeriodOutsideParent(uint40 from, uint40 until, uint40 parentFrom, uint40 parentUntil);

    /// @notice A grant must allow fewer levels below it than its accreditor has.
    /// @param levels levels asked for
    /// @param most the most that this accreditor can give
    error TooManyLevels(uint8 levels, uint8 most);

    /// @notice The accreditor has no level left below it.
    /// @param scope the role or schema
    /// @param parent the accreditor's index
    error MayNotAccredit(bytes32 scope, uint32 parent);

    /// @notice The accreditation stands under another accreditor.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param parent the accreditor that it stands under
    error AccreditedByAnother(bytes32 scope, uint32 body, uint32 parent);

    /// @notice Only the council may change an accreditation that it suspended or withdrew.
    /// @param scope the role or schema
    /// @param body the body's index
    error HeldByCouncil(bytes32 scope, uint32 body);

    /// @notice The last decision does not allow this one.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param decision the last decision
    error DecisionNotAllowed(bytes32 scope, uint32 body, Decision decision);

    /// @notice A body can have this many scopes; register a second body for more.
    /// @param body the body's index
    /// @param most the most that it can have
    error TooManyScopes(uint32 body, uint8 most);

    /// @notice A key must list at least one scope.
    /// @param operator the key's address
    error NoRoles(address operator);

    /// @notice Registers a body; anyone may, since an index alone gives no power.
    /// @param controller who will control it; not zero
    /// @param profile SHA-256 of the body's public profile
    /// @return body its index
    function registerBody(address controller, bytes32 profile) external returns (uint32 body);

    /// @notice Hands a body to another controller; its controller, or the council when that key is lost.
    /// @param body the body's index
    /// @param controller the new controller; not zero
    /// @param profile SHA-256 of the body's public profile, as it is now
    function updateBody(uint32 body, address controller, bytes32 profile) external;

    /// @notice Accredits a body in a scope, or renews or changes its accreditation.
    /// @dev By the parent's controller, or by the council for itself (`parent` 0) or for any accreditor; within the
    /// parent's own grant.
    /// A body stands under one accreditor a scope: another may take over only after a withdrawal or the end, and
    /// nobody but the council after the council's own suspension or withdrawal. A `from` later than that of grants
    /// given below leaves those grants without force; a renewal keeps `from`.
    /// @param scope the role or schema
    /// @param parent the accreditor's index, 0 for the council
    /// @param body the body's index
    /// @param from first second in force
    /// @param until first second no longer in force
    /// @param levels how many levels of bodies may stand below, 0 to 3 and less than the parent's
    /// @param grounds SHA-256 of the published decision
    function accredit(
        bytes32 scope,
        uint32 parent,
        uint32 body,
        uint40 from,
        uint40 until,
        uint8 levels,
        bytes32 grounds
    ) external;

    /// @notice Suspends an accreditation from now on; its accreditor or the council, even a suspended accreditor.
    /// @dev What its accreditor suspended the council can suspend too, and then it alone can lift it.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param grounds SHA-256 of the published decision
    function suspend(bytes32 scope, uint32 body, bytes32 grounds) external;

    /// @notice Lifts a suspension; its accreditor while in force itself, or the council.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param grounds SHA-256 of the published decision
    function reinstate(bytes32 scope, uint32 body, bytes32 grounds) external;

    /// @notice Withdraws an accreditation from now on, and so everything below it; its accreditor or the council.
    /// @dev What its accreditor withdrew the council can withdraw too, and then it alone can accredit anew.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param grounds SHA-256 of the published decision
    function withdraw(bytes32 scope, uint32 body, bytes32 grounds) external;

    /// @notice Lets a key act for a body in listed scopes for a period, or changes that; the body's controller.
    /// @dev The key signs `KeyConsent(uint32 body,address operator,uint256 deadline)` (EIP-712, or ERC-1271 for a
    /// wallet), so nobody can tie a stranger's address to a body. The consent is asked at the first authorisation.
    /// @param body the body's index
    /// @param operator the key's address
    /// @param scopes the scopes that it may act in, each accredited to the body at some time
    /// @param from first second at which it may act
    /// @param until first second at which it no longer may
    /// @param deadline last second at which the consent counts
    /// @param consent the key's signature; not read when the key is already the body's
    function authorizeKey(
        uint32 body,
        address operator,
        bytes32[] calldata scopes,
        uint40 from,
        uint40 until,
        uint256 deadline,
        bytes calldata consent
    ) external;

    /// @notice Ends a key's use from now on; what it signed stays good. The key itself, its controller or the council.
    /// @param operator the key's address
    function retireKey(address operator) external;

    /// @notice Burns a key: what it signed at or after `since` no longer stands. Its controller or the council.
    /// @param operator the key's address
    /// @param since the time from which it is known compromised, not 0 and not in the future; a second report only moves it back
    function reportCompromise(address operator, uint40 since) external;

    /// @notice Reverts unless the key may act now in the scope and its body is accredited at every level.
    /// @dev The hot path: one storage read for the key and one a level of the tree above it.
    /// @param scope the role or schema
    /// @param operator the key's address
    /// @return body the key's body
    /// @return key the key's number within the body
    /// @return role the scope's ordinal in that body
    function requireAccredited(
        bytes32 scope,
        address operator
    ) external view returns (uint32 body, uint32 key, uint8 role);

    /// @notice Reverts unless the key may act now for the body in a role, whether the body is accredited or not.
    /// @dev For exits: a body that lost its accreditation can still revoke what it issued. One storage read.
    /// @param operator the key's address
    /// @param body the body's index
    /// @param role the scope's ordinal in that body
    function requireKey(address operator, uint32 body, uint8 role) external view;

    /// @notice How a record stands that a body's key signed at a time.
    /// @dev One storage read a level, unless the body's keys were compromised or its accreditation changed since.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param key the key's number within the body
    /// @param time when it was signed, not in the future
    /// @return IN_FORCE when it stands, otherwise what was wrong at that time
    function standingOf(bytes32 scope, uint32 body, uint32 key, uint40 time) external view returns (Standing);

    /// @notice How a body stood in a scope at a time, and at which level that was decided.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param time when; a time to come is judged by the present state
    /// @return standing how it stood
    /// @return decidedBy the body on whose account it did not stand, or the body itself
    function standingAt(
        bytes32 scope,
        uint32 body,
        uint40 time
    ) external view returns (Standing standing, uint32 decidedBy);

    /// @notice Whether a body was accredited in a scope at a time, at every level.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @param time when
    /// @return whether it was
    function isAccreditedAt(bytes32 scope, uint32 body, uint40 time) external view returns (bool);

    /// @notice The present state of an accreditation.
    /// @param scope the role or schema
    /// @param body the body's index
    /// @return the slot, all zero when there is none
    function accreditationOf(bytes32 scope, uint32 body) external view returns (Accreditation memory);

    /// @notice The present state of a key.
    /// @param operator the key's address
    /// @return the slot, all zero when there is none
    function keyOf(address operator) external view returns (Key memory);

    /// @notice The present state of a body.
    /// @param body the body's index
    /// @return the slot, all zero when there is none
    function bodyOf(uint32 body) external view returns (Body memory);

    /// @notice The transparency log of every change: its size and RFC 9162 root.
    /// @dev Entry: `keccak256(abi.encode(topic0, indexed arguments in order, other arguments))` of the change's event.
    /// @return size number of entries
    /// @return root Merkle tree hash
    function checkpoint() external view returns (uint64 size, bytes32 root);
}
