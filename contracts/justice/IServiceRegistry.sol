// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

/// @notice Service of documents: sent by a court or a bailiff, delivered, and acknowledged by the addressee.
/// @dev The chain keeps the salted hash of a document and the addressee's pseudonym, an address that the addressee uses with this
/// sender alone; one document may be served upon many. A second attempt takes another salt. All times are Unix seconds.
/// Warning: whether a document was served in law, as by refusal or by lapse, is for the court to say.
interface IServiceRegistry {
    /// @notice How a service stands.
    /// UNKNOWN: never sent. SENT: under way. DELIVERED: the server says so. ACKNOWLEDGED: the addressee says so. FAILED: the
    /// server could not deliver. LAPSED: neither delivered nor acknowledged in time.
    enum State {
        UNKNOWN,
        SENT,
        DELIVERED,
        ACKNOWLEDGED,
        FAILED,
        LAPSED
    }

    /// @notice Why a service failed; coarse, so that it says little of the addressee. NONE: it did not.
    enum Failure {
        NONE,
        NOT_FOUND,
        REFUSED,
        UNREACHABLE,
        RECALLED,
        OTHER
    }

    /// @notice A service as it is kept; one slot.
    /// @param sentAt when it was sent; 0 for never
    /// @param until first second at which it can no longer be delivered
    /// @param deliveredAt when the server said that it was delivered; 0 when it did not
    /// @param endedAt when it was acknowledged or failed; 0 when it was not
    /// @param server the sender's index in the trust list
    /// @param key the number of the key that sent it, within the sender
    /// @param deliveryKey the number of the key that said that it was delivered; 0 when none did
    /// @param role the ordinal of the sender's role among its scopes
    /// @param isByBailiff whether the role is a bailiff's, or else a court's
    /// @param isAcknowledged whether the addressee acknowledged it
    /// @param failure why it failed; NONE when it did not
    struct Record {
        uint40 sentAt;
        uint40 until;
        uint40 deliveredAt;
        uint40 endedAt;
        uint32 server;
        uint32 key;
        uint32 deliveryKey;
        uint8 role;
        bool isByBailiff;
        bool isAcknowledged;
        Failure failure;
    }

    /// @notice All that is known of a service.
    /// @param state how it stands
    /// @param failure why it failed; NONE when it did not
    /// @param server the sender's index in the trust list
    /// @param isByBailiff whether the sender acted as a bailiff, or else as a court
    /// @param sentAt when it was sent
    /// @param until first second at which it can no longer be delivered
    /// @param deliveredAt when the server said that it was delivered; 0 when it did not
    /// @param endedAt when it was acknowledged or failed; 0 when it was not
    /// @param standing how the sender stood when it was sent: COMPROMISED when its key is known to have been
    /// @param deliveryStanding how the sender stood when it said that it was delivered; NONE when it did not
    /// @param standingNow how the sender and the key that sent it stand now
    struct Verdict {
        State state;
        Failure failure;
        uint32 server;
        bool isByBailiff;
        uint40 sentAt;
        uint40 until;
        uint40 deliveredAt;
        uint40 endedAt;
        ITrustList.Standing standing;
        ITrustList.Standing deliveryStanding;
        ITrustList.Standing standingNow;
    }

    /// @notice A document was sent.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @param server the sender's index in the trust list
    /// @param key the number of the key that sent it, within the sender
    /// @param isByBailiff whether the sender acted as a bailiff, or else as a court
    /// @param until first second at which it can no longer be delivered
    event DocumentSent(
        bytes32 indexed document,
        address indexed addressee,
        uint32 indexed server,
        uint32 key,
        bool isByBailiff,
        uint40 until
    );

    /// @notice The sender said that a document was delivered.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @param server the sender's index in the trust list
    /// @param key the number of the key that said so, within the sender
    event DocumentDelivered(bytes32 indexed document, address indexed addressee, uint32 indexed server, uint32 key);

    /// @notice The addressee acknowledged a document.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    event DocumentAcknowledged(bytes32 indexed document, address indexed addressee);

