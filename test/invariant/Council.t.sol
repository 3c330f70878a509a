// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {Council} from "../../contracts/trust/Council.sol";
import {Sender} from "../../contracts/trust/Sender.sol";
import {Artifact} from "../helpers/Artifact.sol";
import {vm} from "../helpers/Vm.sol";

/// @title Counter
/// @notice Counts how often each number was called with, by whoever the AccessManager lets.
contract Counter is AccessManaged {
    mapping(uint256 number => uint256) public times;

    constructor(address manager) AccessManaged(manager) {}

    function call(uint256 number) external restricted {
        ++times[number];
    }
}

/// @title CouncilSteps
/// @notice Lets six accounts do anything to a council of some of them, and notes by itself who approved what.
contract CouncilSteps {
    uint256 public constant OPERATIONS = 8;

    Council public immutable COUNCIL;
    Counter public immutable COUNTER;

    /// @notice What no call should have done. A failed assertion here would pass for a refused call.
    uint256 public surprises;

    /// @notice How often an operation was carried out.
    mapping(uint256 operation => uint256) public carriedOut;

    address[] private _members;
    uint256 private _threshold;
    mapping(uint256 operation => mapping(address account => bool)) private _approved;

    constructor() {
        AccessManager manager = AccessManager(Artifact.deploy("AccessManager", abi.encode(address(this))));
        COUNTER = Counter(Artifact.deploy("Counter", abi.encode(address(manager))));
        _remember(_membersOf(7), 2);
        COUNCIL = Council(
            Artifact.deploy("Council", abi.encode(address(manager), _members, 2, Sender.Relays(address(0), address(0))))
        );
        manager.grantRole(0, address(COUNCIL), 0);
        manager.renounceRole(0, address(this));
    }

    function approve(uint256 account, uint256 operation) external {
        operation %= OPERATIONS;
        (address target, bytes memory data) = callOf(operation);
        address by = accountAt(account);
        bool expected = _isMember(by) && !_approved[operation][by] && carriedOut[operation] == 0;
        vm.prank(by);
        try COUNCIL.approve(target, data, bytes32(operation)) {
            if (!expected) ++surprises;
            _approved[operation][by] = true;
        } catch {
            if (expected) ++surprises;
        }
    }

    function withdraw(uint256 account, uint256 operation) external {
        operation %= OPERATIONS;
        address by = accountAt(account);
        bool expected = _approved[operation][by];
        bytes32 id = idOf(operation);
        vm.prank(by);
        try COUNCIL.withdrawApproval(id) {
            if (!expected) ++surprises;
            _approved[operation][by] = false;
        } catch {
            if (expected) ++surprises;
        }
    }

    function execute(uint256 account, uint256 operation) external {
        operation %= OPERATIONS;
        (address target, bytes memory data) = callOf(operation);
        address by = accountAt(account);
        bool expected = _isMember(by) && approvalsOf(operation) >= _threshold && carriedOut[operation] == 0;
        vm.prank(by);
        try COUNCIL.execute(target, data, bytes32(operation)) {
            if (!expected) ++surprises;
            ++carriedOut[operation];
            if (target == address(COUNCIL)) _remember(_membersOf(_maskOf(operation)), _thresholdOf(operation));
        } catch {
            if (expected) ++surprises;
        }
    }

    /// @notice Tries to get round the council.
    function force(uint256 account, uint256 number, bool members) external {
        address by = accountAt(account);
        address[] memory alone = new address[](1);
        alone[0] = by;
        vm.prank(by);
        if (members) {
            try COUNCIL.setMembers(alone, 1) {
                ++surprises;
            } catch {}
        } else {
            try COUNTER.call(number % OPERATIONS) {
                ++surprises;
            } catch {}
        }
    }

    /// @notice The first four operations call the counter, the others replace the members.
    function callOf(uint256 operation) public view returns (address, bytes memory) {
        if (operation < 4) return (address(COUNTER), abi.encodeCall(Counter.call, (operation)));
        bytes memory data = abi.encodeCall(
            Council.setMembers,
            (_membersOf(_maskOf(operation)), _thresholdOf(operation))
        );
        return (address(COUNCIL), data);
    }

    function idOf(uint256 operation) public view returns (bytes32) {
        (address target, bytes memory data) = callOf(operation);
        return keccak256(abi.encode(target, data, bytes32(operation)));
    }

    function approvalsOf(uint256 operation) public view returns (uint256 approvals) {
        for (uint256 i; i < _members.length; ++i) if (_approved[operation][_members[i]]) ++approvals;
    }

    function accountAt(uint256 i) public pure returns (address) {
        return address(uint160(0xACC0 + (i % 6)));
    }

    function council() external view returns (address[] memory, uint256) {
        return (_members, _threshold);
    }

    function _remember(address[] memory members, uint256 threshold) private {
        (_members, _threshold) = (members, threshold);
    }

    function _isMember(address account) private view returns (bool is_) {
        for (uint256 i; i < _members.length; ++i) if (_members[i] == account) is_ = true;
    }

    function _maskOf(uint256 operation) private pure returns (uint256) {
        return [uint256(0x0f), 0x3c, 0x07, 0x3f][operation - 4];
    }

    function _thresholdOf(uint256 operation) private pure returns (uint256) {
        return [uint256(3), 3, 2, 4][operation - 4];
    }

    function _membersOf(uint256 mask) private pure returns (address[] memory members) {
        uint256 count;
        for (uint256 i; i < 6; ++i) count += (mask >> i) & 1;
        members = new address[](count);
        count = 0;
        for (uint256 i; i < 6; ++i) if ((mask >> i) & 1 == 1) members[count++] = accountAt(i);
    }
}

/// @dev README.md says each of these as a sentence.
contract CouncilInvariants {
    CouncilSteps private steps;

    function setUp() public {
        steps = CouncilSteps(Artifact.deploy("CouncilSteps", ""));
    }

    /// @notice What Hardhat calls at random.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(steps);
    }

    function invariant_nothingIsCarriedOutWithoutEnoughApprovals() external view {
        assert(steps.surprises() == 0);
        for (uint256 i; i < steps.OPERATIONS(); ++i) assert(steps.carriedOut(i) <= 1);
    }

    function invariant_onlyTodaysMembersCount() external view {
        for (uint256 i; i < steps.OPERATIONS(); ++i) {
            assert(steps.COUNCIL().approvals(steps.idOf(i)) == steps.approvalsOf(i));
        }
    }

    function invariant_theMembersAreInOrderAndTheThresholdAMajority() external view {
        (address[] memory members, uint256 threshold) = steps.COUNCIL().council();
        (address[] memory expected, uint256 expectedThreshold) = steps.council();
        assert(keccak256(abi.encode(members, threshold)) == keccak256(abi.encode(expected, expectedThreshold)));
        assert(members.length != 0 && members.length <= 32);
        assert(threshold <= members.length && 2 * threshold > members.length);
        for (uint256 i = 1; i < members.length; ++i) assert(members[i - 1] < members[i]);
    }

    function invariant_nothingIsDoneWithoutTheCouncil() external view {
        for (uint256 i; i < 4; ++i) assert(steps.COUNTER().times(i) == steps.carriedOut(i));
    }
}
