import type { TypedDataDomain, TypedDataField } from "ethers";

/**
 * EIP-712 types of all that an election takes signatures for: a voter's ballot, and the decisions of its commission.
 *
 * @example
 * ```ts
 * const encoder = TypedDataEncoder.from({ Ballot: [...ELECTION_TYPES.Ballot] });
 * ```
 */
export const ELECTION_TYPES = {
  Ballot: [
    { name: "slotKey", type: "bytes32" },
    { name: "ballotHash", type: "bytes32" },
    { name: "replaces", type: "bytes32" },
    { name: "deadline", type: "uint40" },
  ],
  PublishRoll: [
    { name: "root", type: "bytes32" },
    { name: "voters", type: "uint32" },
    { name: "weight", type: "uint64" },
    { name: "file", type: "bytes32" },
    { name: "revision", type: "uint32" },
    { name: "deadline", type: "uint40" },
  ],
  Extend: [
    { name: "closesAt", type: "uint40" },
    { name: "grounds", type: "bytes32" },
    { name: "deadline", type: "uint40" },
  ],
  Annul: [
    { name: "grounds", type: "bytes32" },
    { name: "deadline", type: "uint40" },
  ],
  RecordPaper: [
    { name: "ballots", type: "uint32" },
    { name: "counts", type: "uint64[]" },
    { name: "record", type: "bytes32" },
    { name: "deadline", type: "uint40" },
  ],
} as const satisfies Record<string, readonly TypedDataField[]>;

/** What each signature is over, by the name of its type. Times are Unix seconds, hashes 32 bytes in hexadecimal. */
export interface ElectionMessages {
  /** `replaces` is what the slot held when the voter signed, `ZeroHash` for nothing. */
  Ballot: { slotKey: string; ballotHash: string; replaces: string; deadline: bigint };
  PublishRoll: { root: string; voters: number; weight: bigint; file: string; revision: number; deadline: bigint };
  Extend: { closesAt: bigint; grounds: string; deadline: bigint };
  Annul: { grounds: string; deadline: bigint };
  RecordPaper: { ballots: number; counts: readonly bigint[]; record: string; deadline: bigint };
}

/**
 * EIP-712 domain of an election: the clone itself.
 *
 * @param chainId The chain's id.
 * @param election The election's address.
 * @example
 * ```ts
 * const domain = electionDomain(31_337n, await election.getAddress());
 * ```
 */
export function electionDomain(chainId: bigint, election: string): TypedDataDomain {
  return { name: "Diwan Election", version: "1", chainId, verifyingContract: election };
}

/**
 * EIP-712 data of a ballot or a decision, for `signer.signTypedData(domain, types, message)`.
 *
 * A voter's client asks for the signature of a ballot only after the choice to cast it, and never for one that is audited.
 *
 * @param domain The election's domain.
 * @param type What is signed.
 * @param message Its content.
 * @example
 * ```ts
 * const { domain, types, message } = electionTypedData(electionDomain(chainId, election), "Annul", { grounds, deadline });
 * const signature = await member.signTypedData(domain, types, message);
 * ```
 */
export function electionTypedData<T extends keyof ElectionMessages>(
  domain: TypedDataDomain,
  type: T,
  message: ElectionMessages[T],
) {
  const types: Record<string, TypedDataField[]> = { [type]: [...ELECTION_TYPES[type]] };
  return { domain, types, primaryType: type, message } as const;
}
