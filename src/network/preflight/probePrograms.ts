import type { ProbeName } from "./NodeAnswers.js";

/** Stores the word on the stack and returns it. */
const RETURN_WORD = "60005260206000f3";

/**
 * Init code for each probe, none with an opcode newer than what it asks for. A call without `to` runs it and answers with what
 * it returns. `plain` (ADDRESS) runs everywhere: a node that refuses it runs no init code, and tells nothing of the others.
 *
 * @example
 * ```ts
 * const word = await node.send("eth_call", [{ data: PROBE_PROGRAMS.chainId }, "latest"]);
 * ```
 */
export const PROBE_PROGRAMS: Readonly<Record<ProbeName, string>> = {
  plain: `0x30${RETURN_WORD}`,
  // EIP-1344 and EIP-1884, of Istanbul.
  chainId: `0x46${RETURN_WORD}`,
  selfBalance: `0x47${RETURN_WORD}`,
  // EIP-3198, of London.
  baseFee: `0x48${RETURN_WORD}`,
  // EIP-3855, of Shanghai.
  push0: `0x5f${RETURN_WORD}`,
  // EIP-5656, of Cancun: copies 32 bytes of memory onto themselves, then returns them.
  mcopy: "0x6020600060005e60206000f3",
  // 24,576 zero bytes, the most that EIP-170 lets a contract have.
  codeSize: "0x6160006000f3",
};
