import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/** With fewer, not one of a BFT chain's validators may fail. */
const LEAST_BFT = 4;

/**
 * Whether who seals can be told, and is a number that bears a failure: Clique's even numbers tie, BFT needs four.
 *
 * @example
 * ```ts
 * const finding = checkValidators(answers);
 * ```
 */
export function checkValidators({ sealing, validators }: NodeAnswers): Finding {
  const about = { id: "validators", title: "Validators" };
  if (sealing === "none") {
    const remedy =
      "blocks carry no seals that are known here: nothing proves them to others. Right for trying things out only";
    return { ...about, level: "warn", found: "none", remedy };
  }
  if ("refusal" in validators) {
    const remedy = `open the API of the consensus on this node (${sealing === "clique" ? "clique" : "QBFT, IBFT or istanbul"}): the manifest is to name the validators`;
    return { ...about, level: sealing === "clique" ? "fail" : "warn", found: validators.refusal, remedy };
  }
  const count = validators.value.length;
  const found = `${count}, ${sealing}`;
  if (sealing === "clique" && count % 2 === 0) {
    const remedy = "an even number of Clique signers can tie, and both halves freeze for ever: vote one in or out";
    return { ...about, level: "warn", found, remedy };
  }
  if (sealing === "clique" && count < 3) {
    return {
      ...about,
      level: "warn",
      found,
      remedy: "with one signer, the chain stops when it does: have three or five",
    };
  }
  if (sealing !== "clique" && count < LEAST_BFT) {
    return { ...about, level: "warn", found, remedy: "no validator may fail: BFT bears one failure from four on" };
  }
  return { ...about, level: "ok", found };
}
