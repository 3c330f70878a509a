// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {IInauguration} from "./IInauguration.sol";
import {Sender} from "./Sender.sol";

/// @title Inauguration
/// @notice The first admin of the suite's AccessManager, which serves its deployer once and gives its role up.
contract Inauguration is IInauguration, Sender {
    /// @dev OpenZeppelin's `ADMIN_ROLE`.
    uint64 private constant _ADMIN_ROLE = 0;

    address private immutable _DEPLOYER;

    address private _inaugurated;

    /// @param deployer_ who may inaugurate, not the relay that carries its transaction
    /// @param relays the relays to trust
    constructor(address deployer_, Relays memory relays) Sender(relays) {
        _DEPLOYER = deployer_;
    }

    /// @inheritdoc IInauguration
    function inaugurate(address manager, address council, bytes[] calldata calls) external {
        require(_msgSender() == _DEPLOYER, NotDeployer(_msgSender(), _DEPLOYER));
        require(_inaugurated == address(0), InauguratedBefore(_inaugurated));
        _inaugurated = manager;
        emit CouncilInaugurated(manager, council);

        // Grants return nothing of use, and the council's delay is its own matter; a failure reverts.
        // slither-disable-start unused-return
        AccessManager(manager).multicall(calls);
        AccessManager(manager).renounceRole(_ADMIN_ROLE, address(this));
        (bool isAdmin, ) = AccessManager(manager).hasRole(_ADMIN_ROLE, council);
        // slither-disable-end unused-return
        require(isAdmin, CouncilNotAdmin(council));
    }

    /// @inheritdoc IInauguration
    function deployer() external view returns (address) {
        return _DEPLOYER;
    }

    /// @inheritdoc IInauguration
    function inaugurated() external view returns (address) {
        return _inaugurated;
    }
}
