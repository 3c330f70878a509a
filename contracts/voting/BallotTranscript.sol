// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title BallotTranscript
/// @notice What a ballot's challenge and the weights of a fold are hashed from.
/// @dev Whatever a proof must be bound to is in the digest; a statement hashed in part is a known break (Bernhard, Pereira,
/// Warinschi, ASIACRYPT 2012), and without the voter's slot a ballot can be copied (Cortier, Smyth, CSF 2011).
library BallotTranscript {
    /// @notice What an answer belongs to.
    /// @param configuration the hash of all that the election fixed before its first ballot
    /// @param question the question's index in the election
    /// @param slotKey the voter's slot
    /// @param weight the voter's weight
    struct Context {
        bytes32 configuration;
        uint256 question;
        bytes32 slotKey;
        uint256 weight;
    }

    /// @notice An equation of a fold.
    /// @param seed the hash of every digest and every response of the fold
    /// @param item the answer's place in the fold
    /// @param equation the equation's place in the answer
    struct Place {
        bytes32 seed;
        uint256 item;
        uint256 equation;
    }

    /// @notice The domain of the challenge's hash, with its version.
    bytes32 internal constant TAG = keccak256("diwan/ballot/v1");

    /// @notice The digest of one answer, whose remainder by the curve's order is the challenge.
    /// @dev Binds to this chain and to the contract that runs this code.
    /// @param context what the answer belongs to
    /// @param options how many options the question has
    /// @param groups how many groups
    /// @param selections how many options are selected; 0 in approval voting
    /// @param committed the ciphertexts and commitments: the first words of the answer
    /// @return hash the digest
    function digest(
        Context memory context,
        uint256 options,
        uint256 groups,
        uint256 selections,
        bytes calldata committed
    ) internal view returns (bytes32 hash) {
        return
            keccak256(
                abi.encodePacked(
                    TAG,
                    block.chainid,
                    uint256(uint160(address(this))),
                    context.configuration,
                    context.question,
                    context.slotKey,
                    context.weight,
                    options,
                    groups,
                    selections,
                    selections == 0 ? uint256(1) : 0,
                    committed
                )
            );
    }

    /// @notice The weight of one equation in a fold: `keccak256(seed ‖ item ‖ equation)`.
    /// @param place the equation
    /// @return random the weight, below 2^256
    function weightOf(Place memory place) internal pure returns (uint256 random) {
        // The struct is what is hashed: abi.encode would copy it anew each time.
        assembly ("memory-safe") {
            random := keccak256(place, 0x60)
        }
    }

    /// @notice A buffer that is written whole before it is read: the language would fill it with zeros first.
    /// @param length its length, a multiple of 32 bytes
    /// @return buffer the buffer
    function allocate(uint256 length) internal pure returns (bytes memory buffer) {
        assembly ("memory-safe") {
            buffer := mload(0x40)
            mstore(buffer, length)
            mstore(0x40, add(add(buffer, 0x20), length))
        }
    }

    /// @notice Writes a word into a buffer, which has room for it.
    /// @param buffer the buffer
    /// @param start where to write, in bytes
    /// @param word the word
    /// @return end the first byte after it
    function writeWord(bytes memory buffer, uint256 start, bytes32 word) internal pure returns (uint256 end) {
        // The language stores single bytes only, and joining by bytes.concat copies all that came before again.
        assembly ("memory-safe") {
            end := add(start, 0x20)
            mstore(add(buffer, end), word)
        }
    }

    /// @notice Writes a part of the calldata into a buffer, which has room for it.
    /// @param buffer the buffer
    /// @param start where to write, in bytes
    /// @param part what to write
    /// @return end the first byte after it
    function write(bytes memory buffer, uint256 start, bytes calldata part) internal pure returns (uint256 end) {
        // As above.
        assembly ("memory-safe") {
            calldatacopy(add(add(buffer, 0x20), start), part.offset, part.length)
            end := add(start, part.length)
        }
    }

    /// @notice Reads a word from a buffer, which has it.
    /// @param buffer the buffer
    /// @param start where it is, in bytes
    /// @return word the word
    function readWord(bytes memory buffer, uint256 start) internal pure returns (uint256 word) {
        // As above.
        assembly ("memory-safe") {
            word := mload(add(add(buffer, 0x20), start))
        }
    }
}
