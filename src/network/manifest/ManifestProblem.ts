/** Something that a manifest says and the chain does not. */
export interface ManifestProblem {
  /** The manifest's member, as `contracts.trustList.codeHash`. */
  readonly path: string;
  readonly problem: string;
}
