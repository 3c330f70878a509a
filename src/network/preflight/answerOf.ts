import type { Answer } from "./NodeAnswers.js";

/**
 * What a node answers to a question, or why it refuses.
 *
 * @param question Asks, and reads the answer.
 * @example
 * ```ts
 * const price = await answerOf(async () => BigInt((await node.send("eth_gasPrice", [])) as string));
 * ```
 */
export async function answerOf<T>(question: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await question() };
  } catch (error) {
    return { refusal: reasonOf(error) };
  }
}

/** ethers puts what the node said a level down. */
function reasonOf(error: unknown): string {
  const { info, message } = error as { info?: { error?: { message?: unknown } }; message?: unknown };
  const said = info?.error?.message ?? message;
  return (typeof said === "string" ? said : String(error)).slice(0, 300);
}
