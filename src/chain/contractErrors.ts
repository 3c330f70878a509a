import { BILL_STATES } from "../health/bills/billState.js";
import { CONSENT_STATUSES, REVIEW_OUTCOMES } from "../health/consent/consentState.js";
import { CANCEL_REASONS } from "../health/prescriptions/prescriptionState.js";
import { REQUEST_STATES } from "../identity/enrolment/requestState.js";
import { RECORD_REASONS, RECORD_STATES } from "../health/recordStates.js";
import { STATUSES } from "../identity/verdict.js";
import { EXHIBIT_ACTIONS, EXHIBIT_STATES } from "../justice/evidence/exhibitState.js";
import { JUDGMENT_OUTCOMES, JUDGMENT_STATUSES } from "../justice/judgments/judgmentState.js";
import { POWER_STATUSES } from "../justice/powers/powerState.js";
import { SERVICE_STATES } from "../justice/service/serviceState.js";
import { DECISIONS, STANDINGS } from "../trust/standing.js";
import { ELECTION_STATES, SKIP_REASONS } from "../voting/election/electionState.js";
import { CEREMONY_PHASES } from "../voting/ceremony/ceremonyPhase.js";

/** What a contract's error means to a person; `{name}` stands for the argument of that name. */
export interface ContractErrorText {
  /** The error as Solidity declares it, enums as `uint8`. */
  signature: string;
  /** A sentence that a clerk can read. */
  sentence: string;
  /** The names of the values of its enums, by argument. */
  enums?: Readonly<Record<string, readonly string[]>>;
}

const text = (signature: string, sentence: string, enums: ContractErrorText["enums"] = {}): ContractErrorText => {
  return { signature, sentence, enums };
};

/**
 * Every error that a contract of the suite, or OpenZeppelin's under it, can revert with. A test compares it with the ABIs.
 *
 * @example
 * ```ts
 * const errors = new Interface(CONTRACT_ERRORS.map(({ signature }) => `error ${signature}`));
 * ```
 */
