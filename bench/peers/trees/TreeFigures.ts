/** What building a tree came to. */
export interface TreeFigures {
  buildMs: number;
  /** One proof. */
  proofMs: number;
  /** The most that the process held, its input and Node itself included. */
  memoryBytes: number;
  root: string;
}
