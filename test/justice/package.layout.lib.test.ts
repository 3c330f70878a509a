import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { AbiCoder, id, keccak256, toBeHex, type Result } from "ethers";
import hre, { network } from "hardhat";
import solc from "solc";

import { decodeDepositSlot, decodeExhibitSlot } from "../../src/justice/package/exhibitSlot.js";
import { batchIdOf, registryKeys, STORAGE_SLOTS, trustKeys } from "../../src/justice/package/storageSlots.js";
import { EvidenceRegistry__factory } from "../../src/typechain/index.js";
import { STATE } from "../helpers/evidence.js";

interface Layout {
  storage: { label: string; slot: string; offset: number; type: string }[];
  types: Record<string, { label: string; members?: { label: string; slot: string; offset: number }[] }>;
}

interface CompilerInput {
  sources: Record<string, { content: string }>;
  settings: Record<string, unknown>;
}

/** What the compiler says of a contract's storage, from the very input that it was built from. */
async function layoutOf(file: string, name: string): Promise<Layout> {
  const buildId = await hre.artifacts.getBuildInfoId(`${file}:${name}`);
  const path = await hre.artifacts.getBuildInfoPath(buildId!);
  const { input } = JSON.parse(readFileSync(path!, "utf8")) as { input: CompilerInput };
  const source = Object.keys(input.sources).find((one) => one.endsWith(file))!;
  const outputSelection = { [source]: { [name]: ["storageLayout"] } };
  const settings = { ...input.settings, outputSelection };
  const answer = JSON.parse(
    (solc as { compile(input: string): string }).compile(JSON.stringify({ ...input, settings })),
  ) as {
    contracts: Record<string, Record<string, { storageLayout: Layout }>>;
  };
  return answer.contracts[source]![name]!.storageLayout;
}

const slotOf = ({ storage }: Layout, label: string) => {
  const found = storage.filter((variable) => variable.label === label);
  assert.equal(found.length, 1, label);
  assert.equal(found[0]!.offset, 0);
  return Number(found[0]!.slot);
};

const coder = AbiCoder.defaultAbiCoder();

describe("STORAGE_SLOTS", () => {
  it("are the compiler's, of the evidence registry", async () => {
    const layout = await layoutOf("contracts/justice/EvidenceRegistry.sol", "EvidenceRegistry");
    assert.equal(slotOf(layout, "_exhibits"), STORAGE_SLOTS.exhibits);
    assert.equal(slotOf(layout, "_deposits"), STORAGE_SLOTS.deposits);
    const entry = Object.values(layout.types).find(({ label }) => label.endsWith("Exhibits.Entry"))!;
    assert.deepEqual(
      entry.members!.map(({ slot, offset }) => [slot, offset]),
      [["0", 0]],
    );
  });

  it("are the compiler's, of the trust list", async () => {
    const layout = await layoutOf("contracts/trust/TrustList.sol", "TrustList");
    assert.equal(slotOf(layout, "_logs"), STORAGE_SLOTS.trustLogs);
    const log = Object.values(layout.types).find(({ label }) => label.endsWith("TransparencyLog.Log"))!;
    assert.deepEqual(
      log.members!.map(({ label, slot }) => [label, slot]),
      [
        ["size", "0"],
        ["peaks", "1"],
      ],
    );
    assert.equal(trustKeys(0b101).length, 3);
  });
});

describe("decodeExhibitSlot and decodeDepositSlot", () => {
  async function deploy() {
    const connection = await network.create();
    const deployer = (await connection.ethers.getSigners())[0]!;
    const none = toBeHex(1, 20);
    const registry = await new EvidenceRegistry__factory(deployer).deploy(none, none, { forwarder: none, hub: none });
    const address = await registry.getAddress();
    const put = async (key: string, word: bigint) => {
      await connection.networkHelpers.setStorageAt(address, key, word);
      return toBeHex(word, 32);
    };
    return { registry, put };
  }

  const fieldsOf = (answer: unknown) => (answer as Result).toObject() as Record<string, bigint | boolean>;

  /** As many random bits as a field has. */
  const random = (what: string, bits: number) => BigInt(id(what)) >> BigInt(256 - bits);

  it("read every field as exhibitOf and depositOf do, of random words", async () => {
    const { registry, put } = await deploy();
    for (let i = 0; i < 40; ++i) {
      const commitment = id(`exhibit ${i}`);
      const state = BigInt(1 + (i % 8));
      const word = random(`low ${i}`, 224) | (state << 224n) | (random(`flags ${i}`, 2) << 232n);
      const exhibit = { chainId: 1, registry: "", trustList: "", commitment };
      const [key] = registryKeys(exhibit);
      const found = decodeExhibitSlot(await put(key!, word))!;
      const said = fieldsOf(await registry.exhibitOf(commitment));
      assert.equal(STATE[found.state], said["state"]);
      const plain = Object.entries(said).filter(([name]) => name !== "state");
      assert.equal(plain.length, 10);
      for (const [name, value] of plain) {
        const given = found[name as keyof typeof found];
        assert.equal(typeof given === "number" ? BigInt(given) : given, value, name);
      }

      const place = { depositor: i + 1, inLog: i % 2 === 0, root: id(`root ${i}`), size: 1 + i, index: 0, path: [] };
      const batch = batchIdOf(place);
      assert.equal(batch, await registry.batchIdOf(place.depositor, place.inLog, place.root, place.size));
      const deposit = decodeDepositSlot(
        await put(registryKeys({ ...exhibit, place })[1]!, random(`deposit ${i}`, 208)),
      )!;
      const batched = fieldsOf(await registry.depositOf(batch));
      assert.equal(Object.keys(batched).length, 6);
      for (const [name, value] of Object.entries(batched)) {
        assert.equal(BigInt(deposit[name as keyof typeof deposit]), value, name);
      }
    }
  });

  it("find nothing in an empty word, and refuse one that no contract wrote", () => {
    assert.equal(decodeExhibitSlot(toBeHex(0, 32)), undefined);
    assert.equal(decodeDepositSlot(toBeHex(0, 32)), undefined);
    for (const word of [1n, 9n << 224n, (1n << 224n) | (1n << 234n)]) {
      assert.throws(() => decodeExhibitSlot(toBeHex(word, 32)), RangeError);
    }
    assert.throws(() => decodeDepositSlot(toBeHex(1n << 208n, 32)), RangeError);
  });

  it("take the key of a mapping as Solidity does", () => {
    const commitment = id("one");
    const [key] = registryKeys({ chainId: 1, registry: "", trustList: "", commitment });
    const slot = coder.encode(["bytes32", "uint256"], [commitment, STORAGE_SLOTS.exhibits]);
    assert.equal(key, keccak256(slot));
  });
});
