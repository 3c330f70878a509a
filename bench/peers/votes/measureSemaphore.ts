import { readFileSync } from "node:fs";

import { id } from "ethers";

import { deploySemaphore } from "./deploySemaphore.js";
import { peerChain } from "./peerChain.js";

/** What bench/peers/prover made once; how, the file says itself. */
interface Recorded {
  members: string[];
  proofs: {
    depth: number;
    proof: Record<"merkleTreeDepth" | "merkleTreeRoot" | "nullifier" | "message" | "scope", string> & {
      points: string[];
    };
  }[];
}

const GROUP = 1n;
const MANY = 100;

/** Gas of votes by anonymous members of a Semaphore group; the proofs are real. */
export async function measureSemaphore() {
  const { members, proofs } = JSON.parse(
    readFileSync(new URL("semaphoreProofs.json", import.meta.url), "utf8"),
  ) as Recorded;
  const { chain } = await peerChain();
  const semaphore = await deploySemaphore(chain);
  const call = (method: string, ...args: unknown[]) => chain.call(semaphore, method, ...args);
  // Another group comes first, as it does for all but one of a contract.
  await call("createGroup()");
  const open = await call("createGroup()");
  for (const member of members) await call("addMember", GROUP, member);

  const vote = new Map<number, number>();
  for (const { depth, proof } of proofs) vote.set(depth, await call("validateProof", GROUP, proof));

  // In a group of its own, as the proofs are of the members above. A member costs more or less by where it comes to stand.
  await call("createGroup()");
  const commitments = Array.from({ length: 2 * MANY }, (_, i) => BigInt(id(`member ${i}`)) >> 8n);
  let singly = 0;
  for (const member of commitments.slice(0, MANY)) singly += await call("addMember", GROUP + 1n, member);
  const together = await call("addMembers", GROUP + 1n, commitments.slice(MANY));
  return {
    ...{ open, small: vote.get(3)!, large: vote.get(20)! },
    ...{ admit: Math.round(singly / MANY), admitMany: Math.round(together / MANY) },
  };
}
