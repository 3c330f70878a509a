// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The trustees of one election: they make its key together, and open the sum of its ballots together.
/// @dev Joint-Feldman key generation (Pedersen, EUROCRYPT '91): n trustees, of whom any t decrypt and t - 1 learn nothing. A
/// trustee's index is its place in the terms' list, from 1. Points are two words, infinity is two zeros. Times are Unix seconds.
///
/// A round: all register a key that shares are encrypted to; each deals; whoever was dealt a wrong share complains; whoever was
/// complained of reveals that share; then anyone finishes. A step ends early when all did their part, but for complaints, which
/// can be made for as long as their period lasts. A round that yields no key is followed by another.
interface ITrustees {
    /// @notice What an election fixes about its trustees.
    /// @param trustees who they are, 2 to 16 different addresses
    /// @param threshold how many of them decrypt, t, with 2 <= t and n >= 2t - 1
    /// @param registrationPeriod how long trustees may register their encryption keys, in seconds
    /// @param dealingPeriod how long they may deal, from the end of registration
    /// @param complaintPeriod how long they may complain, from the end of dealing
    /// @param answerPeriod how long dealers may answer, from the end of complaints
    struct Terms {
        address[] trustees;
        uint8 threshold;
        uint32 registrationPeriod;
        uint32 dealingPeriod;
        uint32 complaintPeriod;
        uint32 answerPeriod;
    }

    /// @notice Which step of the ceremony it is.
    enum Phase {
        REGISTRATION,
        DEALING,
        COMPLAINTS,
        ANSWERS,
        FINISHING,
        DERIVING,
        DONE
    }

    /// @notice What a trustee's opening of a question's sum is made of.
    /// @param index the trustee's index
    /// @param partials the coordinates of each group's partial decryption D
    struct Partial {
        uint8 index;
        uint256[] partials;
    }

    /// @notice A round of the ceremony began, with registration.
    /// @param round its number, from 0
    event CeremonyStarted(uint32 indexed round);

    /// @notice A trustee registered the key that shares are to be encrypted to.
    /// @param round the round
    /// @param trustee the trustee's index
    /// @param x the key's x-coordinate
    /// @param y its y-coordinate
    event EncryptionKeyRegistered(uint32 indexed round, uint8 indexed trustee, uint256 x, uint256 y);

    /// @notice A trustee dealt: committed to a polynomial of degree t - 1, and gave each other trustee its value there.
    /// @param round the round
    /// @param dealer the trustee's index
    /// @param commitments the points `A_k = a_k·G`, constant term first
    /// @param proof the proof of possession of the constant term: challenge and response
    /// @param shares the encrypted shares of all registered trustees but the dealer, in order of their indices, 81 bytes each
    event SharesDealt(
        uint32 indexed round,
        uint8 indexed dealer,
        uint256[] commitments,
        uint256[2] proof,
        bytes shares
    );

    /// @notice A trustee complained of the share that it was dealt. It proves nothing against either.
    /// @param round the round
    /// @param dealer the dealer's index
    /// @param trustee the complainant's index
    event ComplaintMade(uint32 indexed round, uint8 indexed dealer, uint8 indexed trustee);

    /// @notice A dealer revealed the share that was complained of, and it is right.
    /// @param round the round
    /// @param dealer the dealer's index
    /// @param trustee the complainant's index
    /// @param share the share, now public
    event ShareRevealed(uint32 indexed round, uint8 indexed dealer, uint8 indexed trustee, uint256 share);

    /// @notice A round yielded no key: too few dealers qualified, or the key was infinity.
    /// @param round the round
    event CeremonyFailed(uint32 indexed round);

    /// @notice The election's key was made.
    /// @param round the round
    /// @param x the key's x-coordinate
    /// @param y its y-coordinate
    /// @param qualified the dealers whose polynomials it is the sum of: bit i for the trustee of index i
    /// @param commitments the sums of their commitments, constant term (the key) first
    event KeyMade(uint32 indexed round, uint256 x, uint256 y, uint256 qualified, uint256[] commitments);

    /// @notice The public share of a trustee was derived. At infinity, the trustee cannot decrypt.
    /// @param trustee the trustee's index
    /// @param x its x-coordinate
    /// @param y its y-coordinate
    event ShareKeyDerived(uint8 indexed trustee, uint256 x, uint256 y);

    /// @notice The election's ballots are summed up, and trustees may open the sums.
    /// @param configuration the hash of all that the election fixed before its first ballot
    /// @param deadline the last second at which partial decryptions are taken
    /// @param sumHashes for each question `keccak256` of the coordinates of the sum of C1 of each group
    event DecryptionStarted(bytes32 configuration, uint40 deadline, bytes32[] sumHashes);

    /// @notice The election was annulled: nothing is opened any more.
    event DecryptionStopped();

    /// @notice A trustee opened its part of a question's sum.
    /// @param question the question's index
    /// @param trustee the trustee's index
    /// @param partials the coordinates of each group's partial decryption D
    /// @param proof the proof that D was made with the trustee's share, as {PartialDecryption} describes it
    event PartialDecryptionPosted(uint256 indexed question, uint8 indexed trustee, uint256[] partials, uint256[] proof);

