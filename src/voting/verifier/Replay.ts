import type { Question } from "../question.js";
import type { AffinePoint } from "./curve.js";
import type { ElectionEvent, ElectionTerms, EventNamed } from "./electionEvents.js";
import type { Transcript } from "./Transcript.js";

/** What trustees were named with. */
export interface TrusteesTerms {
  readonly trustees: readonly string[];
  readonly threshold: number;
  readonly registrationPeriod: bigint;
  readonly dealingPeriod: bigint;
  readonly complaintPeriod: bigint;
  readonly answerPeriod: bigint;
}

/** What an election fixed, as its code says. */
export interface FixedTerms {
  readonly created: EventNamed<"ElectionCreated">;
  readonly terms: ElectionTerms;
  /** The hash of the terms. */
  readonly setup: string;
  readonly createdAt: bigint;
  readonly questions: readonly Question[];
  /** How many options at the end of each question are blank. */
  readonly blanks: readonly number[];
  readonly trustees: TrusteesTerms;
}

/** What a ceremony made. */
export interface MadeKey {
  readonly key: AffinePoint;
  /** The place of the event by which all was derived. */
  readonly place: number;
  /** The trustees' public shares by index; undefined at infinity, and for index 0. */
  readonly shares: readonly AffinePoint[];
}

/** What all steps look at. */
export interface Replay extends FixedTerms {
  readonly transcript: Transcript;
  readonly chainId: bigint;
  readonly events: readonly ElectionEvent[];
}

/** A slot's last ballot. */
export interface LastBallot {
  readonly weight: bigint;
  /** For each group of each question C1 and C2. */
  readonly points: readonly AffinePoint[];
  readonly ballotHash: string;
}
