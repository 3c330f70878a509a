import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { getCreateAddress } from "ethers";

import { ObstacleError } from "../../scripts/console/obstacles.js";
import { OptionsError } from "../../scripts/console/OptionsError.js";
import { silentProgress } from "../../scripts/console/progress.js";
import { type DeployOptions, readDeployOptions } from "../../scripts/deploy/deployOptions.js";
import { depthFor } from "../../scripts/deploy/depthFor.js";
import { mendJournal } from "../../scripts/deploy/mendJournal.js";
import { checkParameters, readParameters } from "../../scripts/deploy/parameters.js";
import { resume } from "../../scripts/deploy/resume.js";
import { sendBytes } from "../../scripts/deploy/sendBytes.js";
import { openSignedFolder, type SignedTransaction } from "../../scripts/deploy/signedFolder.js";
import { signingProvider } from "../../scripts/deploy/signingProvider.js";
import { profileOf, refuseDotEnv } from "../../scripts/deploy/target.js";
import { confirmationsFor } from "../../src/network/consensus/confirmationsFor.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";

import { startDeploy } from "./deployProcess.js";
import { serveEdr } from "./edrServer.js";

const HASH = `0x${"cd".repeat(32)}`;
const SIGNED: SignedTransaction = { nonce: 4, to: null, data: "0x60", raw: "0xf8", hash: HASH };
const [ADMIN, ACCOUNT] = [`0x${"01".repeat(20)}`, `0x${"02".repeat(20)}`];

const PARAMETERS = {
  Trust: { members: [ADMIN, ACCOUNT], threshold: 2, recoveryMembers: [ADMIN], recoveryThreshold: 1 },
  Identity: { exitDelay: 1, guardiansDelay: 1 },
  Suite: { delay: 0, recoveryDelay: 1 },
};

const nodeOf = (answers: Record<string, (params: unknown[]) => unknown>): JsonRpc => {
  return { send: async (method, params: unknown[]) => answers[method]!(params) };
};

