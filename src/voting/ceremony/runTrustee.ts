import { keccak256 } from "ethers";

import { ContractError } from "../../chain/decodeContractError.js";
import type { EventCache } from "../../chain/readEvents.js";
import { ask, send } from "../../chain/send.js";
import type { Trustees } from "../../typechain/index.js";
import { Point } from "../curve.js";
import type { RandomSource } from "../hedgedScalars.js";
import type { Question } from "../question.js";
import type { RecordedBallot } from "../recordedBallot.js";
import { VotingError } from "../VotingError.js";
import { toWords } from "../words.js";
import { answerComplaint } from "./answerComplaint.js";
import { CEREMONY_PHASES } from "./ceremonyPhase.js";
import { dealingOf } from "./dealingOf.js";
import { encryptionKeyOf } from "./encryptionKeyOf.js";
import { keyShareOf } from "./keyShareOf.js";
import { type Ceremony, readCeremony } from "./readCeremony.js";
import { receivedShares } from "./receivedShares.js";
import { signPartial } from "./signPartial.js";
import type { TrusteeFile } from "./trusteeFile.js";

/** What was done; WAITING where nothing is to be done now. */
export type TrusteeStep =
  "REGISTERED" | "DEALT" | "COMPLAINED" | "ANSWERED" | "FINISHED" | "RESTARTED" | "DERIVED" | "POSTED" | "WAITING";

/** How a trustee acts. */
export interface TrusteeRun {
  /** The trustees' contract, connected to the trustee's signer. */
  readonly trustees: Trustees;
  /** The trustee's file. */
  readonly file: TrusteeFile;
  /** The block of the contract's deployment. */
  readonly fromBlock: number;
  /** Where events are kept between runs. */
  readonly cache?: EventCache;
  /** What draws random bytes; the system's generator, if left out. */
  readonly random?: RandomSource;
  /** What to decrypt, as `verifiedReader` reads it; without it, nothing is. */
  readonly election?: ElectionReader;
}

/** How the trustee itself reads an election: `verifiedReader` makes one. */
export interface ElectionReader {
  /** The election's contract. */
  readonly election: string;
  /** The hash of the election's configuration, as the trustee computed it. */
  readonly configuration: string;
  /** The election's questions. */
  readonly questions: readonly Question[];
  /** Fewer ballots are not opened. */
  readonly minimum: number;
  /** In how many blocks from the one in which the sums were fixed the chain is taken to be final. */
  readonly finality: number;
  /** The ballots that count, as recorded up to a block, the proof of each of which was verified. */
  readonly ballots: (toBlock: number) => Promise<readonly RecordedBallot[]>;
}

/** Public shares a call: sixteen at once would cost a million gas. */
const DERIVED_AT_ONCE = 8;

/**
 * Does a trustee's next step in the key ceremony or the decryption, whatever it is. Call it again and again: a step that was done
 * is not done twice, and one that a crash interrupted goes on from the file.
 *
 * @returns What was done.
 * @throws VotingError, ContractError and ChainError as its steps do; TRUSTEES_INVALID when the file is another contract's;
 * ELECTION_CONFIGURATION when the reader is of another election than the one that handed its sums over; SUM_DIFFERS when the
 * election would have another sum opened than the trustee computed
 * @example
 * ```ts
 * while ((await runTrustee({ trustees, file, fromBlock })) !== "WAITING");
 * ```
 */
