import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Ajv from "ajv";
import { expect } from "chai";
import { id } from "ethers";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";

import { genesisHeader } from "../../src/network/genesis/genesisHeader.js";
import type { Genesis, GenesisOptions } from "../../src/network/genesis/Genesis.js";
import { makeGenesis } from "../../src/network/genesis/makeGenesis.js";
import { OptionsError } from "../../scripts/console/OptionsError.js";
import { deploymentFiles, type DeploymentOptions } from "../../scripts/network/deploymentFiles.js";
import { runGenesisCommand } from "../../scripts/network/genesisCommand.js";
import { addressOf, keyOf, sorted } from "../blocks/blocks.fixtures.js";

const LETTERS = Array.from("ABCD");

const GENESIS: GenesisOptions = {
  consensus: { kind: "qbft", periodSeconds: 2, epochLength: 30_000 },
  client: "besu",
  chainId: 7_099,
  validators: LETTERS.map(addressOf),
  rules: "london",
  gasLimit: 20_000_000n,
  timestamp: 1_800_000_000,
};

const CLIQUE: GenesisOptions = {
  ...GENESIS,
  consensus: { kind: "clique", periodSeconds: 2, epochLength: 30_000 },
  client: "geth",
  rules: "berlin",
};

/** A node's public key as an enode has it. */
function publicKeyOf(name: string): string {
  return keyOf(name).publicKey.slice("0x04".length);
}

function make(changes: Partial<DeploymentOptions> = {}) {
  return deploymentFiles({ genesis: GENESIS, enodes: [], rpcPort: 8_545, ...changes });
}

function toml(files: ReadonlyMap<string, string>, path: string): Record<string, unknown> {
  return parseToml(files.get(path) ?? expect.fail(`no ${path}`));
}

interface Compose {
  services: Record<
    string,
    {
      image: string;
      ports: string[];
      command: string[];
      networks: Record<string, { ipv4_address: string }>;
      volumes: { type: string; source: string; target: string; read_only?: boolean }[];
      secrets: { source: string; target: string }[];
      healthcheck: { test: string[] };
    }
  >;
  secrets: Record<string, { file: string }>;
  volumes: Record<string, object>;
}

function compose(files: ReadonlyMap<string, string>): Compose {
  return parseYaml(files.get("compose.yaml") ?? expect.fail("no compose.yaml")) as Compose;
}

