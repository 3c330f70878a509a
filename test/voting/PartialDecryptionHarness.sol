// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PartialDecryption} from "../../contracts/voting/PartialDecryption.sol";

/// @title PartialDecryptionHarness
/// @notice Keeps shares and sums as an election would, and takes partial decryptions of anyone, so that tests reach the library
/// and measure whole transactions.
contract PartialDecryptionHarness {
    bytes32 private _configuration;
    mapping(uint256 trustee => uint256[2] share) private _shares;
    mapping(uint256 question => uint256[] sums) private _sums;

    /// @notice The hash of the partial decryptions of a trustee: one word, whatever the number of groups.
    mapping(uint256 question => mapping(uint256 trustee => bytes32 hash)) public hashOf;
    /// @notice The partial decryptions themselves.
    mapping(uint256 question => mapping(uint256 trustee => uint256[] words)) private _words;

    /// @notice The only place of the points where the hash alone is stored.
    event PartialDecryptionPosted(uint256 indexed question, uint256 indexed trustee, uint256[] partials);

    function configure(bytes32 configuration) external {
        _configuration = configuration;
    }

    function setShare(uint256 trustee, uint256 x, uint256 y) external {
        _shares[trustee] = [x, y];
    }

    function setSums(uint256 question, uint256[] calldata sums) external {
        _sums[question] = sums;
    }

    function check(
        uint256 question,
        uint256 trustee,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) external view {
        _check(question, trustee, partials, proof);
    }

    function postHash(
        uint256 question,
        uint256 trustee,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) external {
        _check(question, trustee, partials, proof);
        hashOf[question][trustee] = keccak256(abi.encodePacked(partials));
        emit PartialDecryptionPosted(question, trustee, partials);
    }

    function postWords(
        uint256 question,
        uint256 trustee,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) external {
        _check(question, trustee, partials, proof);
        uint256[] storage words = _words[question][trustee];
        // No length is stored, as an election knows its groups.
        assembly ("memory-safe") {
            mstore(0x00, words.slot)
            let first := keccak256(0x00, 0x20)
            for {
                let i := 0
            } lt(i, partials.length) {
                i := add(i, 1)
            } {
                sstore(add(first, i), calldataload(add(partials.offset, shl(5, i))))
            }
        }
        emit PartialDecryptionPosted(question, trustee, partials);
    }

    function _check(
        uint256 question,
        uint256 trustee,
        uint256[] calldata partials,
        uint256[] calldata proof
    ) private view {
        uint256[2] storage share = _shares[trustee];
        PartialDecryption.check(
            PartialDecryption.Statement(_configuration, question, trustee, share[0], share[1], _sums[question]),
            partials,
            proof
        );
    }
}
