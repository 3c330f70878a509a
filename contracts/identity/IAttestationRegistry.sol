// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

import {IAttestationReceiver} from "./IAttestationReceiver.sol";
import {SchemaId} from "./SchemaId.sol";
import {Uid} from "./Uid.sol";

/// @notice Attestations: issued by accredited bodies, presented by their holders, judged here.
/// @dev The chain keeps one slot a record and no subject: the issuer sends `content`, the holder presents what is in
/// it. All times are Unix seconds.
interface IAttestationRegistry {
    /// @notice An attestation as its holder presents it.
    /// @param issuer the issuing body's index in the trust list
    /// @param schema what kind it is, and the scope of its issuer's accreditation
    /// @param subject a pseudonym or salted hash, of this domain alone
    /// @param commitment root of the salted claims
    /// @param validFrom first second of validity
    /// @param expiresAt first second no longer valid; the type's maximum is for no end
    struct Attestation {
        uint32 issuer;
        SchemaId schema;
        bytes32 subject;
        bytes32 commitment;
        uint40 validFrom;
        uint40 expiresAt;
    }

    /// @notice What an issuer sends for one attestation.
    /// @param content `keccak256(abi.encode(subject, commitment, validFrom))`
    /// @param expiresAt first second no longer valid
    struct Item {
        bytes32 content;
        uint40 expiresAt;
    }

    /// @notice What replaces an attestation.
    /// @param old the attestation that ends
    /// @param content the new one's content, as in `Item`
    /// @param expiresAt the new one's first second no longer valid
    struct Replacement {
        Uid old;
        bytes32 content;
        uint40 expiresAt;
    }

    /// @notice A Merkle batch: one record for any number of attestations.
    /// @param issuer the issuing body's index in the trust list
    /// @param schema what kind they are
    /// @param root OpenZeppelin MerkleProof root over the leaves of `leafOf`
    /// @param size number of leaves
    /// @param bits bits a leaf in the batch's status list: 1 (revoked) or 2 (revoked, suspended, superseded)
    struct Batch {
        uint32 issuer;
        SchemaId schema;
        bytes32 root;
        uint32 size;
        uint8 bits;
    }

    /// @notice Where an attestation stands in a Merkle batch.
    /// @param root the batch's root
    /// @param size the batch's number of leaves
    /// @param bits the batch's bits a leaf
    /// @param index the leaf's number, from 0: its entry in the batch's status list
    /// @param proof siblings from the leaf up
    struct Membership {
        bytes32 root;
        uint32 size;
        uint8 bits;
        uint32 index;
        bytes32[] proof;
    }

    /// @notice Leaves of a batch whose entries lie in one word of its status list.
    /// @param wordIndex the word: it holds the entries from `wordIndex * 256 / bits` on
    /// @param mask all bits of each entry meant, the first entry in the most significant bits
    struct Leaves {
        uint256 wordIndex;
        uint256 mask;
    }

    /// @notice How an attestation stands.
    enum Status {
        UNKNOWN,
        VALID,
        NOT_YET_VALID,
        EXPIRED,
        SUSPENDED,
        REVOKED,
        SUPERSEDED,
        ISSUER_SUSPENDED,
        ISSUER_WITHDRAWN,
        ISSUER_COMPROMISED
    }

    /// @notice Why a record changed: the codes of RFC 5280, section 5.3.1, whose 7 is not used.
    enum Reason {
        UNSPECIFIED,
        KEY_COMPROMISE,
        CA_COMPROMISE,
        AFFILIATION_CHANGED,
        SUPERSEDED,
        CESSATION_OF_OPERATION,
        CERTIFICATE_HOLD,
        UNUSED,
        REMOVE_FROM_CRL,
        PRIVILEGE_WITHDRAWN,
        AA_COMPROMISE
    }

    /// @notice The record of an attestation or of a Merkle batch; one slot.
    /// @param issuedAt when it was issued; 0 for none
    /// @param expiresAt first second no longer valid
    /// @param endedAt when it was revoked or superseded; 0 for not
    /// @param suspendedAt since when it is suspended; 0 for not
    /// @param issuer the issuing body's index in the trust list
    /// @param key the number of the key that signed, within the body
    /// @param role the schema's ordinal among the body's scopes
    /// @param reason why it last changed
    /// @param superseded whether it ended because another replaced it
    struct Record {
        uint40 issuedAt;
        uint40 expiresAt;
        uint40 endedAt;
        uint40 suspendedAt;
        uint32 issuer;
        uint32 key;
        uint8 role;
        Reason reason;
        bool superseded;
    }

