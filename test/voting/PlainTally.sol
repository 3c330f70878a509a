// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PlainCurve, Point} from "./PlainCurve.sol";
import {QuickCurve} from "./QuickCurve.sol";

/// @title PlainTally
/// @notice Sums of ballots and the check of counts, straight from their equations.
library PlainTally {
    using PlainCurve for Point;

    uint256 private constant N = PlainCurve.N;

    /// @dev `Σ weight·point`.
    function sum(Point[] memory points, uint256[] memory weights) internal view returns (Point memory total) {
        for (uint256 i; i < points.length; ++i) total = total.add(QuickCurve.multiply(points[i], weights[i]));
    }

    /// @dev The Lagrange coefficient at 0 of one of several indices.
    function coefficient(uint256[] memory indices, uint256 i) internal view returns (uint256 lambda) {
        lambda = 1;
        for (uint256 k; k < indices.length; ++k) {
            if (k == i) continue;
            lambda = mulmod(lambda, indices[k], N);
            lambda = mulmod(lambda, inverse((indices[k] + N - indices[i]) % N), N);
        }
    }

    /// @dev `Σ counts_j·Γ_j` over the options from one to before another; `gammas[j]` is the generator of option j.
    function encode(
        Point[] memory gammas,
        uint256[] memory counts,
        uint256 from,
        uint256 end
    ) internal view returns (Point memory total) {
        for (uint256 j = from; j < end; ++j) total = total.add(QuickCurve.multiply(gammas[j], counts[j]));
    }

    /// @dev `Σ λ_i·D_i`.
    function combine(uint256[] memory indices, Point[] memory partials) internal view returns (Point memory total) {
        for (uint256 i; i < indices.length; ++i) {
            total = total.add(QuickCurve.multiply(partials[i], coefficient(indices, i)));
        }
    }

    /// @dev Fermat: a^(N-2).
    function inverse(uint256 a) internal view returns (uint256) {
        (bool success, bytes memory result) = address(5).staticcall(abi.encode(32, 32, 32, a, N - 2, N));
        require(success);
        return abi.decode(result, (uint256));
    }
}
