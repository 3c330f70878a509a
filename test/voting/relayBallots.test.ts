import { expect } from "chai";
import {
  getAddress,
  JsonRpcApiProvider,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
  ZeroHash,
} from "ethers";

import { type BallotFate, relayBallots } from "../../src/voting/election/relayBallots.js";
import type { SignedBallot } from "../../src/voting/election/signBallot.js";
import { type Election, Election__factory } from "../../src/typechain/index.js";
import { hashBallot } from "../../src/voting/ballotBytes.js";
import { electionFixture } from "./electionFixture.js";
import { forge } from "./forge.js";

type Estimate = Parameters<Election["castBatch"]["estimateGas"]>;
type Fixture = Awaited<ReturnType<typeof electionFixture>>;

/** What a node says of a transaction for which no gas that it grants is enough. */
const WORDS = {
  geth: (most: bigint) => ({ code: -32_000, message: `gas required exceeds allowance (${most})` }),
  Besu: () => ({ code: -32_603, message: "Internal error" }),
} as const;

/** The tests' chain as another node gives it, to an ethers provider as it is in use: estimates fail above `most` gas. */
class Node extends JsonRpcApiProvider {
  readonly estimates: bigint[] = [];

  constructor(
    private readonly chain: Fixture["connection"]["provider"],
    private readonly most: bigint,
    private readonly words: (most: bigint) => { code: number; message: string },
  ) {
    super(31_337, {
      staticNetwork: true,
      batchMaxCount: 1,
      cacheTimeout: -1,
      polling: true,
      pollingInterval: 10,
    });
    this._start();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    return Promise.all((Array.isArray(payload) ? payload : [payload]).map((one) => this.#answer(one)));
  }

  async #answer({ id, method, params }: JsonRpcPayload): Promise<JsonRpcResult | JsonRpcError> {
    try {
      const result: unknown = await this.chain.request({ method, params: params as unknown[] });
      if (method !== "eth_estimateGas") return { id, result };
      this.estimates.push(BigInt(result as string));
      return BigInt(result as string) > this.most ? { id, error: this.words(this.most) } : { id, result };
    } catch (error) {
      const { code, message, data } = error as { code: number; message: string; data?: unknown };
      return { id, error: { code, message, data } };
    }
  }
}

async function fixture(voters = 4) {
  const f = await electionFixture({ weights: Array.from({ length: voters }, () => 1n) });
  const queue = await Promise.all(f.entries.map(async (_, i) => (await f.signed(i, f.ballot(i))) as SignedBallot));
  const estimate = (ballots: readonly SignedBallot[]) => {
    return f.election.castBatch.estimateGas(f.publicKey, [...ballots], f.batchHints(ballots));
  };
  /** The same election at a node that grants no more gas. */
  const at = async (most: bigint, words: (most: bigint) => { code: number; message: string }) => {
    const node = new Node(f.connection.provider, most, words);
    return { node, election: Election__factory.connect(f.address, await node.getSigner(f.stranger.address)) };
  };
  /** The gas limits of the transactions that ballots were recorded in. */
  const limits = async (fates: readonly BallotFate[]) => {
    const hashes = new Set(fates.map((fate) => ("transaction" in fate ? fate.transaction : "none")));
    return Promise.all([...hashes].map(async (hash) => (await f.ethers.provider.getTransaction(hash))!.gasLimit));
  };
  return { ...f, queue, estimate, at, limits };
}

async function errorOf(action: Promise<unknown>): Promise<{ code?: unknown; cause?: unknown; message?: string }> {
  try {
    await action;
  } catch (error) {
    return error as Error;
  }
  return {};
}

/** An election whose batches are estimated otherwise, and never sent. */
function estimating(election: Election, estimateGas: (...call: Estimate) => Promise<bigint>): Election {
  return new Proxy(election, {
    get: (target, name) => (name === "castBatch" ? { estimateGas } : (Reflect.get(target, name) as unknown)),
  });
}

describe("the gas of relayed ballots", function () {
  it("sends with a batch what it takes and a fifth, not all that may be spent", async () => {
    const { election, queue, estimate, limits } = await fixture();
    const gas = await estimate(queue);
    const fates = await relayBallots(election, queue);
    expect(await limits(fates)).to.deep.equal([(gas * 6n) / 5n]);
  });

  it("sends no more than it is told, where a fifth more would be", async () => {
    const { election, queue, estimate, limits } = await fixture();
    const gasLimit = ((await estimate(queue)) * 11n) / 10n;
    const fates = await relayBallots(election, queue, { gasLimit });
    expect(await limits(fates)).to.deep.equal([gasLimit]);
  });

  it("keeps to the blocks of a chain that are smaller than what it is told", async () => {
    const { election, queue, estimate, limits, networkHelpers } = await fixture();
    const all = await estimate(queue);
    await networkHelpers.setBlockGasLimit((all * 11n) / 10n);
    await networkHelpers.mine();
    expect(await limits(await relayBallots(election, queue))).to.deep.equal([(all * 11n) / 10n]);
    expect(await election.turnout()).to.equal(4n);
  });

  it("halves a batch that no block holds", async () => {
    const { election, queue, estimate, limits, networkHelpers } = await fixture();
    const most = (await estimate(queue)) - 1n;
    await networkHelpers.setBlockGasLimit(most);
    await networkHelpers.mine();
    const fates = await relayBallots(election, queue);
    const sent = await limits(fates);
    expect(sent).to.have.length(2);
    for (const limit of sent) expect(limit <= most).to.equal(true);
    expect(await election.turnout()).to.equal(4n);
  });

  for (const [name, words] of Object.entries(WORDS)) {
    it(`halves a batch for which ${name} finds no gas, until it does`, async () => {
      const { election, queue, estimate, at } = await fixture();
      const half = ((await estimate(queue.slice(0, 2))) * 11n) / 10n;
      const { node, election: theirs } = await at(half, words);
      const sizes: number[] = [];
      const fates = await relayBallots(theirs, queue, { onProgress: (progress) => sizes.push(progress.fates.length) });
      expect(fates.map(({ outcome }) => outcome)).to.deep.equal(queue.map(() => "recorded"));
      expect(sizes).to.deep.equal([2, 2]);
      expect(node.estimates).to.have.length(3);
      expect(await election.turnout()).to.equal(4n);
      node.destroy();
    });

    it(`says so when ${name} finds no gas for one ballot`, async () => {
      const { queue, at } = await fixture(2);
      const { node, election } = await at(50_000n, words);
      const error = await errorOf(relayBallots(election, queue));
      expect(error.code).to.equal("BATCH_TOO_LARGE");
      expect(error.cause).to.have.property("code", "CALL_EXCEPTION");
      node.destroy();
    });
  }

  it("gives a refusal of the contract as it is, and asks for no smaller batch", async () => {
    const { queue, at, time, terms, election: own } = await fixture();
    const { node, election } = await at(10_000_000n, WORDS.geth);
    let tries = 0;
    // The election closes once the ballots were checked.
    const closing = estimating(election, async (...call) => {
      tries++;
      await time.increaseTo(terms.closesAt);
      return election.castBatch.estimateGas(...call);
    });
    const error = await errorOf(relayBallots(closing, queue));
    expect(error).to.have.property("name", "ContractError");
    expect(tries).to.equal(1);
    expect(await own.turnout()).to.equal(0n);
    node.destroy();
  });

  it("understands the node's words where no ethers provider has read them, and no others", async () => {
    const { election, queue } = await fixture(2);
    const codeAt = async (message: string) => {
      const refusal = Object.assign(new Error(message), { code: -32_000 });
      return (
        await errorOf(
          relayBallots(
            estimating(election, () => Promise.reject(refusal)),
            queue,
          ),
        )
      ).code;
    };
    expect(await codeAt("gas required exceeds allowance (30000000)")).to.equal("BATCH_TOO_LARGE");
    expect(await codeAt("Transaction ran out of gas")).to.equal("BATCH_TOO_LARGE");
    expect(await codeAt("insufficient funds for gas * price + value")).to.equal(-32_000);
  });

  it("refuses what would take a batch with it, and carries the rest: a wrong checksum, and proofs that nobody blinded", async () => {
    const f = await electionFixture({ weights: [1n, 1n, 1n] });
    const [honest, other] = (await Promise.all([1, 2].map((voter) => f.signed(voter, f.ballot(voter))))) as [
      SignedBallot,
      SignedBallot,
    ];
    const mistyped = getAddress(other.voter).replace(/[a-f]/i, (digit) => {
      return digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase();
    });
    // The contract takes each of them beside another ballot, and none alone, as K's coefficient is zero then.
    const queue: SignedBallot[] = [];
    for (let i = 0; i < 3; i++) {
      const { bytes } = forge(f.statement(0), { m: [1n, 0n], isUnblinded: true, seed: `unblinded ${i}` });
      const ballotHash = hashBallot(bytes, f.questions, 1n);
      const replaces = queue.length === 0 ? ZeroHash : hashBallot(queue[i - 1]!.ballot, f.questions, 1n);
      queue.push((await f.signed(0, { bytes, ballotHash, openings: [] }, { replaces })) as SignedBallot);
    }
    const fates = await relayBallots(f.election, [...queue, { ...other, voter: mistyped }, honest], { batchSize: 2 });
    expect(fates.map(({ outcome }) => outcome)).to.deep.equal([...Array<string>(4).fill("refused"), "recorded"]);
    expect(fates.map((fate) => ("reason" in fate ? fate.reason : ""))).to.deep.equal([
      ...Array<string>(3).fill("PROOF_WRONG"),
      ...["MALFORMED", ""],
    ]);
    expect(await f.election.turnout()).to.equal(1n);
  });

  it("gives a failing node's error as it is", async () => {
    const { queue, at } = await fixture();
    const { node, election } = await at(0n, () => ({ code: -32_000, message: "insufficient funds for gas" }));
    expect((await errorOf(relayBallots(election, queue))).code).to.equal("INSUFFICIENT_FUNDS");
    node.destroy();
  });
});
