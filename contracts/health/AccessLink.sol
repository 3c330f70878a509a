// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title AccessLink
/// @notice The hash that ties an access to all those before it.
library AccessLink {
    /// @notice The hash that a patient's next head is cut from, as `IAccessLog` says.
    /// @dev `keccak256(abi.encode(head, recipient, key, purpose, basis, version, time, commitment))`, and a fuzz test
    /// compares it with that. It pays: 100 gas less for each access, since no memory is taken. The numbers are words here,
    /// so that their upper bits are clean.
    /// @param head the head before it
    /// @param recipient the body that accessed the data
    /// @param key the number of the key that logged it
    /// @param purpose number of the purpose of use
    /// @param basis what allowed it
    /// @param version the consent's version
    /// @param time the block's time
    /// @param commitment salted hash of what was accessed
    /// @return link the hash
    function follow(
        uint256 head,
        uint256 recipient,
        uint256 key,
        uint256 purpose,
        bytes32 basis,
        uint256 version,
        uint256 time,
        bytes32 commitment
    ) internal pure returns (bytes32 link) {
        // Built past the memory in use and given up at once.
        assembly ("memory-safe") {
            let input := mload(0x40)
            mstore(input, head)
            mstore(add(input, 0x20), recipient)
            mstore(add(input, 0x40), key)
            mstore(add(input, 0x60), purpose)
            mstore(add(input, 0x80), basis)
            mstore(add(input, 0xa0), version)
            mstore(add(input, 0xc0), time)
            mstore(add(input, 0xe0), commitment)
            link := keccak256(input, 0x100)
        }
    }
}
