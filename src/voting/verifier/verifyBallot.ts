import { AbiCoder, dataSlice, hexlify, id, keccak256 } from "ethers";

import type { BallotStatement } from "../statement.js";
import { type AffinePoint, G, isSamePoint, mod, N, sumOfMultiples } from "./curve.js";
import { generatorPoint } from "./generatorPoints.js";
import { parseAnswer, type ParsedAnswer } from "./parseAnswer.js";

/** What a verifier can find wrong with a ballot. */
export type BallotFault =
  | "LENGTH"
  | "POINT"
  | "ADDRESS"
  | "SCALAR"
  | "CHALLENGE_ZERO"
  | "EQUATION_1"
  | "EQUATION_2"
  | "EQUATION_3"
  | "EQUATION_4";

/** Whether a ballot is right; if not, the first fault, and of which question and group it is. */
export type BallotVerdict =
  | { readonly isValid: true }
  | { readonly isValid: false; readonly fault: BallotFault; readonly question?: number; readonly group?: number };

/**
 * Verifies a ballot without any code of the prover's or the contract's: with arithmetic, parser and transcript of its own, and
 * each equation by itself where the contract folds them:
 *
 * 1. `x·C1 + A1 = z·G` for each group (A1 stands as an address)
 * 2. `x·C2 + A2 = z·H + Σ f_j·Γ_j` for each group
 * 3. `x·D + E = w·K + Σ f_j(x − f_j)·Γ_j`
 * 4. `Σ f_j = L·x`, but in approval voting
 *
 * Never throws for what is in the ballot. What it accepts the contract accepts too, but for a prover that makes a factor of the
 * contract's fold zero on purpose: ecrecover has no answer there, so that ballot can't be cast.
 *
 * @param statement Whose ballot in which election; a valid one.
 * @param ballot The ballot's bytes, as cast.
 * @example
 * ```ts
 * const verdict = verifyBallot(statement, getBytes(event.args.ballot));
 * if (!verdict.isValid) report(verdict.fault);
 * ```
 */
export function verifyBallot(statement: BallotStatement, ballot: Uint8Array): BallotVerdict {
  const sizes = statement.questions.map(({ options, groups }) => 8 * groups + options + 5);
  if (ballot.length !== 32 * sizes.reduce((sum, size) => sum + size, 0)) return { isValid: false, fault: "LENGTH" };

  const hex = hexlify(ballot);
  let at = 0;
  for (const [question, size] of sizes.entries()) {
    const part = dataSlice(hex, 32 * at, 32 * (at + size));
    const found = verifyAnswer(statement, question, part);
    if (found !== undefined) return { isValid: false, question, ...found };
    at += size;
  }
  return { isValid: true };
}

function verifyAnswer(
  statement: BallotStatement,
  index: number,
  part: string,
): { fault: BallotFault; group?: number } | undefined {
  const { options: k, groups: g, selections, approval } = statement.questions[index]!;
  const words = Array.from({ length: 8 * g + k + 5 }, (_, i) => BigInt(dataSlice(part, 32 * i, 32 * (i + 1))));
  const answer = parseAnswer(words, k, g);
  if (typeof answer === "string") return { fault: answer };
  const x = challenge(statement, index, words.slice(0, 7 * g + 4));
  if (x === 0n) return { fault: "CHALLENGE_ZERO" };

  for (let group = 0; group < g; group++) {
    if (!holdsFirst(answer, group, x)) return { fault: "EQUATION_1", group };
  }
  for (let group = 0; group < g; group++) {
    if (!holdsSecond(answer, group, x, statement.key)) return { fault: "EQUATION_2", group };
  }
  if (!holdsThird(answer, x)) return { fault: "EQUATION_3" };
  const sum = answer.f.reduce((total, f) => total + f, 0n);
  if (!approval && mod(sum - BigInt(selections) * x, N) !== 0n) return { fault: "EQUATION_4" };
  return undefined;
}

function challenge(statement: BallotStatement, index: number, committed: readonly bigint[]): bigint {
  const { chainId, contract, configuration, slotKey, weight, questions } = statement;
  const { options, groups, selections, approval } = questions[index]!;
  const header = ["bytes32", "uint256", "address", "bytes32", "uint256", "bytes32", "uint256", "uint256", "uint256"];
  const encoded = AbiCoder.defaultAbiCoder().encode(
    [...header, "uint256", "bool", ...committed.map(() => "uint256")],
    [
      id("diwan/ballot/v1"),
      chainId,
      contract,
      configuration,
      index,
      slotKey,
      weight,
      options,
      groups,
      selections,
      approval,
      ...committed,
    ],
  );
  return BigInt(keccak256(encoded)) % N;
}

function holdsFirst({ c1, z, a1 }: ParsedAnswer, group: number, x: bigint): boolean {
  const commitment = sumOfMultiples([
    [G, z[group]!],
    [c1[group], -x],
  ]);
  if (commitment === undefined) return false;
  const hash = keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [commitment.x, commitment.y]));
  return BigInt(dataSlice(hash, 12)) === a1[group];
}

function holdsSecond({ c2, a2, z, f }: ParsedAnswer, group: number, x: bigint, key: AffinePoint): boolean {
  const left = sumOfMultiples([
    [c2[group], x],
    [a2[group], 1n],
  ]);
  const right = sumOfMultiples([
    [key, z[group]!],
    ...f.flatMap((value, j) => (groupOf(j, f.length, z.length) === group ? [[optionPoint(j), value] as const] : [])),
  ]);
  return isSamePoint(left, right);
}

function holdsThird({ d, e, f, w }: ParsedAnswer, x: bigint): boolean {
  const left = sumOfMultiples([
    [d, x],
    [e, 1n],
  ]);
  const right = sumOfMultiples([
    [generatorPoint("K"), w],
    ...f.map((value, j) => [optionPoint(j), value * (x - value)] as const),
  ]);
  return isSamePoint(left, right);
}

/** The group i with floor(i·k/g) <= j < floor((i+1)·k/g). */
function groupOf(j: number, k: number, g: number): number {
  let group = 0;
  while (Math.floor(((group + 1) * k) / g) <= j) group++;
  return group;
}

function optionPoint(j: number): AffinePoint {
  return generatorPoint(String(j + 1));
}
