import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/**
 * Which instructions the chain's rules have. The contracts need Istanbul's: without CHAINID all that is signed by EIP-712
 * fails. They are built without the newer ones, so that a lack of these is no fault.
 *
 * @example
 * ```ts
 * const finding = checkOpcodes(answers);
 * ```
 */
export function checkOpcodes({ probes, chainId }: NodeAnswers): Finding {
  const about = { id: "opcodes", title: "Instructions" };
  const isKnown = (name: keyof typeof probes): boolean => {
    const answer = probes[name];
    return "value" in answer && answer.value !== "0x";
  };
  if (!isKnown("plain")) {
    const why = "refusal" in probes.plain ? probes.plain.refusal : "it answers 0x";
    const remedy =
      "the node runs no init code in eth_call, so its rules cannot be told: ask another node of the network";
    return { ...about, level: "warn", found: why, remedy };
  }
  const names = { chainId: "CHAINID", selfBalance: "SELFBALANCE", baseFee: "BASEFEE", push0: "PUSH0", mcopy: "MCOPY" };
  const entries = Object.entries(names) as [keyof typeof names, string][];
  const list = (is: boolean) => entries.filter(([name]) => isKnown(name) === is).map(([, title]) => title);
  const found = `has ${list(true).join(", ") || "none of those asked for"}; lacks ${list(false).join(", ") || "none"}`;
  if (!isKnown("chainId") || !isKnown("selfBalance")) {
    const remedy =
      "the chain's rules are older than Istanbul (Petersburg, as on Alastria): signed messages of the contracts fail there; ask the operators for the Istanbul and Berlin forks";
    return { ...about, level: "fail", found, remedy };
  }
  const { chainId: answer } = probes;
  if ("value" in answer && BigInt(answer.value) !== chainId) {
    const remedy = `contracts see chain ${BigInt(answer.value)}, the node says ${chainId}: signatures would be for the wrong chain; mend the node's genesis`;
    return { ...about, level: "fail", found, remedy };
  }
  return { ...about, level: "ok", found };
}
