import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hexlify, randomBytes } from "ethers";

import { send } from "../../src/chain/send.js";
import { Election__factory, Trustees__factory } from "../../src/typechain/index.js";
import { runTrustee } from "../../src/voting/ceremony/runTrustee.js";
import { createTrusteeFile } from "../../src/voting/ceremony/trusteeFile.js";
import { verifiedReader } from "../../src/voting/ceremony/verifiedReader.js";
import { chooseOptions } from "../../src/voting/chooseOptions.js";
import { type BallotOfVoter, computeHints } from "../../src/voting/computeHints.js";
import { createElection } from "../../src/voting/election/createElection.js";
import { memoryJournal } from "../../src/voting/election/memoryJournal.js";
import { readElection } from "../../src/voting/election/readElection.js";
import { buildRoll, rollProof } from "../../src/voting/election/roll.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";
import { signBallot, type SignedBallot } from "../../src/voting/election/signBallot.js";
import { statementFor } from "../../src/voting/election/statementFor.js";
import { prepareBallot } from "../../src/voting/prepareBallot.js";
import { publishResults } from "../../src/voting/publishResults.js";
import { sumUp } from "../../src/voting/sumUp.js";

import { awaitBlockAt, freeWallet, type Office } from "./office.js";

const THRESHOLD = 2;
const OPTIONS = ["Library", "Playground", "Cycle path"];
const TEXTS = { en: { question: "Which project shall the district fund?", options: OPTIONS } };
/** Nothing is guarded by these passwords. */
const SEAL = { scryptN: 1_024 };
/** Seconds of each step of the ceremony; those of complaints and answers are waited for. */
const STEP = 6;

/** An election that is open, with a ballot of each voter that is signed and not yet carried. */
export type HeldElection = Awaited<ReturnType<typeof holdElection>>;

/**
 * Holds an election on a real chain: three trustees make the key, and every voter signs a ballot for whoever carries it.
 *
 * @param step Seconds of each step of the ceremony, which fails when the trustees are slower.
 */
export async function holdElection(office: Office, voterCount: number, votingSeconds: number, step = STEP) {
  const { provider, bodies, elections, fromBlock } = office;
  const anyone = freeWallet(provider);
  const voters = Array.from({ length: voterCount }, () => {
    const key = freeWallet(provider);
    return { key, entry: { slotKey: hexlify(randomBytes(32)), voter: key.address, weight: 1n } };
  });
  const roll = buildRoll(
    voters.map(({ entry }) => entry),
    { minimum: 2 },
  );
  const officers = [freeWallet(provider), freeWallet(provider), freeWallet(provider)];
  const now = (await provider.getBlock("latest"))!.timestamp;
  const opensAt = BigInt(now + 5 * step);
  const made = await createElection(elections.connect(bodies.authority.key), {
    questions: [{ texts: TEXTS, choose: 1, atMost: true, groups: 1 }],
    electorate: roll.weight,
    commission: [anyone.address],
    quorum: 1,
    trustees: {
      trustees: officers.map(({ address }) => address),
      threshold: THRESHOLD,
      ...{ registrationPeriod: step, dealingPeriod: step, complaintPeriod: step, answerPeriod: step },
    },
    roll: { root: roll.root, voters: voterCount, weight: roll.weight, file: serializeRoll(roll.entries).hash },
    opensAt,
    closesAt: opensAt + BigInt(votingSeconds),
    challengePeriod: 1,
    tallyPeriod: 86_400,
    minimumBallots: 2,
  });
  const folder = await mkdtemp(join(tmpdir(), "diwan-trustees-"));
  const trustees = await Promise.all(
    officers.map(async (officer, i) => {
      const trustee = { chainId: (await provider.getNetwork()).chainId, contract: made.trustees, index: i + 1 };
      const password = hexlify(randomBytes(16));
      const file = await createTrusteeFile(join(folder, `${i}.json`), trustee, password, SEAL);
      return { trustees: Trustees__factory.connect(made.trustees, officer), file, fromBlock };
    }),
  );
  for (let round = 0; round < 2; round++) await Promise.all(trustees.map((trustee) => runTrustee(trustee)));
  const [first] = trustees as [(typeof trustees)[number]];
  const [, , , finishing] = await first.trustees.schedule();
  await awaitBlockAt(provider, Number(finishing));
  while ((await runTrustee(first)) !== "WAITING");
  const election = Election__factory.connect(made.election, provider);
  await send(() => election.connect(anyone).open());
  await awaitBlockAt(provider, Number(opensAt));
  const read = await readElection(election, { fromBlock });

  /** The call that carries some ballots. */
  const carry = (some: readonly (BallotOfVoter & { signed: SignedBallot })[]): string => {
    const { hints } = computeHints(some);
    const { x, y } = some[0]!.statement.key;
    const ballotsOf = some.map(({ signed }) => signed);
    return election.interface.encodeFunctionData("castBatch", [{ x, parity: y & 1n }, ballotsOf, hints]);
  };
  const ballots = [];
  for (const [i, { key, entry }] of voters.entries()) {
    const choice = i % OPTIONS.length;
    const statement = statementFor(read, entry.slotKey, 1n);
    const votes = [chooseOptions(read.questions[0]!, read.blanks[0]!, [choice])];
    const { bytes } = prepareBallot({ statement, votes, secret: randomBytes(32) });
    const signed = await signBallot(election, key, {
      ...{ entry, proof: rollProof(roll, entry.slotKey), ballot: bytes },
      ...{ deadline: read.closesAt, journal: memoryJournal() },
    });
    ballots.push({ choice, statement, bytes, signed });
  }

  return {
    address: made.election,
    election,
    closesAt: Number(read.closesAt),
    /** Ballots that voters signed, and what each voted for. */
    ballots,
    carry,
    /** Closes the election and counts it, as any node tells it: the votes of each option. */
    count: async (): Promise<bigint[]> => {
      await awaitBlockAt(provider, Number(read.closesAt));
      await sumUp(election.connect(anyone), { fromBlock, size: 60 });
      const { configuration: expected } = read.frozen!;
      for (const trustee of trustees.slice(0, THRESHOLD)) {
        const reader = await verifiedReader(election, { fromBlock, finality: 1, expected });
        while ((await runTrustee({ ...trustee, election: reader })) !== "WAITING");
      }
      const results = await publishResults(election.connect(anyone), { fromBlock });
      for (const { file } of trustees) await file.close();
      await rm(folder, { recursive: true, force: true });
      return [...results[0]!.counts];
    },
  };
}
