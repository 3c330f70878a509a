// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Puts the council in office: the deployer's one act as admin of a new AccessManager, after which it has no admin but
/// the council.
/// @dev The AccessManager is OpenZeppelin's, unmodified, and takes its caller for who acts. Through LACChain's relay hub that is
/// the hub, never the deployer. So the manager is made with this contract as its first admin, which asks who really calls.
interface IInauguration {
    /// @notice The council is in office, and this contract has no power left.
    /// @param manager the AccessManager
    /// @param council who decides from now on
    event CouncilInaugurated(address manager, address council);

    /// @notice The caller did not deploy this suite.
    /// @param caller who called
    /// @param deployer who alone may
    error NotDeployer(address caller, address deployer);

    /// @notice The council is in office already.
    /// @param manager its AccessManager
    error InauguratedBefore(address manager);

    /// @notice After all the calls the council would not be admin, and nobody could ever become it.
    /// @param council who should have been
    error CouncilNotAdmin(address council);

    /// @notice Makes calls to the AccessManager as its admin, and gives that role up for ever; the deployer, once.
    /// @dev Where one call fails, none is made. Warning: what the calls give to others than the council is not looked at; the
    /// manager's events tell.
    /// @param manager the AccessManager whose first admin this contract is
    /// @param council who is its admin once the calls are made
    /// @param calls the calls, encoded, in order
    function inaugurate(address manager, address council, bytes[] calldata calls) external;

    /// @notice Who may inaugurate.
    /// @return the deployer of the suite
    function deployer() external view returns (address);

    /// @notice The AccessManager that was given to its council.
    /// @return its address, zero before
    function inaugurated() external view returns (address);
}
