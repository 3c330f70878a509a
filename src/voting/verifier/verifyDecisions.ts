import { AbiCoder, concat, getAddress, id, Interface, keccak256, toBeHex } from "ethers";

import type { ElectionEvent, EventNamed } from "./electionEvents.js";
import { recoverSigner } from "./recoverSigner.js";
import type { Replay } from "./Replay.js";
import type { StepReport } from "./Report.js";

/** However small the quorum is, two sign totals of paper. */
const PAPER_SIGNATURES = 2n;

const CALLS = new Interface([
  "function publishRoll(tuple(bytes32 root, uint32 voters, uint64 weight, bytes32 file) roll, uint32 revision, address[] members, tuple(uint8 member, bytes signature)[] signatures, uint40 deadline)",
  "function extend(uint40 closesAt, bytes32 grounds, address[] members, tuple(uint8 member, bytes signature)[] signatures, uint40 deadline)",
  "function annul(bytes32 grounds, address[] members, tuple(uint8 member, bytes signature)[] signatures, uint40 deadline)",
  "function recordPaper(uint32 ballots, uint64[] counts, bytes32 record, address[] members, tuple(uint8 member, bytes signature)[] signatures, uint40 deadline)",
]);

type Decision = EventNamed<"RollPublished" | "ElectionExtended" | "ElectionAnnulled" | "PaperRecorded">;

/** What was signed, by the event: the type, its members' types, and their values without the deadline. */
interface Signed {
  readonly call: string;
  readonly type: string;
  readonly types: readonly string[];
  readonly values: readonly unknown[];
}

const coder = AbiCoder.defaultAbiCoder();

/**
 * Verifies that enough members of the commission signed each of its decisions, over what the event says, where the decision's
 * call is at hand.
 *
 * @example
 * ```ts
 * verifyDecisions(replay, beginStep(steps, "decisions"));
 * ```
 */
export function verifyDecisions(replay: Replay, report: StepReport): void {
  const decisions = replay.events.filter(isDecision);
  let [carried, wallets] = [0, 0];
  for (const event of decisions) {
    const { log } = event;
    const call = replay.transcript.calls.find((one) => one.transactionHash === log.transactionHash);
    if (call === undefined || call.to !== replay.transcript.election) {
      carried++;
      continue;
    }
    const { faults, unchecked } = judge(event, call.input, replay);
    for (const fault of faults) report.require(false, `${event.name} (block ${log.blockNumber}): ${fault}`);
    wallets += unchecked;
  }
  if (decisions.length === 0) {
    report.conclude("the commission decided nothing");
    return;
  }
  const unseen = carried === 0 ? "" : `; ${carried} whose signatures are not at hand: unchecked`;
  const ofContracts = wallets === 0 ? "" : `; ${wallets} signatures of contracts: unchecked`;
  report.conclude(`${decisions.length} decisions of the commission, signed by enough members${unseen}${ofContracts}`);
}

function isDecision(event: ElectionEvent): event is Decision {
  return ["RollPublished", "ElectionExtended", "ElectionAnnulled", "PaperRecorded"].includes(event.name);
}

function judge(event: Decision, input: string, replay: Replay): { faults: string[]; unchecked: number } {
  const { terms, created, transcript } = replay;
  const signed = signedOf(event);
  const decoded = decode(signed.call, input);
  if (decoded === undefined) return { faults: ["its transaction calls for something else"], unchecked: 0 };

  const faults: string[] = [];
  const { members, signatures, deadline } = decoded;
  const { commission } = created.args;
  if (members.join() !== commission.join()) faults.push("its call names another commission");
  if (BigInt(event.log.time) > deadline) faults.push("it was carried out after its signatures' deadline");
  const needed = event.name === "PaperRecorded" ? PAPER_SIGNATURES : terms.quorum;
  if (BigInt(signatures.length) < needed) faults.push(`${signatures.length} members signed, ${needed} decide`);
  const isOrdered = signatures.every(({ member }, i) => i === 0 || member > signatures[i - 1]!.member);
  if (!isOrdered) faults.push("a member signed twice, or out of order");

  const digest = digestOf(signed, deadline, replay);
  let unchecked = 0;
  for (const { member, signature } of signatures) {
    const address = commission[Number(member)]?.toLowerCase();
    if (address !== undefined && recoverSigner(digest, signature) === address) continue;
    if (address !== undefined && transcript.wallets.includes(address)) unchecked++;
    else faults.push(`member ${member} has not signed it`);
  }
  return { faults, unchecked };
}

function signedOf(event: Decision): Signed {
  switch (event.name) {
    case "RollPublished": {
      const { root, voters, weight, file, revision } = event.args;
      const type = "PublishRoll(bytes32 root,uint32 voters,uint64 weight,bytes32 file,uint32 revision,uint40 deadline)";
      const types = ["bytes32", "uint32", "uint64", "bytes32", "uint32"];
      return { call: "publishRoll", type, types, values: [root, voters, weight, file, revision] };
    }
    case "ElectionExtended": {
      const type = "Extend(uint40 closesAt,bytes32 grounds,uint40 deadline)";
      const { closesAt, grounds } = event.args;
      return { call: "extend", type, types: ["uint40", "bytes32"], values: [closesAt, grounds] };
    }
    case "ElectionAnnulled": {
      const type = "Annul(bytes32 grounds,uint40 deadline)";
      return { call: "annul", type, types: ["bytes32"], values: [event.args.grounds] };
    }
    case "PaperRecorded": {
      const { ballots, counts, record } = event.args;
      const type = "RecordPaper(uint32 ballots,uint64[] counts,bytes32 record,uint40 deadline)";
      const hashed = keccak256(concat(counts.map((count) => toBeHex(count, 32))));
      return { call: "recordPaper", type, types: ["uint32", "bytes32", "bytes32"], values: [ballots, hashed, record] };
    }
  }
}

/** Of EIP-712. */
function digestOf({ type, types, values }: Signed, deadline: bigint, { chainId, transcript }: Replay): string {
  const domain = coder.encode(
    ["bytes32", "bytes32", "bytes32", "uint256", "address"],
    [
      id("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
      ...[id("Diwan Election"), id("1"), chainId, getAddress(transcript.election)],
    ],
  );
  const content = coder.encode(["bytes32", ...types, "uint40"], [id(type), ...values, deadline]);
  return keccak256(concat(["0x1901", keccak256(domain), keccak256(content)]));
}

interface Given {
  readonly members: readonly string[];
  readonly signatures: readonly { member: bigint; signature: string }[];
  readonly deadline: bigint;
}

/** Who signed by a call; what it decides, the digest says. */
function decode(name: string, input: string): Given | undefined {
  try {
    const values = CALLS.decodeFunctionData(name, input);
    const signatures = [...(values["signatures"] as Iterable<{ member: bigint; signature: string }>)];
    return {
      members: [...(values["members"] as Iterable<string>)],
      signatures: signatures.map(({ member, signature }) => ({ member, signature })),
      deadline: values["deadline"] as bigint,
    };
  } catch {
    return undefined;
  }
}
