import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { ChainError } from "../../src/chain/ChainError.js";
import { send } from "../../src/chain/send.js";
import { rejection } from "../helpers/events.js";

describe("send", () => {
  it("says so when a transaction that was sent is in no block", async () => {
    // What ethers answers when a node knows nothing of it any more.
    const lost = { hash: "0x12", wait: () => Promise.resolve(null) } as unknown as ContractTransactionResponse;
    const error = await rejection(send(() => Promise.resolve(lost)));
    expect(error).to.be.instanceOf(ChainError).with.property("code", "TRANSACTION_LOST");
    expect((error as Error).message).to.equal("the transaction 0x12 is in no block");
  });
});
