// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Governed} from "../trust/Governed.sol";
import {ITrustList} from "../trust/ITrustList.sol";
import {Signatures} from "../trust/Signatures.sol";

import {AnswerHash} from "./AnswerHash.sol";
import {BenefitSlot, BenefitSlots} from "./BenefitSlot.sol";
import {IBenefits} from "./IBenefits.sol";
import {IEligibility} from "./IEligibility.sol";

/// @title Benefits
/// @notice Records that a benefit was claimed, once a policy, period and nullifier.
contract Benefits is IBenefits, Governed, EIP712 {
    // IMMUTABLES

    ITrustList private immutable _TRUST_LIST;

    // STORAGE

    mapping(bytes32 place => BenefitSlot) private _claims;

    // CONSTRUCTOR

    /// @param authority the council's AccessManager
    /// @param trustList who may decide
    /// @param relays the relays to trust
    constructor(
        address authority,
        ITrustList trustList,
        Relays memory relays
    ) Governed(authority, relays) EIP712("Diwan Benefits", "1") {
        _TRUST_LIST = trustList;
    }

    // CLAIM

    /// @inheritdoc IBenefits
    function claim(Answer calldata answer, address decider, bytes calldata signature) external whileOpen {
        uint40 current = currentPeriod(answer.period);
        if (answer.number != current) revert PeriodNotCurrent(answer.number, current);
        (bytes32 policy, bytes32 place, bytes32 signed) = AnswerHash.hashesOf(answer, decider);
        (uint32 body, uint32 key, uint8 role) = _TRUST_LIST.requireAccredited(policy, decider);
        Signatures.requireValid(decider, _hashTypedDataV4(signed), signature, answer.deadline);

        BenefitSlot old = _claims[place];
        if (BenefitSlot.unwrap(old) != 0) _requireAnew(old, policy, answer);
        _claims[place] = BenefitSlots.claimed(block.timestamp, answer.deadline, body, key, role);
        emit BenefitClaimed(policy, answer.nullifier, current, answer.commitment);
    }

    // REVOKE

    /// @inheritdoc IBenefits
    function revoke(bytes32 policy, uint40 number, bytes32 nullifier, Reason reason) external {
        bytes32 place = AnswerHash.placeOf(policy, number, nullifier);
        BenefitSlot slot = _claims[place];
        bool stands = slot.claimedAt() != 0 && slot.revokedAt() == 0;
        require(stands, BenefitNotClaimed(policy, number, nullifier));
        _TRUST_LIST.requireKey(_msgSender(), slot.body(), slot.role());
        _claims[place] = slot.revoked(block.timestamp, reason);
        emit BenefitRevoked(policy, nullifier, number, reason);
    }

    // VIEWS

    /// @inheritdoc IBenefits
    function statusOf(
        bytes32 policy,
        uint40 number,
        bytes32 nullifier
    ) external view returns (Status status, ITrustList.Standing decider) {
        BenefitSlot slot = _claims[AnswerHash.placeOf(policy, number, nullifier)];
        if (slot.claimedAt() == 0) return (Status.NONE, ITrustList.Standing.NONE);
        status = slot.revokedAt() == 0 ? Status.CLAIMED : Status.REVOKED;
        decider = _TRUST_LIST.standingOf(policy, slot.body(), slot.key(), slot.claimedAt());
    }

    /// @inheritdoc IBenefits
    function recordOf(bytes32 policy, uint40 number, bytes32 nullifier) external view returns (Record memory) {
        return _claims[AnswerHash.placeOf(policy, number, nullifier)].unpack();
    }

    /// @inheritdoc IBenefits
    function currentPeriod(IEligibility.Period calldata period) public view returns (uint40) {
        (uint40 start, uint40 length) = (period.start, period.length);
        if (block.timestamp < start) revert PeriodNotBegun(start, uint40(block.timestamp));
        return length == 0 ? 0 : uint40((block.timestamp - start) / length);
    }

    // INTERNAL

    /// @dev What was claimed before counts again only when it was revoked, and the answer is not the one used then.
    function _requireAnew(BenefitSlot old, bytes32 policy, Answer calldata a) private pure {
        require(old.revokedAt() != 0, BenefitAlreadyClaimed(policy, a.number, a.nullifier, old.claimedAt()));
        require(a.deadline > old.deadline(), AnswerIsStale(a.deadline, old.deadline()));
    }
}
