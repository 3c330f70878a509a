// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IElection as I} from "../../contracts/voting/IElection.sol";
import {vm} from "../helpers/Vm.sol";
import {ElectionModel} from "../voting/ElectionModel.sol";

/// @title ElectionWalker
/// @notice Takes one of the model's steps. The model itself is linked with libraries, so that Hardhat does not know it again.
contract ElectionWalker {
    ElectionModel private immutable _MODEL;

    constructor(ElectionModel model) {
        _MODEL = model;
    }

    function step(uint256 seed) external {
        seed = uint256(keccak256(abi.encode(seed)));
        uint8[4] memory b = [uint8(seed >> 8), uint8(seed >> 16), uint8(seed >> 24), uint8(seed >> 32)];
        uint256 kind = uint8(seed) % 11;
        if (kind == 0) _MODEL.pass(b[0]);
        else if (kind == 1) _MODEL.goOn(b[0]);
        else if (kind == 2) _MODEL.extend(b[0], b[1]);
        else if (kind == 3) _MODEL.annul(b[0]);
        else if (kind == 4) _MODEL.cast(b[0], b[1], b[2], b[3]);
        else if (kind == 5) _MODEL.castSigned(b[0], b[1], b[2], b[3]);
        else if (kind == 6) _MODEL.castBatch(b[0], [b[1], b[2], b[3]], [b[3], b[2], b[1]]);
        else if (kind == 7) _MODEL.spoil(b[0], b[1], b[2]);
        else if (kind == 8) _MODEL.sumOn(b[0], b[1]);
        else if (kind == 9) _MODEL.sumAnything(b[0], b[1], uint32(seed >> 40));
        else _MODEL.finalize(b[0]);
    }
}

contract ElectionInvariants {
    ElectionModel private model;
    ElectionWalker private walker;

    function setUp() public {
        model = new ElectionModel();
        walker = new ElectionWalker(model);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(walker);
    }

    function invariant_electionsDoWhatThePlainTwinSays() public view {
        require(bytes(model.surprise()).length == 0, model.surprise());
    }

    function invariant_aVoterCountsAtMostOnce() public view {
        uint256 filled;
        for (uint256 voter; voter < model.VOTERS(); ++voter) {
            if (model.ELECTION().ballotOf(model.slotKeyOf(voter)) != 0) ++filled;
        }
        assert(model.ELECTION().turnout() == filled);
    }
}

/// @dev The invariants say something only if walks come to a count, and are refused often enough.
contract ElectionModelTest {
    uint256 private constant WALKS = 40;
    uint256 private constant STEPS = 60;

    function test_walks_reachEveryState_andTakeAndRefuseEveryStep() public {
        string[9] memory names = [
            "open",
            "extend",
            "annul",
            "cast",
            "castSigned",
            "castBatch",
            "spoil",
            "sumOn",
            "finalize"
        ];
        uint256[9] memory done;
        uint256[9] memory refused;
        uint256[8] memory reached;
        ElectionModel model = new ElectionModel();
        ElectionWalker walker = new ElectionWalker(model);
        uint256 start = vm.snapshotState();
        for (uint256 walk; walk < WALKS; ++walk) {
            vm.revertToState(start);
            for (uint256 i; i < STEPS; ++i) walker.step(walk * STEPS + i);
            require(bytes(model.surprise()).length == 0, model.surprise());
            for (uint256 i; i < names.length; ++i) {
                done[i] += model.done(names[i]);
                refused[i] += model.refused(names[i]);
            }
            for (uint8 state; state < 8; ++state) reached[state] += model.reached(I.State(state));
        }
        for (uint256 i; i < names.length; ++i) {
            require(done[i] >= 2, string.concat(names[i], " hardly ever succeeds"));
            // The model opens an election only when it can.
            require(i == 0 || refused[i] >= 2, string.concat(names[i], " is hardly ever refused"));
        }
        for (uint256 state = 1; state < 8; ++state) require(reached[state] != 0, "a state is never reached");
    }
}
