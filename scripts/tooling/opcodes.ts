/** Code as solc gives it: hex, and a source map with one entry an instruction. */
export interface CompiledCode {
  object: string;
  sourceMap: string;
}

/** An instruction that does not belong: its name and its place in the code, in bytes. */
export interface Finding {
  name: string;
  offset: number;
}

/**
 * What a chain on Istanbul's or Berlin's rules does not know, and what is constant or nothing on a proof-of-authority
 * chain (the block's randomness, its base fee, blobs).
 */
const FORBIDDEN: ReadonlyMap<number, string> = new Map([
  [0x1e, "CLZ"],
  [0x44, "PREVRANDAO"],
  [0x48, "BASEFEE"],
  [0x49, "BLOBHASH"],
  [0x4a, "BLOBBASEFEE"],
  [0x5c, "TLOAD"],
  [0x5d, "TSTORE"],
  [0x5e, "MCOPY"],
  [0x5f, "PUSH0"],
]);

const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const INVALID = 0xfe;

/**
 * Finds the forbidden instructions of one piece of code.
 *
 * Code is followed by data (code of contracts it creates, constants, metadata), and nothing in the bytes says where it
 * ends. The source map does: it has one entry an instruction. So exactly that many instructions are walked, each PUSH
 * with its data, and the walk must end where solc marks the end: at INVALID, or at the last byte. An immutable is the
 * data of a PUSH32 and a library's address that of a PUSH20, so neither is ever read as an instruction.
 *
 * @throws Error when the walk does not end there, since then it did not see the instructions
 */
export function findForbidden({ object, sourceMap }: CompiledCode): Finding[] {
  const code = toBytes(object);
  if (code.length === 0) return [];
  const findings: Finding[] = [];
  let offset = 0;
  for (let left = sourceMap.split(";").length; left > 0; left -= 1) {
    const opcode = code[offset];
    if (opcode === undefined) throw new Error(`the source map has ${left} more instructions than the code`);
    const name = FORBIDDEN.get(opcode);
    if (name !== undefined) findings.push({ name, offset });
    offset += 1 + pushedBytes(opcode);
  }
  const next = code[offset];
  if (offset > code.length || (next !== undefined && next !== INVALID)) {
    throw new Error(`the walk ended at byte ${offset} of ${code.length}, which is not the end of the code`);
  }
  return findings;
}

function pushedBytes(opcode: number): number {
  return opcode >= PUSH1 && opcode <= PUSH32 ? opcode - PUSH1 + 1 : 0;
}

function toBytes(object: string): Uint8Array {
  // A library's address is not known before it is linked: solc leaves a name of the same length, `__$…$__`.
  return Uint8Array.from(Buffer.from(object.replace(/__\$[0-9a-f]{34}\$__/g, "00".repeat(20)), "hex"));
}
