import { AnchorError } from "./AnchorError.js";
import { decodeBase64 } from "./base64.js";
import { type Checkpoint, checkpointNote } from "./checkpointNote.js";

/**
 * Reads the text of a checkpoint (C2SP tlog-checkpoint) and takes no other text than `checkpointNote` writes.
 *
 * @param text Of a signed note, without its signatures.
 * @throws AnchorError CHECKPOINT_MALFORMED
 * @example
 * ```ts
 * const { origin, size, root } = parseCheckpoint(parseSignedNote(note).text);
 * ```
 */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", root = "", ...extensions] = text.split("\n").slice(0, -1);
  const bytes = decodeBase64(root);
  if (!/^(0|[1-9][0-9]{0,19})$/.test(size) || bytes === undefined)
    throw new AnchorError("CHECKPOINT_MALFORMED", "the text is no checkpoint: origin, size and root, a line each");
  const checkpoint = { origin, size: BigInt(size), root: bytes, extensions };
  if (checkpointNote(checkpoint) !== text)
    throw new AnchorError("CHECKPOINT_MALFORMED", "the checkpoint is not written in its one form");
  return checkpoint;
}
