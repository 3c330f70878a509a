import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { isSamePoint } from "./curve.js";
import { type EventNamed, eventsNamed } from "./electionEvents.js";
import type { MadeKey, Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";
import type { FrozenRoll } from "./verifyRoll.js";

/**
 * Verifies what was frozen before the first ballot: the configuration is the hash of the terms, the roll, and the key that the
 * ceremony made.
 *
 * @returns undefined when the election was not opened.
 * @example
 * ```ts
 * const opened = verifyOpening(replay, made, roll, beginStep(steps, "opening"));
 * ```
 */
export function verifyOpening(
  { events, terms, setup, trustees }: Replay,
  made: MadeKey | undefined,
  roll: FrozenRoll,
  report: StepReport,
): EventNamed<"ElectionOpened"> | undefined {
  const [opened, ...others] = eventsNamed(events, "ElectionOpened");
  if (opened === undefined) {
    report.conclude("the election was not opened");
    return undefined;
  }
  const { args, log, place } = opened;
  const time = BigInt(log.time);
  report.require(others.length === 0, "the election was opened twice");
  const isKey = made !== undefined && isSamePoint(made.key, { x: args.keyX, y: args.keyY });
  report.require(isKey, "the election's key is not the one that the ceremony made");
  const isDerived = made !== undefined && made.place < place && made.shares.length === trustees.trustees.length + 1;
  report.require(isDerived, "the election was opened before the ceremony was done");
  report.require(args.roll === roll.root, "the election was opened with another roll than the last one");
  report.require(args.roll !== ZeroHash || terms.gate !== ZeroAddress, "there is neither a roll nor a gate");
  const isInTime = time >= roll.publishedAt + terms.challengePeriod && time < terms.opensAt;
  report.require(isInTime, "the election was opened while the roll could be objected to, or too late");
  const configuration = keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes32", "uint256", "uint256"],
      [setup, args.roll, args.keyX, args.keyY & 1n],
    ),
  );
  report.require(args.configuration === configuration, "the configuration is not the hash of terms, roll and key");
  report.conclude(`configuration ${configuration}`);
  return opened;
}
