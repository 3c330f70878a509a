import { Null } from "asn1js";
import type { AlgorithmIdentifier } from "pkijs";

/**
 * Whether an algorithm comes without parameters, or with NULL, which both mean none.
 *
 * @example
 * ```ts
 * if (!hasNoParameters(signer.digestAlgorithm)) refuse();
 * ```
 */
export function hasNoParameters({ algorithmParams }: AlgorithmIdentifier): boolean {
  return algorithmParams === undefined || algorithmParams instanceof Null;
}
