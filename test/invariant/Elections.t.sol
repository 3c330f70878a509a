// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

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

    /// forge-config: default.invariant.runs = 100
    function invariant_electionsDoWhatThePlainTwinSays() public view {
        require(bytes(model.surprise()).length == 0, model.surprise());
    }

    /// forge-config: default.invariant.runs = 100
    function invariant_aVoterCountsAtMostOnce() public view {
        uint256 filled;
        for (uint256 voter; voter < model.VOTERS(); ++voter) {
            if (model.ELECTION().ballotOf(model.slotKeyOf(voter)) != 0) ++filled;
        }
        assert(model.ELECTION().turnout() == filled);
    }
}
