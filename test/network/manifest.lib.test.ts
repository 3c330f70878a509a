import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { HDNodeWallet, JsonRpcProvider, keccak256, ZeroAddress } from "ethers";

import { silentProgress } from "../../scripts/console/progress.js";
import { builtArtifact } from "../../scripts/deploy/builtArtifact.js";
import { readDeployOptions } from "../../scripts/deploy/deployOptions.js";
import { runDeploy } from "../../scripts/deploy/runDeploy.js";
import { runScript } from "../../scripts/tooling/run-command.js";
import type { JsonRpc } from "../../src/network/rpc/JsonRpc.js";
import { checkCode } from "../../src/network/manifest/checkCode.js";
import { checkRoles } from "../../src/network/manifest/checkRoles.js";
import { connect } from "../../src/network/manifest/connect.js";
import { NETWORK_MANIFEST_SCHEMA, type SuiteManifest } from "../../src/network/manifest/NetworkManifest.js";
import type { CodePlace } from "../../src/network/manifest/ContractArtifact.js";
import { readFilledCode } from "../../src/network/manifest/readFilledCode.js";
import { readManifest } from "../../src/network/manifest/readManifest.js";
import { requireSuite } from "../../src/network/manifest/requireSuite.js";
import { verifyManifest } from "../../src/network/manifest/verifyManifest.js";
import { NetworkError } from "../../src/network/NetworkError.js";
import { SUITE_NAMES, type SuiteName } from "../../src/network/suite/suiteContracts.js";
import { openNode } from "../../src/network/rpc/openNode.js";
import { RpcRefusal } from "../../src/network/rpc/RpcRefusal.js";
import { ADMIN_ROLE, EMERGENCY_ROLE, RECOVERY_ROLE } from "../../src/trust/roles.js";
import {
  AccessManager__factory,
  Eligibility__factory,
  Inauguration__factory,
  SchemaRegistry__factory,
  TrustList__factory,
} from "../../src/typechain/index.js";

import { serveEdr } from "./edrServer.js";
import { type RpcServer, serveRpc } from "./serveRpc.js";

const WORDS = "test test test test test test test test test test test junk";

type Plain = Record<string, unknown> & { contracts: Record<string, Record<string, unknown>> };

