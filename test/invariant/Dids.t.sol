// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDidRegistry as I} from "../../contracts/identity/IDidRegistry.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {DidModel} from "../identity/DidModel.sol";

/// @title DidHistory
/// @notice Remembers how each DID looked before each call, and notes what must never happen.
contract DidHistory is DidModel {
    bool public revived;
    bool public nonceWentBack;
    bool public frozenHasOwner;
    bool public pastChanged;

    struct Seen {
        uint40 time;
        address owner;
    }

    mapping(uint256 did => I.State) private _states;
    mapping(uint256 did => uint256) private _nonces;
    mapping(uint256 did => Seen[]) private _seen;

    function _observe() internal override {
        for (uint256 i; i < 2; ++i) {
            address did = _actors[i];
            (I.State state, ) = registry.stateOf(did);
            if (_states[i] == I.State.DEACTIVATED && state != I.State.DEACTIVATED) revived = true;
            if (registry.nonce(did) < _nonces[i]) nonceWentBack = true;
            (_states[i], _nonces[i]) = (state, registry.nonce(did));
            if (state != I.State.ACTIVE) _lookForPowers(did);
            _lookBack(i, did);
        }
    }

    function _lookForPowers(address did) private {
        if (registry.identityOwner(did) != address(0)) frozenHasOwner = true;
        for (uint256 n; n < ACTORS; ++n) {
            for (uint256 kind; kind < 2; ++kind) {
                if (registry.validDelegate(did, bytes32(kind), _actors[n])) frozenHasOwner = true;
            }
        }
    }

    /// @dev What was answered of a second that is over; the last eight answers are asked for again.
    function _lookBack(uint256 i, address did) private {
        Seen[] storage seen = _seen[i];
        for (uint256 n = seen.length < 8 ? 0 : seen.length - 8; n < seen.length; ++n) {
            if (registry.ownerAt(did, seen[n].time) != seen[n].owner) pastChanged = true;
        }
        seen.push(Seen(time - 1, registry.ownerAt(did, time - 1)));
    }
}

contract DidsInvariants {
    DidHistory private history;

    function setUp() public {
        history = DidHistory(Artifact.deploy("DidHistory", ""));
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(history);
    }

    function invariant_registryDoesWhatThePlainTwinSays() public view {
        assert(history.agreed());
        assert(history.agrees());
    }

    function invariant_whatIsDeactivatedStaysSo() public view {
        assert(!history.revived());
    }

    function invariant_aNonceNeverComesBack() public view {
        assert(!history.nonceWentBack());
    }

    function invariant_aFrozenDidIsNobodys() public view {
        assert(!history.frozenHasOwner());
    }

    function invariant_thePastNeverChanges() public view {
        assert(!history.pastChanged());
    }
}
