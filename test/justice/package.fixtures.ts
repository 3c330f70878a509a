import { concat, encodeRlp, getBytes, hexlify, id, keccak256, toBeArray, toQuantity } from "ethers";

import type { BlockHeader, SealingKind } from "../../src/blocks/BlockHeader.js";
import { decodeHeader } from "../../src/blocks/decodeHeader.js";
import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { headerHash } from "../../src/blocks/headerHash.js";
import type { RpcObject } from "../../src/blocks/rpcFields.js";
import { caseTag, commitCase } from "../../src/justice/evidence/commitCase.js";
import { commitExhibit } from "../../src/justice/evidence/commitExhibit.js";
import type { EvidenceStatement } from "../../src/justice/evidence/statement.js";
import { buildPackage, type PackageSource, type PackageWanted } from "../../src/justice/package/buildPackage.js";
import type { EvidencePackage } from "../../src/justice/package/EvidencePackage.js";
import { withManifest } from "../../src/justice/package/packageManifest.js";
import type { PackageReport } from "../../src/justice/package/PackageReport.js";
import { TRUST_ANCHOR_SCHEMA, type TrustAnchor } from "../../src/justice/package/readTrustAnchor.js";
import { verifyPackage } from "../../src/justice/package/verifyPackage.js";
import { treeOf } from "../helpers/batches.js";
import { evidenceFixture, ORDER, memberOf } from "../helpers/evidence.js";
import { addressOf, keyOf, makeHeader, sorted, type MadeHeader } from "../blocks/blocks.fixtures.js";

/** The digest of an exhibit of three bytes, "abc" (FIPS 180-4). */
export const FILE = {
  size: 3,
  digests: [
    { algorithm: "sha-256" as const, value: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
  ],
};
const CASE_ID = "2026/1187";
const CASE_SALT = getBytes(id("the case's salt"));

/** What is other in a package than the fixture would have it. */
type PackageChosen = Partial<PackageWanted> & { more?: Partial<EvidenceStatement>; node?: PackageSource };

const saltOf = (n: number) => getBytes(id(`salt ${n}`));

/** The evidence registry's fixture, and what it takes to make packages of its exhibits. */
export async function packageFixture() {
  const suite = await evidenceFixture();
  const { ethers, registry, trustList, parties, tool } = suite;
  const names = {
    chainId: 31_337,
    registry: (await registry.getAddress()).toLowerCase(),
    trustList: (await trustList.getAddress()).toLowerCase(),
  };
  const tag = caseTag(commitCase(CASE_ID, CASE_SALT));

  const statementOf = (n: number, more: Partial<EvidenceStatement> = {}): EvidenceStatement => ({
    schema: "diwan.evidence.statement.v1",
    chainId: names.chainId,
    registry: names.registry,
    exhibitNumber: `E-${n}`,
    ...FILE,
    kind: "file",
    tool: { body: Number(tool), name: "imager", version: "1.0" },
    caseId: CASE_ID,
    claimedCapturedAt: 1_600_000_000,
    ...more,
  });
  const commitmentOf = (n: number, more?: Partial<EvidenceStatement>) => commitExhibit(statementOf(n, more), saltOf(n));
  const anchorOf = async (block = "latest" as string | number): Promise<TrustAnchor> => {
    const { number, hash } = (await ethers.provider.getBlock(block))!;
    return { schema: TRUST_ANCHOR_SCHEMA, ...names, kind: "block", number, hash: hash! };
  };
  const build = async (n: number, wanted: PackageChosen = {}) => {
    const { more, node = ethers.provider, ...rest } = wanted;
    return buildPackage(node, {
      statement: statementOf(n, more),
      salt: saltOf(n),
      caseSalt: CASE_SALT,
      registry: names.registry,
      trustList: names.trustList,
      fromBlock: 0,
      anchor: await anchorOf(),
      ...rest,
    });
  };
  const deposit = (n: number, more?: Partial<EvidenceStatement>) => registry.deposit(tool, commitmentOf(n, more), tag);

  /** An exhibit that went from the police over the laboratory to the archive, with one refusal, and was admitted. */
  const story = async (n: number) => {
    await deposit(n);
    const commitment = commitmentOf(n);
    const { police, laboratory, archive, court } = parties;
    const until = 2n ** 40n - 1n;
    await registry.offer(commitment, laboratory.body, until);
    await suite.as(laboratory).reject(commitment, 2);
    await registry.offer(commitment, laboratory.body, until);
    await suite.as(laboratory).accept(commitment);
    await suite.as(laboratory).offer(commitment, archive.body, until);
    await suite.as(archive).accept(commitment);
    await suite.as(archive).tender(court.body, commitment);
    await suite.as(court).decideAdmission(commitment, ORDER);
    return { police, laboratory, archive, court };
  };

  /** Members of a batch, in the log or under a root. */
  const batch = async (numbers: number[], inLog: boolean) => {
    const commitments = numbers.map((n) => commitmentOf(n));
    const tree = treeOf(commitments);
    await (inLog
      ? registry.depositMany(tool, commitments, tag)
      : registry.depositBatch(tool, hexlify(tree.root()), tree.size, tag));
    const at = { depositor: parties.police.body, inLog, size: BigInt(tree.size) };
    return commitments.map((commitment, i) => memberOf(tree, commitment, { ...at, index: BigInt(i) }));
  };
  return { ...suite, names, statementOf, commitmentOf, anchorOf, build, deposit, story, batch };
}

/** A header as a node answers it. */
export function answerOf(rlp: string, hash: string): RpcObject {
  const fields = Object.entries(decodeHeader(rlp)).map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : toQuantity(value as bigint | number),
  ]);
  return { ...Object.fromEntries(fields), hash };
}

