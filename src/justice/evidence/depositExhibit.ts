import type { ContractTransactionReceipt } from "ethers";

import { send } from "../../chain/send.js";
import type { EvidenceRegistry } from "../../typechain/contracts/justice/EvidenceRegistry.js";

/** With what exhibits were captured, and what of their case is told. */
export interface DepositTerms {
  /** The capture tool's index in the trust list, as the statements name it. */
  tool: number;
  /** As `caseTag` gives it. */
  caseTag: string;
}

/**
 * Deposits an exhibit alone.
 *
 * @param registry Connected to a key that is accredited as evidence-custodian.
 * @param commitment As `commitExhibit` gives it.
 * @param terms The tool and the case's tag.
 * @throws ContractError ExhibitExists, CaptureToolNotAccredited, NotAccredited, KeyNotInForce, …
 * @example
 * ```ts
 * await depositExhibit(registry, commitment, { tool: statement.tool.body, caseTag: caseTag(caseCommitment) });
 * ```
 */
export async function depositExhibit(
  registry: EvidenceRegistry,
  commitment: string,
  { tool, caseTag }: DepositTerms,
): Promise<ContractTransactionReceipt> {
  return send(() => registry.deposit(tool, commitment, caseTag));
}