export const CONTRACT_ERRORS: readonly ContractErrorText[] = [
  // trust list
  text("UnknownBody(uint32 body)", "No body has the number {body}."),
  text("NotController(uint32 body, address caller)", "{caller} does not control body {body}."),
  text("ControllerMissing()", "A body needs a controller other than the zero address."),
  text(
    "NotAccredited(bytes32 scope, uint32 body, uint8 standing)",
    "Body {body} is not accredited in the scope {scope} now: it stands at {standing}.",
    { standing: STANDINGS },
  ),
  text(
    "KeyNotInForce(address operator, uint8 standing)",
    "The key {operator} may not act now: it stands at {standing}.",
    { standing: STANDINGS },
  ),
  text(
    "RoleNotListed(address operator, uint32 body, uint8 role)",
    "The key {operator} of body {body} was not given this scope, or the body never had it (its number there: {role}).",
  ),
  text(
    "KeyOfAnotherBody(address operator, uint32 body, uint32 owner)",
    "The key {operator} belongs to body {owner}, not to body {body}.",
  ),
  text(
    "KeyCompromised(address operator, uint40 since)",
    "The key {operator} is known compromised since {since}; that is never undone, and the time only moves back.",
  ),
  text(
    "CompromiseInFuture(uint40 since, uint40 time)",
    "A compromise starts after 0 and not in the future ({time}): {since} is neither.",
  ),
  text(
    "PeriodInvalid(uint40 from, uint40 until, uint40 time)",
    "The period from {from} until {until} must end after its start and after now ({time}).",
  ),
  text(
    "PeriodOutsideParent(uint40 from, uint40 until, uint40 parentFrom, uint40 parentUntil)",
    "The period from {from} until {until} lies outside the accreditor's own, from {parentFrom} until {parentUntil}.",
  ),
  text(
    "TooManyLevels(uint8 levels, uint8 most)",
    "{levels} levels below are more than the {most} that this accreditor can give.",
  ),
  text(
    "MayNotAccredit(bytes32 scope, uint32 parent)",
    "Body {parent} may not accredit others in the scope {scope}: it has no level left below it.",
  ),
  text(
    "AccreditedByAnother(bytes32 scope, uint32 body, uint32 parent)",
    "Body {body} stands under the accreditor {parent} in the scope {scope}.",
  ),
  text(
    "HeldByCouncil(bytes32 scope, uint32 body)",
    "The council suspended or withdrew body {body} in the scope {scope}; only the council can change that.",
  ),
  text(
    "DecisionNotAllowed(bytes32 scope, uint32 body, uint8 decision)",
    "The last decision on body {body} in the scope {scope}, {decision}, does not allow this one.",
    { decision: DECISIONS },
  ),
  text(
    "TooManyScopes(uint32 body, uint8 most)",
    "Body {body} has {most} scopes already, the most it can have; register a second body for more.",
  ),
  text("NoRoles(address operator)", "The key {operator} needs at least one scope."),

  // council and stops
  text("NotMember(address caller)", "{caller} is not a member of the council."),
  text("MembersInvalid(address[] members)", "The members must be 1 to 32 distinct accounts in ascending order."),
  text(
    "ThresholdInvalid(uint256 threshold, uint256 members)",
    "{threshold} of {members} is no majority, or more than all.",
  ),
  text("AlreadyApproved(bytes32 id, address member)", "{member} approved the operation {id} already."),
  text("NotApproved(bytes32 id, address member)", "{member} has not approved the operation {id}."),
  text(
    "TooFewApprovals(bytes32 id, uint256 approvals, uint256 threshold)",
    "{approvals} of today's members approve the operation {id}; {threshold} must.",
  ),
  text(
    "AlreadyExecuted(bytes32 id)",
    "The operation {id} was carried out before; another salt makes another operation.",
  ),
  text(
    "DelayOfAnotherOperation(bytes32 id, bytes32 other)",
    "The call of the operation {id} is scheduled for {other}, which has to be cancelled first.",
  ),
  text("NotDeployer(address caller, address deployer)", "{deployer} deployed this suite, not {caller}."),
  text("InauguratedBefore(address manager)", "The council of the AccessManager {manager} is in office already."),
  text("CouncilNotAdmin(address council)", "After these calls nobody could decide: {council} would not be admin."),
  text("WritesAreStopped(uint40 until)", "The council stopped new writes until {until}."),
  text("WritesAreOpen()", "There is no stop to lift."),
  text(
    "StopMustEndLater(uint40 until, uint40 time)",
    "A stop must end in the future: {until} is not after now ({time}).",
  ),

  // signatures
  text("SignatureExpired(uint256 deadline, uint256 time)", "The signature counted until {deadline}; it is {time} now."),
  text("SignatureInvalid(address signer, bytes32 digest)", "The signature is not that of {signer} over this message."),
  text("InvalidAccountNonce(address account, uint256 currentNonce)", "The next nonce of {account} is {currentNonce}."),

  // schemas and attestations
  text("SchemaLengthInvalid(uint256 length, uint256 most)", "A schema has 1 to {most} bytes; this one has {length}."),
  text("SchemaNotObject(bytes1 first)", "A schema is a JSON object, which begins with 0x7b, not with {first}."),
  text("SchemaAlreadyRegistered(bytes32 id)", "The schema {id} was registered before."),
  text("SchemaUnknown(bytes32 id)", "Nobody registered the schema {id}."),
  text("AttestationUnknown(bytes32 uid)", "There is no record {uid}."),
  text("AttestationExists(bytes32 uid)", "The same issuer issued the same before, as {uid}; take another salt."),
  text("ExpiryInPast(uint40 expiresAt, uint40 time)", "The end {expiresAt} is not after now ({time})."),
  text("AttestationEnded(bytes32 uid, uint40 endedAt)", "The record {uid} ended for good at {endedAt}."),
  text("AttestationIsSuspended(bytes32 uid, uint40 suspendedAt)", "The record {uid} is suspended since {suspendedAt}."),
  text("AttestationNotSuspended(bytes32 uid)", "The record {uid} is not suspended."),
  text(
    "IssuerMismatch(bytes32 uid, uint32 issuer, uint8 role)",
    "The record {uid} was issued by another body than {issuer}, or under another schema.",
  ),
  text("BatchEmpty()", "A batch needs at least one item."),
  text(
    "BatchShapeInvalid(uint32 size, uint8 bits)",
    "A Merkle batch has at least one leaf and 1 or 2 bits a leaf, not {size} and {bits}.",
  ),
  text(
    "LeavesRefuse(bytes32 uid, uint256 wordIndex, uint256 refused)",
    "Some of the leaves in word {wordIndex} of the batch {uid} do not allow the change: an end is for good.",
  ),
  text("LeafCodeInvalid(uint8 code, uint8 bits)", "Leaves of {bits} bits cannot take the code {code} so."),
  text("LeafNotInBatch(bytes32 uid, uint32 index)", "Leaf {index} is not in the batch {uid}."),
  text("AttestationNotValid(bytes32 uid, uint8 status)", "The attestation {uid} does not stand: {status}.", {
    status: STATUSES,
  }),
  text(
    "AttestationNotReceived(address receiver, bytes4 answer)",
    "The contract {receiver} did not take the attestation: it answered {answer}.",
  ),

  // enrolment
  text("EnrolmentUnknown(bytes32 id)", "Nobody made the request {id} by this applicant, for this office and schema."),
  text("EnrolmentStands(bytes32 id, uint8 state)", "The request {id} stands at {state} and cannot be made again.", {
    state: REQUEST_STATES,
  }),
  text("EnrolmentNotPending(bytes32 id, uint8 state)", "The request {id} is no longer pending: it stands at {state}.", {
    state: REQUEST_STATES,
  }),
  text("OwnEnrolment(bytes32 id, address clerk)", "{clerk} made the request {id} and may not decide on it."),
  text("NotAttestationRegistry(address caller)", "{caller} is not the attestation registry."),

  // decentralised identifiers
  text("NotDidOwner(address identity, address caller)", "{caller} does not control the DID {identity}."),
  text("DidIsFrozen(address identity)", "The DID {identity} is reported lost; it has to be thawed or recovered first."),
  text("DidIsDeactivated(address identity)", "The DID {identity} was deactivated, which is for ever."),
  text("ChangesEmpty(address identity)", "There is no change to make to the DID {identity}."),
  text("DelegateInvalid(address identity, uint256 length)", "A delegate is an address of 20 bytes, not of {length}."),
  text("DidNotFrozen(address identity)", "The DID {identity} is not frozen."),
  text(
    "DeactivationMustWait(address identity)",
    "The DID {identity} has guardians: freeze it, schedule its deactivation, and wait.",
  ),
  text(
    "DidFrozenInThisBlock(address identity, uint256 blockNumber)",
    "The DID {identity} was frozen in this same block, {blockNumber}; try again in the next.",
  ),
  text("NothingScheduled(address identity)", "Nothing of the kind is scheduled for the DID {identity}."),
  text("NotYetDue(address identity, uint40 dueAt)", "What is scheduled for the DID {identity} is due at {dueAt}."),
  text(
    "RecoveryIsPending(address identity, uint40 dueAt)",
    "A recovery of the DID {identity}, due at {dueAt}, has to be executed or vetoed first.",
  ),
  text(
    "GuardiansMismatch(address identity, bytes32 commitment)",
    "The list with the commitment {commitment} is not the one of the DID {identity}.",
  ),
  text(
    "NotGuardian(address identity, address account)",
    "{account} is not in the list of guardians of the DID {identity}, or stands twice or out of order.",
  ),
  text(
    "TooFewGuardians(address identity, uint256 approvals, uint256 threshold)",
    "{approvals} guardians of the DID {identity} signed; {threshold} must.",
  ),
  text("NotVetoer(address identity, address caller)", "{caller} is not named for vetoes of the DID {identity}."),
  text("NewOwnerMissing(address identity)", "A recovery of the DID {identity} needs a new owner."),

  // eligibility and benefits
  text(
    "OnlyInCall(address origin)",
    "Claims are shown to a node's view, never to a transaction; this came from {origin}.",
  ),
  text("PolicySubstituted(bytes32 expected, bytes32 actual)", "The policy given is {actual}, not {expected}."),
  text(
    "EvidenceOutOfOrder(uint256 index, uint256 requirement)",
    "Evidence comes in the order of the requirements, one for each: number {index} is for requirement {requirement}.",
  ),
  text(
    "BenefitAlreadyClaimed(bytes32 policy, uint40 number, bytes32 nullifier, uint40 claimedAt)",
    "The benefit was claimed in this period (number {number}) before, at {claimedAt}.",
  ),
  text(
    "AnswerIsStale(uint40 deadline, uint40 usedDeadline)",
    "The claim was revoked; only an answer with a deadline after {usedDeadline} counts now.",
  ),
  text(
    "BenefitNotClaimed(bytes32 policy, uint40 number, bytes32 nullifier)",
    "There is no such claim in period {number} that stands.",
  ),
  text("PeriodNotCurrent(uint40 number, uint40 current)", "The answer is for period {number}; it is {current} now."),
  text("PeriodNotBegun(uint40 start, uint40 time)", "The first period begins at {start}."),

  // ledgers
  text("LogBatchEmpty(bytes32 log)", "There is nothing to append to the log {log}."),
  text("StatusBitsUnsupported(uint256 bits)", "An entry has one bit or two, not {bits}."),
  text("StatusIndexOutOfRange(uint256 index, uint256 length)", "Entry {index} is not below the length {length}."),
  text("StatusWordOutOfRange(uint256 wordIndex, uint256 length)", "Word {wordIndex} lies past {length} entries."),
  text("StatusValueTooLarge(uint256 value, uint256 bits)", "The value {value} does not fit {bits} bits."),
  text("StatusMaskInvalid(uint256 mask, uint256 bits)", "The mask names no whole entries of {bits} bits."),

  // ballots
  text("QuestionCountInvalid(uint256 count)", "An election has 1 to 16 questions, not {count}."),
  text(
    "QuestionInvalid(uint256 question)",
    "Question {question} cannot be asked: it has too few or too many options, groups or selections.",
  ),
  text(
    "BallotLengthWrong(uint256 ballot, uint256 length, uint256 expected)",
    "Ballot {ballot} has {length} bytes; the answers to all questions take {expected}.",
  ),
  text(
    "BallotPointInvalid(uint256 ballot, uint256 question, uint256 word)",
    "Words {word} and the next of ballot {ballot}, question {question}, are no point of the curve.",
  ),
  text(
    "BallotScalarInvalid(uint256 ballot, uint256 question, uint256 word)",
    "Word {word} of ballot {ballot}, question {question}, is not below the curve's order.",
  ),
  text(
    "BallotCommitmentWrong(uint256 ballot, uint256 question, uint256 group)",
    "Ballot {ballot} was not made by this voter for this election: question {question}, group {group}, is not proved.",
  ),
  text(
    "BallotSelectionsWrong(uint256 ballot, uint256 question)",
    "Ballot {ballot} does not choose as many options as question {question} asks for, or was made for another voter or election.",
  ),
  text("BallotFoldIncomplete(uint256 count)", "Only {count} ballots of the batch were there to verify."),
  text(
    "BallotHintsLengthWrong(uint256 length, uint256 expected)",
    "The hints for the proof have {length} bytes; {expected} are needed.",
  ),
  text("BallotProofWrong()", "A ballot holds something else than a valid vote: its proof is wrong."),
  text("HintWrong(uint256 position)", "The hint at byte {position} of the call is not the product it stands for."),
  text("HintInverseWrong(uint256 inverse)", "The last hint, {inverse}, is not the inverse of the sum's Z."),
  text(
    "CurveMultiplicationFailed(uint256 x, uint256 factor)",
    "The point with the x-coordinate {x} times {factor} has no result.",
  ),
  text("CurveAdditionExceptional(uint256 x)", "Two points with the x-coordinate {x} were added."),

  // OpenZeppelin
  text("AccessManagedUnauthorized(address caller)", "{caller} may not do this; the council may."),
  text(
    "AccessManagedRequiredDelay(address caller, uint32 delay)",
    "{caller} must schedule this {delay} seconds ahead.",
  ),
  text("AccessManagedInvalidAuthority(address authority)", "{authority} is no contract that can be the authority."),
  text("AccessManagerAlreadyScheduled(bytes32 operationId)", "The operation {operationId} is scheduled already."),
  text("AccessManagerBadConfirmation()", "A role is given up by its holder alone."),
  text("AccessManagerExpired(bytes32 operationId)", "The operation {operationId} waited too long; schedule it again."),
  text("AccessManagerInvalidInitialAdmin(address initialAdmin)", "{initialAdmin} cannot be the first administrator."),
  text("AccessManagerLockedRole(uint64 roleId)", "The role {roleId} cannot be changed."),
  text("AccessManagerNotReady(bytes32 operationId)", "The delay of the operation {operationId} has not passed."),
  text("AccessManagerNotScheduled(bytes32 operationId)", "The operation {operationId} is not scheduled."),
  text(
    "AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)",
    "{msgsender} does not have the role {roleId}.",
  ),
  text(
    "AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)",
    "{caller} may not have {selector} called on {target}, or needs no delay for it.",
  ),
  text(
    "AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector)",
    "{msgsender} may not cancel what {caller} scheduled for {target}.",
  ),
  text("AccessManagerUnauthorizedConsume(address target)", "{target} has no scheduled operation to use up."),
  text("AddressEmptyCode(address target)", "There is no contract at {target}."),
  text("FailedCall()", "A call failed without a reason."),
  text("InsufficientBalance(uint256 balance, uint256 needed)", "The balance {balance} is less than {needed}."),
  text("CheckpointUnorderedInsertion()", "A change is older than the one before it."),
  text("SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)", "{value} does not fit {bits} bits."),
  text("MerkleProofInvalidMultiproof()", "The proof does not fit the leaves that it is for."),
  text("StringsInsufficientHexLength(uint256 value, uint256 length)", "{value} does not fit {length} bytes."),
  text("InvalidShortString()", "A short string is malformed."),
  text("StringTooLong(string str)", "The string is too long: {str}."),
  text("ERC2771ForwarderExpiredRequest(uint48 deadline)", "The request to the relay counted until {deadline}."),
  text("ERC2771ForwarderInvalidSigner(address signer, address from)", "{signer} signed, not {from}."),
  text(
    "ERC2771ForwarderMismatchedValue(uint256 requestedValue, uint256 msgValue)",
    "The relay was given {msgValue} of {requestedValue}.",
  ),
  text("ERC2771UntrustfulTarget(address target, address forwarder)", "{target} does not trust the relay {forwarder}."),

  // partial decryptions
  text("CurveInverseWrong(uint256 z, uint256 inverse)", "{inverse} is not the inverse of the sum's Z, {z}."),
  text(
    "CurveMultipleWrong(uint256 x, uint256 factor)",
    "Another point was given than the point with the x-coordinate {x} times {factor}.",
  ),
  text(
    "PartialDecryptionLength(uint256 partials, uint256 proof)",
    "The partial decryption has {partials} words and its proof {proof}, which is not what its groups need.",
  ),
  text("PartialDecryptionPointInvalid(uint256 x, uint256 y)", "{x}, {y} is no point of the curve."),
  text(
    "PartialDecryptionResponseInvalid(uint256 response)",
    "The response {response} is 0 or not below the curve's order.",
  ),
  text(
    "PartialDecryptionChallengeWrong(uint256 given, uint256 hashed)",
    "The challenge {given} is not the hash of what it should bind, {hashed}.",
  ),
  text("PartialDecryptionProductWrong(uint256 index)", "Product {index} of the proof is not what was multiplied."),
  text(
    "PartialDecryptionRefused(uint256 question, uint256 trustee)",
    "Trustee {trustee} did not prove the partial decryption of question {question}.",
  ),

  // elections
  text("ElectionStateWrong(uint8 state)", "That can't be done while the election is {state}.", {
    state: ELECTION_STATES,
  }),
  text("ElectionNotReady()", "The trustees have not made the key yet, or there is neither a roll nor a gate."),
  text("ElectionKeyWrong(uint256 x, uint256 parity)", "{x} with the parity {parity} is not the election's key."),
  text(
    "RollPeriodWrong(uint40 until, uint40 opensAt)",
    "The roll can be objected to until {until}; voting begins at {opensAt}.",
  ),
  text(
    "RollRevisionWrong(uint32 given, uint32 expected)",
    "The roll was signed as revision {given}, the next is {expected}.",
  ),
  text(
    "VoterNotOnRoll(bytes32 slotKey, address voter, uint256 weight)",
    "{voter} is not on the roll with the slot {slotKey} and the weight {weight}.",
  ),
  text(
    "BallotIsSpoiled(bytes32 slotKey, bytes32 ballotHash)",
    "The ballot {ballotHash} of the slot {slotKey} was opened for audit and can't be cast.",
  ),
  text(
    "BallotNotRecordable(bytes32 slotKey, bytes32 ballotHash, uint8 reason)",
    "The ballot {ballotHash} of the slot {slotKey} can't be recorded: {reason}.",
    { reason: SKIP_REASONS },
  ),
  text(
    "BallotNotCommitted(bytes32 slotKey, bytes32 ballotHash)",
    "You did not commit to the ballot {ballotHash} of the slot {slotKey} before.",
  ),
  text(
    "BallotIsRecorded(bytes32 slotKey, bytes32 ballotHash)",
    "The ballot {ballotHash} counts in the slot {slotKey} and can't be opened.",
  ),
  text(
    "ExtensionInvalid(uint40 closesAt, uint40 latest, uint256 left)",
    "Voting can't be extended to {closesAt}: it must be later than now, {latest} at the latest, and {left} extensions are left.",
  ),
  text(
    "PaperInvalid(uint256 counts, uint256 expected)",
    "The election takes no paper totals, has them already, or has {expected} options and not {counts}.",
  ),
  text("PaperMissing()", "The totals of kiosks or paper must be recorded first."),
  text("SumsNotOpened()", "Too few trustees have opened the sums as yet."),
  text("ProgressUnknown(bytes32 given, bytes32 expected)", "The progress {given} is not yours, which is {expected}."),
  text(
    "CountsInvalid(uint256 counts, uint256 left)",
    "Of {counts} questions that were given {left} are left to count.",
  ),
  text("SumsUnknown(uint256 question)", "The sums of question {question} are not those that were fixed."),
  text(
    "CommissionUnknown(bytes32 given, bytes32 expected)",
    "The commission's list {given} is not the election's, {expected}.",
  ),
  text(
    "CommissionTooFew(uint256 signed, uint256 needed)",
    "{signed} members of the commission signed of {needed} needed.",
  ),
  text("CommissionOrderWrong(uint8 member)", "Member {member} of the commission comes out of order or does not exist."),
  text(
    "OpeningLengthWrong(uint256 ciphertexts, uint256 randomness, uint256 choices)",
    "{ciphertexts} words of ciphertexts, {randomness} of randomness and {choices} of choices do not fit the questions.",
  ),
  text("OpeningChoiceInvalid(uint256 question)", "A choice of question {question} is none of its options."),
  text(
    "OpeningWrong(uint256 question, uint256 group)",
    "The ciphertext of question {question}, group {group}, is another than the opening says.",
  ),
  text(
    "VoterAttestedTooLate(uint40 issuedAt, uint40 freeze)",
    "The attestation was issued at {issuedAt}; what was issued after {freeze} does not count.",
  ),
  text(
    "VoterScopeWrong(bytes32 shown, bytes32 expected)",
    "The attestation is of the scope {shown}; the election asks for {expected}, a schema and the body whose attestations count.",
  ),
  text("RollNotPlanned()", "The election was made for voters at its gate alone, and takes no roll."),
  text(
    "ElectionTimesInvalid(uint40 opensAt, uint40 closesAt, uint40 earliest)",
    "Voting from {opensAt} to {closesAt} does not begin after {earliest} and end later, or leaves no time to count.",
  ),
  text("GateInvalid(address gate)", "There is no contract at {gate} to be the gate."),
  text("FailedDeployment()", "The contract could not be deployed."),
  text("CloneArgumentsTooLong()", "The terms are too long for a clone."),
  text("MinimumTooSmall(uint32 minimum)", "The minimum of {minimum} ballots is less than 2."),
  text(
    "ElectionTooLarge(uint256 groups, uint256 options)",
    "{groups} ciphertexts and {options} options cost more than a call may: 24 and 64 at most.",
  ),
  text(
    "BlanksInvalid(uint256 place)",
    "The blank options of question {place} do not leave a named one, or their list is too short.",
  ),
  text("TextsInvalid(uint256 seen)", "A question has no text, or a text no question; those with one are {seen}."),
  text("CommissionInvalid(uint256 members, uint8 quorum)", "A quorum of {quorum} does not fit {members} members."),
  text("CommissionMemberInvalid(address member)", "{member} is in the commission twice, or is nobody."),

  // tally
  text(
    "TallyEntryIncomplete(uint256 entry, uint256 length, uint256 expected)",
    "Entry {entry} of the chunk has {length} bytes of {expected}.",
  ),
  text(
    "TallyOrderWrong(uint256 entry, bytes32 slotKey, bytes32 previous)",
    "Entry {entry} of the chunk, of the slot {slotKey}, does not come after the slot {previous}.",
  ),
  text(
    "TallySlotEmpty(uint256 entry, bytes32 slotKey)",
    "Nobody cast a ballot in the slot {slotKey} of entry {entry} of the chunk.",
  ),
  text(
    "TallyBallotWrong(uint256 entry, bytes32 slotKey, bytes32 ballotHash, bytes32 recorded)",
    "Entry {entry} of the chunk is the ballot {ballotHash}, but the slot {slotKey} holds {recorded}.",
  ),
  text(
    "TallyMultipleWrong(uint256 entry, uint256 point)",
    "Point {point} of entry {entry} of the chunk was not multiplied by the ballot's weight.",
  ),
  text(
    "CountLengthWrong(uint256 counts, uint256 sums, uint256 partials)",
    "The question has other numbers than {counts} counts, {sums} words of sums and {partials} partial decryptions.",
  ),
  text(
    "CountPartialLengthWrong(uint256 trustee, uint256 length)",
    "The partial decryption of trustee {trustee} has {length} words, which is not what the groups need.",
  ),
  text(
    "CountHintsLengthWrong(uint256 length, uint256 expected)",
    "The hints of the counts have {length} words of {expected}.",
  ),
  text(
    "CountTooLarge(uint256 option, uint256 count, uint256 weight)",
    "Option {option} cannot have {count} votes of {weight}.",
  ),
  text(
    "CountTotalWrong(uint256 total, uint256 expected)",
    "The counts add up to {total}, but the ballots made {expected} choices.",
  ),
  text(
    "CountCoefficientWrong(uint256 trustee, uint256 coefficient)",
    "{coefficient} is not the Lagrange coefficient of trustee {trustee} among these trustees.",
  ),
  text(
    "CountProductWrong(uint256 word)",
    "Word {word} of the hints of the counts does not begin the product it stands for.",
  ),
  text("CountWrong(uint256 group)", "The counts of group {group} are not what its sum decrypts to."),
  // trustees
  text(
    "TrusteeTermsInvalid(uint256 trustees, uint8 threshold)",
    "{threshold} of {trustees} trustees cannot decrypt: there are 2 to 16, and the threshold is from 2 to half of them, rounded up.",
  ),
  text("TrusteeListInvalid(address trustee)", "The trustee {trustee} is listed twice, or is nobody."),
  text("ElectionNamed(address election)", "The trustees are those of the election {election} already."),
  text("NotTheElection(address caller)", "Only the election may do this, not {caller}."),
  text("NotATrustee(address caller)", "{caller} is not the trustee of that index."),
  text("CeremonyPhaseWrong(uint8 phase)", "The key ceremony stands at {phase}; this is for another step.", {
    phase: CEREMONY_PHASES,
  }),
  text("StepDoneBefore(uint8 trustee)", "Trustee {trustee} did this before; it is done once a round."),
  text(
    "TrusteeNotRegistered(uint8 trustee)",
    "Trustee {trustee} registered no key in this round, or complains of itself.",
  ),
  text("CeremonyPointInvalid(uint256 x, uint256 y)", "{x}, {y} is no point of the curve that a key can be."),
  text(
    "DealingLengthWrong(uint256 commitments, uint256 shares)",
    "A dealing of {commitments} words of commitments and {shares} bytes of shares does not fit the trustees.",
  ),
  text(
    "PossessionNotProven(uint8 dealer)",
    "Trustee {dealer} did not prove to know the constant term of this dealing.",
  ),
  text("DealingUnknown(uint8 dealer)", "This is not what trustee {dealer} dealt in this round."),
  text(
    "ComplaintUnknown(uint8 dealer, uint8 trustee)",
    "Trustee {trustee} has no unanswered complaint about trustee {dealer}.",
  ),
  text(
    "ShareWrong(uint8 dealer, uint8 trustee)",
    "The revealed share is not what trustee {dealer} committed to for trustee {trustee}.",
  ),
  text("RoundSucceeded()", "The round can be finished; it does not start again."),
  text(
    "RoundFailed(uint256 qualified, uint256 threshold)",
    "The round yields no key: {qualified} dealers qualified, and {threshold} are needed. Start another.",
  ),
  text(
    "DealersWrong(uint256 given, uint256 expected)",
    "The dealings of {given} trustees were given, where {expected} qualified.",
  ),
  text("CommitmentsUnknown()", "These are not the sums of the commitments that the key was made with."),
  text(
    "ShareIndexWrong(uint256 last)",
    "The public shares up to trustee {last} are derived, or there is no such trustee.",
  ),
  text(
    "DecryptionNotOpen(uint40 deadline)",
    "Partial decryptions are not taken now; their deadline is {deadline}, 0 for none yet.",
  ),
  text("PartialsPosted()", "Partial decryptions were posted: the result may be known."),
  text(
    "DecryptionStatementUnknown(uint256 question)",
    "The configuration or the sums of question {question} are not those that the election handed over.",
  ),
  text("ShareKeyUnknown(uint8 trustee)", "The public share of trustee {trustee} is another, or it has none."),
  text(
    "PartialPostedBefore(uint256 question, uint8 trustee)",
    "Trustee {trustee} opened its part of question {question} before.",
  ),
  text(
    "PartialsWrong(uint256 given, uint256 expected)",
    "{given} partial decryptions count, where exactly {expected} are needed, in ascending order of their trustees.",
  ),
  text(
    "PartialUnknown(uint256 question, uint8 trustee)",
    "Trustee {trustee} posted another partial decryption of question {question}, or none.",
  ),
  // break-glass
  text(
    "MaxWindowInvalid(uint40 maxWindow, uint40 most)",
    "The longest window of an emergency access must be from 1 to {most} seconds, not {maxWindow}.",
  ),
  text(
    "EmergencyWindowInvalid(uint40 window, uint40 maxWindow)",
    "An emergency access must be for 1 to {maxWindow} seconds, not {window}.",
  ),
  text("EmergencyPatientMissing(uint32 body)", "Body {body} must say whose data it needs in the emergency."),
  text("EmergencyReasonMissing(address patient)", "An emergency access to the data of {patient} needs a reason."),
  text(
    "BreakGlassBlocked(uint32 body, uint32 unreviewed, uint32 limit)",
    "{unreviewed} emergency accesses of body {body} wait for a review, and {limit} stop it; 0 stop everybody.",
  ),
  text("GlassBrokenBefore(bytes32 id)", "This emergency access is open already: {id}."),
  text("BreakGlassUnknown(bytes32 id)", "There is no emergency access {id}."),
  text("BreakGlassReviewedBefore(bytes32 id, uint8 outcome)", "The emergency access {id} was reviewed: {outcome}.", {
    outcome: REVIEW_OUTCOMES,
  }),
  text(
    "BreakGlassReviewOverdue(uint32 body, uint32 number)",
    "Emergency access {number} of body {body} waits for a review while 192 later ones were made.",
  ),
  text(
    "ReviewerNotIndependent(bytes32 id, uint32 body)",
    "The emergency access {id} is of body {body} itself: another body must review it.",
  ),
  text("ReviewOutcomeMissing(bytes32 id)", "The review of the emergency access {id} must come to an outcome."),
  text(
    "BreakGlassNotOpen(address patient, uint32 body, uint40 openedAt, uint40 until)",
    "Body {body} has no open window on the data of {patient} that began at {openedAt}.",
  ),
  // prescriptions
  text("PrescriptionIssuedBefore(bytes32 id)", "The prescription {id} was issued before."),
  text(
    "PrescriptionEndInvalid(bytes32 id, uint40 expiresAt, uint40 time)",
    "The prescription {id} cannot end at {expiresAt}: it is {time}.",
  ),
  text("PrescriptionQuantityMissing(bytes32 id)", "The quantity of the prescription {id} must be more than 0."),
  text("PrescriptionUnknown(bytes32 id)", "No prescription {id} was issued."),
  text(
    "PrescriptionSpent(bytes32 id, uint32 pharmacy)",
    "All of the prescription {id} was dispensed, last by body {pharmacy}.",
  ),
  text(
    "PrescriptionExceeded(bytes32 id, uint16 quantity, uint16 remaining, uint32 pharmacy)",
    "Of the prescription {id} {remaining} are left, fewer than {quantity}.",
  ),
  text("PrescriptionExpired(bytes32 id, uint40 expiresAt)", "The prescription {id} ended at {expiresAt}."),
  text("PrescriptionIsCancelled(bytes32 id, uint8 reason)", "The prescription {id} is cancelled: {reason}.", {
    reason: CANCEL_REASONS,
  }),
  text(
    "PrescriberNotCompromised(bytes32 id, uint8 standing)",
    "The prescriber of {id} stood at {standing} when it was issued: that is no reason to annul it.",
    { standing: STANDINGS },
  ),
  text("CancelReasonMissing(bytes32 id)", "A reason is needed to cancel the prescription {id}."),
  text("NothingDispensed(bytes32 id)", "Of the prescription {id} there is no last dispensing to take back."),
  // bills
  text("BillSubmittedBefore(bytes32 id, uint8 state)", "The bill {id} was submitted before, and stands at {state}.", {
    state: BILL_STATES,
  }),
  text("BillUnknown(bytes32 id)", "There is no bill {id}."),
  text(
    "BillPaidBefore(bytes32 id, uint32 payer, uint40 paidAt)",
    "The bill {id} was paid by body {payer} at {paidAt}.",
  ),
  text("BillIsWithdrawn(bytes32 id, uint40 withdrawnAt)", "The bill {id} was withdrawn at {withdrawnAt}."),
  text("BillNotPaid(bytes32 id, uint8 state)", "The bill {id} is not paid: it stands at {state}.", {
    state: BILL_STATES,
  }),
  text(
    "BillProviderNotStanding(bytes32 id, uint8 standing)",
    "The bill {id} is not to be paid: its provider stood at {standing} when it was submitted.",
    { standing: STANDINGS },
  ),
  text("RejectReasonMissing(bytes32 id)", "A reason is needed to reject the bill {id}."),
  // health records
  text(
    "RecordExists(bytes32 commitment, uint32 provider, uint40 anchoredAt)",
    "Provider {provider} anchored {commitment} before, at {anchoredAt}; anchor the record as its next version.",
  ),
  text("RecordUnknown(bytes32 commitment)", "The record {commitment} was never anchored alone."),
  text(
    "RecordStateRefuses(bytes32 commitment, uint8 state, uint8 asked)",
    "The record {commitment} is {state}, and so can't become {asked}: only what is current is superseded or entered in error, and what is erased stays so.",
    { state: RECORD_STATES, asked: RECORD_STATES },
  ),
  text(
    "RecordReasonInvalid(uint8 state, uint8 reason)",
    "A record does not become {state} in this way, or not for the reason {reason}.",
    { state: RECORD_STATES, reason: RECORD_REASONS },
  ),
  text(
    "RecordOfAnotherProvider(bytes32 commitment, uint32 provider, uint32 caller)",
    "The record {commitment} is provider {provider}'s; provider {caller} can't supersede it.",
  ),
  text(
    "RecordVersionsExhausted(bytes32 commitment)",
    "The record {commitment} has as many versions as can be counted.",
  ),
  text("RecordsMissing()", "At least one record must be named."),
  text(
    "RecordBatchInvalid(bytes32 root, uint64 size)",
    "A batch needs at least one record and a root: {size} and {root} were given.",
  ),
  text(
    "RecordBatchExists(bytes32 root, uint64 size, uint40 anchoredAt)",
    "The same batch of {size} records with the root {root} was anchored before, at {anchoredAt}.",
  ),
  text(
    "RecordBatchUnknown(uint32 provider, bool inLog, bytes32 root, uint64 size)",
    "Provider {provider} anchored no batch with the root {root} that ends at {size} (in its log: {inLog}).",
  ),
  text(
    "RecordNotMember(bytes32 commitment, bytes32 root, uint64 index)",
    "The proof does not show the record {commitment} as entry {index} of the batch with the root {root}.",
  ),
  // consents
  text(
    "ConsentNotInForce(address patient, uint32 grantee, bytes32 scope, uint8 purpose, uint8 status)",
    "Body {grantee} has no consent of {patient} in force for purpose {purpose} and the scope {scope}: it stands at {status}.",
    { status: CONSENT_STATUSES },
  ),
  text(
    "ConsentVersionMismatch(uint32 given, uint32 current)",
    "Version {given} of the consent was signed, and it is at {current}: it changed since, or this was carried before.",
  ),
  text("ConsentGranteeMissing(address patient)", "The consent of {patient} names nobody who may use the data."),
  text(
    "ConsentPurposesMissing(address patient, uint32 grantee)",
    "The consent of {patient} to body {grantee} names no purpose.",
  ),
  text(
    "ConsentPeriodInvalid(uint40 from, uint40 until, uint40 time)",
    "The consent from {from} until {until} must end after its start and after now ({time}).",
  ),
  text(
    "ConsentOutlastsGuardian(uint40 until, uint40 guardianUntil)",
    "The consent would last until {until}, and the guardianship ends at {guardianUntil}.",
  ),
  text("GuardianInvalid(address patient, address guardian)", "{guardian} cannot be a guardian of {patient}."),
  text("GuardianshipInPast(uint40 until, uint40 time)", "A guardianship until {until} would be over: it is {time}."),
  text(
    "GuardianNotInForce(address patient, address guardian, uint8 standing)",
    "{guardian} may not act for {patient} now: the guardianship stands at {standing}.",
    { standing: STANDINGS },
  ),
  text(
    "GuardianshipNotRunning(address patient, address guardian)",
    "There is no guardianship of {guardian} over {patient} to end.",
  ),
  text(
    "DelegatesMismatch(address patient, bytes32 commitment)",
    "{patient} named other delegates, or none: the list given has the commitment {commitment}.",
  ),
  text("DelegatesLapsed(address patient, uint40 until)", "The delegates of {patient} could act until {until}."),
  text(
    "NotDelegate(address patient, address account)",
    "{account} is no delegate of {patient}, or stands out of order: approvals ascend, each delegate once.",
  ),
  text(
    "TooFewDelegates(address patient, uint256 approvals, uint256 threshold)",
    "{approvals} delegates of {patient} signed, and {threshold} must.",
  ),
  // judgments
  text(
    "JudgmentCommitmentMissing(bytes32 commitment, bytes32 caseCommitment)",
    "A judgment needs its own commitment and that of its case, and {commitment} and {caseCommitment} were given.",
  ),
  text(
    "JudgmentExists(bytes32 commitment, uint32 court, uint40 registeredAt)",
    "The judgment {commitment} was registered before, by body {court} at {registeredAt}.",
  ),
  text(
    "DecisionTimeInvalid(uint40 decidedAt, uint40 time)",
    "A judgment cannot have been decided at {decidedAt}: it is {time}.",
  ),
  text(
    "FinalityInvalid(uint40 finalFrom, uint40 earliest)",
    "The judgment cannot be final from {finalFrom}, which is before {earliest}.",
  ),
  text(
    "FinalityIsSet(bytes32 commitment, uint40 finalFrom)",
    "The court told before that the judgment {commitment} is final from {finalFrom}.",
  ),
  text("JudgmentUnknown(bytes32 commitment)", "No judgment {commitment} was registered."),
  text(
    "JudgmentStatusRefuses(bytes32 commitment, uint8 status)",
    "The judgment {commitment} stands at {status}, which does not allow this.",
    { status: JUDGMENT_STATUSES },
  ),
  text(
    "JudgmentIsDecidedUpon(bytes32 commitment, bytes32 governing)",
    "The judgment {commitment} was decided upon: {governing} governs now.",
  ),
  text(
    "JudgmentOfAnotherCourt(bytes32 commitment, uint32 court, uint32 caller)",
    "The judgment {commitment}, or its appeal, is body {court}'s, and not body {caller}'s.",
  ),
  text(
    "CourtReviewsItself(bytes32 commitment, uint32 court)",
    "Body {court} gave the judgment {commitment} and cannot decide upon it.",
  ),
  text(
    "AppealOutcomeInvalid(bytes32 commitment, uint8 outcome)",
    "The appeal of {commitment} cannot end in {outcome}.",
    { outcome: JUDGMENT_OUTCOMES },
  ),
  text(
    "AppealCommitmentMissing(bytes32 commitment)",
    "The appeal of {commitment} needs the salted hash of its notice.",
  ),
  text(
    "JudgmentChainTooLong(bytes32 commitment, uint8 most)",
    "This cannot follow upon {commitment}: {most} texts and decisions stand before it, which is the most.",
  ),
  text(
    "JudgmentNotEnforceable(bytes32 commitment, uint8 status, uint8 standing)",
    "The judgment {commitment} stands at {status}, and the court that it rests on at {standing}.",
    { status: JUDGMENT_STATUSES, standing: STANDINGS },
  ),
  // service of documents
  text(
    "ServiceIncomplete(bytes32 document, address addressee)",
    "A service needs a document and an addressee, and {document} and {addressee} were given.",
  ),
  text("ServiceRoleInvalid(bytes32 role)", "Documents are served by courts and bailiffs, and not in the role {role}."),
  text("ServiceEndInvalid(uint40 until, uint40 time)", "A service until {until} would be over: it is {time}."),
  text(
    "ServiceExists(bytes32 document, address addressee, uint32 server, uint40 sentAt)",
    "Body {server} sent the document {document} to {addressee} before, at {sentAt}.",
  ),
  text("ServiceUnknown(bytes32 document, address addressee)", "The document {document} was never sent to {addressee}."),
  text(
    "ServiceStateRefuses(bytes32 document, address addressee, uint8 state)",
    "The service of {document} upon {addressee} stands at {state}, which does not allow this.",
    { state: SERVICE_STATES },
  ),
  text(
    "ServiceOfAnother(bytes32 document, uint32 server, uint32 caller)",
    "Body {server} sent the document {document}, and not body {caller}.",
  ),
  text(
    "FailureMissing(bytes32 document, address addressee)",
    "The failure to serve {document} upon {addressee} needs a reason.",
  ),
  text(
    "DocumentNotServed(bytes32 document, address addressee, uint8 state, uint8 standing)",
    "The document {document} is not served upon {addressee}: it stands at {state}, and its sender at {standing}.",
    { state: SERVICE_STATES, standing: STANDINGS },
  ),
  // powers of attorney
  text("PowerAgentInvalid(address principal, address agent)", "{agent} cannot be an agent of {principal}."),
  text(
    "PowerScopeMissing(address principal, address agent)",
    "The power of {principal} to {agent} does not say what the agent may do.",
  ),
  text(
    "PowerPeriodInvalid(uint40 from, uint40 until, uint40 time)",
    "The power from {from} until {until} must end after its start and after now ({time}).",
  ),
  text(
    "PowerVersionMismatch(uint32 version, uint32 current)",
    "Version {version} of the power was named, and it is at {current}: it changed since, or this was carried before.",
  ),
  text(
    "PowerNotInForce(address principal, address agent, bytes32 scope, uint8 status)",
    "{agent} has no power of {principal} in force for the scope {scope}: it stands at {status}.",
    { status: POWER_STATUSES },
  ),
  text(
    "PowerNotAttested(address principal, address agent, bytes32 scope, uint8 standing)",
    "No notary attested this version of the power of {principal} to {agent} for the scope {scope}: it stands at {standing}.",
    { standing: STANDINGS },
  ),
  // evidence
  text(
    "ExhibitExists(bytes32 commitment, uint32 depositor, uint40 depositedAt)",
    "The exhibit {commitment} was deposited before, by body {depositor} at {depositedAt}.",
  ),
  text(
    "ExhibitUnknown(bytes32 commitment)",
    "There is no exhibit {commitment}, or it was not singled out of its batch.",
  ),
  text(
    "CaptureToolNotAccredited(uint32 tool, uint8 standing)",
    "Body {tool} is no capture tool that may be used now: it stands at {standing}.",
    { standing: STANDINGS },
  ),
  text("ExhibitBatchInvalid(bytes32 root, uint64 size)", "A batch needs a root and a size, not {root} and {size}."),
  text(
    "ExhibitBatchExists(bytes32 root, uint64 size, uint40 depositedAt)",
    "A batch of the root {root} and {size} exhibits was deposited before, at {depositedAt}.",
  ),
  text(
    "ExhibitBatchUnknown(uint32 depositor, bool inLog, bytes32 root, uint64 size)",
    "Body {depositor} deposited no batch that ends at the root {root} with {size} exhibits (in its log: {inLog}).",
  ),
  text(
    "ExhibitNotMember(bytes32 commitment, bytes32 root, uint64 index)",
    "The proof does not show the exhibit {commitment} as number {index} under the root {root}.",
  ),
  text("WitnessSubjectUnknown(bytes32 subject)", "Nothing was deposited as {subject} that could be witnessed."),
  text("WitnessesMissing(uint256 given, uint256 needed)", "{given} witnesses signed, and {needed} must."),
  text("WitnessRoleInvalid(bytes32 role)", "The scope {role} is no witness's."),
  text(
    "WitnessNotIndependent(bytes32 subject, uint32 body)",
    "Body {body} is no witness of {subject}: it is a party to it, or has signed before.",
  ),
  text("WitnessesUnordered(uint32 body)", "Body {body} stands out of order: witnesses are named in ascending order."),
  text("OfferEndInvalid(uint40 until, uint40 time)", "An offer until {until} must end after now ({time})."),
  text(
    "OfferMissing(bytes32 commitment, uint32 to, uint32 caller)",
    "The exhibit {commitment} is not offered to body {caller}; the body that it is offered to is {to}, 0 for none.",
  ),
  text("OfferLapsed(bytes32 commitment, uint40 until)", "The offer of the exhibit {commitment} ended at {until}."),
  text("RefusalReasonMissing(bytes32 commitment)", "Whoever does not take the exhibit {commitment} says why."),
  text(
    "CustodianIsSame(bytes32 commitment, uint32 custodian)",
    "Body {custodian} holds the exhibit {commitment} already.",
  ),
  text("HopsExhausted(bytes32 commitment)", "The exhibit {commitment} changed hands as often as can be counted."),
  text(
    "ExhibitStateRefuses(bytes32 commitment, uint8 state, uint8 action)",
    "The exhibit {commitment} stands at {state}, which does not allow {action}.",
    { state: EXHIBIT_STATES, action: EXHIBIT_ACTIONS },
  ),
  text(
    "ExhibitSealRefuses(bytes32 commitment, bool isSealed, uint8 action)",
    "The seal of the exhibit {commitment} does not allow {action} (sealed: {isSealed}).",
    { action: EXHIBIT_ACTIONS },
  ),
  text(
    "ExhibitHoldRefuses(bytes32 commitment, bool isHeld, uint8 action)",
    "The hold on the exhibit {commitment} does not allow {action} (held: {isHeld}).",
    { action: EXHIBIT_ACTIONS },
  ),
  text(
    "CourtNotInCharge(bytes32 commitment, uint32 court, uint32 other)",
    "Court {court} is in charge of the exhibit {commitment}, not body {other}.",
  ),
  text(
    "GroundsMissing(bytes32 commitment, uint8 action)",
    "For {action} upon the exhibit {commitment} the order, decision, challenge or answer must be named.",
    { action: EXHIBIT_ACTIONS },
  ),
];