    /// @notice Terms that no ceremony can be held by.
    /// @param trustees how many trustees
    /// @param threshold how many decrypt
    error TrusteeTermsInvalid(uint256 trustees, uint8 threshold);

    /// @notice A trustee is listed twice, or is nobody.
    /// @param trustee the address
    error TrusteeListInvalid(address trustee);

    /// @notice The election is named already.
    /// @param election the election
    error ElectionNamed(address election);

    /// @notice Only the election may call this.
    /// @param caller who tried
    error NotTheElection(address caller);

    /// @notice The caller is none of the trustees.
    /// @param caller who tried
    error NotATrustee(address caller);

    /// @notice It is another step of the ceremony.
    /// @param phase the step that it is
    error CeremonyPhaseWrong(Phase phase);

    /// @notice A trustee does each step once a round.
    /// @param trustee the trustee's index
    error StepDoneBefore(uint8 trustee);

    /// @notice The trustee did not register a key in this round, so that nothing was dealt to it and it deals nothing.
    /// @param trustee the trustee's index
    error TrusteeNotRegistered(uint8 trustee);

    /// @notice Two words are no point of the curve.
    /// @param x the first
    /// @param y the second
    error CeremonyPointInvalid(uint256 x, uint256 y);

    /// @notice A dealing has more or fewer words or bytes than the terms need.
    /// @param commitments how many words of commitments
    /// @param shares how many bytes of shares
    error DealingLengthWrong(uint256 commitments, uint256 shares);

    /// @notice The dealer does not prove to know its constant term, or proved it for another dealing.
    /// @param dealer the dealer's index
    error PossessionNotProven(uint8 dealer);

    /// @notice What was brought is not what the dealer dealt.
    /// @param dealer the dealer's index
    error DealingUnknown(uint8 dealer);

    /// @notice There is no such unanswered complaint.
    /// @param dealer the dealer's index
    /// @param trustee the complainant's index
    error ComplaintUnknown(uint8 dealer, uint8 trustee);

    /// @notice The revealed share is not on the dealer's polynomial.
    /// @param dealer the dealer's index
    /// @param trustee the complainant's index
    error ShareWrong(uint8 dealer, uint8 trustee);

    /// @notice The round can be finished: enough dealers qualified.
    error RoundSucceeded();

    /// @notice The round yields no key: too few dealers qualified.
    /// @param qualified how many dealers qualified
    /// @param threshold how many must
    error RoundFailed(uint256 qualified, uint256 threshold);

    /// @notice The dealings are those of other dealers, or of more or fewer.
    /// @param given how many were given
    /// @param expected how many qualified
    error DealersWrong(uint256 given, uint256 expected);

    /// @notice The commitments are not the sums that were fixed.
    error CommitmentsUnknown();

    /// @notice Shares are derived in order, up to the last trustee.
    /// @param last the index that was asked for
    error ShareIndexWrong(uint256 last);

    /// @notice Partial decryptions are not taken: not yet, or no longer; or the sums were handed over before.
    /// @param deadline the last second at which they are taken, 0 for none yet
    error DecryptionNotOpen(uint40 deadline);

    /// @notice Partial decryptions were posted: an election is not ended once its result may be known.
    error PartialsPosted();

    /// @notice The configuration or the sums are not those that the election handed over.
    /// @param question the question's index
    error DecryptionStatementUnknown(uint256 question);

    /// @notice The trustee's public share is another, or the trustee has none.
    /// @param trustee the trustee's index
    error ShareKeyUnknown(uint8 trustee);

    /// @notice The trustee opened this sum before.
    /// @param question the question's index
    /// @param trustee the trustee's index
    error PartialPostedBefore(uint256 question, uint8 trustee);

    /// @notice Exactly as many partial decryptions as the threshold open a sum, of trustees in strictly ascending order.
    /// @param given how many were given
    /// @param expected how many it takes
    error PartialsWrong(uint256 given, uint256 expected);

    /// @notice A partial decryption is not the one that the trustee posted.
    /// @param question the question's index
    /// @param trustee the trustee's index
    error PartialUnknown(uint256 question, uint8 trustee);

    /// @notice Names the election, once; who makes both, in the same transaction.
    /// @param election the election
    function bind(address election) external;

    // THE CEREMONY

    /// @notice Registers the key that shares are to be encrypted to; a trustee, once a round.
    /// @param trustee the caller's index
    /// @param x the key's x-coordinate
    /// @param y its y-coordinate
    function registerKey(uint8 trustee, uint256 x, uint256 y) external;

    /// @notice Deals; a registered trustee, once a round.
    /// @dev The proof of possession is the challenge c and the response z, with R the address of `z·G - c·A_0` and c the hash, modulo
    /// the group's order, of `abi.encode(keccak256("diwan/possession/v1"), chain, this contract, round, dealer's index, dealer's
    /// address, n, t, keccak256(commitments), keccak256(shares), R)`.
    /// @param dealer the caller's index
    /// @param commitments the points `A_k = a_k·G`, constant term first, t of them
    /// @param proof the proof of possession of the constant term
    /// @param shares the encrypted shares of all registered trustees but the dealer, in order of their indices, 81 bytes each
    function deal(
        uint8 dealer,
        uint256[] calldata commitments,
        uint256[2] calldata proof,
        bytes calldata shares
    ) external;

