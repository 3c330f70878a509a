// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

/// @notice Health records: commitments that accredited providers anchor, amend and end.
/// @dev The chain keeps salted commitments and no patient. A record is anchored alone, in a slot of its own, or with others as
/// a member of a batch: in its provider's transparency log, or under a root of its own. Either batch is an RFC 9162 tree
/// over the commitments, so that one form of proof serves both, and a proof once made never grows old. Who anchors a commitment
/// first holds it; whoever finds it taken takes another salt. All times are Unix seconds.
interface IRecordRegistry {
    /// @notice How a record stands.
    /// UNKNOWN: never anchored. CURRENT: the latest version. SUPERSEDED: another version stands in its place.
    /// ENTERED_IN_ERROR: should not have been made. ERASED: the provider's copy and salt are destroyed.
    /// @dev From CURRENT, the codes less one are those of a batch's two-bit status list.
    enum State {
        UNKNOWN,
        CURRENT,
        SUPERSEDED,
        ENTERED_IN_ERROR,
        ERASED
    }

    /// @notice Why a record's state last changed.
    /// AMENDED, RECTIFIED (at the patient's demand): another version followed. ENTERED_IN_ERROR: it should not have been made.
    /// ERASURE_REQUESTED, RETENTION_ENDED, ORDERED: it was erased.
    enum Reason {
        NONE,
        AMENDED,
        RECTIFIED,
        ENTERED_IN_ERROR,
        ERASURE_REQUESTED,
        RETENTION_ENDED,
        ORDERED
    }

    /// @notice A record that was anchored alone; one slot.
    /// @param anchoredAt when it was anchored; 0 for never
    /// @param changedAt when its state last changed; 0 for not
    /// @param provider the provider's index in the trust list
    /// @param key the number of the key that anchored it, within the provider
    /// @param role the ordinal of the provider's role among its scopes
    /// @param kind the number of its FHIR resource type
    /// @param version from 1
    /// @param state how it stands
    /// @param reason why its state last changed
    struct Record {
        uint40 anchoredAt;
        uint40 changedAt;
        uint32 provider;
        uint32 key;
        uint8 role;
        uint16 kind;
        uint16 version;
        State state;
        Reason reason;
    }

    /// @notice Records that were anchored together; one slot.
    /// @param anchoredAt when; 0 for never
    /// @param first the index of the first of them: 0, but for a batch in the log
    /// @param key the number of the key that anchored them, within the provider
    /// @param role the ordinal of the provider's role among its scopes
    /// @param kind the number of their FHIR resource type
    struct Batch {
        uint40 anchoredAt;
        uint64 first;
        uint32 key;
        uint8 role;
        uint16 kind;
    }

    /// @notice Where a record stands in a batch, proved by RFC 9162, section 2.1.3; the leaf's entry is its commitment.
    /// @param provider the provider's index in the trust list
    /// @param inLog whether the batch is in the provider's log
    /// @param root the tree's root: the log's as of the batch's end, or the batch's own
    /// @param size the tree's entries: the log's as of the batch's end, or the batch's own
    /// @param index the record's index in the tree, from 0: its entry in the status list
    /// @param path siblings from the leaf up
    struct Membership {
        uint32 provider;
        bool inLog;
        bytes32 root;
        uint64 size;
        uint64 index;
        bytes32[] path;
    }

    /// @notice A record of a batch.
    /// @param commitment the record
    /// @param membership where it stands
    struct Member {
        bytes32 commitment;
        Membership membership;
    }

    /// @notice What `statusOf` and `statusOfMember` answer; all zero for UNKNOWN.
    /// @param state how it stands
    /// @param reason why its state last changed; for a member NONE, as its reasons are in the events
    /// @param kind the number of its FHIR resource type
    /// @param version from 1; a member is always the first
    /// @param provider the provider's index in the trust list
    /// @param key the number of the key that anchored it, within the provider
    /// @param anchoredAt when it was anchored
    /// @param changedAt when its state last changed, 0 for not; for a member 0, as its times are in the events
    /// @param standing how the anchoring stands: IN_FORCE, unless the key is known to have been compromised then
    /// @param standingNow how the provider and its key stand today
    struct Verdict {
        State state;
        Reason reason;
        uint16 kind;
        uint16 version;
        uint32 provider;
        uint32 key;
        uint40 anchoredAt;
        uint40 changedAt;
        ITrustList.Standing standing;
        ITrustList.Standing standingNow;
    }

    // In each event the provider is the first topic, as it is, by its log's id, in those of the log: one filter finds all.

    /// @notice A record was anchored alone.
    /// @param provider the provider's index
    /// @param commitment the record
    /// @param kind the number of its FHIR resource type
    event RecordAnchored(uint32 indexed provider, bytes32 indexed commitment, uint16 kind);

    /// @notice A professional signed a record that was anchored.
    /// @param provider the provider's index
    /// @param commitment the record
    /// @param author the professional's index in the trust list
    /// @param key the number of the key that signed, within the professional
    event RecordAuthored(uint32 indexed provider, bytes32 indexed commitment, uint32 indexed author, uint32 key);

