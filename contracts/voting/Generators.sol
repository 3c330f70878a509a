// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title The ballot's generators
/// @notice Points of secp256k1 among which, and with the base point and any election's key, nobody knows a relation.
/// @dev Each is the first of `x = sha256("diwan/generator/v1/" ‖ name ‖ counter)`, counter one byte from 0, that is below
/// the curve's order and has a point; the name is "K" or the generator's number in decimal digits, and of the two points with
/// that x-coordinate the one with even y is taken. A test derives each again. Γ_1 is the base point G itself, of which
/// ecrecover adds a multiple for nothing.
library Generators {
    /// @notice The x-coordinate of K, which blinds the commitments to the bits.
    /// @dev Not the election's key: its trustees together know that key's logarithm, and could open a commitment as another.
    uint256 internal constant K_X = 0x4f63be743c25b75006f7cd680f23d1d0d0b340a479e545c593ee4292a5f36a07;

    /// @notice The x-coordinates of Γ_2 to Γ_last.
    /// @dev Straight stores that end early: a table in the code would be copied whole, a search by number is dearer, and the
    /// language would write zeros first.
    /// @param last the number of the last generator wanted, 2 to 32
    /// @return xs the x-coordinate of Γ_j at index j - 2
    // solhint-disable-next-line function-max-lines
    function xCoordinates(uint256 last) internal pure returns (uint256[] memory xs) {
        assembly ("memory-safe") {
            function fill(at, last_) {
                mstore(add(at, 0x0), 0x2930527ba2765c3c55091c52fcc65f23b133dc2895a0b8c758ca4fce5ae70797)
                if eq(last_, 2) {
                    leave
                }
                mstore(add(at, 0x20), 0x4c8ef49a6e521bf65bcd307b24632c04ef084544cb63e649f41a3024a8fdfc37)
                if eq(last_, 3) {
                    leave
                }
                mstore(add(at, 0x40), 0x02d37ea0665b8cb668ff2fa634d55ac40a7e88568eec76ba30ddb4647651a71c)
                if eq(last_, 4) {
                    leave
                }
                mstore(add(at, 0x60), 0xd12fde093feb307ab3bb951f6cafea2a2ed95fd6001710b6b05dbcbdcf64615c)
                if eq(last_, 5) {
                    leave
                }
                mstore(add(at, 0x80), 0x27603ada4e9e029013b5fa09b23e4fee41ce840c1fff5da5c582439d6fdf6b65)
                if eq(last_, 6) {
                    leave
                }
                mstore(add(at, 0xa0), 0x833384dacdb6797771a2a7e4752a2c23ece2e55fcb51cad33e652db409f48703)
                if eq(last_, 7) {
                    leave
                }
                mstore(add(at, 0xc0), 0xdad7b0c274ec5150ba9dd0d755819e972d51992b153c2865f225716d3070cd7f)
                if eq(last_, 8) {
                    leave
                }
                mstore(add(at, 0xe0), 0x6a786e1e15d8d2827b5098bd0aedd260febb64c653257a66ba2b5597208da2af)
                if eq(last_, 9) {
                    leave
                }
                mstore(add(at, 0x100), 0xda51140e7982f3ce55e06286fd3bcf4f44eb4608e82294048afc1085262a6e61)
                if eq(last_, 10) {
                    leave
                }
                mstore(add(at, 0x120), 0x305ff662eac9a31814f00a1a8611dbb6661f10c9e84352c63af1557330697576)
                if eq(last_, 11) {
                    leave
                }
                mstore(add(at, 0x140), 0x092eccf9817ff70578df5cfa3a427db44dcb072ac43ab694f6b43ce2d7c71a5b)
                if eq(last_, 12) {
                    leave
                }
                mstore(add(at, 0x160), 0x22411b3f3e5f6733ad4bbaca0ba73477dbeca9c6e6ee1f55d1f3796a07054638)
                if eq(last_, 13) {
                    leave
                }
                mstore(add(at, 0x180), 0x79aa6c03dc45478bea66fb0935af8fd386ee83b38388477b9bb40c0958ffbceb)
                if eq(last_, 14) {
                    leave
                }
                mstore(add(at, 0x1a0), 0x85530fdd26ff4d1d08689fdb0b80b3466c501c70892a46e389ea665c70a17b8f)
                if eq(last_, 15) {
                    leave
                }
                mstore(add(at, 0x1c0), 0x64f8d1cd05dca348ccf1d1ce9cf86d55047e29c91f73f28d0f4dd4cbbcd8ea29)
                if eq(last_, 16) {
                    leave
                }
                mstore(add(at, 0x1e0), 0x561ba4888a60bd7ea87b802ff60bd58ac328dcc5350abafd2982b4a7cddd0cbf)
                if eq(last_, 17) {
                    leave
                }
                mstore(add(at, 0x200), 0x45ed4a31280c88424424ec6837833cd7052d33c4e5835c0db8fc4a625d298677)
                if eq(last_, 18) {
                    leave
                }
                mstore(add(at, 0x220), 0x3a0e30794a7f7273daf16af4fd41aa5b4ef5795934debe991b17d505cc35820a)
                if eq(last_, 19) {
                    leave
                }
                mstore(add(at, 0x240), 0x286b116c5013ba46f33afa57abed1ef8d6638cf21b6fc9e49bba0e443d8862d2)
                if eq(last_, 20) {
                    leave
                }
                mstore(add(at, 0x260), 0x7784f85dc84a21497c339e0acf8e3617fdae283de2c59e18b9a4d038acbd0a9e)
                if eq(last_, 21) {
                    leave
                }
                mstore(add(at, 0x280), 0x28edcd19bc7ac6655ae0857b37e2fb5ba9304ea4611c67045a5d19cf53f0a0cf)
                if eq(last_, 22) {
                    leave
                }
                mstore(add(at, 0x2a0), 0x075717341a613b59463a491365e794253496d6a05e8db3d4fd492fb44b993fd3)
                if eq(last_, 23) {
                    leave
                }
                mstore(add(at, 0x2c0), 0xc6ca5f4840684a3ccf36b9acce6a5c3c729e52b28d5c525feca6a4acd91e42f3)
                if eq(last_, 24) {
                    leave
                }
                mstore(add(at, 0x2e0), 0xd60cbab1b7d7ba7bfce1baf262909091fb028a1509474ec50ea0349ddb333326)
                if eq(last_, 25) {
                    leave
                }
                mstore(add(at, 0x300), 0x83b6b6d012843f86842f54500df0eb84dc248cded61176e16eae3b0af842b17d)
                if eq(last_, 26) {
                    leave
                }
                mstore(add(at, 0x320), 0x782ae6b238a4b8103cae4997939807508c6fc50fc58bdb0151878d4482439743)
                if eq(last_, 27) {
                    leave
                }
                mstore(add(at, 0x340), 0x49484bf38f492bac661b31adea04400013e7e657afe726e839d62e821474cd60)
                if eq(last_, 28) {
                    leave
                }
                mstore(add(at, 0x360), 0xf0f71fff05a33300df43214aa9bb9aad717f014f1fed045e09a32e860bf86b52)
                if eq(last_, 29) {
                    leave
                }
                mstore(add(at, 0x380), 0x38f3ab34865c9271c28d6f5d97cab327c936b404d404f72231885fc7205d9216)
                if eq(last_, 30) {
                    leave
                }
                mstore(add(at, 0x3a0), 0x72d8d6be8a96093a85dd40627c16366b0547096fa0541a6eece6849585fb14ce)
                if eq(last_, 31) {
                    leave
                }
                mstore(add(at, 0x3c0), 0x0a2be5561e630edbf68af5e84b8de9fd574cc4e964d6b7835b2bebf672bd3f7f)
            }

            xs := mload(0x40)
            let length := sub(last, 1)
            mstore(xs, length)
            mstore(0x40, add(xs, shl(5, last)))
            fill(add(xs, 0x20), last)
        }
    }
}
