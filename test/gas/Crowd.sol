// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "../../contracts/trust/ITrustList.sol";

/// @title Crowd
/// @notice An accreditor that registers and accredits many bodies in a transaction, to fill a trust list fast.
contract Crowd {
    ITrustList private immutable _LIST;
    bytes32 private immutable _SCOPE;

    constructor(ITrustList list, bytes32 scope) {
        (_LIST, _SCOPE) = (list, scope);
    }

    /// @notice Accredits `count` new bodies, which `controller` controls, under `parent`, which this contract controls.
    function grow(uint32 parent, uint256 count, address controller) external {
        ITrustList.Accreditation memory p = _LIST.accreditationOf(_SCOPE, parent);
        for (uint256 i; i < count; ++i) {
            uint32 body = _LIST.registerBody(controller, bytes32(i));
            _LIST.accredit(_SCOPE, parent, body, p.from, p.until, p.levels - 1, bytes32(i));
        }
    }

    /// @notice Withdraws a body that this contract accredited.
    function withdraw(uint32 body) external {
        _LIST.withdraw(_SCOPE, body, 0);
    }
}
