import { expect } from "chai";
import type { Interface } from "ethers";

import { Election__factory } from "../../src/typechain/index.js";
import {
  ELECTION_INTERFACES,
  type ElectionEventArguments,
  type TranscriptLog,
} from "../../src/voting/verifier/electionEvents.js";
import type { RollFile } from "../../src/voting/verifier/parseRoll.js";
import type { StepName } from "../../src/voting/verifier/Report.js";
import type { Transcript } from "../../src/voting/verifier/Transcript.js";
import { verifyElection } from "../../src/voting/verifier/verifyElection.js";

/** The name of an event of an election, its trustees or its factory. */
export type EventName = keyof ElectionEventArguments;

/** What is tampered with: a transcript, and the roll's entries that are at hand with it. */
export interface Recorded {
  readonly transcript: Transcript;
  readonly roll?: RollFile | undefined;
}

function interfaceOf(log: TranscriptLog) {
  return Object.values(ELECTION_INTERFACES).find((abi) => abi.getEvent(log.topics[0]!) !== null)!;
}

/** Whether a log is of an event. */
export function isNamed(log: TranscriptLog, name: EventName): boolean {
  return interfaceOf(log).getEvent(log.topics[0]!)!.name === name;
}

/** A log with some arguments written anew. */
export function rewrite(log: TranscriptLog, change: (values: unknown[]) => void): TranscriptLog {
  const abi = interfaceOf(log);
  const fragment = abi.getEvent(log.topics[0]!)!;
  const values: unknown[] = [...abi.decodeEventLog(fragment, log.data, log.topics)].map((value: unknown) =>
    Array.isArray(value) ? [...(value as unknown[])] : value,
  );
  change(values);
  const { data, topics } = abi.encodeEventLog(fragment, values);
  return { ...log, data, topics };
}

/** Changes a transcript that is there once the tests run, and says where the verifier finds it. */
export function tamperingWith(recorded: () => Recorded) {
  /** The verifier on a transcript that was changed, or on the one that is there. */
  const verify = async (change: Partial<Transcript> = {}) => {
    const { transcript, roll } = recorded();
    return verifyElection({ ...transcript, ...change }, { roll });
  };

  /** The steps that find something wrong in a changed transcript. */
  const faultsOf = async (change: Partial<Transcript>) => {
    const { steps, isOk } = await verify(change);
    const wrong = steps.filter(({ ok }) => !ok);
    expect(isOk).to.equal(wrong.length === 0);
    return wrong;
  };

  /** The logs with the nth of a name changed, or left out where nothing is returned. */
  const changed = (
    name: EventName,
    change: (log: TranscriptLog) => TranscriptLog[],
    nth = 0,
  ): readonly TranscriptLog[] => {
    const { logs } = recorded().transcript;
    const places = logs.flatMap((log, place) => (isNamed(log, name) ? [place] : []));
    const place = places.at(nth);
    if (place === undefined) throw new Error(`no ${name}`);
    return logs.flatMap((log, i) => (i === place ? change(log) : [log]));
  };

  /** The logs with arguments of the nth of a name written anew. */
  const edit = (name: EventName, change: (values: unknown[]) => void, nth = 0) =>
    changed(name, (log) => [rewrite(log, change)], nth);

  /** The calls with arguments of those of one function written anew. */
  const editCall = (name: "extend" | "annul" | "recordPaper", change: (values: unknown[]) => void) => {
    const abi: Interface = Election__factory.createInterface();
    return recorded().transcript.calls.map((call) => {
      if (!call.input.startsWith(abi.getFunction(name)!.selector)) return call;
      const values: unknown[] = abi.decodeFunctionData(name, call.input).toArray(true);
      change(values);
      return { ...call, input: abi.encodeFunctionData(name, values) };
    });
  };

  const expectStep = async (step: StepName, change: Partial<Transcript>, detail: RegExp) => {
    const wrong = await faultsOf(change);
    expect(wrong.map((one) => one.step)).to.include(step);
    const details = wrong.filter((one) => one.step === step).map((one) => one.detail);
    expect(details.join("\n")).to.match(detail);
  };

  /** The transcript is right; what the verifier says of it. */
  const expectRight = async (change: Partial<Transcript> = {}) => {
    const report = await verify(change);
    expect(report.steps.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(report.isOk).to.equal(true);
    const detailOf = (name: StepName) => report.steps.find(({ step }) => step === name)!.detail;
    return { ...report, detailOf };
  };

  return { faultsOf, changed, edit, editCall, expectStep, expectRight };
}
