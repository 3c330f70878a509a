// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";

import {IRelayHub} from "./IRelayHub.sol";

/// @notice Tells who really calls, whether directly, through an ERC-2771 forwarder or through LACChain's hub.
/// @dev The relays are chosen at deployment and trusted to name the sender; a zero address switches one off.
/// Warning: whoever controls a relay speaks for anyone, so what must not be relayed reads `msg.sender` instead.
abstract contract Sender is ERC2771Context {
    /// @notice The relays that a deployment trusts.
    /// @param forwarder ERC-2771 forwarder, or zero
    /// @param hub LACChain relay hub, or zero
    struct Relays {
        address forwarder;
        address hub;
    }

    address private immutable _HUB;

    /// @param relays the relays to trust
    constructor(Relays memory relays) ERC2771Context(relays.forwarder) {
        _HUB = relays.hub;
    }

    /// @notice The LACChain hub that may name the sender.
    /// @return the hub's address, zero when there is none
    function relayHub() external view returns (address) {
        return _HUB;
    }

    /// @inheritdoc ERC2771Context
    function _msgSender() internal view virtual override returns (address) {
        // Without a hub only a simulated call from the zero address gets past the first comparison.
        if (msg.sender == _HUB && _HUB != address(0)) return IRelayHub(_HUB).getMsgSender();
        return super._msgSender();
    }
}
