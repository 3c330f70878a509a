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

/** The roles that the contracts of the suite ask for, by their short names. */
const ROLES = [
  ...[
    "election-authority",
    "health-provider",
    "health-professional",
    "health-recipient",
    "prescriber",
    "pharmacy",
    "payer",
  ],
  ...[
    "emergency-care",
    "break-glass-review",
    "evidence-custodian",
    "capture-tool",
    "notary",
    "certification-authority",
  ],
  ...["forensic-centre", "court", "court-of-appeal", "advocate", "bailiff"],
];

let names: ReadonlyMap<string, string> | undefined;

/**
 * The role that a scope is of, so that people need not read a hash.
 *
 * @param scope 32 bytes in hex.
 * @returns its short name, such as "court"; nothing for a schema's id and for roles of others.
 * @example
 * ```ts
 * const role = roleOfScope(error.args.scope) ?? "a schema";
 * ```
 */
export function roleOfScope(scope: string): string | undefined {
  names ??= new Map(ROLES.map((role) => [roleScope(role), role]));
  return names.get(scope.toLowerCase());
}