/** Checks a value by the compose specification's schema; see test/vectors/compose-spec. */
function composeProblems(value: unknown): string {
  const file = new URL("../vectors/compose-spec/compose-spec.json", import.meta.url);
  const { $schema, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  expect($schema).to.match(/draft-07/);
  const ajv = new Ajv({ allErrors: true });
  return ajv.validate(schema, value) === true ? "none" : ajv.errorsText();
}

describe("deploymentFiles for Besu", () => {
  const { files, nodes, genesisHash } = make();
  const names = ["validator1", "validator2", "validator3", "validator4", "rpc"];

  it("has the genesis that makeGenesis makes, and tells its hash", () => {
    const genesis = JSON.parse(files.get("genesis.json") ?? "") as Genesis;
    expect(genesis).to.deep.equal(makeGenesis(GENESIS));
    expect(genesisHash).to.equal(genesisHeader(genesis).hash);
    expect(files.get("RUNBOOK.md")).to.include(genesisHash);
  });

  it("names the validators in the genesis' order, and a node for JSON-RPC", () => {
    expect(nodes.map(({ name }) => name)).to.deep.equal(names);
    expect(nodes.slice(0, 4).map(({ address }) => address)).to.deep.equal(sorted(LETTERS.map(addressOf)));
  });

  it("has a compose file that the specification's schema accepts", () => {
    expect(composeProblems(compose(files))).to.equal("none");
    const many = make({
      genesis: { ...GENESIS, validators: Array.from({ length: 255 }, (_, i) => addressOf(`${i}`)) },
    });
    expect(composeProblems(compose(many.files))).to.equal("none");
  });

  it("is refused by that schema when a word is misspelt or of another type", () => {
    const misspelt = compose(files);
    Object.assign(misspelt.services.rpc ?? {}, { helthcheck: {} });
    expect(composeProblems(misspelt)).to.match(/additional properties/);
    const mistyped = compose(files);
    Object.assign(mistyped.services.rpc ?? {}, { command: 7 });
    expect(composeProblems(mistyped)).to.match(/command/);
  });

  it("runs one pinned release, 26.7.1 or newer, in a service a node", () => {
    const { services } = compose(files);
    expect(Object.keys(services)).to.deep.equal(names);
    for (const { image } of Object.values(services)) {
      const [, year, month, patch] = /^hyperledger\/besu:(\d+)\.(\d+)\.(\d+)$/.exec(image) ?? [];
      expect(Number(year) * 10_000 + Number(month) * 100 + Number(patch)).to.be.at.least(260_701);
    }
  });

  it("opens JSON-RPC on 127.0.0.1 alone, each node's on a port of its own", () => {
    const ports = Object.values(compose(files).services).flatMap((service) => service.ports);
    expect(ports).to.have.lengthOf(5);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:\d+:8545$/);
    expect(new Set(ports)).to.have.lengthOf(5);
    expect(compose(files).services.rpc?.ports).to.deep.equal(["127.0.0.1:8545:8545"]);
  });

  it("mounts files that the folder has, and what each configuration asks for", () => {
    for (const [name, { volumes, secrets, command }] of Object.entries(compose(files).services)) {
      const config = toml(files, `config/${name}.toml`);
      for (const { type, source, read_only } of volumes.filter((volume) => volume.type === "bind")) {
        expect(files.has(source.replace("./", "")), `${type} ${source}`).to.equal(true);
        expect(read_only).to.equal(true);
      }
      const targets = [
        ...volumes.map(({ target }) => target),
        ...secrets.map(({ target }) => `/run/secrets/${target}`),
      ];
      const wanted = ["genesis-file", "data-path", "static-nodes-file", "permissions-nodes-config-file"];
      expect(targets).to.include.members([...wanted, "node-private-key-file"].map((option) => config[option]));
      expect(command).to.deep.equal(["--config-file=/etc/besu/config.toml"]);
      expect(volumes.find(({ type }) => type === "volume")?.source).to.equal(`${name}-data`);
      expect(compose(files).volumes).to.have.property(`${name}-data`);
    }
  });

  it("takes every key as a secret out of a folder that lies elsewhere", () => {
    const { secrets } = compose(files);
    for (const name of names)
      expect(secrets[`${name}-key`]?.file).to.match(new RegExp(`^\\$\\{NODE_KEYS:\\?.*\\}/${name}\\.key$`));
    expect(Array.from(files.keys()).filter((path) => /key/i.test(path))).to.deep.equal([]);
  });

  it("asks each node for its health, with dollar signs that compose leaves alone", () => {
    for (const { healthcheck } of Object.values(compose(files).services)) {
      expect(healthcheck.test.join(" "))
        .to.include("/readiness")
        .and.not.match(/(?<!\$)\$(?!\$)/);
    }
  });

  for (const name of names) {
    it(`has TOML that lets gas be free, keeps all states and limits JSON-RPC: ${name}`, () => {
      expect(toml(files, `config/${name}.toml`)).to.deep.include({
        "min-gas-price": 0,
        "min-priority-fee": 0,
        "tx-pool-min-gas-price": 0,
        "data-storage-format": "FOREST",
        "sync-mode": "FULL",
        "target-gas-limit": 20_000_000,
        "rpc-max-logs-range": 5_000,
        "rpc-http-max-batch-size": 100,
        "rpc-http-cors-origins": ["none"],
        "host-allowlist": ["localhost", "127.0.0.1"],
        "rpc-http-api": ["ETH", "NET", "WEB3", "QBFT"],
        "rpc-ws-enabled": false,
        "revert-reason-enabled": true,
        "discovery-enabled": false,
        "permissions-nodes-config-file-enabled": true,
      });
    });
  }

  it("gives each node the address that its configuration and the compose file agree on", () => {
    for (const { name, ip, enode } of nodes) {
      expect(toml(files, `config/${name}.toml`)["p2p-host"]).to.equal(ip);
      expect(compose(files).services[name]?.networks.consortium?.ipv4_address).to.equal(ip);
      expect(enode).to.match(new RegExp(`@${ip}:30303$`));
    }
    expect(new Set(nodes.map(({ ip }) => ip))).to.have.lengthOf(5);
  });

  it("permits the nodes that are static, and no others", () => {
    const enodes = nodes.map(({ enode }) => enode);
    expect(JSON.parse(files.get("static-nodes.json") ?? "")).to.deep.equal(enodes);
    expect(toml(files, "permissions.toml")).to.deep.equal({ "nodes-allowlist": enodes });
  });

  it("says PUT_THE_PUBLIC_KEY_OF_…_HERE where none was given", () => {
    for (const { name, enode, isPlaceholder } of nodes) {
      expect(isPlaceholder).to.equal(true);
      expect(enode).to.include(`PUT_THE_PUBLIC_KEY_OF_${name.toUpperCase()}_HERE`);
    }
  });

  it("has a base fee of zero under London, and none under Berlin", () => {
    const berlin = make({ genesis: { ...GENESIS, rules: "berlin" } });
    expect(JSON.parse(files.get("genesis.json") ?? "")).to.have.nested.property("config.zeroBaseFee", true);
    expect(JSON.parse(berlin.files.get("genesis.json") ?? "")).not.to.have.nested.property("config.zeroBaseFee");
  });

  it("votes by IBFT's methods on IBFT 2.0", () => {
    const ibft = make({ genesis: { ...GENESIS, consensus: { ...GENESIS.consensus, kind: "ibft2" } } });
    expect(toml(ibft.files, "config/rpc.toml")["rpc-http-api"]).to.include("IBFT").and.not.include("QBFT");
    expect(ibft.files.get("RUNBOOK.md")).to.include("ibft_proposeValidatorVote").and.not.include("qbft_");
  });
});

