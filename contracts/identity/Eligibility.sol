// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

import {ITrustList} from "../trust/ITrustList.sol";

import {ClaimProof} from "./ClaimProof.sol";
import {IAttestationRegistry} from "./IAttestationRegistry.sol";
import {IEligibility} from "./IEligibility.sol";
import {SchemaId} from "./SchemaId.sol";

/// @title Eligibility
/// @notice Checks disclosed claims and decides policies, in views alone; it keeps nothing.
contract Eligibility is IEligibility {
    // TYPES

    /// @dev Whose the evidence is, in its order and as far as it was judged; bit `i` of `met` is set when evidence `i` was
    /// found MET.
    struct Shown {
        uint256[] parties;
        bytes32[] subjects;
        uint256 met;
    }

    // IMMUTABLES

    IAttestationRegistry private immutable _REGISTRY;
    ITrustList private immutable _TRUST_LIST;

    // CONSTRUCTOR

    /// @param registry where attestations stand
    /// @param trustList who is accredited in a requirement's scope
    constructor(IAttestationRegistry registry, ITrustList trustList) {
        (_REGISTRY, _TRUST_LIST) = (registry, trustList);
    }

    // MODIFIERS

    /// @dev A transaction is signed, and no signature is the zero address's: only a simulated call gets past. It grants
    /// nothing, so the usual case against `tx.origin` does not arise.
    modifier onlyInCall() {
        // slither-disable-start tx-origin
        // solhint-disable-next-line avoid-tx-origin
        require(tx.origin == address(0), OnlyInCall(tx.origin));
        // slither-disable-end tx-origin
        _;
    }

    // VIEWS

    /// @inheritdoc IEligibility
    function verifyClaims(bytes32 commitment, Disclosure calldata disclosure) external view onlyInCall returns (bool) {
        return ClaimProof.isProven(commitment, disclosure);
    }

    /// @inheritdoc IEligibility
    function decide(
        bytes32 policyHash,
        Policy calldata policy,
        Evidence[] calldata evidence
    ) external view onlyInCall returns (Decision memory decision) {
        bytes32 actual = hashOf(policy);
        require(actual == policyHash, PolicySubstituted(policyHash, actual));

        Requirement[] calldata requirements = policy.rules.requirements;
        Shown memory shown = Shown(new uint256[](evidence.length), new bytes32[](evidence.length), 0);
        decision.outcomes = new Outcome[](requirements.length);
        (uint256 met, uint256 next) = (0, 0);
        for (uint256 i = 0; i < evidence.length; ++i) {
            Evidence calldata e = evidence[i];
            uint256 at = e.requirement;
            require(at >= next && at < requirements.length, EvidenceOutOfOrder(i, at));
            next = at + 1;
            Requirement calldata r = requirements[at];
            (shown.parties[i], shown.subjects[i]) = (r.party, e.attestation.subject);
            Outcome memory outcome = decision.outcomes[at];
            _judge(outcome, r, e, shown, i);
            if (outcome.finding == Finding.MET) (met, shown.met) = (met | (1 << at), shown.met | (1 << i));
        }

        uint256[] calldata clauses = policy.rules.clauses;
        uint256 clause = 0;
        while (clause < clauses.length && !_isMet(clauses[clause], met)) ++clause;
        (decision.eligible, decision.clause) = (clause < clauses.length, clause);
    }

    /// @inheritdoc IEligibility
    function hashOf(Policy calldata policy) public pure returns (bytes32) {
        bytes32 rules = keccak256(abi.encode(policy.rules));
        return keccak256(abi.encode(rules, policy.period.start, policy.period.length));
    }

    // INTERNAL

    function _isMet(uint256 clause, uint256 met) private pure returns (bool) {
        return clause != 0 && clause & met == clause;
    }

    /// @dev Fills in what is found on the evidence at `i`.
    function _judge(
        Outcome memory outcome,
        Requirement calldata r,
        Evidence calldata e,
        Shown memory shown,
        uint256 i
    ) private view {
        if (SchemaId.unwrap(e.attestation.schema) != SchemaId.unwrap(r.schema)) {
            outcome.finding = Finding.OTHER_SCHEMA;
            return;
        }
        uint256 since = 0;
        (outcome.status, since) = _statusOf(e, r.maxAge != 0);
        if (outcome.status != IAttestationRegistry.Status.VALID) outcome.finding = Finding.NOT_VALID;
        else if (!_isInScope(r.issuerScope, e.attestation.issuer)) outcome.finding = Finding.ISSUER_OUT_OF_SCOPE;
        else if (r.maxAge != 0 && block.timestamp - since > r.maxAge) outcome.finding = Finding.STALE;
        else if (!_subjectFits(shown, i)) outcome.finding = Finding.SUBJECT_MISMATCH;
        else (outcome.finding, outcome.rule) = _judgeClaims(r.claims, e.attestation.commitment, e.disclosure, shown);
    }

    /// @dev How it stands, and since when if that is asked. The common case at one go; whatever is wrong is named at
    /// leisure.
    function _statusOf(
        Evidence calldata e,
        bool withSince
    ) private view returns (IAttestationRegistry.Status, uint256 since) {
        if (withSince || e.membership.size != 0) return _askedOf(e);
        try _REGISTRY.requireValid(e.attestation) {
            return (IAttestationRegistry.Status.VALID, 0);
        } catch {
            return _askedOf(e);
        }
    }

    function _askedOf(Evidence calldata e) private view returns (IAttestationRegistry.Status, uint256 since) {
        IAttestationRegistry.Verdict memory verdict =
            e.membership.size == 0
                ? _REGISTRY.statusOf(e.attestation)
                : _REGISTRY.statusOfLeaf(e.attestation, e.membership);
        return (verdict.status, verdict.since);
    }

    function _isInScope(bytes32 scope, uint32 issuer) private view returns (bool) {
        return scope == 0 || _TRUST_LIST.isAccreditedAt(scope, issuer, uint40(block.timestamp));
    }

    /// @dev Whether it has the subject of earlier evidence exactly where it has its party.
    function _subjectFits(Shown memory shown, uint256 i) private pure returns (bool) {
        (uint256[] memory parties, bytes32[] memory subjects) = (shown.parties, shown.subjects);
        (uint256 party, bytes32 subject) = (parties[i], subjects[i]);
        for (uint256 j = 0; j < i; ++j) {
            if ((parties[j] == party) != (subjects[j] == subject)) return false;
        }
        return true;
    }

    function _judgeClaims(
        ClaimRule[] calldata rules,
        bytes32 commitment,
        Disclosure calldata disclosure,
        Shown memory shown
    ) private pure returns (Finding, uint256) {
        Claim[] calldata claims = disclosure.claims;
        if (claims.length != 0 && !ClaimProof.isProven(commitment, disclosure)) return (Finding.CLAIMS_NOT_PROVEN, 0);
        for (uint256 k = 0; k < rules.length; ++k) {
            ClaimRule calldata rule = rules[k];
            (bool found, string calldata value) = _claimOf(claims, rule.name);
            if (!found) return (Finding.CLAIM_MISSING, k);
            bool fits = bytes(rule.value).length == 0 || _same(value, rule.value);
            if (fits && rule.party != 0) fits = _isSubjectOf(value, rule.party, shown);
            if (!fits) return (Finding.CLAIM_DIFFERS, k);
        }
        return (Finding.MET, 0);
    }

    function _claimOf(
        Claim[] calldata claims,
        string calldata name
    ) private pure returns (bool found, string calldata value) {
        value = name;
        for (uint256 i = 0; i < claims.length; ++i) {
            Claim calldata claim = claims[i];
            if (_same(claim.name, name)) return (true, claim.value);
        }
    }

    /// @dev Whether a claim's value names the subject of a party, as earlier evidence of that party that was found MET has
    /// it: what was not found so lends nobody's name.
    function _isSubjectOf(string calldata value, uint8 party, Shown memory shown) private pure returns (bool) {
        (uint256[] memory parties, uint256 met) = (shown.parties, shown.met);
        for (uint256 i = 0; i < parties.length; ++i) {
            if (parties[i] != party || (met >> i) & 1 == 0) continue;
            bytes memory digits = bytes(Strings.toHexString(uint256(shown.subjects[i]), 32));
            bytes1 quote = 0x22;
            return keccak256(bytes(value)) == keccak256(bytes.concat(quote, digits, quote));
        }
        return false;
    }

    function _same(string calldata a, string calldata b) private pure returns (bool) {
        return bytes(a).length == bytes(b).length && keccak256(bytes(a)) == keccak256(bytes(b));
    }
}
