import { expect } from "chai";
import type { Filter, FilterByBlockHash, Log } from "ethers";

import { exportTranscript, type TranscriptSource } from "../../src/voting/verifier/exportTranscript.js";
import { VerifierError } from "../../src/voting/verifier/VerifierError.js";
import { rejection } from "../helpers/events.js";
import { wholeElection } from "./wholeElection.js";

describe("exportTranscript", () => {
  let chain: Awaited<ReturnType<typeof wholeElection>>;
  let genuine: Log;

  before(async () => {
    chain = await wholeElection();
    const { logs } = await exportTranscript(chain.ethers.provider, chain.address);
    const [created] = logs;
    const found = await chain.ethers.provider.getLogs({
      fromBlock: 0,
      address: chain.maker,
      topics: [created!.topics[0]!],
    });
    genuine = found.find(({ topics }) => topics[1] === created!.topics[1])!;
  });

  /** The chain, as if other contracts too had said that they made the election: a clone's address is known before it exists. */
  const sourceWith = (...forged: readonly { address: string; blockNumber: number }[]): TranscriptSource => {
    const provider = chain.ethers.provider;
    const getLogs = async (filter: Filter | FilterByBlockHash) => {
      const { fromBlock, toBlock, address, topics } = filter as Filter;
      const logs: Log[] = await provider.getLogs(filter);
      if (topics?.length !== 2) return logs;
      const mine: unknown[] = forged
        .filter(({ blockNumber }) => blockNumber >= Number(fromBlock) && blockNumber <= Number(toBlock))
        .filter((one) => address === undefined || one.address === address)
        .map((one) => ({ ...(genuine.toJSON() as object), ...one, topics: genuine.topics }));
      return [...mine, ...logs] as Log[];
    };
    return new Proxy(provider, {
      get: (target, name) => {
        const value: unknown = name === "getLogs" ? getLogs : Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  };

  it("takes the event of the contract that made the election, whoever says so before, in its block or in another", async () => {
    const { blockNumber } = genuine;
    // One that has made accounts, but not this one, and one that has made none.
    const makers = [(await chain.ethers.getSigners())[0]!.address, chain.trustees];
    const others = makers.flatMap((address) => [
      { address, blockNumber },
      { address, blockNumber: blockNumber - 1 },
    ]);
    for (const range of [1, 5_000]) {
      const found = await exportTranscript(sourceWith(...others), chain.address, { range });
      expect(found.factory).to.equal(chain.maker.toLowerCase());
      expect(found).to.deep.equal(await exportTranscript(chain.ethers.provider, chain.address));
    }
  });

  it("finds no election where only others say that they made it", async () => {
    const source = sourceWith({ address: chain.trustees, blockNumber: 1 });
    const error = await rejection(exportTranscript(source, chain.address, { toBlock: genuine.blockNumber - 1 }));
    expect(error).to.be.instanceOf(VerifierError).with.property("code", "ELECTION_NOT_FOUND");
  });
});
