import { babyjubjub } from "@noble/curves/misc.js";
import { BaseContract, id } from "ethers";

import { read } from "../../../test/helpers/harness.js";
import { fetchPeer } from "../fetchPeer.js";
import { PEER_PACKAGES } from "../peerPackages.js";
import { readArtifact } from "../readArtifact.js";
import { DEPTHS, deployMaci } from "./deployMaci.js";
import { peerChain } from "./peerChain.js";
import { standInCircuit } from "./standInCircuit.js";

const DURATION = 1_000_000n;
/** One vote counts as one, not by its square. */
const NON_QUADRATIC = 1;
/** Public inputs of the circuits that process messages and that tally. */
const [PROCESSED, TALLIED] = [9, 5];
const { messageTreeSubDepth, messageTreeDepth, intStateTreeDepth, voteOptionTreeDepth, stateTreeDepth } = DEPTHS;

/** Gas of a MACI poll of so many voters, each of whom sends one message. */
export async function measureMaci(voters: number) {
  const { chain } = await peerChain();
  // Who deploys a poll is its coordinator.
  const coordinator = await chain.deployer();
  const { maci, verifier, keys } = await deployMaci(chain);
  const [process, tally] = [standInCircuit("process", PROCESSED), standInCircuit("tally", TALLIED)];
  await chain.call(
    ...([keys, "setVerifyingKeys", stateTreeDepth, intStateTreeDepth, messageTreeDepth] as const),
    ...([voteOptionTreeDepth, 5 ** messageTreeSubDepth, NON_QUADRATIC] as const),
    ...([process.verifyingKey, tally.verifyingKey] as const),
  );

  let admit = 0;
  const range = Array.from({ length: voters }, (_, i) => i);
  for (const voter of range) admit += await chain.call(maci, "signUp", keyOf(`voter ${voter}`), "0x", "0x");

  const depths = { messageTreeSubDepth, messageTreeDepth, intStateTreeDepth, voteOptionTreeDepth };
  const openPoll = async () =>
    chain.call(maci, "deployPoll", DURATION, depths, keyOf("coordinator"), verifier, keys, NON_QUADRATIC);
  await openPoll();
  const open = await openPoll();
  const { poll: at, messageProcessor, tally: tallyAt } = await contractsOf(1n);
  const folder = await fetchPeer(PEER_PACKAGES.maci);
  const contract = (name: string, address: string) =>
    new BaseContract(
      address,
      readArtifact(folder, `build/artifacts/contracts/${name}.sol/${name}.json`).abi,
      coordinator,
    );
  const [poll, processor, tallier] = [
    contract("Poll", at),
    contract("MessageProcessor", messageProcessor),
    contract("Tally", tallyAt),
  ];

  let publish = 0;
  for (const voter of range)
    publish += await chain.call(poll, "publishMessage", message(voter), keyOf(`once ${voter}`));
  // In a poll of its own, whose queue is as empty as that of the first.
  const other = contract("Poll", (await contractsOf(0n)).poll);
  const all = [range.map(message), range.map((voter) => keyOf(`once ${voter}`))] as const;
  const batch = await chain.call(other, "publishMessageBatch", ...all);

  chain.pass(DURATION);
  let merge = await chain.call(poll, "mergeMaciState");
  merge += await chain.call(poll, "mergeMessageAqSubRoots", 0);
  merge += await chain.call(poll, "mergeMessageAq");
  let count = merge;
  for (let round = 0; !(await read<boolean>(processor, "processingComplete")); round++) {
    const next = BigInt(id(`state ${round}`)) >> 8n;
    const last = await firstOfBatch();
    const inputs = await read<bigint[]>(processor, "getPublicCircuitInputs", last, next);
    count += await chain.call(processor, "processMessages", next, process.prove([...inputs]));
  }
  for (let round = 0; !(await read<boolean>(tallier, "isTallied")); round++) {
    const next = BigInt(id(`tally ${round}`)) >> 8n;
    // What the call itself does first, so that the inputs are those it will use.
    if (round === 0) count += await chain.call(tallier, "updateSbCommitment");
    const inputs = await read<bigint[]>(tallier, "getPublicCircuitInputs", round * 2 ** intStateTreeDepth, next);
    count += await chain.call(tallier, "tallyVotes", next, tally.prove([...inputs]));
  }
  return {
    ...{ open, merge, count, admit: Math.round(admit / voters) },
    ...{ vote: Math.round(publish / voters), batch: Math.round(batch / voters) },
  };

  async function contractsOf(number: bigint): Promise<Record<"poll" | "messageProcessor" | "tally", string>> {
    return read(maci, "getPoll", number);
  }

  /** Where the processor goes on: batches are processed from the last to the first. */
  async function firstOfBatch(): Promise<bigint> {
    const size = 5n ** BigInt(messageTreeSubDepth);
    if ((await read<bigint>(processor, "numBatchesProcessed")) > 0n) {
      return read<bigint>(processor, "currentMessageBatchIndex");
    }
    const [, messages] = await read<[bigint, bigint]>(poll, "numSignUpsAndMessages");
    return messages % size === 0n ? messages - size : messages - (messages % size);
  }
}

/** A public key on Baby Jubjub, as voters, the coordinator, and each message have one. */
function keyOf(name: string): { x: bigint; y: bigint } {
  const { x, y } = babyjubjub.Point.BASE.multiply(BigInt(id(name)) >> 8n).toAffine();
  return { x, y };
}

/** As long as an encrypted command; the contract hashes it and does not look into it. */
function message(voter: number): { data: bigint[] } {
  return { data: Array.from({ length: 10 }, (_, i) => BigInt(id(`message ${voter} ${i}`)) >> 8n) };
}
