import { checkBlocks } from "./checkBlocks.js";
import { checkChainId } from "./checkChainId.js";
import { checkClient } from "./checkClient.js";
import { checkCodeSize } from "./checkCodeSize.js";
import { checkDeployer } from "./checkDeployer.js";
import { checkFees } from "./checkFees.js";
import { checkHistory } from "./checkHistory.js";
import { checkLogs } from "./checkLogs.js";
import { checkOpcodes } from "./checkOpcodes.js";
import { checkValidators } from "./checkValidators.js";
import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/** What is expected of a chain. */
export interface PreflightOptions {
  /** The pinned chain id. */
  readonly chainId?: bigint;
  /** True where a broken deployment is taken up again, of which transactions may still wait in the pool. */
  readonly resumes?: boolean;
}

/**
 * Checks a node's answers before anything is sent to it. Nothing is asked here: `askNode` does that.
 *
 * @returns What each check came to, in a fixed order.
 * @example
 * ```ts
 * const findings = preflight(await askNode(node, deployer), { chainId: 648541n });
 * if (findings.some(({ level }) => level === "fail")) stop(findings);
 * ```
 */
export function preflight(answers: NodeAnswers, { chainId, resumes = false }: PreflightOptions = {}): Finding[] {
  return [
    checkChainId(answers, chainId),
    checkClient(answers),
    checkFees(answers),
    checkBlocks(answers),
    checkOpcodes(answers),
    checkCodeSize(answers),
    checkLogs(answers),
    checkHistory(answers),
    checkValidators(answers),
    checkDeployer(answers, resumes),
  ];
}