describe("the network manifest", () => {
  let server: RpcServer;
  let node: JsonRpc;
  let scratch: string;
  let text: string;
  let manifest: SuiteManifest;

  /** Deploys, or goes on with it: once all is there, it is only looked at. */
  const deployBy = async (url: string) => {
    const args = ["--network", "local", "--rpc", url, "--out", scratch, "--polling", "50", "--built"];
    const options = readDeployOptions(args);
    if (options === "help") throw new Error("no help was asked for");
    return runDeploy(options, silentProgress, () => undefined);
  };

  before(async () => {
    server = await serveEdr({ interval: 50 });
    node = openNode(server.url);
    scratch = await mkdtemp(join(tmpdir(), "diwan-manifest-"));
    const { manifest: path, problems } = await deployBy(server.url);
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

    describe("an inauguration with other calls", () => {
      const PUBLIC_ROLE = 2n ** 64n - 1n;
      const [of, office] = [AccessManager__factory.createInterface(), Inauguration__factory.createInterface()];
      const accredit = TrustList__factory.createInterface().getFunction("accredit");
      let provider: JsonRpcProvider;
      let calls: string[];

      before(async () => {
        provider = new JsonRpcProvider(server.url, undefined, {
          staticNetwork: true,
          pollingInterval: 50,
          cacheTimeout: -1,
        });
        const { address } = manifest.contracts.inauguration;
        const topics = [office.getEvent("CouncilInaugurated").topicHash];
        const [log] = await provider.getLogs({ address, topics, fromBlock: 0 });
        const { data } = (await provider.getTransaction(log!.transactionHash))!;
        calls = [...(office.decodeFunctionData("inaugurate", data)[2] as string[])];
      });
      after(() => {
        provider.destroy();
      });

      /** The suite, as if another manager had been inaugurated by other calls. */
      const inaugurate = async (made: readonly string[]): Promise<SuiteManifest> => {
        const deployer = HDNodeWallet.fromPhrase(WORDS).connect(provider);
        const free = { type: 0, gasPrice: 0, gasLimit: 8_000_000 };
        const relays = { forwarder: ZeroAddress, hub: ZeroAddress };
        const inauguration = await new Inauguration__factory(deployer).deploy(deployer.address, relays, free);
        await inauguration.waitForDeployment();
        const manager = await new AccessManager__factory(deployer).deploy(inauguration, free);
        await manager.waitForDeployment();
        const sent = await inauguration.inaugurate(manager, manifest.contracts.council.address, [...made], free);
        await sent.wait();
        const at = async (contract: { getAddress(): Promise<string> }, like: object) => {
          return {
            ...like,
            address: (await contract.getAddress()).toLowerCase(),
          } as SuiteManifest["contracts"]["manager"];
        };
        const { contracts } = manifest;
        const others = {
          manager: await at(manager, contracts.manager),
          inauguration: await at(inauguration, contracts.inauguration),
        };
        return { ...manifest, contracts: { ...contracts, ...others } };
      };
      const verifyWith = async (made: readonly string[]) => {
        const problems = await checkRoles(await inaugurate(made), node);
        return problems.map(({ path, problem }) => `${path}: ${problem}`).join("\n");
      };

      it("finds nothing where the calls are those of the suite", async () => {
        expect(await verifyWith(calls)).to.equal("");
      });

      const open = (role: bigint) => call("setTargetFunctionRole", [trustList(), [accredit.selector], role]);
      const call = (name: string, args: unknown[]) => of.encodeFunctionData(name as never, args as never);
      const trustList = () => manifest.contracts.trustList.address;
      const replace = (members: number) =>
        call("grantRole", [RECOVERY_ROLE, manifest.contracts.council.address, members]);
      const wrong: readonly (readonly [string, RegExp, (calls: readonly string[]) => string[]])[] = [
        [
          "a function that everybody may call",
          /^contracts\.trustList: everybody may call its accredit\(/m,
          (made) => [...made, open(PUBLIC_ROLE)],
        ],
        [
          "a function that a stranger may call",
          /^contracts\.trustList: whoever holds role 7 may call its accredit\(/m,
          (made) => [...made, open(7n), call("grantRole", [7, nobody, 0])],
        ],
        [
          "a role that everybody gives",
          /^contracts\.manager: everybody gives and takes its role 1$/m,
          (made) => [...made, call("setRoleAdmin", [EMERGENCY_ROLE, PUBLIC_ROLE])],
        ],
        [
          "a role whose decisions everybody cancels",
          /^contracts\.manager: everybody cancels what is scheduled by its role 2$/m,
          (made) => [...made, call("setRoleGuardian", [RECOVERY_ROLE, PUBLIC_ROLE])],
        ],
        [
          "a function that the council may call without its delay",
          /did what a fresh deployment does not: TargetFunctionRoleUpdated 0x\w+ 0x\w+ 1$/m,
          (made) => [...made, open(EMERGENCY_ROLE)],
        ],
        [
          "a contract that is closed",
          /did what a fresh deployment does not: TargetClosed 0x\w+ true$/m,
          (made) => [...made, call("setTargetClosed", [trustList(), true])],
        ],
        [
          "a contract whose rights change late",
          /did what a fresh deployment does not: TargetAdminDelayUpdated/,
          (made) => [...made, call("setTargetAdminDelay", [trustList(), 9])],
        ],
        [
          "a right that nobody was given",
          /left out what a fresh deployment does: TargetFunctionRoleUpdated/,
          (made) => made.slice(0, -1),
        ],
        [
          "a council with another delay for its members",
          /its council waits 2 s for what it decides, and 9 s to replace its members$/m,
          (made) => made.map((one) => (one === replace(2) ? replace(9) : one)),
        ],
      ];
      for (const [what, told, change] of wrong) {
        it(`names ${what}`, async () => {
          expect(await verifyWith(change(calls))).to.match(told);
        });
      }

      it("names a contract that the inauguration did something to", async () => {
        const acted: JsonRpc = {
          send: async (method, params) => {
            const answer = await node.send(method, params);
            if (method !== "eth_getTransactionReceipt") return answer;
            const receipt = answer as { logs: object[] };
            return { ...receipt, logs: [...receipt.logs, { address: trustList() }] };
          },
        };
        expect(await checkRoles(manifest, acted)).to.deep.equal([
          { path: "contracts.trustList", problem: "the inauguration already did something to it" },
        ]);
      });
    });

    it("lets the council change what it decides about later", async () => {
      const later = (name: string, args: unknown[]) => ({
        ...AccessManager__factory.createInterface().encodeEventLog(name, args as never),
        transactionHash: other,
      });
      const { council, trustList } = manifest.contracts;
      const decided = [
        later("RoleGranted", [9, council.address, 0, 0, true]),
        later("TargetFunctionRoleUpdated", [trustList.address, "0x12345678", 9]),
        later("TargetClosed", [trustList.address, true]),
        later("TargetFunctionRoleUpdated", [nobody, "0x12345678", 2n ** 64n - 1n]),
      ];
      const decidedNode: JsonRpc = {
        send: async (method, params) => {
          const answer = await node.send(method, params);
          const [filter] = params as [{ address?: string }];
          const isManagers = method === "eth_getLogs" && filter.address === manifest.contracts.manager.address;
          return isManagers ? [...(answer as unknown[]), ...decided] : answer;
        },
      };
      expect(await checkRoles(manifest, decidedNode)).to.deep.equal([]);
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

    const calling = (selector: string, answer: () => unknown): JsonRpc => ({
      send: async (method, params) => {
        const [call] = params as [{ data?: string }];
        return method === "eth_call" && call.data!.startsWith(selector) ? answer() : node.send(method, params);
      },
    });

    // authority(), hasRole(uint64,address), schemaOf(bytes32)
    for (const selector of [
      "0xbf7e214f",
      "0xd1f856ee",
      SchemaRegistry__factory.createInterface().getFunction("schemaOf").selector,
    ]) {
      it(`throws what a node throws that ends at ${selector}, and calls it no problem`, async () => {
        const gone = calling(selector, () => {
          throw new NetworkError("RPC_UNREACHABLE", "the node is gone");
        });
        const known = { ...manifest, schemas: [other] };
        const error: unknown = await verifyManifest(known, gone).catch((why: unknown) => why);
        expect(error).to.be.instanceOf(NetworkError).with.property("code", "RPC_UNREACHABLE");
      });
    }

    it("takes no answer about the deployer's role for none that is right", async () => {
      const refusing = calling("0xd1f856ee", () => {
        throw new RpcRefusal(-32_000, "not now");
      });
      const told = (await verifyManifest(manifest, refusing)).map(({ problem }) => problem).join();
      expect(told).to.match(/the deployer 0xf39fd6e5\w+ may hold its admin role/);
      expect(told).to.include("does not hold the manager's admin role");
    });

    it("tells of another chain alone", async () => {
      const problems = await verifyManifest({ ...manifest, genesisHash: other, consensus: "qbft" }, node);
      expect(problems).to.have.length(1);
    });
  });

  describe("verifyManifest with artifacts", () => {
    const nobody = `0x${"ab".repeat(20)}`;

    /** A node on which an address has other code. */
    const withCode = (address: string, code: string): JsonRpc => ({
      send: async (method, params) =>
        method === "eth_getCode" && (params as string[])[0]!.toLowerCase() === address
          ? code
          : node.send(method, params),
    });

    /** Code with something else from a byte on. */
    const put = (code: string, byte: number, hex: string) =>
      code.slice(0, 2 + 2 * byte) + hex + code.slice(2 + 2 * byte + hex.length);

    const flip = (code: string, byte: number) =>
      put(code, byte, code.slice(2 + 2 * byte, 4 + 2 * byte) === "00" ? "01" : "00");

    const codeOf = async (address: string) => (await node.send("eth_getCode", [address, "latest"])) as string;

    /** What is said of code alone where a contract has other. */
    const problemsWith = async (name: SuiteName, change: (code: string) => string): Promise<string[]> => {
      const { address } = manifest.contracts[name];
      const code = change(await codeOf(address));
      const problems = await checkCode(manifest, withCode(address, code), builtArtifact);
      return problems.map(({ path, problem }) => `${path}: ${problem}`);
    };

    const placesOf = async (contract: string, immutable: string): Promise<readonly CodePlace[]> => {
      const { immutableNames, immutableReferences } = await builtArtifact(contract);
      const [id] = Object.entries(immutableNames).find(([, name]) => name === immutable)!;
      return immutableReferences[id]!;
    };

    it("finds a deployment as it was built", async () => {
      expect(await verifyManifest(manifest, node, builtArtifact)).to.deep.equal([]);
    });

    it("names other code, of which the manifest tells the right hash", async () => {
      const { address } = manifest.contracts.benefits;
      const code = flip(await codeOf(address), 100);
      const told = changed(({ contracts }) => (contracts.benefits!.codeHash = keccak256(code)));
      const [lying, lyingNode] = [readManifest(told), withCode(address, code)];
      expect(await verifyManifest(lying, lyingNode)).to.deep.equal([]);
      expect(await verifyManifest(lying, lyingNode, builtArtifact)).to.deep.equal([
        { path: "contracts.benefits", problem: "its code is not what Benefits is compiled to" },
      ]);
    });

    it("is what deploying ends with", async () => {
      const { address } = manifest.contracts.benefits;
      const lyingNode = withCode(address, flip(await codeOf(address), 100));
      const proxy = await serveRpc(lyingNode);
      try {
        const { problems } = await deployBy(proxy.url);
        expect(problems.map(({ path }) => path)).to.deep.equal(["contracts.benefits"]);
      } finally {
        await proxy.close();
      }
    });

    const changes: readonly (readonly [string, (code: string) => string])[] = [
      ["the first byte", (code) => flip(code, 0)],
      // The last two bytes are the length of the metadata, which end with the compiler's version.
      ["the hash of its sources", (code) => flip(code, code.length / 2 - 1 - 20)],
      ["a byte more", (code) => `${code}00`],
      ["a byte less", (code) => code.slice(0, -2)],
    ];
    for (const [what, change] of changes) {
      it(`names a contract whose code has ${what} of its own`, async () => {
        expect(await problemsWith("benefits", change)).to.deep.equal([
          "contracts.benefits: its code is not what Benefits is compiled to",
        ]);
      });
    }

    it("names an immutable that is another in one place", async () => {
      const places = await placesOf("Benefits", "_TRUST_LIST");
      expect(places.length).to.be.greaterThan(1);
      const found = await problemsWith("benefits", (code) => put(code, places.at(-1)!.start + 12, nobody.slice(2)));
      const { address } = manifest.contracts.trustList;
      expect(found).to.deep.equal([
        `contracts.benefits: it is built with ${address} and ${nobody} as its _TRUST_LIST, not ${address}`,
      ]);
    });

    const filled: readonly (readonly [SuiteName, string, string])[] = [
      ["forwarder", "ERC2771Forwarder", "_cachedDomainSeparator"],
      ["trustList", "TrustList", "_cachedChainId"],
      ["council", "Council", "_HUB"],
      ["attestationGate", "AttestationGate", "_REGISTRY"],
      ["electionFactory", "ElectionFactory", "_ELECTION"],
      ["enrolment", "Enrolment", "_LAPSE"],
    ];
    for (const [name, contract, immutable] of filled) {
      it(`names ${immutable} of ${name} when it is what it cannot be`, async () => {
        const places = await placesOf(contract, immutable);
        const fill = (code: string) => places.reduce((of, { start }) => put(of, start, "ab".repeat(32)), code);
        const found = await problemsWith(name, fill);
        expect(found).to.have.length(1);
        expect(found[0]).to.match(new RegExp(`^contracts.${name}: it is built with 0x(ab){32} as its ${immutable}\\b`));
      });
    }

    it("leaves a period to the deployer", async () => {
      const places = await placesOf("Enrolment", "_LAPSE");
      const fill = (code: string) => places.reduce((of, { start }) => put(of, start + 28, "ab".repeat(4)), code);
      expect(await problemsWith("enrolment", fill)).to.deep.equal([]);
    });

    it("names a library that is another, and where it stands", async () => {
      const election = await builtArtifact("Election");
      const { libraries } = readFilledCode(await codeOf(manifest.implementations.election.address), election)!;
      expect(libraries.map(([name]) => name)).to.have.members(["BallotOpening", "Commission", "Tally"]);
      for (const [name, [address = ""]] of libraries) {
        const lyingNode = withCode(address, flip(await codeOf(address), 100));
        expect(await checkCode(manifest, lyingNode, builtArtifact)).to.deep.equal([
          {
            path: "implementations.election",
            problem: `its library ${name} at ${address}: its code is not what ${name} is compiled to`,
          },
        ]);
      }
    });

    it("names a contract that other code made", async () => {
      for (const [path, { transaction }] of [
        ["contracts.manager", manifest.contracts.manager],
        ["implementations.election", manifest.implementations.election],
      ] as const) {
        const lyingNode: JsonRpc = {
          send: async (method, params) => {
            const answer = await node.send(method, params);
            if (method !== "eth_getTransactionByHash" || (params as string[])[0] !== transaction) return answer;
            const made = answer as { input: string };
            return { ...made, input: flip(made.input, 10) };
          },
        };
        const problems = await checkCode(manifest, lyingNode, builtArtifact);
        expect(problems.map((one) => one.path)).to.deep.equal([path]);
        expect(problems[0]!.problem).to.match(/^what made it is not what \w+ is compiled to$/);
      }
    });

    it("names a registry that was built with another trust list, which nothing else shows", async () => {
      const provider = new JsonRpcProvider(server.url, undefined, { staticNetwork: true, pollingInterval: 50 });
      const path = join(scratch, "other-trust-list.json");
      try {
        const deployer = new Eligibility__factory(HDNodeWallet.fromPhrase(WORDS).connect(provider));
        const fees = { type: 0, gasPrice: 0n, gasLimit: 5_000_000n };
        const made = await deployer.deploy(manifest.contracts.attestationRegistry.address, nobody, fees);
        const receipt = (await made.deploymentTransaction()!.wait())!;
        const address = receipt.contractAddress!.toLowerCase();
        const [codeHash, { hash: transaction, blockNumber: deployBlock }] = [keccak256(await codeOf(address)), receipt];
        const eligibility = { address, deployBlock, transaction, codeHash };
        await writeFile(
          path,
          changed(({ contracts }) => (contracts.eligibility = eligibility)),
        );
      } finally {
        provider.destroy();
      }
      const verify = (...more: string[]) =>
        runScript("scripts/manifest.ts", ["verify", path, "--rpc", server.url, ...more]);
      const { address: wanted } = manifest.contracts.trustList;
      expect(await verify("--built")).to.deep.include({
        code: 1,
        output: `contracts.eligibility: it is built with ${nobody} as its _TRUST_LIST, not ${wanted}\n`,
      });
      expect(await verify("--without-code")).to.deep.include({
        code: 0,
        output: "The chain is as the manifest says.\nWhether the code is Diwan's was not looked at.\n",
      });
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