/** Everything that a report says is wrong, as `part CODE`. */
export const wrong = ({ problems }: PackageReport) => problems.map(({ part, code }) => `${part} ${code}`);

/** Verifies with the file of the fixture. */
export const verify = (found: EvidencePackage, anchor: TrustAnchor, others: EvidencePackage[] = []) =>
  verifyPackage(found, { file: FILE, anchor, others });

export const VALIDATORS = ["a", "b", "c", "d"];
export const addresses = (names: readonly string[]) => sorted(names.map(addressOf));

/**
 * The same package on a chain that validators seal: its blocks are made anew, with the real roots of state and receipts, and
 * sealed by those who are called by letters.
 */
export function sealAnew(found: EvidencePackage, change: Partial<MadeHeader> = {}): EvidencePackage {
  const kind = change.kind ?? "qbft";
  const seal = (rlp: string, more: Partial<MadeHeader> = {}) => {
    const { number, timestamp, stateRoot, receiptsRoot, parentHash } = decodeHeader(rlp);
    return makeHeader({
      ...{ kind, number, timestamp, stateRoot, receiptsRoot, parentHash },
      ...{ proposer: addressOf("a"), validators: addresses(VALIDATORS), sealers: ["a", "b", "c"] },
      ...more,
    }).rlp;
  };
  return withManifest({
    ...found,
    header: seal(found.header, change),
    sealing: { kind, headers: [], ancestors: [] },
    custody: found.custody.map((one) => ({ ...one, header: seal(one.header) })),
  });
}

/** The package's blocks as a QBFT chain from a genesis block: those of its receipts, and then the one proved. */
export function followAnew(
  found: EvidencePackage,
  steps: Partial<MadeHeader>[] = [],
): { found: EvidencePackage; genesis: string } {
  const headers: string[] = [];
  const validators = addresses(VALIDATORS);
  const genesis = makeHeader({
    ...{ number: 0, timestamp: 1, parentHash: `0x${"00".repeat(32)}`, proposer: `0x${"00".repeat(20)}` },
    ...{ validators, sealers: [] },
  });
  headers.push(genesis.rlp);
  let parentHash = genesis.hash;
  let timestamp = 1;
  const append = (more: Partial<MadeHeader>) => {
    const base = { number: headers.length, parentHash, proposer: addressOf("a"), validators, sealers: ["a", "b", "c"] };
    const made = makeHeader({ ...base, timestamp: ++timestamp, ...more });
    headers.push(made.rlp);
    parentHash = made.hash;
    timestamp = decodeHeader(made.rlp).timestamp;
    return made.rlp;
  };
  const real = (rlp: string) => {
    const { stateRoot, receiptsRoot, timestamp: time } = decodeHeader(rlp);
    return { stateRoot, receiptsRoot, timestamp: time };
  };
  const [last = {}, ...early] = steps.toReversed();
  for (const step of early.toReversed()) append(step);
  const { validators: set = validators, sealers = ["a", "b", "c"] } = last;
  const custody = found.custody.map((one) => ({
    ...one,
    header: append({ validators: set, sealers, ...real(one.header) }),
  }));
  const header = append({ ...real(found.header), ...last });
  return {
    genesis: genesis.hash,
    found: withManifest({
      ...found,
      header,
      custody,
      sealing: { kind: "qbft", headers: headers.slice(0, -1), ancestors: [] },
    }),
  };
}