describe("enodes of a deployment", () => {
  const enodeOf = (name: string, place: string) => `enode://${publicKeyOf(name)}@${place}`;

  it("go to the validator whose key they are, in any order; the stranger is the RPC node", () => {
    const enodes = [
      enodeOf("R", "10.0.0.9:30309"),
      ...LETTERS.toReversed().map((name, i) => enodeOf(name, `10.0.0.${i}:30303`)),
    ];
    const { nodes, files } = make({ enodes });
    for (const { name, address, enode, isPlaceholder } of nodes) {
      const owner = name === "rpc" ? "R" : LETTERS.find((letter) => addressOf(letter) === address);
      expect(enode).to.include(publicKeyOf(owner!));
      expect(isPlaceholder).to.equal(false);
    }
    expect(toml(files, "config/rpc.toml")).to.deep.include({ "p2p-host": "10.0.0.9", "p2p-port": 30_309 });
    expect(compose(files).services.rpc?.ports).to.deep.equal(["127.0.0.1:8545:8545", "30309:30309"]);
    expect(composeProblems(compose(files))).to.equal("none");
  });

  it("may be public keys alone, whose nodes then live in compose's network and open no port", () => {
    const { nodes, files } = make({ enodes: LETTERS.map(publicKeyOf) });
    expect(nodes.filter(({ isPlaceholder }) => isPlaceholder).map(({ name }) => name)).to.deep.equal(["rpc"]);
    for (const { ports } of Object.values(compose(files).services)) expect(ports).to.have.lengthOf(1);
  });

  it("stand in the validators' order for geth, whose signers' keys are not the nodes'", () => {
    const enodes = ["N", "O", "P", "Q", "R"].map((name, i) => enodeOf(name, `10.0.0.${i}:30303`));
    const { nodes } = make({ genesis: CLIQUE, enodes });
    const second = nodes.find(({ address }) => address === GENESIS.validators[1]);
    expect(second?.enode).to.equal(enodes[1]);
    expect(nodes.at(-1)?.enode).to.equal(enodes[4]);
  });

  const wrong: [string, string[], RegExp][] = [
    ["a key too short", ["ab".repeat(63)], /--enodes takes enode/],
    ["a host name", [`enode://${publicKeyOf("A")}@example.org:30303`], /--enodes takes enode/],
    ["no address that there is", [enodeOf("A", "10.0.0.256:30303")], /no valid IP address and port/],
    ["port 0", [enodeOf("A", "10.0.0.1:0")], /no valid IP address and port/],
    ["a key off the curve", ["11".repeat(64)], /no point of the curve/],
    ["a validator twice", [publicKeyOf("A"), enodeOf("A", "10.0.0.1:30303")], /validator 0x\w+ a second time/],
    ["two strangers", [publicKeyOf("X"), publicKeyOf("Y")], /a second node that is no validator's/],
  ];
  for (const [what, enodes, message] of wrong) {
    it(`are refused: ${what}`, () => {
      expect(() => make({ enodes })).to.throw(OptionsError, message);
    });
  }

  it("are refused without an address where no compose file gives one", () => {
    expect(() => make({ genesis: CLIQUE, enodes: [publicKeyOf("N")] })).to.throw(
      OptionsError,
      /no IP address and port/,
    );
  });
});

describe("deploymentFiles for geth and GoQuorum", () => {
  it("has geth's configuration for every node, archive and free gas", () => {
    const { files, nodes } = make({ genesis: { ...CLIQUE, validators: GENESIS.validators.slice(0, 3) } });
    expect(files.has("compose.yaml")).to.equal(false);
    for (const { name, address, enode } of nodes) {
      const config = toml(files, `config/${name}.toml`) as {
        Eth: { NoPruning: boolean; GPO: object; Miner: { Etherbase?: string } };
        Node: { HTTPHost?: string; P2P: { StaticNodes: string[]; ListenAddr: string } };
      };
      expect(config.Eth.NoPruning).to.equal(true);
      expect(config.Eth.GPO).to.include({ Default: 0 });
      expect(config.Eth.Miner.Etherbase).to.equal(address);
      expect(config.Node.HTTPHost).to.equal(name === "rpc" ? "127.0.0.1" : undefined);
      expect(config.Node.P2P.StaticNodes).to.have.lengthOf(3).and.not.include(enode);
    }
  });

  it("has genesis, static nodes and runbook alone for GoQuorum", () => {
    const { files } = make({ genesis: { ...GENESIS, client: "goquorum", rules: "berlin" } });
    expect(Array.from(files.keys()).sort()).to.deep.equal([
      ".gitignore",
      "RUNBOOK.md",
      "genesis.json",
      "static-nodes.json",
    ]);
    const text = files.get("RUNBOOK.md");
    expect(text).to.match(/^`PRIVATE_CONFIG=ignore geth --datadir data .*--gcmode archive.* --permissioned`/m);
    const [, target] = /--miner\.gastarget (\d+)/.exec(text!)!;
    expect(target).to.equal(String(GENESIS.gasLimit));
    expect(text).to.include(`--miner.gaslimit ${target}`);
  });
});

describe("the runbook", () => {
  it("names what the files have and a service in the machine's own network must not", () => {
    const { files } = make();
    const text = files.get("RUNBOOK.md")!;
    const advice = text.slice(text.indexOf("in the machine's own network"));
    const { services } = parseYaml(files.get("compose.yaml")!) as { services: Record<string, object> };
    // Beside `network_mode` compose refuses the one, and the other is without effect.
    for (const name of ["networks", "ports"]) {
      expect(services["validator1"]).to.have.property(name);
      expect(advice).to.include(`\`${name}:\``);
    }
    expect(files.get("config/validator1.toml")).to.include('rpc-http-host="0.0.0.0"').and.to.include("rpc-http-port=");
    expect(advice).to.include('`rpc-http-host="127.0.0.1"`');
  });

  const cases: [string, GenesisOptions, string[], string[]][] = [
    [
      "QBFT on Besu",
      GENESIS,
      ["ran neither Besu nor this compose.yaml", "3 of 4", "26.4.0 to 26.7.0", "FOREST"],
      ["debug_setHead", "--gcmode archive` is"],
    ],
    [
      "Clique on geth",
      CLIQUE,
      ["ran neither Besu", "debug_setHead", "setGasPrice", "after 6 block"],
      ["docker compose", "qbft_"],
    ],
    [
      "QBFT on GoQuorum",
      { ...GENESIS, client: "goquorum", rules: "berlin" },
      ["istanbul_propose", "twice as long"],
      ["docker compose", "debug_setHead"],
    ],
  ];
  for (const [what, genesis, has, lacks] of cases) {
    it(`says what is so for ${what}, and leaves nothing to fill in`, () => {
      const text = make({ genesis }).files.get("RUNBOOK.md") ?? "";
      for (const words of has) expect(text).to.include(words);
      for (const words of lacks) expect(text).not.to.include(words);
      expect(text).not.to.match(/\{\{|\}\}|<!--/);
    });
  }
});

describe("npm run network -- genesis", () => {
  const validators = LETTERS.map(addressOf).join(",");
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "genesis-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it with what it prints held back. */
  async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const printed = { out: "", err: "" };
    const writeOut = process.stdout.write.bind(process.stdout);
    const writeErr = process.stderr.write.bind(process.stderr);
    process.stdout.write = (text: string | Uint8Array) => ((printed.out += text.toString()), true);
    process.stderr.write = (text: string | Uint8Array) => ((printed.err += text.toString()), true);
    try {
      return { code: await runGenesisCommand(args), ...printed };
    } finally {
      process.stdout.write = writeOut;
      process.stderr.write = writeErr;
    }
  }

  it("writes the folder and prints the hash of block 0", async () => {
    const out = join(folder, "new");
    const { code, out: text } = await run(
      "--validators",
      validators,
      "--out",
      out,
      "--chain-id",
      "7099",
      "--timestamp",
      "5",
    );
    expect(code).to.equal(0);
    const genesis = JSON.parse(readFileSync(join(out, "genesis.json"), "utf8")) as Genesis;
    expect(genesis.config.chainId).to.equal(7_099);
    expect(text).to.include(genesisHeader(genesis).hash).and.include("still without a public key: validator1");
    expect(readdirSync(join(out, "config"))).to.have.lengthOf(5);
  });

  it("gives two networks two chain ids when none is asked for", async () => {
    const ids = [];
    for (const name of ["one", "two"]) {
      await run("--validators", validators, "--out", join(folder, name));
      ids.push((JSON.parse(readFileSync(join(folder, name, "genesis.json"), "utf8")) as Genesis).config.chainId);
    }
    expect(ids[0]).not.to.equal(ids[1]);
  });

  it("tells how to write the same block 0 once more", async () => {
    const out = join(folder, "again");
    const first = await run("--validators", validators, "--out", out);
    const genesis = readFileSync(join(out, "genesis.json"), "utf8");
    const [, more] = /once more.*\n {2}(.*)\n/.exec(first.out)!;
    const { code } = await run("--validators", validators, "--out", out, ...more!.split(" "));
    expect(code).to.equal(0);
    expect(readFileSync(join(out, "genesis.json"), "utf8")).to.equal(genesis);
  });

  it("ends with 2 where the folder cannot be written", async () => {
    writeFileSync(join(folder, "file"), "mine");
    const { code, err } = await run("--validators", validators, "--out", join(folder, "file", "in"));
    expect(code).to.equal(2);
    expect(err).to.match(/cannot be written: ENOTDIR/);
  });

  it("leaves a folder alone that is not empty, unless it is forced", async () => {
    writeFileSync(join(folder, "genesis.json"), "mine");
    writeFileSync(join(folder, "other"), "mine");
    const refused = await run("--validators", validators, "--out", folder);
    expect(refused.code).to.equal(2);
    expect(refused.err).to.match(/is not empty/);
    expect(readdirSync(folder)).to.deep.equal(["genesis.json", "other"]);
    expect((await run("--validators", validators, "--out", folder, "--force")).code).to.equal(0);
    expect(readFileSync(join(folder, "genesis.json"), "utf8")).to.match(/extraData/);
    expect(readFileSync(join(folder, "other"), "utf8")).to.equal("mine");
  });

  it("takes Clique to be geth's, and warns of an even number of signers and of London", async () => {
    const args = ["--validators", validators, "--out", join(folder, "c"), "--consensus", "clique", "--rules", "london"];
    const { code, out } = await run(...args);
    expect(code).to.equal(0);
    expect(out)
      .to.match(/4 signers of Clique can tie/)
      .and.match(/ends free gas under London/);
  });

  it("warns of fewer than four validators of QBFT", async () => {
    const { out } = await run("--validators", addressOf("A"), "--out", join(folder, "q"));
    expect(out).to.match(/with 1 validators none may fail/);
  });

  it("prints its help", async () => {
    const { code, out } = await run("--help");
    expect(code).to.equal(0);
    expect(out)
      .to.match(/--validators <list>/)
      .and.match(/Exit codes/);
  });

  const wrong: [string, string[], RegExp][] = [
    ["no validators", ["--out", "x"], /--validators is missing/],
    ["no folder", ["--validators", validators], /--out is missing/],
    ["an unknown option", ["--valdators", validators], /valdators/],
    ["a word too many", ["besu", "--validators", validators, "--out", "x"], /besu/],
    ["an unknown client", ["--validators", validators, "--out", "x", "--client", "parity"], /client is parity/],
    [
      "Clique on Besu",
      ["--validators", validators, "--out", "x", "--client", "besu", "--consensus", "clique"],
      /which is what besu seals/,
    ],
    ["a period of 0", ["--validators", validators, "--out", "x", "--period", "0"], /--period takes a whole number/],
    ["a validator twice", ["--validators", `${validators},${addressOf("A")}`, "--out", "x"], /is there twice/],
    ["a bad enode", ["--validators", validators, "--out", "x", "--enodes", "enode://1"], /--enodes takes/],
  ];
  for (const [what, args, message] of wrong) {
    it(`ends with 2 and writes nothing: ${what}`, async () => {
      const { code, err } = await run(...args.map((arg) => (arg === "x" ? join(folder, id(what)) : arg)));
      expect(code).to.equal(2);
      expect(err).to.match(message);
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  }
});
