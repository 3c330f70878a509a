// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CurveSum} from "./CurveSum.sol";
import {Generators} from "./Generators.sol";
import {IElection} from "./IElection.sol";
import {QuestionList, Questions} from "./Questions.sol";
import {Secp256k1} from "./Secp256k1.sol";

// slither-disable-start uninitialized-local
// Locals that are not given a value start at zero, as the language says.

// slither-disable-start divide-before-multiply
// Divisions are of lengths in words by words an entry, without a rest.

/// @title BallotSums
/// @notice Adds up recorded ballots, chunk after chunk, each once.
/// @dev A chunk is entries without anything between them. An entry is, in words: the slot's key, the weight, the ciphertexts of
/// all questions (for each group of each question C1 and C2, four words a group), and where the weight is above 1 the
/// ciphertexts times the weight in the same layout, each compared with ecrecover's answer. The slot says what the ciphertexts
/// and the weight must be. Keys ascend strictly from entry to entry and from chunk to chunk: so each ballot counts once, with no
/// mark written, and whoever reaches the number of voters who cast has summed them all.
///
/// Nothing here reverts for what voters recorded, whatever their points: additions are complete ({CurveSum}), a multiple of a
/// point by a weight from 2 to below the group's order is never infinity, a weight of 0 adds nothing, and the first key may be 0.
/// Each running sum starts at the generator K, which {finish} takes off; unless somebody knows log K no sum of voters' points
/// meets an exceptional case, and all who collude gain nothing but dearer additions even then.
///
/// Points were checked when their ballots were cast, and weights are below 2^64 there: a slot's hash vouches for both.
library BallotSums {
    using Questions for QuestionList;

    // CONSTANTS

    /// @notice The y-coordinate of the generator K.
    uint256 internal constant K_Y = 0x5d11f185d1ef443c893482f476df8d6be2558bcae36262ab0d5af5e98336ead2;

    /// @dev The field's prime, Secp256k1.P: assembly takes no constant of another library.
    uint256 private constant P = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F;

    /// @dev Bytes of an entry's key and weight.
    uint256 private constant HEAD = 64;

    // ERRORS

    /// @notice The chunk ends within an entry.
    /// @param entry the entry's place in the chunk
    /// @param length how many bytes are left for it
    /// @param expected how many it has by its weight
    error TallyEntryIncomplete(uint256 entry, uint256 length, uint256 expected);

    /// @notice A slot does not come after the one before it: it was added already, or its turn was passed over.
    /// @param entry the entry's place in the chunk
    /// @param slotKey the slot
    /// @param previous the one before it
    error TallyOrderWrong(uint256 entry, bytes32 slotKey, bytes32 previous);

    /// @notice Nobody cast a ballot in a slot.
    /// @param entry the entry's place in the chunk
    /// @param slotKey the slot
    error TallySlotEmpty(uint256 entry, bytes32 slotKey);

    /// @notice Ciphertexts or weight are not those that the slot recorded.
    /// @param entry the entry's place in the chunk
    /// @param slotKey the slot
    /// @param ballotHash the hash of what was brought
    /// @param recorded the hash that the slot holds
    error TallyBallotWrong(uint256 entry, bytes32 slotKey, bytes32 ballotHash, bytes32 recorded);

    /// @notice A point that was brought as a ciphertext's times the weight is another point.
    /// @param entry the entry's place in the chunk
    /// @param point the point's place in the ciphertexts
    error TallyMultipleWrong(uint256 entry, uint256 point);

    // SUMS

    /// @notice Adds a chunk of ballots. With a count of 0 a sum begins, whatever else the progress holds.
    /// @param progress how far the caller is, which becomes how far it is then; the caller vouches for one with a count
    /// @param questions the election's questions
    /// @param slots for each slot the hash of its ballot's ciphertexts and weight
    /// @param entries the chunk
    function accumulate(
        IElection.Progress memory progress,
        QuestionList questions,
        mapping(bytes32 slotKey => bytes32 ballotHash) storage slots,
        bytes calldata entries
    ) internal view {
        uint256 width = _width(questions);
        if (progress.count == 0) _start(progress, width);
        uint256 position;
        // Entries are read by their position in the calldata, as the language checks the bounds of each slice of it again.
        assembly ("memory-safe") {
            position := entries.offset
        }
        bytes32 last = progress.last;
        uint256 weight = progress.weight;
        uint256 count = progress.count;
        uint256 entry;
        // Positions are in the calldata. There is gas for fewer than 2^32 ballots, of weights below 2^64.
        unchecked {
            uint256 end = position + entries.length;
            while (position != end) {
                (bytes32 slotKey, uint256 ballotWeight) = _head(position);
                uint256 length = HEAD + (ballotWeight > 1 ? 2 * width : width);
                if (end - position < length) revert TallyEntryIncomplete(entry, end - position, length);
                if (slotKey <= last && count != 0) revert TallyOrderWrong(entry, slotKey, last);
                bytes32 ballotHash = _hash(position + HEAD, width, ballotWeight);
                bytes32 recorded = slots[slotKey];
                if (ballotHash != recorded) _revertNotRecorded(entry, slotKey, ballotHash, recorded);

                if (ballotWeight == 1) _add(progress.sums, position + HEAD, width);
                else if (ballotWeight != 0) _addWeighted(progress.sums, entry, position + HEAD, width, ballotWeight);

                position += length;
                last = slotKey;
                weight += ballotWeight;
                ++count;
                ++entry;
            }
        }
        progress.last = last;
        progress.weight = uint128(weight);
        progress.count = uint32(count);
    }

    /// @notice What an election keeps of a caller's progress.
    /// @param progress how far the caller is
    /// @return its hash
    function progressHash(IElection.Progress memory progress) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(progress.count, progress.weight, progress.last, progress.sums));
    }

    /// @notice The sums of all ballots, without what they were begun with.
    /// @dev One inversion for all (Montgomery's trick). One sum in 2^128 has an x-coordinate that ecrecover does not take, which
    /// nobody can bring about with fewer tries.
    /// @param progress how far the caller is, which is of no use then
    /// @return sums for each group of each question the coordinates of the sums of C1 and C2, two zeros for infinity
    function finish(IElection.Progress memory progress) internal view returns (uint256[] memory sums) {
        uint256[] memory running = progress.sums;
        uint256 points = running.length / 3;
        sums = new uint256[](2 * points);
        CurveSum.Sum memory sum;
        uint256 product = 1;
        for (uint256 i; i < points; ++i) {
            sum = _sumAt(running, i);
            CurveSum.finish(sum, Generators.K_X, K_Y);
            // What all before it multiply to, until the coordinates come.
            sums[2 * i] = product;
            if (sum.z != 0) product = mulmod(product, sum.z, P);
        }
        uint256 inverse = CurveSum.invert(product);
        for (uint256 i = points; i != 0;) {
            --i;
            sum = _sumAt(running, i);
            uint256 ownInverse = mulmod(inverse, sums[2 * i], P);
            if (sum.z != 0) inverse = mulmod(inverse, sum.z, P);
            (sums[2 * i], sums[2 * i + 1]) = CurveSum.toAffine(sum, ownInverse);
        }
    }

    /// @notice What an election and its trustees keep of the sums.
    /// @param sums for each group of each question the coordinates of the sums of C1 and C2
    /// @param questions the election's questions
    /// @return hashes for each question the hash of its sums
    /// @return firstHashes for each question the hash of its sums of C1 alone
    function hash(
        uint256[] memory sums,
        QuestionList questions
    ) internal pure returns (bytes32[] memory hashes, bytes32[] memory firstHashes) {
        uint256 count;
        for (QuestionList left = questions; !left.isEmpty(); left = left.rest()) ++count;
        hashes = new bytes32[](count);
        firstHashes = new bytes32[](count);
        uint256 at;
        for (uint256 question; question < count; ++question) {
            // slither-disable-next-line unused-return
            (, uint256 groups, ) = questions.first();
            uint256[] memory own = new uint256[](4 * groups);
            uint256[] memory firsts = new uint256[](2 * groups);
            for (uint256 i; i < own.length; ++i) {
                own[i] = sums[at + i];
                if (i % 4 < 2) firsts[(i / 4) * 2 + (i % 4)] = own[i];
            }
            hashes[question] = keccak256(abi.encodePacked(own));
            firstHashes[question] = keccak256(abi.encodePacked(firsts));
            at += own.length;
            questions = questions.rest();
        }
    }

    // INTERNAL

    /// @dev Every running sum at K.
    function _start(IElection.Progress memory progress, uint256 width) private pure {
        uint256 words = (width / 64) * 3;
        uint256[] memory sums = new uint256[](words);
        for (uint256 i; i < words; i += 3) {
            (sums[i], sums[i + 1], sums[i + 2]) = (Generators.K_X, K_Y, 1);
        }
        (progress.sums, progress.last, progress.weight) = (sums, 0, 0);
    }

    /// @dev Adds points from the calldata, each to the running sum of its place. The formula of {CurveSum-add} is written out,
    /// for it runs twice a group and ballot, and each call of it would cost 130 gas more; the exceptional cases, where the
    /// x-coordinates are the same, go to {CurveSum-add} itself.
    function _add(uint256[] memory sums, uint256 position, uint256 width) private pure {
        uint256 end;
        uint256 place;
        // Positions in the calldata.
        unchecked {
            end = position + width;
        }
        assembly ("memory-safe") {
            place := add(sums, 0x20)
        }
        while (true) {
            assembly ("memory-safe") {
                let p := P
                for {} lt(position, end) {} {
                    let sumX := mload(place)
                    let sumZ := mload(add(place, 0x40))
                    let z2 := mulmod(sumZ, sumZ, p)
                    let negatedX := sub(p, sumX)
                    let difference := addmod(mulmod(calldataload(position), z2, p), negatedX, p)
                    if iszero(difference) {
                        break
                    }
                    let negatedY := sub(p, mload(add(place, 0x20)))
                    let slope := addmod(mulmod(calldataload(add(position, 0x20)), mulmod(sumZ, z2, p), p), negatedY, p)
                    mstore(add(place, 0x40), mulmod(sumZ, difference, p))
                    // From here on minus the square, for what is subtracted is then added.
                    z2 := mulmod(difference, sub(p, difference), p)
                    difference := mulmod(difference, z2, p)
                    // minus v
                    z2 := mulmod(sumX, z2, p)
                    sumX := addmod(addmod(mulmod(slope, slope, p), difference, p), addmod(z2, z2, p), p)
                    mstore(place, sumX)
                    mstore(
                        add(place, 0x20),
                        addmod(
                            mulmod(sub(p, slope), addmod(z2, sumX, p), p),
                            mulmod(sub(p, negatedY), difference, p),
                            p
                        )
                    )
                    position := add(position, 0x40)
                    place := add(place, 0x60)
                }
            }
            if (position == end) return;
            _addAtSameX(place, position);
            unchecked {
                position += 64;
                place += 96;
            }
        }
    }

    /// @dev Adds the point at a position in the calldata to the running sum at a place in memory, where both have one
    /// x-coordinate or the sum is infinity.
    function _addAtSameX(uint256 place, uint256 position) private pure {
        CurveSum.Sum memory sum;
        // The three words of a running sum are a {CurveSum-Sum} where they stand.
        assembly ("memory-safe") {
            sum := place
        }
        (uint256 x, uint256 y) = _point(position);
        CurveSum.add(sum, x, y);
    }

    /// @dev Adds the points times the weight, which come after them. A weight above 1 that a slot recorded is below 2^64: so
    /// ecrecover has an answer for each point.
    function _addWeighted(
        uint256[] memory sums,
        uint256 entry,
        uint256 position,
        uint256 width,
        uint256 weight
    ) private view {
        unchecked {
            for (uint256 at; at != width; at += 64) {
                (uint256 x, uint256 y) = _point(position + at);
                (uint256 multipleX, uint256 multipleY) = _point(position + width + at);
                if (Secp256k1.multiply(x, y & 1, weight, 0) != Secp256k1.toAddress(multipleX, multipleY)) {
                    revert TallyMultipleWrong(entry, at / 64);
                }
            }
            _add(sums, position + width, width);
        }
    }

    function _revertNotRecorded(uint256 entry, bytes32 slotKey, bytes32 ballotHash, bytes32 recorded) private pure {
        require(recorded != 0, TallySlotEmpty(entry, slotKey));
        revert TallyBallotWrong(entry, slotKey, ballotHash, recorded);
    }

    /// @dev The bytes of the ciphertexts of all questions.
    function _width(QuestionList questions) private pure returns (uint256 width) {
        for (QuestionList left = questions; !left.isEmpty(); left = left.rest()) {
            // slither-disable-next-line unused-return
            (, uint256 groups, ) = left.first();
            width += 128 * groups;
        }
    }

    /// @dev The key and the weight of the entry at a position in the calldata.
    function _head(uint256 position) private pure returns (bytes32 slotKey, uint256 weight) {
        assembly ("memory-safe") {
            slotKey := calldataload(position)
            weight := calldataload(add(position, 0x20))
        }
    }

    /// @dev The point at a position in the calldata.
    function _point(uint256 position) private pure returns (uint256 x, uint256 y) {
        assembly ("memory-safe") {
            x := calldataload(position)
            y := calldataload(add(position, 0x20))
        }
    }

    /// @dev The hash of ciphertexts in the calldata and a weight, over free memory that stays free.
    function _hash(uint256 position, uint256 width, uint256 weight) private pure returns (bytes32 ballotHash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, position, width)
            mstore(add(free, width), weight)
            ballotHash := keccak256(free, add(width, 0x20))
        }
    }

    /// @dev A running sum, where it stands: what is done to it is done to the sums.
    function _sumAt(uint256[] memory sums, uint256 index) private pure returns (CurveSum.Sum memory sum) {
        assembly ("memory-safe") {
            sum := add(add(sums, 0x20), mul(index, 0x60))
        }
    }
}
// slither-disable-end uninitialized-local
// slither-disable-end divide-before-multiply