    /// @notice What `statusOf` answers.
    /// @param status how it stands
    /// @param reason why the record last changed; for a leaf UNSPECIFIED, as its reasons are in the events, unless its whole
    /// batch ended or is suspended
    /// @param since when the status began, where the record tells, for VALID the later of issue and validFrom, whatever
    /// suspension was lifted since; 0 where only events or the trust list tell
    /// @param issuerNow how the issuer stands today: an issuer withdrawn or suspended later leaves VALID
    struct Verdict {
        Status status;
        Reason reason;
        uint40 since;
        ITrustList.Standing issuerNow;
    }

    /// @notice An attestation was issued; `uid` binds its content.
    /// @param uid its record
    /// @param schema what kind it is
    /// @param issuer the issuing body
    /// @param expiresAt first second no longer valid
    event AttestationIssued(Uid indexed uid, SchemaId indexed schema, uint32 indexed issuer, uint40 expiresAt);

    /// @notice A Merkle batch was issued.
    /// @param uid its record, and the id of its status list
    /// @param schema what kind they are
    /// @param issuer the issuing body
    /// @param root root over the leaves
    /// @param size number of leaves
    /// @param bits bits a leaf in the status list
    event BatchIssued(
        Uid indexed uid,
        SchemaId indexed schema,
        uint32 indexed issuer,
        bytes32 root,
        uint32 size,
        uint8 bits
    );

    /// @notice A record ended for good.
    /// @param uid the record
    /// @param reason why
    event AttestationRevoked(Uid indexed uid, Reason reason);

    /// @notice A record was suspended.
    /// @param uid the record
    /// @param reason why
    event AttestationSuspended(Uid indexed uid, Reason reason);

    /// @notice A suspension was lifted.
    /// @param uid the record
    /// @param reason why
    event AttestationReinstated(Uid indexed uid, Reason reason);

    /// @notice A record ended because another replaced it.
    /// @param old the record that ended
    /// @param replacement the record that stands in its place
    /// @param reason why
    event AttestationSuperseded(Uid indexed old, Uid indexed replacement, Reason reason);

    /// @notice Leaves of a batch changed; the status list's own event follows for each word.
    /// @param uid the batch
    /// @param code the leaves' new code: 0 valid, 1 revoked, 2 suspended, 3 superseded
    /// @param reason why
    event LeavesChanged(Uid indexed uid, uint8 code, Reason reason);

    /// @notice There is no such record.
    /// @param uid the record
    error AttestationUnknown(Uid uid);

    /// @notice The same issuer issued the same before; another salt makes another commitment.
    /// @param uid the record
    error AttestationExists(Uid uid);

    /// @notice An attestation must not be over when it is issued.
    /// @param expiresAt the end given
    /// @param time the block's time
    error ExpiryInPast(uint40 expiresAt, uint40 time);

    /// @notice The record was revoked or superseded, which is for good.
    /// @param uid the record
    /// @param endedAt when
    error AttestationEnded(Uid uid, uint40 endedAt);

    /// @notice The record is suspended already.
    /// @param uid the record
    /// @param suspendedAt since when
    error AttestationIsSuspended(Uid uid, uint40 suspendedAt);

    /// @notice The record is not suspended.
    /// @param uid the record
    error AttestationNotSuspended(Uid uid);

    /// @notice A record can be reinstated or replaced only by its own issuer under its own schema.
    /// @param uid the record
    /// @param issuer the body that tried
    /// @param role the schema's ordinal that was tried
    error IssuerMismatch(Uid uid, uint32 issuer, uint8 role);

    /// @notice A batch needs at least one item.
    error BatchEmpty();

    /// @notice A Merkle batch needs 1 to 2^32 - 1 leaves, and 1 or 2 bits a leaf.
    /// @param size number of leaves given
    /// @param bits bits a leaf given
    error BatchShapeInvalid(uint32 size, uint8 bits);

