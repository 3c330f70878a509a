// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

import {Governed} from "../trust/Governed.sol";
import {Signatures} from "../trust/Signatures.sol";

import {IDelegation} from "./IDelegation.sol";

/// @title Delegations
/// @notice Keeps whom a patient trusts to grant and revoke consents.
abstract contract Delegations is IDelegation, Governed, EIP712, Nonces {
    // CONSTANTS

    bytes32 private constant _DELEGATION = keccak256(
        "ConsentDelegation(address patient,bytes32 commitment,uint256 nonce,uint256 deadline)"
    );

    // STORAGE

    mapping(address patient => bytes32 commitment) private _delegates;

    // DELEGATES

    /// @inheritdoc IDelegation
    function setDelegates(bytes32 commitment) external {
        address patient = _msgSender();
        _useNonce(patient);
        _setDelegates(patient, commitment);
    }

    /// @inheritdoc IDelegation
    function setDelegatesBySignature(
        address patient,
        bytes32 commitment,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external {
        _useCheckedNonce(patient, nonce);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(_DELEGATION, patient, commitment, nonce, deadline)));
        Signatures.requireValid(patient, digest, signature, deadline);
        _setDelegates(patient, commitment);
    }

    // VIEWS

    /// @inheritdoc IDelegation
    function delegatesOf(address patient) external view returns (bytes32) {
        return _delegates[patient];
    }

    // INTERNAL

    /// @dev Both lists ascend, so one walk along the members finds all that signed; that approvals ascend themselves keeps
    /// anybody from counting twice who is twice in the list.
    function _requireApprovals(
        address patient,
        Delegates calldata delegates,
        Approval[] calldata approvals,
        bytes32 digest,
        uint256 deadline
    ) internal view {
        bytes32 given = keccak256(abi.encode(delegates));
        require(given == _delegates[patient], DelegatesMismatch(patient, given));
        require(block.timestamp < delegates.until, DelegatesLapsed(patient, delegates.until));
        uint256 least = delegates.threshold == 0 ? 1 : delegates.threshold;
        require(approvals.length >= least, TooFewDelegates(patient, approvals.length, least));

        uint256 next = 0;
        address last = address(0);
        for (uint256 i = 0; i < approvals.length; ++i) {
            address delegate = approvals[i].delegate;
            require(delegate > last, NotDelegate(patient, delegate));
            next = _find(patient, delegates.members, next, delegate);
            Signatures.requireValid(delegate, digest, approvals[i].signature, deadline);
            last = delegate;
        }
    }

    /// @dev Of changes that either give or take only some are held: reverts when the council stopped new writes.
    // solhint-disable-next-line no-empty-blocks
    function _requireOpen() internal view whileOpen {}

    function _setDelegates(address patient, bytes32 commitment) private {
        if (commitment != 0) _requireOpen();
        _delegates[patient] = commitment;
        emit DelegatesSet(patient, commitment);
    }

    /// @dev The place behind an account in the list, looked for from `start` on.
    function _find(
        address patient,
        address[] calldata members,
        uint256 start,
        address account
    ) private pure returns (uint256) {
        for (uint256 i = start; i < members.length; ++i) {
            if (members[i] == account) return i + 1;
        }
        revert NotDelegate(patient, account);
    }
}
