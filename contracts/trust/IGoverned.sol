// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice The council's hold on a contract: a stop for new writes, with grounds and an end.
interface IGoverned {
    /// @notice The council stopped new writes.
    /// @param until when they open again by themselves, in Unix seconds
    /// @param grounds SHA-256 of the published decision
    event WritesStopped(uint40 until, bytes32 grounds);

    /// @notice The council opened writes before the stop's end.
    /// @param grounds SHA-256 of the published decision
    event WritesResumed(bytes32 grounds);

    /// @notice New writes are stopped.
    /// @param until when they open again, in Unix seconds
    error WritesAreStopped(uint40 until);

    /// @notice There is no stop to lift.
    error WritesAreOpen();

    /// @notice A stop was given an end that is not in the future.
    /// @param until the end asked for, in Unix seconds
    /// @param time the block's time, in Unix seconds
    error StopMustEndLater(uint40 until, uint40 time);

    /// @notice Stops new writes until a time; the council only. Reads, revocations and withdrawals go on.
    /// @param until when writes open again, in Unix seconds; replaces the end of a running stop
    /// @param grounds SHA-256 of the published decision
    function stop(uint40 until, bytes32 grounds) external;

    /// @notice Opens writes before the stop's end; the council only.
    /// @param grounds SHA-256 of the published decision
    function resume(bytes32 grounds) external;

    /// @notice When new writes open again.
    /// @return the time in Unix seconds; past or zero when they are open
    function stoppedUntil() external view returns (uint40);
}
