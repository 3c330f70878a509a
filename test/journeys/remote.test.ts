import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { expect } from "chai";
import { Contract, getBytes, HDNodeWallet, JsonRpcProvider } from "ethers";
import { network } from "hardhat";

import type { HoldersFile } from "../../scripts/demo/exportFormat.js";
import { ObstacleError, requireFreePort } from "../../scripts/console/obstacles.js";
import { openRemoteChain } from "../../scripts/demo/openChain.js";
import type { OpenElection } from "../../scripts/demo/openElection.js";
import { OptionsError } from "../../scripts/console/OptionsError.js";
import { type DemoOptions, readDemoOptions } from "../../scripts/demo/options.js";
import { silentProgress } from "../../scripts/console/progress.js";
import { runDemo } from "../../scripts/demo/runDemo.js";
import { serveChain, type ServedChain } from "../../scripts/demo/serveChain.js";
import { nullifierOf } from "../../src/identity/benefit/answer.js";
import { benefitStatus } from "../../src/identity/benefit/benefits.js";
import { decide } from "../../src/identity/benefit/decide.js";
import type { Policy } from "../../src/identity/benefit/policy.js";
import { discloseClaims } from "../../src/identity/discloseClaims.js";
import {
  Benefits__factory,
  type Election,
  ElectionFactory__factory,
  Eligibility__factory,
  Trustees__factory,
} from "../../src/typechain/index.js";
import { keyShareOf } from "../../src/voting/ceremony/keyShareOf.js";
import { readCeremony } from "../../src/voting/ceremony/readCeremony.js";
import { openTrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { Point } from "../../src/voting/curve.js";
import { castBallot } from "../../src/voting/election/castBallot.js";
import { checkElectionTexts } from "../../src/voting/election/electionTexts.js";
import { memoryJournal } from "../../src/voting/election/memoryJournal.js";
import { readElection } from "../../src/voting/election/readElection.js";
import { buildRoll, rollProof } from "../../src/voting/election/roll.js";
import { parseRoll } from "../../src/voting/election/rollFile.js";
import { statementFor } from "../../src/voting/election/statementFor.js";
import { prepareBallot } from "../../src/voting/prepareBallot.js";

/** What `npm run node` writes, as far as it is looked at here. */
interface NodeManifest {
  rpc: string;
  chainId: number;
  contracts: Record<string, { address: string; abi: string }>;
  accounts: { words: string; list: { role: string; address: string; path: string }[] };
  bodies: { body: number; name: string }[];
  citizens: { did: string; words: string }[];
  schemas: Record<string, string>;
  policies: Record<string, { hash: string; policy: Policy; nullifierKey: string }>;
  exports: { holders: string };
  openElection: OpenElection & { abis: { election: string } };
}

describe("a chain on 127.0.0.1", () => {
  let folder: string;
  let port: number;
  let served: ServedChain;

  before(async function () {
    this.timeout(600_000);
    folder = await mkdtemp(join(tmpdir(), "diwan-node-"));
    port = await freePort();
    const demo = optionsFor(join(folder, "out", "node"), "--batch", "16");
    served = await serveChain({ port, blockTime: 1, demo }, silentProgress);
  });

  let closing: Promise<void> | undefined;
  const closeOnce = () => (closing ??= served.close());
  after(async () => {
    await closeOnce();
    await rm(folder, { recursive: true, force: true });
  });

  it("is described by its manifest: address, contracts, ABIs, accounts, bodies, citizens", async () => {
    const manifest = JSON.parse(await readFile(served.manifest, "utf8")) as NodeManifest;
    expect(manifest.rpc).to.equal(`http://127.0.0.1:${port}`);
    expect(manifest.bodies).to.have.lengthOf(13);
    expect(manifest.citizens).to.have.lengthOf(21);
    expect(manifest.accounts.list.filter(({ role }) => role === "member of the council")).to.have.lengthOf(3);

    const provider = new JsonRpcProvider(manifest.rpc);
    expect((await provider.getNetwork()).chainId).to.equal(BigInt(manifest.chainId));
    const { address, abi } = manifest.contracts.trustList!;
    const trustList = new Contract(address, await readFile(join(folder, "out", "node", abi), "utf8"), provider);
    const [size] = (await trustList.getFunction("checkpoint")()) as [bigint, string];
    expect(size).to.be.greaterThan(40n);
    provider.destroy();
  });

  /** Runs a page's first sample in a project of its own; gives what it has at its end. */
  async function runSample(page: string, report: string, more: Readonly<Record<string, string>> = {}) {
    const text = await readFile(page, "utf8");
    const [, sample] = /```ts\n([^]*?)```/.exec(text)!;
    const source = pathToFileURL(join(process.cwd(), "src")).href;
    const local = sample!
      .replaceAll("@diwan/contracts/typechain", `${source}/typechain/index.js`)
      .replaceAll(/@diwan\/contracts\/([\w/]+)/g, `${source}/$1.js`);
    const imports = Object.entries(more).map(([name, module]) => `import { ${name} } from "${source}/${module}.js";\n`);
    // Inside the project, so that it finds ethers.
    const file = join(process.cwd(), ".cache", `sample-${port}.ts`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      `${imports.join("")}${local}\nconsole.log(JSON.stringify(${report}));\nprovider.destroy();\n`,
    );
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), file], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (part: string) => (stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (stderr += part));
    const [code] = (await once(child, "close")) as [number | null];
    await rm(file);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as unknown;
  }

  it("is enough for the sample of docs/identity.md: a DID, a relayed request, a presentation", async function () {
    const report =
      "{ state, requested: (await requestStatus(enrolment, requestIdOf(application))).state, status: verdict.status, claims }";
    const told = (await runSample("docs/identity.md", report, {
      requestIdOf: "identity/enrolment/application",
      requestStatus: "identity/enrolment/requestStatus",
    })) as { state: string; status: string; claims: object };
    expect(told).to.include({ state: "ACTIVE", requested: "REQUESTED", status: "VALID" });
    expect(told.claims).to.have.all.keys("over18");
  });

  it("is enough to decide on the benefit, and to find that it was claimed", async () => {
    const manifest = JSON.parse(await readFile(served.manifest, "utf8")) as NodeManifest;
    const { hash, policy, nullifierKey } = manifest.policies.nursery!;
    const holders = JSON.parse(
      await readFile(join(folder, "out", "node", manifest.exports.holders), "utf8"),
    ) as HoldersFile;
    const income = holders.find(({ attestation }) => attestation.schema === manifest.schemas["income"])!;
    const person = holders.find(({ attestation, source }) => {
      return attestation.schema === manifest.schemas["person"] && source === income.source;
    })!;
    const child = holders.find(({ attestation }) => attestation.schema === manifest.schemas["child"])!;
    const shown = [person, income, child].map(({ attestation, membership, claims }, requirement) => {
      const names = policy.requirements[requirement]!.claims!.map(({ name }) => name);
      return { requirement, attestation, ...(membership && { membership }), disclosure: discloseClaims(claims, names) };
    });
    const provider = new JsonRpcProvider(manifest.rpc);
    const { eligibility, benefits } = manifest.contracts;
    const decision = await decide(Eligibility__factory.connect(eligibility!.address, provider), policy, shown);
    expect(decision.eligible).to.be.true;
    const without = await decide(Eligibility__factory.connect(eligibility!.address, provider), policy, shown.slice(1));
    expect(without.eligible).to.be.false;

    const pseudonym = child.claims.find(({ name }) => name === "pseudonym")!.value as string;
    const nullifier = nullifierOf(nullifierKey, { pseudonym, policy: hash, number: 0 });
    const claim = { policy: hash, number: 0, nullifier };
    const { status } = await benefitStatus(Benefits__factory.connect(benefits!.address, provider), claim);
    expect(status).to.equal("CLAIMED");
    provider.destroy();
  });

  it("lets time pass, beginning now", async () => {
    const provider = new JsonRpcProvider(served.url);
    const first = (await provider.getBlock("latest"))!;
    expect(Math.abs(first.timestamp - Date.now() / 1_000)).to.be.lessThan(30);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await provider.getBlockNumber()) - first.number).to.be.greaterThan(0);
    provider.destroy();
  });

  it("says clearly that its port is in use, with exit code 1", async () => {
    const { code, stderr } = await run("scripts/node.ts", "--port", String(port));
    expect(stderr).to.include(`port ${port} is in use`);
    expect(code).to.equal(1);
  });

  it("has an election open, in which a voter casts by the manifest alone", async () => {
    const out = join(folder, "out", "node");
    const { rpc, contracts, accounts, openElection } = JSON.parse(
      await readFile(served.manifest, "utf8"),
    ) as NodeManifest;
    // The nonce is asked for anew each time.
    const provider = new JsonRpcProvider(rpc, undefined, { cacheTimeout: -1 });
    const factory = ElectionFactory__factory.connect(contracts.electionFactory!.address, provider);
    expect(openElection.factory).to.equal(await factory.getAddress());
    expect(await factory.isElection(openElection.election)).to.equal(true);

    const { configuration, fromBlock, texts } = openElection;
    const abi = await readFile(join(out, openElection.abis.election), "utf8");
    const election = new Contract(openElection.election, abi, provider) as unknown as Election;
    const read = await readElection(election, { expected: configuration, fromBlock });
    expect(read.state).to.equal("OPEN");
    expect(Number(read.closesAt)).to.be.greaterThan(Date.now() / 1_000 + 365 * 86_400);
    expect(read.terms.trustees).to.equal(openElection.trustees.contract);
    expect(read.frozen!.key).to.deep.equal({ x: BigInt(openElection.key.x), y: BigInt(openElection.key.y) });
    checkElectionTexts(texts, read.terms.texts);

    const roll = buildRoll(parseRoll(await readFile(join(out, openElection.roll.file))), { minimum: 2 });
    expect(roll.root).to.equal(read.roll.root).and.to.equal(openElection.roll.root);
    expect(roll.entries.map(({ slotKey, voter, weight }) => [slotKey, voter, String(weight)])).to.deep.equal(
      openElection.roll.entries,
    );
    expect(roll.entries.map(({ voter }) => voter)).to.have.members(openElection.voters);

    const entry = roll.entries[3]!;
    const { path } = accounts.list.find(({ address }) => address === entry.voter)!;
    const voter = HDNodeWallet.fromPhrase(accounts.words, undefined, path).connect(provider);
    const journal = memoryJournal();
    const castFor = async (option: number): Promise<string> => {
      const votes = read.questions.map(({ options }) => Array.from({ length: options }, (_, j) => j === option));
      const statement = statementFor(read, entry.slotKey, entry.weight);
      const { bytes: ballot } = prepareBallot({ statement, votes, secret: getBytes(voter.privateKey) });
      const proof = rollProof(roll, entry.slotKey);
      return (await castBallot(election.connect(voter), { entry, proof, ballot, journal })).ballotHash;
    };
    await castFor(0);
    const last = await castFor(texts[1]!["en"]!.options.length);
    expect(await election.isRecorded(entry.slotKey, last)).to.equal(true);
    expect(await election.turnout()).to.equal(1n);
    provider.destroy();
  });

  it("keeps the trustees' files of that election, so that it can be counted", async () => {
    const { openElection } = JSON.parse(await readFile(served.manifest, "utf8")) as NodeManifest;
    const { contract, threshold, list } = openElection.trustees;
    expect(list.length).to.be.at.least(threshold);
    const provider = new JsonRpcProvider(served.url);
    const ceremony = await readCeremony(Trustees__factory.connect(contract, provider), openElection);
    for (const [i, { account, file, password }] of list.entries()) {
      expect(ceremony.trustees[i]).to.equal(account);
      const opened = await openTrusteeFile(join(folder, "out", "node", file), password);
      const { x, y } = Point.BASE.multiply(await keyShareOf(opened, ceremony)).toAffine();
      expect(ceremony.shareKeys.get(i + 1)).to.deep.equal({ x, y });
      await opened.close();
    }
    provider.destroy();
  });

  it("may hang up on a job that computes for seconds and hears nothing meanwhile", async () => {
    const proxy = await listenBetween(served.url);
    proxy.keepAliveTimeout = 3_000;
    const { port: between } = proxy.address() as AddressInfo;
    const chain = await openRemoteChain(`http://127.0.0.1:${between}`, silentProgress);
    try {
      for (let round = 0; round < 2; round++) {
        const block = await chain.provider.getBlockNumber();
        const end = performance.now() + 4_500;
        while (performance.now() < end);
        expect(await chain.provider.getBlockNumber()).to.be.greaterThanOrEqual(block);
      }
    } finally {
      await chain.close();
      proxy.close();
    }
  });

  // No methods of test nodes, and a clock that only the chain's own blocks move: those of a second of the chain above, with periods
  // to match; with DIWAN_BLOCK_SECONDS, as `npm run deep` sets it, slow ones, and the periods that the job itself chooses by them.
  it("can be worked on by the main job, which waits for block time and moves no clock", async function () {
    this.timeout(900_000);
    const period = Number(process.env["DIWAN_BLOCK_SECONDS"] ?? 1);
    const slow = period === 1 ? undefined : await serveSlowly(await freePort(), period);
    const proxy = await listenBetween(slow?.url ?? served.url);
    const { port: between } = proxy.address() as AddressInfo;
    const short = ["--lifetime", "8", "--lapse", "20", "--step", "14", "--voting", "180"];
    const periods = slow === undefined ? short : [];
    // The file that goes to the court has no byte.
    const exhibits = join(folder, "محضر");
    await mkdir(exhibits);
    await writeFile(join(exhibits, "1 فارغ.txt"), "");
    await writeFile(join(exhibits, "2.txt"), "The second one is destroyed.");
    const own = ["--rpc", `http://127.0.0.1:${between}`, "--batch", "16", "--files", exhibits, ...periods];
    const options = optionsFor(join(folder, "remote"), ...own);
    const chain = await openRemoteChain(options.rpc!, silentProgress);
    try {
      if (slow !== undefined) expect(chain.blockTime).to.equal(period);
      const { job } = await runDemo(chain, options, silentProgress);
      expect(job.checks.failed).to.deep.equal([]);
      expect(job.checks.list.length).to.be.greaterThan(80);
    } finally {
      await chain.close();
      proxy.close();
      await slow?.close();
    }
  });

  it("is enough for the sample of docs/voting.md: a ballot that is cast and recorded", async function () {
    expect(await runSample("docs/voting.md", "{ state: read.state, isRecorded }")).to.deep.equal({
      ...{ state: "OPEN", isRecorded: true },
    });
  });

  it("is enough for the sample of docs/health.md: an access that is logged, refused for research, and listed", async () => {
    const report =
      "{ refused, told: accesses.map(({ purpose, status, opening }) => [purpose, status, opening?.records]) }";
    expect(await runSample("docs/health.md", report)).to.deep.equal({
      refused: "ConsentNotInForce",
      told: [["TREAT", "IN_FORCE", ["Observation/f001"]]],
    });
  });

  it("is enough for the sample of docs/justice.md: an exhibit that goes to court, and a package checked with no chain", async () => {
    // With the chain left behind: what the package says of the file, and of the same one with a byte more.
    const report = `await (async () => {
      const { integrity, status, who, exhibit: { state }, custody, notProved } = report;
      const longer = { ...(await hashFile(file, { algorithms })), size: statement.size + 1 };
      const of = await verifyPackage(shown, { file: longer, anchor });
      return { said: [integrity, status, who, state], hops: custody.map(({ from, to }) => [from, to]),
        parties: [[police.body, laboratory.body]], notProved, altered: [of.integrity, of.problems.map(({ part }) => part)],
        paper: readFileSync("certificate.ar.pdf").subarray(0, 5).toString() };
    })()`;
    const told = (await runSample("docs/justice.md", report)) as Record<"hops" | "parties" | "notProved", unknown[]>;
    expect(told).to.deep.include({
      said: ["PROVED", "PROVED", "PROVED", "ADMITTED"],
      altered: ["FAILED", ["file"]],
      paper: "%PDF-",
    });
    expect(told.hops).to.deep.equal(told.parties);
    expect(told.notProved).to.include.members(["NO_SECOND_ANCHOR", "LATER_CHANGES"]);
  });

  // The last of these, as nothing answers afterwards.
  it("frees its port when it is closed", async () => {
    let refusal: unknown;
    await requireFreePort(port, "take another").catch((error: unknown) => (refusal = error));
    expect(refusal).to.be.instanceOf(ObstacleError);
    await closeOnce();
    await requireFreePort(port, "take another");
  });
});

