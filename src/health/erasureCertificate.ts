import type { TypedDataField } from "ethers";

import { RECORD_REASONS, type RecordReason } from "./recordStates.js";

/** Who was given a record: a body of the trust list by its index, or anybody else by a hash of the name that the patient knows. */
export type Recipient = { readonly body: number } | { readonly name: string };

/** That a version of a record was handed out, with its salt. */
export interface HandOut {
  /** When, in Unix seconds. */
  readonly at: number;
  readonly recipient: Recipient;
  /** The record's id at its provider. */
  readonly id: string;
  readonly version: number;
  /** 32 bytes in hex. */
  readonly commitment: string;
}

/** The registry that records were anchored in. */
export interface RecordPlace {
  readonly chainId: number;
  /** The registry's address. */
  readonly registry: string;
}

/** Why records are erased. */
export type ErasureReason = Extract<RecordReason, "ERASURE_REQUESTED" | "RETENTION_ENDED" | "ORDERED">;

/** What a controller states when it has destroyed a patient's key. */
export interface Erasure extends RecordPlace {
  /** The controller's index in the trust list. */
  readonly controller: number;
  /** The address of the controller's key that signs. */
  readonly key: string;
  /** When, in Unix seconds. */
  readonly erasedAt: number;
  readonly reason: ErasureReason;
  /** The records that the chain tells to be erased: 32 bytes in hex each. */
  readonly commitments: readonly string[];
  /** What others have, and can still prove. */
  readonly handOuts: readonly HandOut[];
}

/** A controller's signed statement that it destroyed a patient's key. It names no patient; the patient is who has it. Plain JSON. */
export interface ErasureCertificate extends Erasure {
  readonly format: "diwan-erasure-1";
  readonly signature: string;
}

const NO_NAME = `0x${"00".repeat(32)}`;

/**
 * EIP-712 types of an erasure certificate. `body` is 0 and `name` set where the recipient is no body; the reason is the number
 * that `IRecordRegistry.Reason` gives it.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from(ERASURE_TYPES);
 * ```
 */
export const ERASURE_TYPES: Readonly<Record<"ErasureCertificate" | "HandOut", TypedDataField[]>> = {
  ErasureCertificate: [
    { name: "controller", type: "uint32" },
    { name: "key", type: "address" },
    { name: "erasedAt", type: "uint40" },
    { name: "reason", type: "uint8" },
    { name: "commitments", type: "bytes32[]" },
    { name: "handOuts", type: "HandOut[]" },
  ],
  HandOut: [
    { name: "at", type: "uint40" },
    { name: "body", type: "uint32" },
    { name: "name", type: "bytes32" },
    { name: "id", type: "string" },
    { name: "version", type: "uint16" },
    { name: "commitment", type: "bytes32" },
  ],
};

/**
 * EIP-712 data of an erasure certificate, for `signer.signTypedData(domain, types, message)`.
 *
 * @param erasure What is stated.
 * @example
 * ```ts
 * const { domain, types, message } = erasureTypedData(erasure);
 * const digest = TypedDataEncoder.hash(domain, types, message);
 * ```
 */
export function erasureTypedData({ chainId, registry, controller, key, erasedAt, reason, ...lists }: Erasure) {
  const handOuts = lists.handOuts.map(({ at, recipient, id, version, commitment }) => {
    const { body, name } = { body: 0, name: NO_NAME, ...recipient };
    return { at, body, name, id, version, commitment };
  });
  const number = RECORD_REASONS.indexOf(reason);
  const message = { controller, key, erasedAt, reason: number, commitments: lists.commitments, handOuts };
  const types: Record<string, TypedDataField[]> = ERASURE_TYPES;
  const domain = { name: "Diwan Erasure", version: "1", chainId, verifyingContract: registry };
  return { domain, types, primaryType: "ErasureCertificate", message } as const;
}