export async function runTrustee(run: TrusteeRun): Promise<TrusteeStep> {
  const { trustees, file, fromBlock, cache } = run;
  const ceremony = await readCeremony(trustees, { fromBlock, ...(cache === undefined ? {} : { cache }) });
  const { chainId, contract, index } = file.state;
  const isOwn = contract.toLowerCase() === ceremony.round.contract.toLowerCase();
  if (!isOwn || BigInt(chainId) !== ceremony.round.chainId || ceremony.trustees[index - 1] === undefined) {
    throw new VotingError("TRUSTEES_INVALID", `the file is that of trustee ${index} of ${contract}, chain ${chainId}`);
  }
  const phase = CEREMONY_PHASES[Number(await ask(() => trustees.phase()))];
  try {
    switch (phase) {
      case "REGISTRATION":
        return await register(run, ceremony);
      case "DEALING":
        return await deal(run, ceremony);
      case "COMPLAINTS":
        return await complain(run, ceremony);
      case "ANSWERS":
        return await answer(run, ceremony);
      case "FINISHING":
        return await finish(run, ceremony);
      case "DERIVING":
        return await derive(run, ceremony);
      default:
        return await decrypt(run, ceremony);
    }
  } catch (error) {
    // The period ended, or somebody else took the step that anyone may take.
    if (error instanceof ContractError && error.code === "CeremonyPhaseWrong") return "WAITING";
    throw error;
  }
}

/** The last of all to take a step also ends the period, which costs more than when it was estimated beside the others'. */
function withMargin(estimate: bigint): bigint {
  return (estimate * 3n) / 2n;
}

async function register({ trustees, file, random }: TrusteeRun, { round, registered }: Ceremony): Promise<TrusteeStep> {
  const { index } = file.state;
  if (registered.some(({ trustee }) => trustee === index)) return "WAITING";
  const { x, y } = Point.BASE.multiply(await encryptionKeyOf(file, round.round, random)).toAffine();
  const call = [index, x, y] as const;
  const gas = await ask(() => trustees.registerKey.estimateGas(...call));
  await send(() => trustees.registerKey(...call, { gasLimit: withMargin(gas) }));
  return "REGISTERED";
}

async function deal({ trustees, file, random }: TrusteeRun, ceremony: Ceremony): Promise<TrusteeStep> {
  const { index } = file.state;
  const { registered, dealings } = ceremony;
  if (!registered.some(({ trustee }) => trustee === index) || dealings.has(index)) return "WAITING";
  const { commitments, proof, shares } = await dealingOf(file, statementOf(index, ceremony), registered, random);
  const call = [index, commitments, proof, shares] as const;
  const gas = await ask(() => trustees.deal.estimateGas(...call));
  await send(() => trustees.deal(...call, { gasLimit: withMargin(gas) }));
  return "DEALT";
}

async function complain({ trustees, file }: TrusteeRun, ceremony: Ceremony): Promise<TrusteeStep> {
  const { index } = file.state;
  const { dealings, complaints } = ceremony;
  const { wrong } = await receivedShares(file, ceremony);
  const open = wrong.filter((own) => !complaints.some(({ dealer, trustee }) => dealer === own && trustee === index));
  for (const dealer of open) {
    const { commitments, shares } = dealings.get(dealer)!;
    await send(() => trustees.complain(index, dealer, keccak256(toWords(commitments)), shares));
  }
  return open.length === 0 ? "WAITING" : "COMPLAINED";
}

/**
 * A dealer of whom as many complained as decrypt is out, and reveals nothing more: as many shares are its polynomial, and a node that
 * lies could make complaints up, a few in each run.
 */
async function answer({ trustees, file }: TrusteeRun, ceremony: Ceremony): Promise<TrusteeStep> {
  const { index } = file.state;
  const { complaints, dealings, round, threshold } = ceremony;
  const open = complaints.filter(({ dealer, revealed }) => dealer === index && revealed === undefined);
  if (open.length === 0) return "WAITING";
  const polynomial = file.state.rounds[round.round]?.polynomial?.map(BigInt);
  if (polynomial === undefined) {
    throw new VotingError(
      "SHARE_MISSING",
      `the file has no polynomial of round ${round.round}, in which one was dealt`,
    );
  }
  const complained = complaints.filter(({ dealer }) => dealer === index).map(({ trustee }) => trustee);
  const answered = [...new Set([...(file.state.rounds[round.round]?.answered ?? []), ...complained])];
  if (answered.length >= threshold) return "WAITING";
  await file.save((state) => {
    const own = { ...state.rounds[round.round]!, answered };
    return { ...state, rounds: { ...state.rounds, [round.round]: own } };
  });
  for (const { trustee } of open) {
    const { share, commitments, sharesHash } = answerComplaint(polynomial, dealings.get(index)!, trustee);
    await send(() => trustees.reveal(index, trustee, share, commitments, sharesHash));
  }
  return "ANSWERED";
}