/** A header that one of the four validators seals by Clique, whoever's turn it is; in a checkpoint, with the list of signers. */
function cliqueHeader(
  { number, parentHash, timestamp, stateRoot = id("state"), receiptsRoot = id("receipts") }: Partial<BlockHeader>,
  isCheckpoint: boolean,
): string {
  const signers = addresses(VALIDATORS);
  const nameOf = (address: string) => VALIDATORS.find((name) => addressOf(name) === address)!;
  const start = concat([`0x${"00".repeat(32)}`, isCheckpoint ? concat(signers) : "0x"]);
  const encode = (extra: string) =>
    encodeRlp([
      parentHash!,
      "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
      `0x${"00".repeat(20)}`,
      stateRoot,
      id("transactions"),
      receiptsRoot,
      `0x${"00".repeat(256)}`,
      "0x02",
      hexlify(toBeArray(number!)),
      "0x29b92700",
      "0x",
      hexlify(toBeArray(timestamp!)),
      extra,
      `0x${"00".repeat(32)}`,
      "0x0000000000000000",
    ]);
  const { r, s, yParity } = keyOf(nameOf(signers[number! % signers.length]!)).sign(keccak256(encode(start)));
  return encode(concat([start, r, s, Uint8Array.of(yParity)]));
}

/** The package's blocks as a Clique chain from a checkpoint, with some on top of the block proved. */
export function cliqueAnew(found: EvidencePackage, onTop: number): { found: EvidencePackage; checkpoint: string } {
  const headers: string[] = [];
  let parentHash = id("before the checkpoint");
  const first = 100;
  const append = (header: Partial<BlockHeader>) => {
    const rlp = cliqueHeader({ ...header, number: first + headers.length, parentHash }, headers.length === 0);
    parentHash = keccak256(rlp);
    headers.push(rlp);
    return rlp;
  };
  append({ timestamp: 1 });
  const checkpoint = parentHash;
  const real = (rlp: string) => {
    const { stateRoot, receiptsRoot, timestamp } = decodeHeader(rlp);
    return append({ timestamp, stateRoot, receiptsRoot });
  };
  const custody = found.custody.map((one) => ({ ...one, header: real(one.header) }));
  const header = real(found.header);
  const { timestamp } = decodeHeader(header);
  for (let i = 1; i <= onTop; ++i) append({ timestamp: timestamp + i });
  const sealing = { kind: "clique" as const, headers, ancestors: [] };
  return { checkpoint, found: withManifest({ ...found, header, custody, sealing }) };
}

/**
 * A node whose whole chain up to now is sealed: its blocks have the real roots of state and receipts, and else are made anew.
 *
 * @param epoch Every so many blocks of Clique, the signers are listed.
 */
export async function sealedNode(
  provider: PackageSource,
  kind: Exclude<SealingKind, "none">,
  epoch = 16,
): Promise<{ node: PackageSource; hashes: string[] }> {
  const blocks: RpcObject[] = [];
  let parentHash = `0x${"00".repeat(32)}`;
  const newest = await provider.getBlockNumber();
  for (let number = 0; number <= newest; ++number) {
    const block = (await provider.send("eth_getBlockByNumber", [toQuantity(number), false])) as RpcObject;
    const { stateRoot, receiptsRoot, timestamp } = fromRpcBlock(block, "none").header;
    const real = { number, parentHash, stateRoot, receiptsRoot, timestamp };
    const validators = addresses(VALIDATORS);
    const rlp =
      kind === "clique"
        ? cliqueHeader(real, number % epoch === 0)
        : makeHeader({
            ...real,
            kind,
            proposer: addressOf("a"),
            validators,
            sealers: number === 0 ? [] : ["a", "b", "c"],
          }).rlp;
    parentHash = headerHash(rlp, kind);
    blocks.push({ ...answerOf(rlp, parentHash), transactions: block["transactions"] });
  }
  const send = async (method: string, params: unknown[]): Promise<unknown> => {
    if (method === "eth_getBlockByNumber") return blocks[Number(params[0])] ?? null;
    if (method === "eth_getBlockByHash") return blocks.find(({ hash }) => hash === params[0]) ?? null;
    return provider.send(method, params);
  };
  const node: PackageSource = {
    send,
    getBlock: (tag, isFull) => provider.getBlock(tag, isFull),
    getBlockNumber: () => provider.getBlockNumber(),
    getLogs: (filter) => provider.getLogs(filter),
    getNetwork: () => provider.getNetwork(),
  };
  return { node, hashes: blocks.map(({ hash }) => hash as string) };
}