    /// @notice Records were anchored in the provider's log; the log's own event, which names them, comes before.
    /// @param provider the provider's index
    /// @param first the log's index of the first of them
    /// @param size the log's entries after the last of them
    /// @param root the log's root after the last of them
    /// @param kind the number of their FHIR resource type
    event RecordsLogged(uint32 indexed provider, uint64 first, uint64 size, bytes32 root, uint16 kind);

    /// @notice Records were anchored under a root of their own.
    /// @param provider the provider's index
    /// @param root RFC 9162 root over the commitments
    /// @param size number of records
    /// @param kind the number of their FHIR resource type
    event RecordBatchAnchored(uint32 indexed provider, bytes32 indexed root, uint64 size, uint16 kind);

    /// @notice A version took another's place; of the new one RecordAnchored tells besides, and of a member's end MemberEnded.
    /// @param provider the provider's index
    /// @param old the version that was superseded
    /// @param next the version in its place
    /// @param version the new one's number
    /// @param reason why
    event RecordAmended(
        uint32 indexed provider,
        bytes32 indexed old,
        bytes32 indexed next,
        uint16 version,
        Reason reason
    );

    /// @notice A record was marked as entered in error, or erased.
    /// @param provider the provider's index
    /// @param commitment the record
    /// @param state how it stands now
    /// @param reason why
    event RecordEnded(uint32 indexed provider, bytes32 indexed commitment, State state, Reason reason);

    /// @notice A member of a batch was superseded, marked as entered in error, or erased.
    /// @param provider the provider's index
    /// @param commitment the record
    /// @param list the batch's status list
    /// @param index the record's entry in it
    /// @param state how it stands now
    /// @param reason why
    event MemberEnded(
        uint32 indexed provider,
        bytes32 indexed commitment,
        bytes32 indexed list,
        uint64 index,
        State state,
        Reason reason
    );

    /// @notice The commitment was anchored before, by whomever; another salt makes another one.
    /// @param commitment the commitment
    /// @param provider who anchored it
    /// @param anchoredAt when
    error RecordExists(bytes32 commitment, uint32 provider, uint40 anchoredAt);

    /// @notice The commitment was never anchored alone.
    /// @param commitment the commitment
    error RecordUnknown(bytes32 commitment);

    /// @notice The record's state does not allow this one: only what is current is superseded or marked as entered in error, and
    /// what is erased stays so.
    /// @param commitment the record
    /// @param state how it stands
    /// @param asked the state asked for
    error RecordStateRefuses(bytes32 commitment, State state, State asked);

    /// @notice A record does not come into this state for this reason, or by this function.
    /// @param state the state asked for
    /// @param reason the reason given
    error RecordReasonInvalid(State state, Reason reason);

    /// @notice A record is superseded by its own provider alone.
    /// @param commitment the record
    /// @param provider whose it is
    /// @param caller the provider that tried
    error RecordOfAnotherProvider(bytes32 commitment, uint32 provider, uint32 caller);

    /// @notice The record has as many versions as can be counted.
    /// @param commitment its latest version
    error RecordVersionsExhausted(bytes32 commitment);

    /// @notice At least one record must be named.
    error RecordsMissing();

    /// @notice A batch needs at least one record and a root.
    /// @param root the root given
    /// @param size the size given
    error RecordBatchInvalid(bytes32 root, uint64 size);

    /// @notice The provider anchored a batch of this root and size before.
    /// @param root its root
    /// @param size its size
    /// @param anchoredAt when
    error RecordBatchExists(bytes32 root, uint64 size, uint40 anchoredAt);

    /// @notice The provider anchored no batch of this root that ends at this size.
    /// @param provider the provider's index
    /// @param inLog whether it was looked for in the provider's log
    /// @param root the root given
    /// @param size the size given
    error RecordBatchUnknown(uint32 provider, bool inLog, bytes32 root, uint64 size);

    /// @notice The proof does not show the record in the batch.
    /// @param commitment the record
    /// @param root the tree's root
    /// @param index the index given
    error RecordNotMember(bytes32 commitment, bytes32 root, uint64 index);

    /// @notice Anchors a record; a key in force as health-provider.
    /// @param commitment the record
    /// @param kind the number of its FHIR resource type
    function anchor(bytes32 commitment, uint16 kind) external;