async function finish({ trustees }: TrusteeRun, { threshold, complaints, dealings }: Ceremony): Promise<TrusteeStep> {
  // Out is who left a complaint unanswered, or of whom as many complained as decrypt.
  const isOut = (index: number) => {
    const own = complaints.filter(({ dealer }) => dealer === index);
    return own.length >= threshold || own.some(({ revealed }) => revealed === undefined);
  };
  const qualified = [...dealings].filter(([dealer]) => !isOut(dealer)).sort(([one], [other]) => one - other);
  if (qualified.length < threshold) {
    await send(() => trustees.restart());
    return "RESTARTED";
  }
  const commitments = qualified.map(([, own]) => own.commitments);
  const hashes = qualified.map(([, { shares }]) => keccak256(shares));
  await send(() => trustees.finish(commitments, hashes));
  return "FINISHED";
}

async function derive({ trustees }: TrusteeRun, ceremony: Ceremony): Promise<TrusteeStep> {
  const { made, shareKeys } = ceremony;
  if (made === undefined) return "WAITING";
  const last = Math.min(shareKeys.size + DERIVED_AT_ONCE, ceremony.trustees.length);
  await send(() => trustees.deriveShareKeys(made.commitments, last));
  return "DERIVED";
}

async function decrypt({ trustees, file, election }: TrusteeRun, ceremony: Ceremony): Promise<TrusteeStep> {
  const { decryption, posted } = ceremony;
  const { index } = file.state;
  if (election === undefined || decryption === undefined) return "WAITING";
  const open = decryption.sumHashes.flatMap((hash, question) => {
    const isPosted = posted.some((own) => own.question === question && own.trustee === index);
    return isPosted ? [] : [{ hash, question }];
  });
  if (open.length === 0) return "WAITING";
  const confirmations = (await trustees.runner!.provider!.getBlockNumber()) - decryption.block + 1;
  if (confirmations < election.finality || !(await isTaken(trustees, index))) return "WAITING";

  const { configuration } = decryption;
  const address = await ask(() => trustees.election());
  const isSame = address.toLowerCase() === election.election.toLowerCase();
  if (!isSame || configuration.toLowerCase() !== election.configuration.toLowerCase()) {
    throw new VotingError(
      "ELECTION_CONFIGURATION",
      `${address} handed over the sums of ${configuration}, while ${election.election} is ${election.configuration}`,
    );
  }
  const share = await keyShareOf(file, ceremony);
  const { x, y } = Point.BASE.multiply(share).toAffine();
  const ballots = await election.ballots(decryption.block);
  for (const { hash, question } of open) {
    const { sums, partials, proof } = await signPartial(file, share, {
      ...{ election: address, configuration, question, ballots, confirmations, sumsHash: hash },
      ...{ questions: election.questions, minimum: election.minimum, finality: election.finality },
    });
    await send(() => trustees.postPartial(index, question, configuration, [x, y], sums, partials, proof));
  }
  return "POSTED";
}

/**
 * Whether partial decryptions are taken now: before the deadline, and of an election that was not annulled. Asked without one,
 * since the node that is asked would learn it.
 */
async function isTaken(trustees: Trustees, index: number): Promise<boolean> {
  const empty: bigint[] = [];
  try {
    await ask(() => trustees.postPartial.staticCall(index, 0, `0x${"00".repeat(32)}`, [0, 0], empty, empty, empty));
  } catch (error) {
    // The contract looks at the time first, and knows no such statement.
    if (error instanceof ContractError && error.code === "DecryptionStatementUnknown") return true;
    if (!(error instanceof ContractError) || error.code !== "DecryptionNotOpen") throw error;
  }
  return false;
}

function statementOf(dealer: number, { round, trustees, threshold }: Ceremony) {
  return { round, dealer, address: trustees[dealer - 1]!, trustees: trustees.length, threshold };
}
