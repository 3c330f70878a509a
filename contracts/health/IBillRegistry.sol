// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../trust/ITrustList.sol";

import {BillId} from "./BillId.sol";

/// @notice Bills of health care providers, each paid once, whichever payer pays.
/// @dev The chain keeps no patient, treatment or amount: a commitment that the provider derives from the invoice with a key
/// of its own, the same each time, so that one invoice is one bill. A payer pays here first, and transfers the money when
/// that went through. All times are Unix seconds.
interface IBillRegistry {
    /// @notice How a bill stands.
    /// UNKNOWN: never submitted. SUBMITTED: to be paid. PAID: by one payer. REJECTED: a payer said no; another, or the same
    /// one, may still pay. REFUNDED: who paid took it back; to be paid again. WITHDRAWN: by its provider, who may submit it
    /// anew.
    enum State {
        UNKNOWN,
        SUBMITTED,
        PAID,
        REJECTED,
        REFUNDED,
        WITHDRAWN
    }

    /// @notice Why a payer rejected a bill; coarse, so that it says nothing of the patient. NONE: it was not rejected.
    enum RejectReason {
        NONE,
        NOT_INSURED_HERE,
        NOT_COVERED,
        INFORMATION_MISSING,
        AMOUNT_WRONG,
        BILLED_ELSEWHERE,
        OTHER
    }

    /// @notice A bill; one slot.
    /// @param submittedAt when it was last submitted; 0 when it never was
    /// @param provider the body that submitted it
    /// @param key the number of the key that did, within the body
    /// @param role the ordinal of providing health care among the body's scopes
    /// @param changedAt when its state last changed
    /// @param payer the body that last paid, rejected or refunded it; 0 for none
    /// @param payerKey the number of the key that paid or rejected, within that body
    /// @param payerRole the ordinal of paying among that body's scopes
    /// @param state how it stands
    /// @param reason why it was rejected; NONE when the state is another
    struct Record {
        uint40 submittedAt;
        uint32 provider;
        uint32 key;
        uint8 role;
        uint40 changedAt;
        uint32 payer;
        uint32 payerKey;
        uint8 payerRole;
        State state;
        RejectReason reason;
    }

    /// @notice A provider submitted a bill, for the first time or after it was withdrawn.
    /// @param id the bill
    /// @param provider the body
    /// @param key the number of the key that did, within the body
    event BillSubmitted(BillId indexed id, uint32 indexed provider, uint32 key);

    /// @notice A payer paid a bill.
    /// @param id the bill
    /// @param payer the body
    /// @param key the number of the key that did, within the body
    event BillPaid(BillId indexed id, uint32 indexed payer, uint32 key);

    /// @notice A payer rejected a bill.
    /// @param id the bill
    /// @param payer the body
    /// @param key the number of the key that did, within the body
    /// @param reason why
    event BillRejected(BillId indexed id, uint32 indexed payer, uint32 key, RejectReason reason);

    /// @notice Who had paid took the payment back.
    /// @param id the bill
    /// @param payer the body
    event BillRefunded(BillId indexed id, uint32 indexed payer);

    /// @notice The provider withdrew a bill that was not paid.
    /// @param id the bill
    event BillWithdrawn(BillId indexed id);

    /// @notice The provider submitted this bill before, and it was not withdrawn.
    /// @param id the bill
    /// @param state how it stands
    error BillSubmittedBefore(BillId id, State state);

    /// @notice There is no such bill.
    /// @param id the bill
    error BillUnknown(BillId id);

    /// @notice The bill is paid.
    /// @param id the bill
    /// @param payer the body that paid
    /// @param paidAt when
    error BillPaidBefore(BillId id, uint32 payer, uint40 paidAt);

    /// @notice The bill was withdrawn.
    /// @param id the bill
    /// @param withdrawnAt when
    error BillIsWithdrawn(BillId id, uint40 withdrawnAt);

    /// @notice The bill is not paid.
    /// @param id the bill
    /// @param state how it stands
    error BillNotPaid(BillId id, State state);

    /// @notice The bill does not stand: its provider's key was compromised when it was submitted.
    /// @param id the bill
    /// @param standing how the provider stood then, as it is known now
    error BillProviderNotStanding(BillId id, ITrustList.Standing standing);

    /// @notice A rejection needs a reason.
    /// @param id the bill
    error RejectReasonMissing(BillId id);

    /// @notice Submits a bill, once; again after it was withdrawn.
    /// @dev By a key accredited in `keccak256("diwan.role.health-provider")`.
    /// @param commitment what the provider derives from the invoice with its own key; the same invoice gives the same
    /// @return id the bill
    function submit(bytes32 commitment) external returns (BillId id);

    /// @notice Pays a bill that is not paid, whoever may have rejected it. Of two payers in one block the first pays it, the
    /// other gets an error.
    /// @dev By a key accredited in `keccak256("diwan.role.payer")`. Refuses a bill whose provider's key is known to have been
    /// compromised when it was submitted.
    /// @param id the bill
    function pay(BillId id) external;

    /// @notice Rejects a bill that is not paid. It binds nobody else.
    /// @dev By a key accredited in `keccak256("diwan.role.payer")`.
    /// @param id the bill
    /// @param reason why
    function reject(BillId id, RejectReason reason) external;

    /// @notice Takes a payment back, as when it was made in error; any key of the body that paid, accredited or not.
    /// @param id the bill
    function refund(BillId id) external;

    /// @notice Withdraws a bill that is not paid; any key of the provider's body, accredited or not.
    /// @param id the bill
    function withdraw(BillId id) external;

    /// @notice How a bill stands.
    /// @param id the bill
    /// @return state whether it is to be paid, or was
    /// @return provider how the provider stood when it submitted: IN_FORCE, unless its key is known to have been compromised
    /// then; NONE when there is no bill
    /// @return payer how the payer stood when it paid; NONE when the state is not PAID
    function statusOf(
        BillId id
    ) external view returns (State state, ITrustList.Standing provider, ITrustList.Standing payer);

    /// @notice The record of a bill.
    /// @param id the bill
    /// @return the slot, all zero when there is none
    function recordOf(BillId id) external view returns (Record memory);

    /// @notice What a bill of a provider is kept under.
    /// @param provider the provider's body
    /// @param commitment as in `submit`
    /// @return `keccak256(abi.encode(provider, commitment))`
    function billIdOf(uint32 provider, bytes32 commitment) external pure returns (BillId);
}