    /// @notice The sender said that a document could not be delivered.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @param server the sender's index in the trust list
    /// @param failure why
    event ServiceFailed(bytes32 indexed document, address indexed addressee, uint32 indexed server, Failure failure);

    /// @notice A service needs a document and an addressee.
    /// @param document the document
    /// @param addressee the addressee
    error ServiceIncomplete(bytes32 document, address addressee);

    /// @notice Documents are served by courts and bailiffs.
    /// @param role the scope given
    error ServiceRoleInvalid(bytes32 role);

    /// @notice A service must end after now.
    /// @param until the end given, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error ServiceEndInvalid(uint40 until, uint40 time);

    /// @notice The document was sent to the addressee before.
    /// @param document the document
    /// @param addressee the addressee
    /// @param server who sent it
    /// @param sentAt when, in Unix seconds
    error ServiceExists(bytes32 document, address addressee, uint32 server, uint40 sentAt);

    /// @notice The document was never sent to the addressee.
    /// @param document the document
    /// @param addressee the addressee
    error ServiceUnknown(bytes32 document, address addressee);

    /// @notice The service's state does not allow this.
    /// @param document the document
    /// @param addressee the addressee
    /// @param state how it stands
    error ServiceStateRefuses(bytes32 document, address addressee, State state);

    /// @notice Another body sent the document.
    /// @param document the document
    /// @param server the body that did
    /// @param caller the caller's body
    error ServiceOfAnother(bytes32 document, uint32 server, uint32 caller);

    /// @notice A failure needs a reason.
    /// @param document the document
    /// @param addressee the addressee
    error FailureMissing(bytes32 document, address addressee);

    /// @notice The document is not served: it was neither delivered nor acknowledged, or a key that says so did not stand.
    /// @param document the document
    /// @param addressee the addressee
    /// @param state how the service stands
    /// @param standing how the sender stood when it was sent or, if it stood then, when it said that it was delivered
    error DocumentNotServed(bytes32 document, address addressee, State state, ITrustList.Standing standing);

    /// @notice Sends a document.
    /// @dev By a key accredited in the role.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @param until first second at which it can no longer be delivered
    /// @param role `keccak256("diwan.role.court")` or `keccak256("diwan.role.bailiff")`
    function send(bytes32 document, address addressee, uint40 until, bytes32 role) external;

    /// @notice Says that a document was delivered, in time.
    /// @dev By a key of the sender, accredited now in the role in which it was sent. The council's stop does not hold it:
    /// what was sent must be able to end.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    function deliver(bytes32 document, address addressee) external;

    /// @notice Says that a document could not be delivered, even after its time.
    /// @dev By any key of the sender in the role in which it was sent, accredited or not.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @param failure why
    function fail(bytes32 document, address addressee, Failure failure) external;

    /// @notice Acknowledges a document, as its addressee: in time, or at any time once it was delivered.
    /// @param document the salted hash of the document
    function acknowledge(bytes32 document) external;

    /// @notice Acknowledges a document by the addressee's signature, which anybody may carry.
    /// @dev Signed: `ServiceAcknowledgement(bytes32 document,address addressee,uint256 deadline)`. A service is acknowledged
    /// once, so the signature cannot be used again.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @param deadline last second at which the signature counts, in Unix seconds
    /// @param signature the addressee's
    function acknowledgeBySignature(
        bytes32 document,
        address addressee,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice How a service stands, and all that is known of it.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @return the verdict, all zero when it is unknown
    function statusOf(bytes32 document, address addressee) external view returns (Verdict memory);

    /// @notice Reverts unless a document was delivered or acknowledged, and the sender stood when it was sent. A delivery that
    /// was not acknowledged counts only where the sender stood then too.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    function requireServed(bytes32 document, address addressee) external view;

    /// @notice A service as it is kept.
    /// @param document the salted hash of the document
    /// @param addressee the addressee's pseudonym
    /// @return the slot, all zero when there is none
    function serviceOf(bytes32 document, address addressee) external view returns (Record memory);
}
