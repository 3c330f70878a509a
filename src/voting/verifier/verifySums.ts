import { concat, keccak256, toBeHex } from "ethers";

import { type AffinePoint, sumOfMultiples, sumOfPoints } from "./curve.js";
import { type EventNamed, eventsNamed } from "./electionEvents.js";
import type { LastBallot, Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** What voting came to. */
export interface SumsContext {
  readonly opened: EventNamed<"ElectionOpened"> | undefined;
  readonly last: ReadonlyMap<string, LastBallot>;
}

/**
 * Adds the last ballots of all slots up again, and compares their number, weight and sums with those that were fixed and handed
 * to the trustees.
 *
 * @returns What was fixed; undefined when nothing was.
 * @example
 * ```ts
 * const fixed = verifySums(replay, { opened, last }, beginStep(steps, "sums"));
 * ```
 */
export function verifySums(
  replay: Replay,
  { opened, last }: SumsContext,
  report: StepReport,
): EventNamed<"TallyFixed"> | undefined {
  const { events, terms, questions } = replay;
  const [fixed, ...others] = eventsNamed(events, "TallyFixed");
  const [started, ...more] = eventsNamed(events, "DecryptionStarted");
  if (fixed === undefined) {
    report.require(started === undefined, "decryption started, but no sums were fixed");
    report.conclude("no sums were fixed");
    return undefined;
  }
  report.require(others.length === 0 && more.length === 0, "sums were fixed or decryption started twice");
  const { ballots, weight, sums } = fixed.args;
  const total = [...last.values()].reduce((sum, ballot) => sum + ballot.weight, 0n);
  report.require(ballots === BigInt(last.size), `${ballots} ballots were summed, but ${last.size} slots hold one`);
  report.require(weight === total, `the weight that was fixed is ${weight}, that of the ballots ${total}`);
  report.require(
    ballots >= terms.minimumBallots,
    `${ballots} ballots are fewer than the minimum of ${terms.minimumBallots}`,
  );
  const own = addUp(last);
  const groups = questions.reduce((sum, question) => sum + question.groups, 0);
  report.require(sums.length === 4 * groups, "there are more or fewer sums than groups");
  const words = own.flatMap((sum) => [sum?.x ?? 0n, sum?.y ?? 0n]);
  for (let i = 0; i < groups; i++) {
    const isSame = words.slice(4 * i, 4 * i + 4).join() === sums.slice(4 * i, 4 * i + 4).join();
    report.require(isSame, `sum ${i} is not that of the ballots`);
  }

  const closesAt = eventsNamed(events, "ElectionExtended").at(-1)?.args.closesAt ?? terms.closesAt;
  const time = BigInt(fixed.log.time);
  const isInTime = time >= closesAt && time <= closesAt + terms.tallyPeriod;
  report.require(isInTime, "the sums were fixed before the close, or too late");
  if (report.require(started !== undefined, "the sums were never handed to the trustees")) {
    const { configuration, deadline, sumHashes } = started!.args;
    report.require(configuration === opened?.args.configuration, "the trustees were given another configuration");
    report.require(deadline === closesAt + terms.tallyPeriod, "the trustees were given another deadline");
    let at = 0;
    const hashes = questions.map(({ groups: own_ }) => {
      const firsts = Array.from({ length: own_ }, (_, i) => sums.slice(at + 4 * i, at + 4 * i + 2)).flat();
      at += 4 * own_;
      return keccak256(concat(firsts.map((word) => toBeHex(word, 32))));
    });
    report.require(hashes.join() === sumHashes.join(), "the trustees were given other sums");
  }
  report.conclude(`${ballots} ballots of weight ${weight}; ${groups} sums, each that of the last ballots`);
  return fixed;
}

/** Ballots of one weight are added before they are multiplied. */
function addUp(last: ReadonlyMap<string, LastBallot>): AffinePoint[] {
  const classes = new Map<bigint, LastBallot[]>();
  for (const ballot of last.values()) {
    const own = classes.get(ballot.weight);
    if (own === undefined) classes.set(ballot.weight, [ballot]);
    else own.push(ballot);
  }
  const length = [...last.values()][0]?.points.length ?? 0;
  return Array.from({ length }, (_, i) =>
    sumOfMultiples(
      [...classes].map(([weight, ballots]) => [sumOfPoints(ballots.map(({ points }) => points[i])), weight] as const),
    ),
  );
}
