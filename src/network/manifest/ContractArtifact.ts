/** A stretch of code that the compiler left to be filled in, in bytes. */
export interface CodePlace {
  readonly start: number;
  readonly length: number;
}

/** Where the addresses of libraries belong, by source and name of the library. */
export type LinkPlaces = Readonly<Record<string, Readonly<Record<string, readonly CodePlace[]>>>>;

/** A contract as the compiler gave it: what a published `artifacts/<Contract>.json` holds, as far as code is compared with it. */
export interface ContractArtifact {
  readonly contractName: string;
  /** What makes the contract, with no libraries in it and no arguments behind it. */
  readonly bytecode: string;
  readonly linkReferences: LinkPlaces;
  /** What the contract is, with no libraries and no immutables in it. */
  readonly deployedBytecode: string;
  readonly deployedLinkReferences: LinkPlaces;
  /** By the compiler's id of the immutable. */
  readonly immutableReferences: Readonly<Record<string, readonly CodePlace[]>>;
  /** What the source calls each of these. */
  readonly immutableNames: Readonly<Record<string, string>>;
}

/** Finds the artifact of a contract by its name in the source. */
export type ArtifactOf = (contractName: string) => ContractArtifact | Promise<ContractArtifact>;