    /// @notice Complains of the share that was dealt to the caller; a registered trustee, once a dealer.
    /// @param trustee the caller's index
    /// @param dealer the dealer's index
    /// @param commitmentsHash `keccak256` of the dealer's commitments
    /// @param shares the encrypted shares that the caller saw, all of them
    function complain(uint8 trustee, uint8 dealer, bytes32 commitmentsHash, bytes calldata shares) external;

    /// @notice Answers a complaint by revealing the share; the dealer.
    /// @param dealer the caller's index
    /// @param trustee the complainant's index
    /// @param share the share
    /// @param commitments the dealer's commitments
    /// @param sharesHash `keccak256` of the encrypted shares
    function reveal(
        uint8 dealer,
        uint8 trustee,
        uint256 share,
        uint256[] calldata commitments,
        bytes32 sharesHash
    ) external;

    /// @notice Makes the key out of the qualified dealings; anyone. A key at infinity starts another round.
    /// @param commitments the commitments of each qualified dealer, in order of their indices
    /// @param sharesHashes for each `keccak256` of its encrypted shares
    function finish(uint256[][] calldata commitments, bytes32[] calldata sharesHashes) external;

    /// @notice Starts another round where this one yields no key; anyone.
    function restart() external;

    /// @notice Derives the public shares of the next trustees; anyone.
    /// @param commitments the sums of the qualified commitments, from {KeyMade}
    /// @param last the index of the last trustee to derive it for
    function deriveShareKeys(uint256[] calldata commitments, uint8 last) external;

    // DECRYPTION

    /// @notice Opens a trustee's part of a question's sum, proven; a trustee, once a question.
    /// @param trustee the caller's index
    /// @param question the question's index
    /// @param configuration the election's configuration
    /// @param shareKey the caller's public share
    /// @param sums the coordinates of the sum of C1 of each group
    /// @param partials the coordinates of each group's partial decryption D
    /// @param proof the proof, as {PartialDecryption} describes it
    function postPartial(
        uint8 trustee,
        uint256 question,
        bytes32 configuration,
        uint256[2] calldata shareKey,
        uint256[] calldata sums,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) external;

    /// @notice Opens the sums to the trustees; the election, once.
    /// @param configuration the hash of all that the election fixed before its first ballot
    /// @param deadline the last second at which partial decryptions are taken
    /// @param sumHashes for each question `keccak256` of the coordinates of the sum of C1 of each group
    function startDecryption(bytes32 configuration, uint40 deadline, bytes32[] calldata sumHashes) external;

    /// @notice Ends decryption before it began: the election was annulled; the election only.
    function stopDecryption() external;

    /// @notice The key that ballots are encrypted to.
    /// @return x its x-coordinate, 0 while there is none
    /// @return y its y-coordinate
    function key() external view returns (uint256 x, uint256 y);

    /// @notice Which step of the ceremony it is.
    /// @return the step
    function phase() external view returns (Phase);

    /// @notice Whether any partial decryption was posted.
    /// @return whether one was
    function hasPartials() external view returns (bool);

    /// @notice Whether enough trustees opened every question's sum.
    /// @return whether they did
    function isDecrypted() external view returns (bool);

    /// @notice Reverts unless exactly as many partial decryptions as are needed are given, each as it was posted, in strictly
    /// ascending order of their trustees.
    /// @param question the question's index
    /// @param partials what was posted
    function requirePartials(uint256 question, Partial[] calldata partials) external view;

    /// @notice What the election fixed about its trustees.
    /// @return the terms
    function terms() external view returns (Terms memory);

    /// @notice The election.
    /// @return its address, 0 before it is named
    function election() external view returns (address);

    /// @notice The present round.
    /// @return its number, from 0
    function round() external view returns (uint32);

    /// @notice When the steps of the present round end, as far as is known: each may end earlier.
    /// @return dealing when dealing begins
    /// @return complaints when complaints begin
    /// @return answers when answers begin
    /// @return finishing when the round can be finished at the latest
    function schedule() external view returns (uint40 dealing, uint40 complaints, uint40 answers, uint40 finishing);

    /// @notice Who did what in the present round: sets with bit i for the trustee of index i.
    /// @return registered who registered a key
    /// @return dealt who dealt
    /// @return complained who complained
    /// @return accused of whom a complaint is unanswered
    function participation()
        external
        view
        returns (uint256 registered, uint256 dealt, uint256 complained, uint256 accused);

    /// @notice How many trustees opened a question's sum.
    /// @param question the question's index
    /// @return how many
    function partialsOf(uint256 question) external view returns (uint256);

    /// @notice Until when partial decryptions are taken.
    /// @return the last second, 0 before they are
    function decryptionDeadline() external view returns (uint40);
}