describe("the command lines", () => {
  for (const script of ["scripts/demo.ts", "scripts/node.ts"]) {
    it(`${script} explains itself`, async () => {
      const { code, stdout } = await run(script, "--help");
      expect(stdout).to.include("Exit codes: 0 ");
      expect(code).to.equal(0);
    });

    it(`${script} refuses what it does not know, with exit code 2`, async () => {
      const { code, stderr } = await run(script, "--colour", "red");
      expect(stderr).to.include("--colour");
      expect(code).to.equal(2);
    });
  }

  it("says clearly that no node answers, with exit code 1", async () => {
    const { code, stderr } = await run("scripts/demo.ts", "--rpc", `http://127.0.0.1:${await freePort()}`);
    expect(stderr).to.include("no Ethereum node answers at http://127.0.0.1:");
    expect(code).to.equal(1);
  });

  it("refuses periods that are no seconds, batches that are too small, nodes without address, and unknown networks", () => {
    for (const [name, value] of [
      ["--delay", "soon"],
      ["--pause", "-1"],
      ["--lifetime", "0"],
      ["--batch", "3"],
      ["--rpc", "localhost"],
      ["--network", "mainnet"],
    ] as const) {
      expect(() => readDemoOptions([`${name}=${value}`]), name).to.throw(name);
    }
  });

  it("refuses two chains at once, and waits for what passes on a network's", () => {
    const network = ["--network", "consortium"];
    expect(() => readDemoOptions([...network, "--rpc", "http://127.0.0.1:8545"])).to.throw(OptionsError, "exclude");
    expect(optionsFor("out", ...network)).to.include({ network: "consortium", pause: 1 });
  });

  it("refuses to deposit what is not there, what is no file, and too little", async () => {
    const folder = await mkdtemp(join(tmpdir(), "diwan-files-"));
    try {
      const refused = (path: string) => expect(() => readDemoOptions(["--files", path]), path).to.throw(OptionsError);
      refused(join(folder, "none")).with.property("message").that.includes("there is no");
      refused(folder).with.property("message").that.includes("0 files with 0 bytes");
      await writeFile(join(folder, "two.txt"), "ab");
      // Only some users of Windows may make links.
      if (process.platform !== "win32") {
        await symlink(import.meta.filename, join(folder, "link.ts"));
        refused("/dev/null").with.property("message").that.includes("is neither");
      }
      refused(folder).with.property("message").that.includes("1 files with 2 bytes");
      await writeFile(join(folder, "one.txt"), "c");
      expect(optionsFor(folder, "--files", folder).files).to.deep.equal([folder]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function optionsFor(out: string, ...args: string[]): DemoOptions {
  const options = readDemoOptions(["--out", out, ...args]);
  if (options === "help") throw new Error("no options");
  return options;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

/** Passes JSON-RPC on, but knows no methods of test nodes: neither does a node of a real chain. */
async function listenBetween(url: string): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString("utf8");
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      response.setHeader("content-type", "application/json");
      if (/^(eth|net|web3)_/.test(method)) {
        const answer = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
        response.end(await answer.text());
      } else {
        response.end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_601, message: "Method not found" } }));
      }
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** A chain that takes what was sent meanwhile into a block a period later; nobody need wait for so long, as its clock is moved. */
async function serveSlowly(port: number, period: number): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await network.createServer({ override: { mining: { auto: false } } }, "127.0.0.1", port);
  await server.listen();
  const ask = async (method: string, ...params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: "POST", body, headers });
    return ((await answer.json()) as { result: unknown }).result;
  };
  const sent = async () => Number(await ask("eth_getBlockTransactionCountByNumber", "pending"));
  let isOpen = true;
  const mining = (async () => {
    for (let [before, rounds] = [0, 0]; isOpen;) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      const now = await sent();
      rounds = now === before ? rounds + 1 : 0;
      before = now;
      // As long as more is sent, the period has not passed.
      if (now === 0 || rounds < 3) continue;
      const { timestamp } = (await ask("eth_getBlockByNumber", "latest", false)) as { timestamp: string };
      await ask("evm_setNextBlockTimestamp", Number(timestamp) + period);
      await ask("evm_mine");
      [before, rounds] = [0, 0];
    }
  })();
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      isOpen = false;
      await mining;
      await server.close();
    },
  };
}

async function run(
  script: string,
  ...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...output };
}
