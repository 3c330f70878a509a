import { type Provider, type Signer, TypedDataEncoder } from "ethers";

import type { Election } from "../../typechain/contracts/voting/Election.js";
import { isSignedBy } from "./isSignedBy.js";

/**
 * A relayer's word that a ballot will be recorded. One that is broken, with the chain, convicts the relayer, unless the slot changed
 * meanwhile: the relayer keeps the signed ballot, which names what it was to replace.
 */
export interface InclusionPromise {
  readonly election: string;
  readonly slotKey: string;
  readonly ballotHash: string;
  /** The last second at which it is to be recorded, in Unix seconds. */
  readonly until: bigint;
  readonly relayer: string;
  readonly signature: string;
}

const TYPES = {
  Inclusion: [
    { name: "election", type: "address" },
    { name: "slotKey", type: "bytes32" },
    { name: "ballotHash", type: "bytes32" },
    { name: "until", type: "uint40" },
  ],
};

/**
 * Has a relayer sign that a ballot will be recorded; only for one that `refusalOf` lets pass.
 *
 * @param election The election, connected to a node.
 * @param relayer Who promises.
 * @param content The ballot, and until when.
 * @example
 * ```ts
 * const promise = await promiseOfInclusion(election, relayer, { slotKey, ballotHash, until: now + 600n });
 * ```
 */
export async function promiseOfInclusion(
  election: Election,
  relayer: Signer,
  content: Pick<InclusionPromise, "slotKey" | "ballotHash" | "until">,
): Promise<InclusionPromise> {
  const { slotKey, ballotHash, until } = content;
  const message = { election: await election.getAddress(), slotKey, ballotHash, until };
  const signature = await relayer.signTypedData(await domainOf(election), TYPES, message);
  return { ...message, relayer: await relayer.getAddress(), signature };
}

/**
 * Whether a promise is of this election and signed by the relayer that it names.
 *
 * @example
 * ```ts
 * if (!(await isPromise(election, promise))) console.error("the relayer has promised nothing");
 * ```
 */
export async function isPromise(election: Election, promise: InclusionPromise): Promise<boolean> {
  const { relayer, signature, ...message } = promise;
  if (message.election.toLowerCase() !== (await election.getAddress()).toLowerCase()) return false;
  const digest = TypedDataEncoder.hash(await domainOf(election), TYPES, message);
  return isSignedBy(election.runner!.provider as Provider, relayer, digest, signature);
}

async function domainOf(election: Election) {
  const { chainId } = await (election.runner!.provider as Provider).getNetwork();
  return { name: "Diwan Relay", version: "1", chainId };
}
