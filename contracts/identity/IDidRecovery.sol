// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What happens to a DID whose key is lost or stolen: freeze, guardians, recovery, deactivation.
/// @dev A thief with the key and an honest owner before colluding guardians look the same to any contract. So a freeze,
/// which one guardian can make, takes the veto from the key; whom the holder named beforehand (a cold key, an office)
/// keeps a veto at any time; and every step that cannot be undone waits. The guardians are a commitment: nobody sees who
/// guards until they act. All times are Unix seconds.
interface IDidRecovery {
    /// @notice What waits to happen: a recovery, or the end of a freeze.
    enum Plan {
        NONE,
        RECOVERY,
        THAW,
        DEACTIVATION
    }

    /// @notice Who can bring back a DID. Its commitment is `keccak256(abi.encode(guardians))`.
    /// @param members the guardians' accounts, ascending
    /// @param threshold how many must sign a recovery, at least 1
    /// @param delay seconds between a recovery's start and its execution
    /// @param veto who may veto a recovery at any time; zero for nobody
    /// @param salt keeps the list from being guessed
    struct Guardians {
        address[] members;
        uint8 threshold;
        uint40 delay;
        address veto;
        bytes32 salt;
    }

    /// @notice A guardian's signature under a recovery.
    /// @param guardian who signed
    /// @param signature of a key or an ERC-1271 wallet
    struct Approval {
        address guardian;
        bytes signature;
    }

    /// @notice A freeze was lifted.
    /// @param identity the DID's address
    event DidThawed(address indexed identity);

    /// @notice A DID ended for ever. A change of owner to zero without this event is a freeze.
    /// @param identity the DID's address
    event DidDeactivated(address indexed identity);

    /// @notice The end of a freeze was scheduled.
    /// @param identity the DID's address
    /// @param plan THAW or DEACTIVATION
    /// @param dueAt first second at which anyone can carry it out
    event ExitScheduled(address indexed identity, Plan plan, uint40 dueAt);

    /// @notice The scheduled end of a freeze was cancelled by another report of loss.
    /// @param identity the DID's address
    /// @param by its owner, or a guardian
    event ExitCancelled(address indexed identity, address by);

    /// @notice The guardians changed.
    /// @param identity the DID's address
    /// @param commitment of the guardians; zero for none
    event GuardiansSet(address indexed identity, bytes32 commitment);

    /// @notice A change of guardians was scheduled, in the place of any other.
    /// @param identity the DID's address
    /// @param commitment of the new guardians; zero for none
    /// @param dueAt first second at which anyone can carry it out
    event GuardiansScheduled(address indexed identity, bytes32 commitment, uint40 dueAt);

    /// @notice A scheduled change of guardians was cancelled, or dropped with the key that scheduled it.
    /// @param identity the DID's address
    event GuardiansCancelled(address indexed identity);

    /// @notice Enough guardians signed a recovery; it replaces any earlier one, and the scheduled end of a freeze.
    /// @param identity the DID's address
    /// @param newOwner who shall control it
    /// @param dueAt first second at which anyone can carry it out
    event RecoveryStarted(address indexed identity, address newOwner, uint40 dueAt);

    /// @notice A recovery was vetoed.
    /// @param identity the DID's address
    /// @param by its owner, or the account that the guardians' list names
    event RecoveryVetoed(address indexed identity, address by);

    /// @notice A recovery was carried out.
    /// @param identity the DID's address
    /// @param newOwner who controls it from now on
    event RecoveryExecuted(address indexed identity, address newOwner);

    /// @notice The DID is not frozen.
    /// @param identity the DID's address
    error DidNotFrozen(address identity);

    /// @notice A DID with guardians is deactivated only out of a freeze, so that no thief destroys it at once.
    /// @param identity the DID's address
    error DeactivationMustWait(address identity);

    /// @notice A DID cannot be thawed or recovered in the block in which it was frozen: resolvers skip that block.
    /// @param identity the DID's address
    /// @param blockNumber this block's number
    error DidFrozenInThisBlock(address identity, uint256 blockNumber);

    /// @notice Nothing of the kind is scheduled.
    /// @param identity the DID's address
    error NothingScheduled(address identity);

    /// @notice What is scheduled cannot be carried out yet.
    /// @param identity the DID's address
    /// @param dueAt first second at which it can
    error NotYetDue(address identity, uint40 dueAt);

    /// @notice A recovery waits: until it is executed or vetoed, no freeze ends and the guardians stay.
    /// @param identity the DID's address
    /// @param dueAt first second at which it can be executed
    error RecoveryIsPending(address identity, uint40 dueAt);

    /// @notice The DID has no such guardians: the list is not the one committed to.
    /// @param identity the DID's address
    /// @param commitment of the list given
    error GuardiansMismatch(address identity, bytes32 commitment);