    /// @notice A leaf's entry does not allow the change: an end is for good, only what is valid can be suspended, only
    /// what is suspended reinstated, and a one-bit list knows no suspension.
    /// @param uid the batch
    /// @param wordIndex the word of the status list
    /// @param refused the entries that do not allow it
    error LeavesRefuse(Uid uid, uint256 wordIndex, uint256 refused);

    /// @notice The code is not one that the batch's entries can take.
    /// @param code the code given
    /// @param bits the batch's bits a leaf
    error LeafCodeInvalid(uint8 code, uint8 bits);

    /// @notice The leaf is not in the batch.
    /// @param uid the batch
    /// @param index the leaf's number
    error LeafNotInBatch(Uid uid, uint32 index);

    /// @notice The attestation does not stand.
    /// @param uid its record
    /// @param status how it stands
    error AttestationNotValid(Uid uid, Status status);

    /// @notice The receiver did not take the attestation.
    /// @param receiver the contract named by the issuer
    /// @param answer what it answered, 0 when there is no contract
    error AttestationNotReceived(IAttestationReceiver receiver, bytes4 answer);

    /// @notice Issues one attestation; a key accredited for the schema.
    /// @param schema what kind it is
    /// @param content `keccak256(abi.encode(subject, commitment, validFrom))`
    /// @param expiresAt first second no longer valid; the type's maximum is for no end
    /// @return uid its record
    function attest(SchemaId schema, bytes32 content, uint40 expiresAt) external returns (Uid uid);

    /// @notice Issues one attestation and tells a contract of it, both or neither; as `attest`.
    /// @dev The record and its event come first, the call last. What the receiver reverts with is passed on.
    /// @param schema what kind it is
    /// @param content `keccak256(abi.encode(subject, commitment, validFrom))`
    /// @param expiresAt first second no longer valid; the type's maximum is for no end
    /// @param receiver the contract to tell
    /// @param data what the receiver is to know besides; nothing personal
    /// @return uid its record
    function attestAndCall(
        SchemaId schema,
        bytes32 content,
        uint40 expiresAt,
        IAttestationReceiver receiver,
        bytes calldata data
    ) external returns (Uid uid);

    /// @notice Issues many attestations; a key accredited for the schema. All or none.
    /// @param schema what kind they are
    /// @param items at least one
    function attestMany(SchemaId schema, Item[] calldata items) external;

