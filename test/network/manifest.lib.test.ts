import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider } from "ethers";

import { silentProgress } from "../../scripts/demo/progress.js";
import { readDeployOptions } from "../../scripts/deploy/deployOptions.js";
import { runDeploy } from "../../scripts/deploy/runDeploy.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { connect } from "../../src/network/manifest/connect.js";
import { NETWORK_MANIFEST_SCHEMA, type SuiteManifest } from "../../src/network/manifest/NetworkManifest.js";
import { readManifest } from "../../src/network/manifest/readManifest.js";
import { requireSuite } from "../../src/network/manifest/requireSuite.js";
import { verifyManifest } from "../../src/network/manifest/verifyManifest.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { SUITE_NAMES } from "../../src/network/suite/suiteContracts.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { ADMIN_ROLE } from "../../src/trust/roles.js";
import { AccessManager__factory } from "../../src/typechain/index.js";

import { type EdrServer, serveEdr } from "./edrServer.js";

const WORDS = "test test test test test test test test test test test junk";

type Plain = Record<string, unknown> & { contracts: Record<string, Record<string, unknown>> };

describe("the network manifest", () => {
  let server: EdrServer;
  let node: JsonRpc;
  let scratch: string;
  let text: string;
  let manifest: SuiteManifest;

  before(async () => {
    server = await serveEdr({ interval: 50 });
    node = openNode(server.url);
    scratch = await mkdtemp(join(tmpdir(), "diwan-manifest-"));
    const args = ["--network", "local", "--rpc", server.url, "--out", scratch, "--polling", "50", "--built"];
    const options = readDeployOptions(args);
    if (options === "help") throw new Error("no help was asked for");
    const { manifest: path, problems } = await runDeploy(options, silentProgress, () => undefined);
    expect(problems).to.deep.equal([]);
    text = await readFile(path!, "utf8");
    manifest = requireSuite(readManifest(text));
  });
  after(async () => {
    await server.close();
    await rm(scratch, { recursive: true, force: true });
  });

  /** The manifest with a change. */
  const changed = (change: (plain: Plain) => void): string => {
    const plain = JSON.parse(text) as Plain;
    change(plain);
    return JSON.stringify(plain);
  };

  /** The network as it was before anything was deployed. */
  const bare = (plain: Plain): Plain => {
    delete plain.versions;
    return Object.assign(plain, { contracts: {}, implementations: {}, schemas: [] });
  };

  it("lies in a folder named by network, chain id and genesis hash", async () => {
    expect(await readdir(scratch)).to.deep.equal([`local-31337-${manifest.genesisHash.slice(2, 10)}`]);
  });

  describe("verifyManifest", () => {
    it("finds a deployment as it says", async () => {
      expect(await verifyManifest(manifest, node)).to.deep.equal([]);
    });

    const other = `0x${"ab".repeat(32)}`;
    const nobody = `0x${"ab".repeat(20)}`;
    const tampered: readonly (readonly [string, (plain: Plain) => void])[] = [
      ["chainId", (plain) => (plain.chainId = 1)],
      ["genesisHash", (plain) => (plain.genesisHash = other)],
      ["consensus", (plain) => (plain.consensus = "qbft")],
      ["validators", (plain) => (plain.validators = [nobody])],
      ["schemas[0]", (plain) => (plain.schemas = [other])],
      ["contracts.trustList.address", ({ contracts }) => (contracts.trustList!.address = nobody)],
      ["contracts.trustList.codeHash", ({ contracts }) => (contracts.trustList!.codeHash = other)],
      ["contracts.trustList.deployBlock", ({ contracts }) => (contracts.trustList!.deployBlock = 1)],
      ["contracts.trustList.transaction", ({ contracts }) => (contracts.trustList!.transaction = other)],
      [
        "implementations.election.codeHash",
        (plain) => {
          (plain.implementations as Plain["contracts"]).election!.codeHash = other;
        },
      ],
      ["contracts.trustList", (plain) => Object.assign(plain, { relay: "lacchain-hub", hub: nobody })],
      [
        "contracts.council",
        ({ contracts }) => {
          [contracts.council, contracts.recovery] = [contracts.recovery!, contracts.council!];
        },
      ],
      ["contracts.inauguration", ({ contracts }) => (contracts.manager = { ...contracts.forwarder! })],
      ["contracts.benefits", ({ contracts }) => (contracts.forwarder = { ...contracts.manager! })],
    ];
    for (const [i, [path, change]] of tampered.entries()) {
      it(`names ${path} when it is tampered with (${i + 1})`, async () => {
        const problems = await verifyManifest(readManifest(changed(change)), node);
        expect(problems.map((one) => one.path)).to.include(path);
      });
    }

    it("names who else was given a role, until it is taken from them", async () => {
      const events = AccessManager__factory.createInterface();
      const granted = events.encodeEventLog("RoleGranted", [ADMIN_ROLE, nobody, 0, 0, true]);
      const revoked = events.encodeEventLog("RoleRevoked", [ADMIN_ROLE, nobody]);
      const verifyWith = (...more: { topics: (string | null)[] }[]) =>
        verifyManifest(manifest, {
          send: async (method, params) => {
            const answer = await node.send(method, params);
            const [filter] = params as [{ address?: string }];
            const isManagers = method === "eth_getLogs" && filter.address === manifest.contracts.manager.address;
            return isManagers ? [...(answer as unknown[]), ...more] : answer;
          },
        });
      expect(await verifyWith(granted)).to.deep.equal([
        { path: "contracts.manager", problem: `its role 0 is held by ${nobody}, which is no council` },
      ]);
      expect(await verifyWith(granted, revoked)).to.deep.equal([]);
    });

    it("names an implementation that the factory does not clone", async () => {
      const swap = (plain: Plain) => {
        const { election, trustees } = plain.implementations as Plain["contracts"];
        plain.implementations = { election: trustees, trustees: election };
      };
      const problems = await verifyManifest(readManifest(changed(swap)), node);
      expect(problems.map((one) => one.path)).to.deep.equal(["implementations.election", "implementations.trustees"]);
    });

    it("names a deployer that kept the admin role", async () => {
      const yes = `0x${"1".padStart(64, "0")}${"0".repeat(64)}`;
      const lenient: JsonRpc = {
        // hasRole(uint64,address)
        send: async (method, params) => {
          const [call] = params as [{ data?: string }];
          return method === "eth_call" && call.data!.startsWith("0xd1f856ee") ? yes : node.send(method, params);
        },
      };
      const problems = await verifyManifest(manifest, lenient);
      const told = problems.map(({ problem }) => problem).join();
      expect(told).to.match(/0xf39fd6e5\w+ still holds its admin role/);
      expect(told).to.match(/put the council in office still holds its admin role/);
    });

    it("compares a network with nothing on it", async () => {
      const empty = readManifest(changed(bare));
      expect(empty).to.include({ schema: NETWORK_MANIFEST_SCHEMA, chainId: 31_337 });
      expect(await verifyManifest(empty, node)).to.deep.equal([]);
      const problems = await verifyManifest({ ...empty, validators: [nobody] }, node);
      expect(problems.map(({ path }) => path)).to.deep.equal(["validators"]);
    });

    it("calls a node that does not answer no problem of the manifest", async () => {
      const error: unknown = await verifyManifest(manifest, openNode("http://127.0.0.1:9")).catch(
        (why: unknown) => why,
      );
      expect(error).to.be.instanceOf(NetworkError).with.property("code", "RPC_UNREACHABLE");
    });

    it("tells of another chain alone", async () => {
      const problems = await verifyManifest({ ...manifest, genesisHash: other, consensus: "qbft" }, node);
      expect(problems).to.have.length(1);
    });
  });

  describe("readManifest", () => {
    const wrong: readonly (readonly [RegExp, (plain: Plain) => void])[] = [
      [/schema is none of/, (plain) => (plain.schema = "diwan.network-manifest.v2")],
      [/chainId is no whole number/, (plain) => (plain.chainId = "31337")],
      [/genesisHash does not match/, (plain) => (plain.genesisHash = "0x12")],
      [/consensus is none of/, (plain) => (plain.consensus = "raft")],
      [/contracts lacks trustList/, ({ contracts }) => delete contracts.trustList],
      [/contracts.council.address does not match/, ({ contracts }) => (contracts.council!.address = "0xABC")],
      [/strange member, "note"/, (plain) => (plain.note = "mine")],
      [/contracts, implementations and versions go together/, (plain) => Object.assign(plain, { contracts: {} })],
      [/contracts, implementations and versions go together/, (plain) => delete plain.versions],
      [/where nothing is deployed/, (plain) => Object.assign(bare(plain), { schemas: [`0x${"ab".repeat(32)}`] })],
      [/nodes\[0\] lacks rpcUrl/, (plain) => (plain.nodes = [{}])],
      [/hub goes with the relay/, (plain) => (plain.relay = "lacchain-hub")],
    ];
    for (const [message, change] of wrong) {
      it(`refuses: ${message.source}`, () => {
        expect(() => readManifest(changed(change)))
          .to.throw(NetworkError, message)
          .with.property("code", "MANIFEST_INVALID");
      });
    }
    it("refuses what is no JSON", () => {
      expect(() => readManifest("{")).to.throw(NetworkError, /no JSON/);
    });
  });

  describe("connect", () => {
    it("gives typed contracts to a signer, and the block where events begin", async () => {
      const provider = new JsonRpcProvider(server.url, undefined, { staticNetwork: true });
      try {
        const { contracts, fromBlock } = await connect(manifest, HDNodeWallet.fromPhrase(WORDS).connect(provider));
        expect(Object.keys(contracts)).to.deep.equal(SUITE_NAMES);
        expect((await contracts.council.council()).threshold).to.equal(2n);
        expect(fromBlock).to.equal(Math.min(...SUITE_NAMES.map((name) => manifest.contracts[name].deployBlock)));
        expect(await provider.getCode(manifest.contracts.manager.address, fromBlock - 1)).to.equal("0x");
      } finally {
        provider.destroy();
      }
    });

    it("refuses another chain, and one made anew", async () => {
      const provider = new JsonRpcProvider(server.url, undefined, { staticNetwork: true });
      try {
        for (const change of [{ chainId: 1 }, { genesisHash: `0x${"ab".repeat(32)}` }]) {
          const error: unknown = await connect({ ...manifest, ...change }, provider).catch((caught: unknown) => caught);
          expect(error).to.be.instanceOf(NetworkError).with.property("code", "RPC_WRONG_CHAIN");
        }
      } finally {
        provider.destroy();
      }
    });

    it("refuses a network with nothing on it", async () => {
      const signer = HDNodeWallet.fromPhrase(WORDS);
      const error: unknown = await connect(readManifest(changed(bare)), signer).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(NetworkError).with.property("code", "MANIFEST_INVALID");
    });

    it("refuses a signer that sees no chain", async () => {
      const error: unknown = await connect(manifest, HDNodeWallet.fromPhrase(WORDS)).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(NetworkError).with.property("code", "NODE_UNREADABLE");
    });
  });
});
