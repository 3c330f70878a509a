// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ITrustList} from "@diwan/contracts/contracts/trust/ITrustList.sol";

/// @notice What a stranger's contract might do with the package: ask the trust list.
contract Consumer {
    ITrustList private immutable _TRUST_LIST;

    constructor(ITrustList trustList) {
        _TRUST_LIST = trustList;
    }

    function mayAct(bytes32 scope, uint32 body) external view returns (bool) {
        return _TRUST_LIST.isAccreditedAt(scope, body, uint40(block.timestamp));
    }
}
