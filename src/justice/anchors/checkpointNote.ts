import { AnchorError } from "./AnchorError.js";
import { encodeBase64 } from "./base64.js";

/** The state of a log, as C2SP's tlog-checkpoint writes it. */
export interface Checkpoint {
  /** Names the log for ever; from `logOrigin`. */
  origin: string;
  /** How many entries it has. */
  size: bigint;
  /** The root of its tree: 32 bytes. */
  root: Uint8Array;
  /** Further lines. */
  extensions: string[];
}

/**
 * The text of a log's checkpoint (C2SP tlog-checkpoint): what its witnesses sign.
 *
 * @param checkpoint `extensions` may be left out.
 * @returns Lines of text, the last one ended too.
 * @throws AnchorError CHECKPOINT_MALFORMED
 * @example
 * ```ts
 * const origin = logOrigin({ chainId: 2018n, registry, log });
 * const text = checkpointNote({ origin, size: 1000n, root });
 * ```
 */
export function checkpointNote(
  checkpoint: Omit<Checkpoint, "extensions"> & { extensions?: readonly string[] },
): string {
  const { origin, size, root, extensions = [] } = checkpoint;
  if (size < 0n || size >= 1n << 64n) throw malformed(`its size ${size} is not a number of entries`);
  if (root.length !== 32) throw malformed(`its root has ${root.length} bytes, not 32`);
  const lines = [origin, String(size), encodeBase64(root), ...extensions];
  const bad = lines.find((line) => !isLine(line));
  if (bad !== undefined) throw malformed(`${JSON.stringify(bad)} is no line of its own`);
  return `${lines.join("\n")}\n`;
}

/** Not empty, printable, and well-formed Unicode, as signed notes ask for. */
function isLine(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return text !== "" && !/[\u0000-\u001f]|\p{Surrogate}/u.test(text);
}

function malformed(problem: string): AnchorError {
  return new AnchorError("CHECKPOINT_MALFORMED", `the checkpoint is malformed: ${problem}`);
}
