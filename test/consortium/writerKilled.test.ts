import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";

import { expect } from "chai";

import { type CliqueNetwork, startCliqueNetwork } from "../../scripts/network/cliqueNetwork.js";
import { findGeth } from "../../scripts/network/findGeth.js";
import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";

import { attestCall } from "./attestCall.js";
import { type Office, openOffice } from "./office.js";
import type { WriterPlan } from "./writer.js";

/** How often the writer is killed; `npm run deep` does it more often. */
const KILLS = Number(process.env["DIWAN_WRITER_KILLS"] ?? 5);
const WRITES_A_RUN = 120;
/** A process is killed this long after its first write at the latest, in milliseconds. */
const LATEST = 1_500;

describe("a writing process on real validators", function () {
  this.timeout(120_000 + KILLS * 30_000);
  let network: CliqueNetwork;
  let office: Office;
  let folder: string;

  before(async () => {
    network = await startCliqueNetwork({ geth: await findGeth(undefined, () => undefined), validators: 3 });
    office = await openOffice(network.rpcUrls[0]!, network.chainId);
    folder = await mkdtemp(join(tmpdir(), "diwan-writer-"));
  });

  after(async () => {
    office.provider.destroy();
    await network.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`loses and doubles nothing that it accepted when it is killed ${KILLS} times at random`, async () => {
    const { attestations, bodies, provider } = office;
    const { key } = bodies.office;
    const plan: WriterPlan = {
      store: join(folder, "outbox.sqlite"),
      nodes: [...network.rpcUrls],
      chainId: network.chainId,
      key: key.privateKey,
      attestations: await attestations.getAddress(),
      count: WRITES_A_RUN * (KILLS + 1),
      confirmations: confirmationsFor({ kind: "clique", validators: 3 }),
    };
    /** Runs the writer from the first number that was not accepted; kills it, when it is told how soon. */
    let accepted = 0;
    const run = async (killAfter?: number): Promise<boolean> => {
      const child = spawn(
        process.execPath,
        ["--import", "tsx", "test/consortium/writer.ts", JSON.stringify(plan), `${accepted}`],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const exited = once(child, "exit");
      let isDone = false;
      let kill: Promise<unknown> | undefined;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line === "done") isDone = true;
        else accepted = Number(line) + 1;
        if (killAfter !== undefined) kill ??= setTimeout(killAfter).then(() => child.kill("SIGKILL"));
      });
      await exited;
      await kill;
      return isDone;
    };

    let killed = 0;
    while (killed < KILLS) {
      const isDone = await run(Math.floor(Math.random() * LATEST));
      expect(isDone, "ended before it was killed").to.equal(false);
      killed++;
    }
    expect(await run()).to.equal(true);
    expect(accepted).to.equal(plan.count);

    const events = await attestations.queryFilter(attestations.filters.AttestationIssued(), 0);
    expect(events.length).to.equal(plan.count);
    expect(await provider.getTransactionCount(key.address)).to.equal(plan.count);
    // In their order, each with the content of its number.
    const sent = await Promise.all(events.map(({ transactionHash }) => provider.getTransaction(transactionHash)));
    expect(sent.map((transaction) => transaction!.data)).to.deep.equal(
      sent.map((_, n) => attestCall(plan.attestations, n).data),
    );
    expect(sent.map((transaction) => transaction!.nonce)).to.deep.equal(sent.map((_, n) => n));
  });
});