    /// @notice Anchors a record that a professional signed; as `anchor`.
    /// @dev EIP-712 `RecordAuthorship(bytes32 commitment,uint16 kind,uint32 provider,address author,uint256 deadline)`, or
    /// ERC-1271. The author must be a key in force as health-professional.
    /// @param commitment the record
    /// @param kind the number of its FHIR resource type
    /// @param author the professional's key or wallet
    /// @param deadline last second at which the signature counts
    /// @param signature the author's signature
    function anchorAuthored(
        bytes32 commitment,
        uint16 kind,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Anchors many records in the provider's log; as `anchor`, all or none.
    /// @dev That a commitment was anchored before is not found out: each entry is a record with a state of its own.
    /// @param commitments the records, at least one
    /// @param kind the number of their FHIR resource type
    function anchorMany(bytes32[] calldata commitments, uint16 kind) external;

    /// @notice Anchors many records under one root; as `anchor`.
    /// @dev The records are not named: their provider hands each out with its Membership. A root that is none of an RFC 9162 tree
    /// of that size proves nothing.
    /// @param root RFC 9162 root over the commitments; not zero
    /// @param size number of records, at least one
    /// @param kind the number of their FHIR resource type
    function anchorBatch(bytes32 root, uint64 size, uint16 kind) external;

    /// @notice Anchors a version in the place of another of the same provider, which must be current; as `anchor`.
    /// @param old the version that is superseded
    /// @param next the version in its place
    /// @param reason AMENDED or RECTIFIED
    function amend(bytes32 old, bytes32 next, Reason reason) external;

    /// @notice As `amend`, with a version that a professional signed; as `anchorAuthored`.
    /// @param old the version that is superseded
    /// @param next the version in its place
    /// @param reason AMENDED or RECTIFIED
    /// @param author the professional's key or wallet
    /// @param deadline last second at which the signature counts
    /// @param signature the author's signature of `next`
    function amendAuthored(
        bytes32 old,
        bytes32 next,
        Reason reason,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice As `amend`, where the old version is a member of a batch; the new one stands alone, as version 2.
    /// @param old the version that is superseded, and where it stands
    /// @param next the version in its place
    /// @param reason AMENDED or RECTIFIED
    function amendMember(Member calldata old, bytes32 next, Reason reason) external;

    /// @notice As `amendMember`, with a version that a professional signed; as `anchorAuthored`.
    /// @param old the version that is superseded, and where it stands
    /// @param next the version in its place
    /// @param reason AMENDED or RECTIFIED
    /// @param author the professional's key or wallet
    /// @param deadline last second at which the signature counts
    /// @param signature the author's signature of `next`
    function amendMemberAuthored(
        Member calldata old,
        bytes32 next,
        Reason reason,
        address author,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Marks a current record as entered in error, for good; a key of its provider for that role, accredited or not.
    /// @param commitment the record
    function markInError(bytes32 commitment) external;

    /// @notice Tells that records were erased, whatever they were before; a key of their provider for that role, accredited or
    /// not. All or none.
    /// @param commitments the records, at least one
    /// @param reason ERASURE_REQUESTED, RETENTION_ENDED or ORDERED
    function tombstone(bytes32[] calldata commitments, Reason reason) external;

    /// @notice Marks members of batches as entered in error, or tells that they were erased; as `markInError` and `tombstone`. All
    /// or none.
    /// @param members which, at least one
    /// @param state ENTERED_IN_ERROR or ERASED
    /// @param reason ENTERED_IN_ERROR, or one of `tombstone`'s
    function endMembers(Member[] calldata members, State state, Reason reason) external;

    /// @notice How a record stands that was anchored alone.
    /// @param commitment the record
    /// @return the verdict, all zero when it was never anchored alone
    function statusOf(bytes32 commitment) external view returns (Verdict memory);

    /// @notice How a record stands that was anchored with others; reverts with RecordNotMember when the proof does not hold.
    /// @param member the record, and where it stands
    /// @return the verdict, all zero when the provider anchored no such batch
    function statusOfMember(Member calldata member) external view returns (Verdict memory);

    /// @notice The record of a commitment.
    /// @param commitment the commitment
    /// @return the slot, all zero when there is none
    function recordOf(bytes32 commitment) external view returns (Record memory);

    /// @notice The record of a batch.
    /// @param provider the provider's index
    /// @param inLog whether it is in the provider's log
    /// @param root the tree's root: the log's as of the batch's end, or the batch's own
    /// @param size the tree's entries: the log's as of the batch's end, or the batch's own
    /// @return the slot, all zero when there is none
    function batchOf(uint32 provider, bool inLog, bytes32 root, uint64 size) external view returns (Batch memory);

    /// @notice A provider's log as it is now; its id is the provider's index.
    /// @param provider the provider's index
    /// @return size number of entries
    /// @return root RFC 9162 root
    function checkpointOf(uint32 provider) external view returns (uint64 size, bytes32 root);

    /// @notice A word of a status list of members, two bits each: 0 current, 1 superseded, 2 in error, 3 erased.
    /// @param list as `listOf` gives it
    /// @param wordIndex the word: it holds the entries from `wordIndex * 128` on, the first in the most significant bits
    /// @return the word
    function statusWord(bytes32 list, uint256 wordIndex) external view returns (uint256);

    /// @notice The id of the status list that a member has its entry in: one for a provider's whole log, one for each other batch.
    /// @param provider the provider's index
    /// @param inLog whether the batch is in the provider's log
    /// @param root the tree's root
    /// @param size the tree's entries
    /// @return the provider's index for the log, `keccak256(abi.encode(provider, inLog, root, size))` for another batch
    function listOf(uint32 provider, bool inLog, bytes32 root, uint64 size) external pure returns (bytes32);
}
