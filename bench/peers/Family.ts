import type { Comparison } from "./Comparison.js";
import type { Growth } from "./Growth.js";

/** Comparisons of one kind of work. Each opens a chain of its own, under the rules of this process's fork. */
export interface Family {
  /** Short, of the data: "attestations". */
  name: string;
  /** Of the page: "Attestations". */
  title: string;
  /** What is compared with what, in a sentence or two of the page. */
  about: string;
  /** Gas and bytes: the same on every machine, so CI compares them. Run once for each fork. */
  compare?: () => Promise<Comparison[]>;
  /** Times, which are those of the machine; run once, never in CI. */
  time?: () => Promise<Comparison[]>;
  /** How figures grow; run once, on the newest fork. */
  grow?: () => Promise<Growth[]>;
}
