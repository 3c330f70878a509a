import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";
import { id } from "ethers";

import type { FreeAccount } from "../../scripts/demo/freeAccount.js";
import { type CliqueNetwork, startCliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { findGeth } from "../../scripts/network/findGeth.js";
import { NO_END } from "../../src/identity/attestation.js";
import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";
import { openOutbox, type Outbox } from "../../src/network/outbox/openOutbox.js";
import type { OutboxCall, OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import type { OutboxStore } from "../../src/network/outbox/OutboxStore.js";
import { sqliteStore } from "../../src/network/outbox/sqliteStore.js";

import { type HeldElection, holdElection } from "./election.js";
import { freeWallet, type Office, openOffice, openProvider, SCHEMA } from "./office.js";

const VOTERS = 24;
/** Seconds of voting: as long as the faults take, about. */
const VOTING = 90;
const WRITE_MILLISECONDS = 100;
const CASE = "0xca5e0001";

/** A key that writes, and what was accepted of it. */
interface Writer {
  outbox: Outbox;
  accepted: OutboxEntry[];
  /** The call of a number; none when there is no more to write. */
  callOf(n: number): OutboxCall | undefined;
}

describe("an outbox on five validators", function () {
  let network: CliqueNetwork;
  let office: Office;
  let election: HeldElection;
  let folder: string;
  let store: OutboxStore;
  let clerk: Writer;
  let police: Writer;
  let carrier: Writer;
  const all = (): Writer[] => [clerk, police, carrier];

  before(async () => {
    network = await startCliqueNetwork({ geth: await findGeth(undefined, () => undefined) });
    office = await openOffice(network.rpcUrls[0]!, network.chainId);
    election = await holdElection(office, VOTERS, VOTING);
    folder = await mkdtemp(join(tmpdir(), "diwan-faults-"));
    store = await sqliteStore(join(folder, "outbox.sqlite"));

    const { bodies, attestations, evidence, provider } = office;
    const [attestationsAt, evidenceAt] = await Promise.all([attestations.getAddress(), evidence.getAddress()]);
    clerk = await write(bodies.office.key, 1, (n) => ({
      to: attestationsAt,
      data: attestations.interface.encodeFunctionData("attest", [SCHEMA, contentOf(n), NO_END]),
      gasLimit: 200_000n,
    }));
    police = await write(bodies.police.key, 2, (n) => ({
      to: evidenceAt,
      data: evidence.interface.encodeFunctionData("depositMany", [bodies.tool.index, [exhibitOf(n)], CASE]),
      gasLimit: 400_000n,
    }));
    carrier = await write(freeWallet(provider), 3, (n) => {
      const ballot = election.ballots[n];
      return ballot && { to: election.address, data: election.carry([ballot]), gasLimit: 3_000_000n };
    });
  });

  after(async () => {
    await Promise.all(all().map(({ outbox }) => outbox.close()));
    await store.close();
    office.provider.destroy();
    await network.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const contentOf = (n: number) => id(`content ${n}`);
  const exhibitOf = (n: number) => id(`exhibit ${n}`);

  /** Each writes through another node first. */
  async function write(signer: FreeAccount, first: number, callOf: Writer["callOf"]): Promise<Writer> {
    const nodes = [...network.rpcUrls.slice(first), ...network.rpcUrls.slice(0, first)];
    const outbox = await openOutbox({
      ...{ store, nodes, signer, chainId: BigInt(network.chainId), genesisHash: network.genesisHash, pollMs: 300 },
      finality: { confirmations: confirmationsFor({ kind: "clique", validators: network.nodes.length }) },
    });
    return { outbox, accepted: [], callOf };
  }

  /** Numbered writes by all keys, while something happens. */
  async function writeDuring(what: () => Promise<void>): Promise<void> {
    let isOver = false;
    const writing = all().map(async (writer) => {
      while (!isOver) {
        const n = writer.accepted.length;
        const call = writer.callOf(n);
        if (call === undefined) return;
        writer.accepted.push(await writer.outbox.write(call, { id: `${n}` }));
        await setTimeout(WRITE_MILLISECONDS);
      }
    });
    await what();
    isOver = true;
    await Promise.all(writing);
  }

  /** What was accepted is on every node, once, in its order, final, and nothing else is. */
  async function expectAllOnce(): Promise<void> {
    for (const { outbox, accepted } of all()) {
      const settled = await Promise.all(accepted.map(({ id: name }) => outbox.settled(name)));
      expect(settled.filter(({ state, succeeded }) => state !== "final" || succeeded !== true)).to.deep.equal([]);
      expect(settled.map(({ nonce }) => nonce)).to.deep.equal(settled.map((_, n) => n));
    }
    const [attested, deposited, voted] = all().map(({ accepted }) => accepted.length) as [number, number, number];
    const numbers = [];
    for (const url of network.rpcUrls) {
      const provider = openProvider(url, network.chainId);
      // A node that was away has what the others have in a while.
      const head = Math.min(...(await Promise.all(network.nodes.map(headOf)))) - 1;
      numbers.push(head);
      for (const { outbox, accepted } of all()) {
        expect(await provider.getTransactionCount(outbox.key, "latest"), url).to.equal(accepted.length);
        for (const name of accepted.map((entry) => entry.id)) {
          const entry = (await outbox.find(name))!;
          const receipt = await provider.getTransactionReceipt(entry.hash);
          expect([receipt?.blockHash, receipt?.status], `${url} ${name}`).to.deep.equal([entry.blockHash, 1]);
        }
      }
      const { attestations, evidence, bodies } = office;
      const issued = await attestations.connect(provider).queryFilter(attestations.filters.AttestationIssued(), 0);
      const contents = issued.map(({ transactionHash }) => transactionHash);
      expect([contents.length, new Set(contents).size], url).to.deep.equal([attested, attested]);
      const [size] = await evidence.connect(provider).checkpointOf(bodies.police.index);
      expect(size, url).to.equal(BigInt(deposited));
      expect(await election.election.connect(provider).turnout(), url).to.equal(BigInt(voted));
      provider.destroy();
    }
    const common = `0x${Math.min(...numbers).toString(16)}`;
    const blocks = await Promise.all(network.nodes.map((node) => node.ask("eth_getBlockByNumber", [common, false])));
    const states = (blocks as { hash: string; stateRoot: string }[]).map(
      ({ hash, stateRoot }) => `${hash} ${stateRoot}`,
    );
    expect(new Set(states).size).to.equal(1);
  }

  async function headOf(node: CliqueNetwork["nodes"][number]): Promise<number> {
    return Number(await node.ask("eth_blockNumber"));
  }

  /** Until all nodes that run have blocks that none had before. */
  async function goOn(): Promise<void> {
    const before = Math.max(...(await Promise.all(network.nodes.map(headOf))));
    while (Math.min(...(await Promise.all(network.nodes.map(headOf)))) < before + 2) await setTimeout(200);
  }

  it("loses and doubles nothing when one validator is killed", async () => {
    await writeDuring(async () => {
      await setTimeout(2_000);
      await network.kill([1]);
      await setTimeout(5_000);
      await network.restart([1]);
    });
    await goOn();
    await expectAllOnce();
  });

  it("loses and doubles nothing when the majority is lost for a while", async () => {
    await writeDuring(async () => {
      await setTimeout(1_000);
      await network.kill([0, 1, 2]);
      await setTimeout(5_000);
      await network.restart([0, 1, 2]);
    });
    await goOn();
    await expectAllOnce();
  });

  it("loses and doubles nothing when two parts are cut off, both write on, and one's blocks are dropped", async () => {
    let apart: { hash: string; number: string } | undefined;
    await writeDuring(async () => {
      await network.cut([1, 2], [0, 3, 4]);
      await setTimeout(8_000);
      // Written through the smaller part, which cannot win.
      apart = (await network.nodes[1]!.ask("eth_getBlockByNumber", ["latest", false])) as typeof apart;
      await network.join();
    });
    await goOn();
    await expectAllOnce();
    const now = (await network.nodes[1]!.ask("eth_getBlockByNumber", [apart!.number, false])) as typeof apart;
    expect(now?.hash, "the block of the smaller part").to.not.equal(apart!.hash);
  });

  it("loses and doubles nothing when all validators are killed and started again", async () => {
    await writeDuring(async () => {
      await setTimeout(1_000);
      await network.kill([0, 1, 2, 3, 4]);
      await setTimeout(1_000);
      await network.restart([0, 1, 2, 3, 4]);
      await setTimeout(2_000);
    });
    await goOn();
    await expectAllOnce();
  });

  it("lets every ballot be counted that was accepted meanwhile", async () => {
    expect(carrier.accepted.length).to.equal(VOTERS);
    const voted = [0n, 0n, 0n, 0n];
    for (const { choice } of election.ballots) voted[choice]! += 1n;
    expect(await election.count()).to.deep.equal(voted);
  });
});
