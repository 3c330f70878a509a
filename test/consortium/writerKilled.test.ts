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
/** A process is killed this long after a write that is chosen at random, at the latest, in milliseconds. */
const LATEST = 20;

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
    const plan: Omit<WriterPlan, "count"> = {
      store: join(folder, "outbox.sqlite"),
      nodes: [...network.rpcUrls],
      chainId: network.chainId,
      key: key.privateKey,
      attestations: await attestations.getAddress(),
      confirmations: confirmationsFor({ kind: "clique", validators: 3 }),
    };
    const total = WRITES_A_RUN * (KILLS + 1);
    /** Runs the writer from the first number that was not accepted up to another; kills it, when it is told after which. */
    let accepted = 0;
    const run = async (count: number, last = Infinity): Promise<boolean> => {
      const child = spawn(
        process.execPath,
        ["--import", "tsx", "test/consortium/writer.ts", JSON.stringify({ ...plan, count }), `${accepted}`],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      const exited = once(child, "exit");
      let isDone = false;
      let kill: Promise<unknown> | undefined;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line === "done") isDone = true;
        else accepted = Number(line) + 1;
        if (accepted > last) kill ??= setTimeout(Math.random() * LATEST).then(() => child.kill("SIGKILL"));
      });
      await exited;
      await kill;
      return isDone;
    };

    let midway = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      const upTo = WRITES_A_RUN * kill;
      const last = accepted + Math.floor(Math.random() * 0.8 * (upTo - accepted));
      expect(await run(upTo, last), "ended before it was killed").to.equal(false);
      expect(accepted).to.be.above(last);
      if (accepted < upTo) midway++;
    }
    expect(midway, "killed while it wrote").to.be.at.least(Math.ceil(KILLS / 2));
    expect(await run(total)).to.equal(true);
    expect(accepted).to.equal(total);

    const events = await attestations.queryFilter(attestations.filters.AttestationIssued(), 0);
    expect(events.length).to.equal(total);
    expect(await provider.getTransactionCount(key.address)).to.equal(total);
    // In their order, each with the content of its number.
    const sent = await Promise.all(events.map(({ transactionHash }) => provider.getTransaction(transactionHash)));
    expect(sent.map((transaction) => transaction!.data)).to.deep.equal(
      sent.map((_, n) => attestCall(plan.attestations, n).data),
    );
    expect(sent.map((transaction) => transaction!.nonce)).to.deep.equal(sent.map((_, n) => n));
  });
});