    /// @notice The account is not in the list of guardians, or is out of order: approvals ascend, each guardian once.
    /// @param identity the DID's address
    /// @param account the account given
    error NotGuardian(address identity, address account);

    /// @notice Fewer guardians signed than must.
    /// @param identity the DID's address
    /// @param approvals how many signed
    /// @param threshold how many must
    error TooFewGuardians(address identity, uint256 approvals, uint256 threshold);

    /// @notice The caller is not the account that the guardians' list names for vetoes.
    /// @param identity the DID's address
    /// @param caller who called
    error NotVetoer(address identity, address caller);

    /// @notice A recovery names a new owner.
    /// @param identity the DID's address
    error NewOwnerMissing(address identity);

    /// @notice Commits to guardians; the owner only, even while the DID is frozen (so that a guardian who freezes it
    /// again and again can be dismissed). At once where an active DID has none; otherwise after a delay, which ends with
    /// a recovery or another owner: what a stolen key scheduled does not outlive that key.
    /// @param identity the DID's address
    /// @param commitment of the guardians; zero for none
    function setGuardians(address identity, bytes32 commitment) external;

    /// @notice Carries out a change of guardians that is due; anyone.
    /// @param identity the DID's address
    function applyGuardians(address identity) external;

    /// @notice Cancels a scheduled change of guardians; the owner only.
    /// @param identity the DID's address
    function cancelGuardians(address identity) external;

    /// @notice Reports the DID lost; the owner only. On a frozen DID it cancels the scheduled end of the freeze.
    /// @param identity the DID's address
    function freeze(address identity) external;

    /// @notice Reports the DID lost, as `freeze`; one guardian, who discloses the list.
    /// @param identity the DID's address
    /// @param guardians the list committed to
    function freezeAsGuardian(address identity, Guardians calldata guardians) external;

    /// @notice Schedules the thaw of a frozen DID; the owner only.
    /// @param identity the DID's address
    function scheduleThaw(address identity) external;

    /// @notice Thaws a DID when that is due; anyone.
    /// @param identity the DID's address
    function thaw(address identity) external;

    /// @notice Schedules the deactivation of a frozen DID; the owner only.
    /// @param identity the DID's address
    function scheduleDeactivation(address identity) external;

    /// @notice Ends a DID for ever: at once by the owner of an active DID without guardians, by anyone when it is
    /// scheduled and due.
    /// @param identity the DID's address
    function deactivate(address identity) external;

    /// @notice Starts a recovery by signatures of enough guardians, that anyone may carry.
    /// @dev EIP-712 `Recover(address identity,address newOwner,bytes32 guardians,uint256 nonce,uint256 deadline)`, or
    /// ERC-1271; `guardians` is the commitment. To the present owner it is a thaw by the guardians.
    /// @param identity the DID's address
    /// @param newOwner who shall control it
    /// @param guardians the list committed to
    /// @param approvals at least the threshold, by ascending guardian, over the identity's `nonce`
    /// @param deadline last second at which the signatures count
    function recover(
        address identity,
        address newOwner,
        Guardians calldata guardians,
        Approval[] calldata approvals,
        uint256 deadline
    ) external;

    /// @notice Carries out a recovery that is due; anyone. It thaws the DID and drops a scheduled change of guardians.
    /// @param identity the DID's address
    function executeRecovery(address identity) external;

    /// @notice Vetoes a recovery; the owner only, and not while the DID is frozen.
    /// @param identity the DID's address
    function vetoRecovery(address identity) external;

    /// @notice Vetoes a recovery; the account that the guardians' list names, at any time.
    /// @param identity the DID's address
    /// @param guardians the list committed to
    function vetoRecoveryAsVetoer(address identity, Guardians calldata guardians) external;

    /// @notice The guardians' commitments of a DID.
    /// @param identity the DID's address
    /// @return commitment of the present guardians; zero for none
    /// @return next of those scheduled, where `dueAt` is not 0
    /// @return dueAt first second at which the change can be carried out; 0 for none
    function guardiansOf(address identity) external view returns (bytes32 commitment, bytes32 next, uint40 dueAt);

    /// @notice What waits to happen to a DID.
    /// @param identity the DID's address
    /// @return plan a recovery or the end of a freeze
    /// @return dueAt first second at which it can be carried out; 0 for none
    /// @return newOwner who shall control it after the recovery; zero otherwise
    function planOf(address identity) external view returns (Plan plan, uint40 dueAt, address newOwner);

    /// @notice The delays of this deployment, in seconds.
    /// @return exit between the scheduling of a freeze's end and its execution
    /// @return guardians between the scheduling of other guardians and their setting
    function delays() external view returns (uint40 exit, uint40 guardians);
}
