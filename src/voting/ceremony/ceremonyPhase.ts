/** The steps of a key ceremony, in the contract's order. */
export const CEREMONY_PHASES = [
  "REGISTRATION",
  "DEALING",
  "COMPLAINTS",
  "ANSWERS",
  "FINISHING",
  "DERIVING",
  "DONE",
] as const;

/** A step of a key ceremony. */
export type CeremonyPhase = (typeof CEREMONY_PHASES)[number];
