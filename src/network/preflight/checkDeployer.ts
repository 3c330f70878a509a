import { formatEther } from "ethers";

import type { Finding } from "./Finding.js";
import type { NodeAnswers } from "./NodeAnswers.js";

/**
 * Whether the account that deploys is free to send: what waits in the pool would take its nonces.
 *
 * @param mayWait True where what waits may be the rest of a broken deployment, which is taken up again.
 * @example
 * ```ts
 * const finding = checkDeployer(answers, false);
 * ```
 */
export function checkDeployer({ deployer }: NodeAnswers, mayWait: boolean): Finding {
  const about = { id: "deployer", title: "Deployer" };
  if (deployer === undefined) {
    return { ...about, level: "warn", found: "none is named", remedy: "give --from ADDRESS, to have it looked at too" };
  }
  const { address, balance, nonce, pendingNonce } = deployer;
  const waiting = pendingNonce - nonce;
  const found = `${address}, balance ${formatEther(balance)}, ${nonce} transactions, ${waiting} waiting`;
  if (waiting <= 0) return { ...about, level: "ok", found };
  const remedy =
    "transactions of this account wait in the pool: let them be mined, or deploy with an account of its own";
  return { ...about, level: mayWait ? "warn" : "fail", found, remedy };
}
