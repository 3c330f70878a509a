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

    /// @notice A round yielded no key: too few dealers qualified, too many complained, or the key was infinity.
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

    /// @notice Only the factory may name the election, once.
    /// @param caller who tried
    error ElectionNotNameable(address caller);

    /// @notice Only the election may call this.
    /// @param caller who tried
    error NotTheElection(address caller);

    /// @notice The caller is none of the trustees.
    /// @param caller who tried
    error NotATrustee(address caller);

    /// @notice It is another step of the ceremony.
    /// @param phase the step that it is
    error CeremonyPhaseWrong(Phase phase);

    /// @notice Partial decryptions are not taken: not yet, or no longer.
    error DecryptionNotOpen();

    /// @notice Names the election; the factory that made both, once.
    /// @param election the election
    function bind(address election) external;

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
}