async function inScratch(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "diwan-deploy-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("npm run deploy", () => {
  describe("mendJournal", () => {
    const START = JSON.stringify({ type: "DEPLOYMENT_INITIALIZE", chainId: 1 });
    const prepare = (nonce: number) =>
      JSON.stringify({ futureId: `f${nonce}`, networkInteractionId: 1, nonce, type: "TRANSACTION_PREPARE_SEND" });
    const send = (nonce: number) =>
      JSON.stringify({ futureId: `f${nonce}`, networkInteractionId: 1, nonce, type: "TRANSACTION_SEND" });
    const textOf = (...lines: string[]) => lines.map((line) => `\n${line}`).join("");
    const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

    it("leaves a whole journal alone", () => {
      const text = textOf(START, prepare(4), send(4));
      expect(mendJournal(text, [SIGNED], [])).to.equal(text);
      expect(mendJournal("", [], [])).to.equal("");
    });

    it("adds the hash of what was signed and perhaps sent", () => {
      const lines = linesOf(mendJournal(textOf(START, prepare(3), prepare(4), send(3)), [SIGNED], []));
      expect(lines).to.have.length(5);
      expect(JSON.parse(lines[4]!)).to.deep.equal({
        futureId: "f4",
        networkInteractionId: 1,
        nonce: 4,
        transaction: { fees: { gasPrice: { _kind: "bigint", value: "0" } }, hash: HASH },
        type: "TRANSACTION_SEND",
      });
    });

    it("takes back the announcement of what was never signed", () => {
      expect(linesOf(mendJournal(textOf(START, prepare(4)), [], []))).to.deep.equal([START]);
    });

    it("takes away a line that was cut off", () => {
      expect(linesOf(mendJournal(`${textOf(START, prepare(4), send(4))}\n{"futur`, [SIGNED], []))).to.have.length(3);
    });

    describe("of a batch that was broken off", () => {
      const BATCHES = [["f3"], ["f4", "g", "f5"], ["f6"]];
      const line = (futureId: string, type: string, result = "SUCCESS") =>
        JSON.stringify({ futureId, type, ...(type.endsWith("_COMPLETE") && { result: { type: result } }) });
      const sentBy = (nonce: number) => [
        line(`f${nonce}`, "DEPLOYMENT_EXECUTION_STATE_INITIALIZE"),
        prepare(nonce),
        send(nonce),
      ];
      const overIn = (nonce: number, result?: string) => [
        line(`f${nonce}`, "TRANSACTION_CONFIRM"),
        line(`f${nonce}`, "DEPLOYMENT_EXECUTION_STATE_COMPLETE", result),
      ];
      const encoded = line("g", "ENCODE_FUNCTION_CALL_EXECUTION_STATE_INITIALIZE");
      const first = [START, ...sentBy(3), ...overIn(3)];

      it("leaves as sent what was sent, and has the rest done again", () => {
        const torn = [...first, ...sentBy(4), encoded, ...sentBy(5), ...overIn(4)];
        expect(linesOf(mendJournal(textOf(...torn), [], BATCHES))).to.deep.equal([
          ...first,
          ...sentBy(4),
          ...sentBy(5),
        ]);
      });

      it("takes up what was announced in it, too", () => {
        const torn = [...first, ...sentBy(5), ...overIn(5), prepare(4)];
        const lines = linesOf(mendJournal(textOf(...torn), [SIGNED], BATCHES));
        expect(lines.slice(0, -1)).to.deep.equal([...first, ...sentBy(5), prepare(4)]);
        expect(JSON.parse(lines.at(-1)!)).to.include({ futureId: "f4", type: "TRANSACTION_SEND" });
      });

      it("leaves alone what failed, and batches that are whole", () => {
        const whole = [...first, ...sentBy(4), encoded, ...sentBy(5), ...overIn(4), ...overIn(5)];
        expect(mendJournal(textOf(...whole), [], BATCHES)).to.equal(textOf(...whole));
        const failed = [...first, ...sentBy(4), ...overIn(4, "EXECUTION_ERROR")];
        expect(mendJournal(textOf(...failed), [], BATCHES)).to.equal(textOf(...failed));
      });
    });
  });

  describe("sendBytes", () => {
    const refusing = (message: string, known: unknown, code = -32_000) =>
      nodeOf({
        eth_sendRawTransaction: () => {
          throw new RpcRefusal(code, message);
        },
        eth_getTransactionByHash: () => known,
      });

    it("takes it for sent when the node has the bytes", async () => {
      for (const message of ["already known", "nonce too low", "Known transaction", "old nonce"]) {
        expect(await sendBytes(refusing(message, { hash: HASH }, -32_602), SIGNED)).to.equal(HASH);
      }
    });

    it("tells when another transaction took the nonce", async () => {
      expect(await caught(sendBytes(refusing("nonce too low", null), SIGNED))).to.be.instanceOf(RpcRefusal);
    });
  });

  describe("signingProvider", () => {
    it("has the bytes on the disk before it sends, and sends the same for the same nonce", async () => {
      await inScratch(async (folder) => {
        const signed = await openSignedFolder(join(folder, "signed"));
        const sent: unknown[] = [];
        let signatures = 0;
        const node = nodeOf({
          eth_sendRawTransaction: ([raw]) => (sent.push(raw), HASH),
        });
        const signer = { getAddress: async () => ACCOUNT, signTransaction: async () => `0x0${++signatures}` };
        const watched: JsonRpc = {
          send: async (method, params) => {
            expect(await signed.get(9)).to.have.property("raw", "0x01");
            return node.send(method, params);
          },
        };
        const deliver = (transaction: SignedTransaction) => sendBytes(watched, transaction);
        const options = { from: ACCOUNT, chainId: 1n, blockGas: 30_000_000n, deliver };
        const provider = signingProvider(watched, signer, signed, options);
        const params = [{ data: "0x60", nonce: "0x9", gas: "0x5208", value: "0x0" }];
        for (let i = 0; i < 2; i++) {
          expect(await provider.request({ method: "eth_sendTransaction", params })).to.equal(HASH);
        }
        expect(sent).to.deep.equal(["0x01", "0x01"]);
        const other = [{ ...params[0], data: "0x61" }];
        const error = await caught(provider.request({ method: "eth_sendTransaction", params: other }));
        expect(error).to.be.instanceOf(ObstacleError);
        expect(sent).to.have.length(2);
      });
    });

    it("adds a margin to estimates, up to the block's gas, and hides a base fee of 0", async () => {
      await inScratch(async (folder) => {
        const signed = await openSignedFolder(folder);
        let estimate = "0x64";
        const node = nodeOf({
          eth_estimateGas: () => estimate,
          eth_getBlockByNumber: () => ({ number: "0x1", baseFeePerGas: "0x0" }),
        });
        const signer = { getAddress: async () => ACCOUNT, signTransaction: async () => "0x" };
        const options = { from: ACCOUNT, chainId: 1n, blockGas: 1_000n, deliver: async () => HASH };
        const provider = signingProvider(node, signer, signed, options);
        expect(await provider.request({ method: "eth_estimateGas", params: [] })).to.equal("0x78");
        estimate = "0x384";
        expect(await provider.request({ method: "eth_estimateGas", params: [] })).to.equal("0x3e8");
        expect(await provider.request({ method: "eth_getBlockByNumber", params: [] })).to.deep.equal({ number: "0x1" });
      });
    });
  });

  describe("signingProvider's receipts", () => {
    it("name the address that follows from the account and the nonce, or are refused", async () => {
      await inScratch(async (folder) => {
        const signed = await openSignedFolder(folder);
        await signed.put(SIGNED);
        let contractAddress = getCreateAddress({ from: ACCOUNT, nonce: SIGNED.nonce });
        const node = nodeOf({ eth_getTransactionReceipt: () => ({ transactionHash: HASH, contractAddress }) });
        const signer = { getAddress: async () => ACCOUNT, signTransaction: async () => "0x" };
        const options = { from: ACCOUNT, chainId: 1n, blockGas: 1_000n, deliver: async () => HASH };
        const ask = { method: "eth_getTransactionReceipt", params: [HASH] };
        const direct = signingProvider(node, signer, signed, options);
        expect(await direct.request(ask)).to.have.property("contractAddress", contractAddress);
        contractAddress = ADMIN;
        expect(await caught(direct.request(ask)))
          .to.be.instanceOf(ObstacleError)
          .with.property("message")
          .that.includes(ADMIN);
        // A hub makes them at addresses of its own.
        const relayed = signingProvider(node, signer, signed, { ...options, isRelayed: true });
        expect(await relayed.request(ask)).to.have.property("contractAddress", ADMIN);
      });
    });
  });

  describe("resume", () => {
    it("refuses a journal whose contracts the chain does not have", async () => {
      await inScratch(async (folder) => {
        const journal = join(folder, "journal");
        await mkdir(journal);
        await writeFile(join(journal, "journal.jsonl"), `{"receipt":{"contractAddress":"${ACCOUNT}"}}\n`);
        const signed = await openSignedFolder(join(folder, "signed"));
        const node = nodeOf({ eth_getCode: () => "0x" });
        const deliver = async () => HASH;
        const options = { journal, signed, batches: [], from: ACCOUNT, depth: 1, isRelayed: false, deliver };
        expect(await caught(resume(node, options, silentProgress)))
          .to.be.instanceOf(ObstacleError)
          .with.property("message")
          .that.matches(/the chain was reset/);
      });
    });

    it("waits under Clique until as many blocks are on top as the outbox waits for", async () => {
      await inScratch(async (folder) => {
        const asked: unknown[] = [];
        const node = nodeOf({
          eth_blockNumber: () => "0x64",
          eth_getTransactionCount: ([, tag]) => (asked.push(tag), "0x1"),
        });
        const signed = await openSignedFolder(join(folder, "signed"));
        const chain = { kind: "clique", validators: 5 } as const;
        const whose = { journal: join(folder, "journal"), signed, batches: [], from: ACCOUNT, isRelayed: false };
        await resume(node, { ...whose, depth: depthFor(chain), deliver: async () => HASH }, silentProgress);
        expect(confirmationsFor(chain)).to.equal(6);
        expect(asked).to.include("0x5e");
      });
    });

    it("waits for a transaction's own block where validators agree on each", () => {
      expect(depthFor({ kind: "qbft", validators: 4 })).to.equal(1);
      expect(depthFor({ kind: "none" })).to.equal(1);
    });
  });

  describe("parameters", () => {
    it("takes what is complete, and the files in the repository that are for use", async () => {
      expect(checkParameters(PARAMETERS)).to.deep.equal([]);
      expect((await readParameters("ignition/parameters/local.json")).Trust).to.include({ threshold: 2 });
    });

    it("names each that is missing, with what is expected", () => {
      const problems = checkParameters({ Trust: { threshold: 2 }, Identity: {}, Suite: { delay: 0 } });
      expect(problems.map((one) => one.split(" is missing: ")[0])).to.deep.equal([
        "Trust.members",
        "Trust.recoveryMembers",
        "Trust.recoveryThreshold",
        "Identity.exitDelay",
        "Identity.guardiansDelay",
        "Suite.recoveryDelay",
      ]);
      expect(problems[0]).to.match(/ascending order/);
    });

    const { Trust } = PARAMETERS;
    const wrong: readonly (readonly [RegExp, object])[] = [
      [/Trust.members must be .*ascending/, { Trust: { ...Trust, members: [ACCOUNT, ADMIN] } }],
      [/Trust.members must be .*ascending/, { Trust: { ...Trust, members: ["0x…"] } }],
      [/Trust.threshold is 1 of 2: a majority/, { Trust: { ...Trust, threshold: 1 } }],
      [/Trust.recoveryThreshold is 2 of 1/, { Trust: { ...Trust, recoveryThreshold: 2 } }],
      [/Suite.delay must be whole seconds/, { Suite: { delay: "1 day", recoveryDelay: 1 } }],
      [/Suite.delai is no parameter/, { Suite: { delay: 0, recoveryDelay: 1, delai: 1 } }],
      [/Suit is no module/, { Suit: {} }],
      [/hub must be the same/, { Trust: { ...Trust, hub: ACCOUNT } }],
    ];
    for (const [message, change] of wrong) {
      it(`refuses: ${message.source}`, () => {
        expect(checkParameters({ ...PARAMETERS, ...change }).join("\n")).to.match(message);
      });
    }

    it("says which file to begin with", async () => {
      expect(await caught(readParameters("ignition/parameters/nowhere.json")))
        .to.be.instanceOf(ObstacleError)
        .with.property("message")
        .that.matches(/example\.json/);
    });
  });

  describe("options", () => {
    it("refuses what it does not know", () => {
      for (const args of [
        [],
        ["--network", "local", "--from", ACCOUNT],
        ["--netwrk", "x"],
        ["--network", "x", "--rpc", "y"],
      ]) {
        expect(() => readDeployOptions(args), args.join(" ")).to.throw(OptionsError);
      }
      expect(() => profileOf("mainnet")).to.throw(OptionsError, /local, consortium/);
    });

    it("refuses a password, and does not repeat it", () => {
      const url = "https://clerk:hunter2@node.example";
      for (const args of [
        ["--network", "local", "--rpc", url],
        ["--network", "local", "--rpc", "clerk:hunter2@node.example"],
        ["--network", "local", "--from", ACCOUNT, "--signer", url],
      ]) {
        expect(() => readDeployOptions(args), args.join(" "))
          .to.throw(OptionsError)
          .with.property("message")
          .that.matches(/^--(rpc|signer) /)
          .and.does.not.match(/hunter2/);
      }
    });

    it("takes the remote signer from the environment where an account is named", () => {
      process.env["DIWAN_SIGNER_URL"] = "https://clerk:hunter2@signer.example";
      try {
        const { remote } = readDeployOptions(["--network", "local", "--from", ACCOUNT]) as DeployOptions;
        expect(remote).to.deep.equal({ url: "https://clerk:hunter2@signer.example", from: ACCOUNT });
        expect(readDeployOptions(["--network", "local"])).not.to.have.property("remote");
      } finally {
        delete process.env["DIWAN_SIGNER_URL"];
      }
    });

    it("refuses a .env, with a hint to the keystore", async () => {
      await inScratch(async (folder) => {
        expect(() => {
          refuseDotEnv(folder);
        }).not.to.throw();
        await writeFile(join(folder, ".env.local"), "");
        expect(() => {
          refuseDotEnv(folder);
        }).to.throw(ObstacleError, /keystore set DIWAN_DEPLOYER_KEY/);
      });
    });
  });

  it("stops where preflight fails, with nothing sent", async () => {
    const server = await serveEdr({ chainId: 7 });
    try {
      await inScratch(async (folder) => {
        const { code, output, stderr } = await startDeploy(server.url, folder).ended;
        expect(code, stderr).to.equal(1);
        const report = JSON.parse(output) as {
          ok: boolean;
          manifest?: string;
          findings: { id: string; level: string }[];
        };
        expect(report.ok).to.equal(false);
        expect(report.findings.filter(({ level }) => level === "fail").map(({ id }) => id)).to.deep.equal(["chain-id"]);
        expect(await readdir(folder)).to.deep.equal([]);
      });
      const block = (await openNode(server.url).send("eth_getTransactionCount", [
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "pending",
      ])) as string;
      expect(block).to.equal("0x0");
    } finally {
      await server.close();
    }
  });
});
