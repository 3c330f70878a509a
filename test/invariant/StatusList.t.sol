// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Artifact} from "../helpers/Artifact.sol";
import {vm, Vm} from "../helpers/Vm.sol";
import {StatusListHarness} from "../ledger/StatusListHarness.sol";

/// @title StatusHandler
/// @notice Sets statuses at random, and remembers the value of each entry and the last word told of by an event.
contract StatusHandler {
    bytes32 public constant LIST = "list";
    uint256 public constant BITS = 2;
    uint256 public constant LENGTH = 150;

    StatusListHarness public immutable harness = StatusListHarness(Artifact.deploy("StatusListHarness", ""));

    uint8[256] private _values;
    mapping(uint256 wordIndex => uint256) public lastToldOf;

    /// @notice What no call should have done. A failed assertion here would pass for a refused call.
    uint256 public surprises;

    function set(uint256 index, uint8 value) external {
        index %= LENGTH;
        value %= 4;
        vm.recordLogs();
        if (harness.set(LIST, BITS, LENGTH, index, value) != _values[index]) ++surprises;
        _values[index] = value;
        _listen();
    }

    function setMany(uint256 wordIndex, uint256 chosen, uint8 value) external {
        wordIndex %= 2;
        value %= 4;
        uint256 mask;
        for (uint256 entry; entry < 128; ++entry) {
            uint256 index = wordIndex * 128 + entry;
            bool isChosen = (chosen >> entry) & 1 == 1 || entry == 0;
            if (!isChosen || index >= LENGTH) continue;
            mask |= 3 << (254 - 2 * entry);
            _values[index] = value;
        }
        vm.recordLogs();
        harness.setMany(LIST, BITS, LENGTH, wordIndex, mask, value);
        _listen();
    }

    function setInOther(uint256 index, uint8 value) external {
        harness.set("other", BITS, LENGTH, index % LENGTH, value % 4);
    }

    function values() external view returns (uint8[256] memory) {
        return _values;
    }

    function _listen() private {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        if (logs.length != 1 || logs[0].topics[1] != LIST) ++surprises;
        lastToldOf[uint256(logs[0].topics[2])] = abi.decode(logs[0].data, (uint256));
    }
}

contract StatusListInvariants {
    StatusHandler private handler;
    StatusListHarness private harness;

    function setUp() public {
        handler = StatusHandler(Artifact.deploy("StatusHandler", ""));
        harness = handler.harness();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_anEntryHasTheValueItWasLastGiven() public view {
        uint8[256] memory values = handler.values();
        for (uint256 wordIndex; wordIndex < 2; ++wordIndex) {
            uint256 word;
            for (uint256 entry; entry < 128; ++entry) word = (word << 2) | values[wordIndex * 128 + entry];
            assert(harness.wordAt(handler.LIST(), wordIndex) == word);
        }
    }

    function invariant_theLastEventOfAWordTellsTheWord() public view {
        assert(handler.surprises() == 0);
        for (uint256 wordIndex; wordIndex < 2; ++wordIndex) {
            assert(harness.wordAt(handler.LIST(), wordIndex) == handler.lastToldOf(wordIndex));
        }
    }
}
