import { id } from "ethers";

/**
 * The scope of a role. The scope of a schema is the schema's id.
 *
 * @param role Its short name, such as "court".
 * @returns `keccak256("diwan.role.<role>")`, 32 bytes in hex.
 * @example
 * ```ts
 * const scope = roleScope("court");
 * ```
 */
export function roleScope(role: string): string {
  return id(`diwan.role.${role}`);
}