    /// @notice Issues many attestations by one signature that anyone may carry. All or none.
    /// @dev EIP-712 `AttestMany(bytes32 schema,Item[] items,address operator,uint256 nonce,uint256 deadline)
    /// Item(bytes32 content,uint40 expiresAt)` (one string), or ERC-1271.
    /// @param schema what kind they are
    /// @param items at least one
    /// @param operator the accredited key that signed
    /// @param nonce the key's next nonce, `nonces(operator)`
    /// @param deadline last second at which the signature counts
    /// @param signature the key's signature
    function attestManyBySignature(
        SchemaId schema,
        Item[] calldata items,
        address operator,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Issues a Merkle batch; a key accredited for the schema.
    /// @param schema what kind they are
    /// @param root OpenZeppelin MerkleProof root over the leaves of `leafOf`
    /// @param size number of leaves
    /// @param bits bits a leaf in the batch's status list, 1 or 2
    /// @return uid its record
    function attestBatch(SchemaId schema, bytes32 root, uint32 size, uint8 bits) external returns (Uid uid);

    /// @notice Ends an attestation or a whole batch for good; a key of its issuer for its schema, accredited or not.
    /// @param uid the record
    /// @param reason why
    function revoke(Uid uid, Reason reason) external;

    /// @notice Ends many; as `revoke`. All or none.
    /// @param uids at least one
    /// @param reason why
    function revokeMany(Uid[] calldata uids, Reason reason) external;

    /// @notice Suspends an attestation or a whole batch; a key of its issuer for its schema, accredited or not.
    /// @param uid the record
    /// @param reason why
    function suspend(Uid uid, Reason reason) external;

    /// @notice Suspends many; as `suspend`. All or none.
    /// @param uids at least one
    /// @param reason why
    function suspendMany(Uid[] calldata uids, Reason reason) external;

    /// @notice Lifts a suspension; a key of its issuer that is accredited for its schema now.
    /// @param schema the record's schema
    /// @param uid the record
    /// @param reason why
    function reinstate(SchemaId schema, Uid uid, Reason reason) external;

    /// @notice Lifts many suspensions; as `reinstate`. All or none.
    /// @param schema the records' schema
    /// @param uids at least one
    /// @param reason why
    function reinstateMany(SchemaId schema, Uid[] calldata uids, Reason reason) external;

    /// @notice Issues an attestation in the place of another, which ends; as `attest`.
    /// @param schema the schema of both
    /// @param replacement the old one's record and the new one's content
    /// @param reason why
    /// @return uid the new one's record
    function supersede(SchemaId schema, Replacement calldata replacement, Reason reason) external returns (Uid uid);

    /// @notice Replaces many; as `supersede`. All or none.
    /// @param schema the schema of all
    /// @param replacements at least one
    /// @param reason why
    function supersedeMany(SchemaId schema, Replacement[] calldata replacements, Reason reason) external;

    /// @notice Revokes, suspends or marks superseded leaves of a batch; as `revoke`. All or none.
    /// @param batch the batch
    /// @param leaves which, at least one word
    /// @param code 1 revoked, 2 suspended, 3 superseded; a one-bit list knows 1 alone
    /// @param reason why
    function markLeaves(Batch calldata batch, Leaves[] calldata leaves, uint8 code, Reason reason) external;

    /// @notice Lifts the suspension of leaves of a batch; as `reinstate`. All or none.
    /// @param batch the batch
    /// @param leaves which, at least one word
    /// @param reason why
    function reinstateLeaves(Batch calldata batch, Leaves[] calldata leaves, Reason reason) external;

    /// @notice How an attestation stands, and why.
    /// @dev The first that applies: UNKNOWN, REVOKED or SUPERSEDED, ISSUER_* at the time of issue, SUSPENDED,
    /// NOT_YET_VALID, EXPIRED, VALID.
    /// @param attestation what the holder presents
    /// @return the verdict
    function statusOf(Attestation calldata attestation) external view returns (Verdict memory);

    /// @notice How an attestation of a Merkle batch stands, and why; the batch's own record first.
    /// @param attestation what the holder presents
    /// @param membership where it stands in the batch; reverts with LeafNotInBatch when it doesn't
    /// @return the verdict
    function statusOfLeaf(
        Attestation calldata attestation,
        Membership calldata membership
    ) external view returns (Verdict memory);

    /// @notice Reverts with AttestationNotValid unless `statusOf` would answer VALID.
    /// @param attestation what the holder presents
    function requireValid(Attestation calldata attestation) external view;

    /// @notice Reverts unless `statusOfLeaf` would answer VALID.
    /// @param attestation what the holder presents
    /// @param membership where it stands in the batch
    function requireValidLeaf(Attestation calldata attestation, Membership calldata membership) external view;

    /// @notice The record kept under a uid.
    /// @param uid the record
    /// @return the slot, all zero when there is none
    function recordOf(Uid uid) external view returns (Record memory);

    /// @notice A word of a batch's status list.
    /// @param uid the batch
    /// @param wordIndex the word
    /// @return its bits, the first entry in the most significant
    function statusWord(Uid uid, uint256 wordIndex) external view returns (uint256);

    /// @notice The uid of an attestation issued singly.
    /// @dev `keccak256(abi.encode(issuer, schema, content, expiresAt))`.
    /// @param attestation the attestation
    /// @return its record
    function uidOf(Attestation calldata attestation) external pure returns (Uid);

    /// @notice The uid of a Merkle batch.
    /// @dev `keccak256(abi.encode(issuer, schema, root, size, bits))`: a word longer than an attestation's.
    /// @param batch the batch
    /// @return its record
    function uidOfBatch(Batch calldata batch) external pure returns (Uid);

    /// @notice The leaf of an attestation in a Merkle batch.
    /// @dev `keccak256(keccak256(abi.encode(index, content, expiresAt)))`: hashed twice, no inner node passes for it.
    /// @param attestation the attestation
    /// @param index the leaf's number
    /// @return the leaf
    function leafOf(Attestation calldata attestation, uint32 index) external pure returns (bytes32);
}
