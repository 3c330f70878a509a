import { roleScope } from "../../trust/scopes.js";
import type { EvidencePackage } from "./EvidencePackage.js";
import type { ExhibitRecord } from "./exhibitSlot.js";
import type { StandingsFound } from "./findStandings.js";
import type { WhoReason } from "./PackageReport.js";

/**
 * What stands against the depositor, its key, its role and the tool at the deposit: why it is not proved who deposited.
 *
 * @returns None when they are as the trust list and the statement have them.
 * @example
 * ```ts
 * const reasons = whyNotNamed(found, record, findStandings(trusted, record, { history, block: header.timestamp }));
 * ```
 */
export function whyNotNamed(
  { trust, statement }: EvidencePackage,
  record: ExhibitRecord,
  { depositor, tool }: Pick<StandingsFound, "depositor" | "tool">,
): WhoReason[] {
  const reasons: WhoReason[] = [];
  const [custodian, instrument] = [depositor?.atAct ?? "NONE", tool?.atAct ?? "NONE"];
  if (custodian !== "IN_FORCE") reasons.push(`DEPOSITOR_${custodian}`);
  if (instrument !== "IN_FORCE") reasons.push(`TOOL_${instrument}`);
  if (statement.tool.body !== record.tool) reasons.push("TOOL_DIFFERS");

  const ordinals = (body: number): Set<number> => {
    const scope = roleScope("evidence-custodian");
    const given = trust.filter((change) => change.kind === "accreditation");
    return new Set(
      given.filter((one) => one.body === body && one.scope === scope).map((one) => one.accreditation.role),
    );
  };
  if (!ordinals(record.custodian).has(record.custodianRole)) reasons.push("ROLE_MISMATCH");

  // A key's changes have no time of their own: it could act if any of them let it act then.
  const keys = trust.flatMap((change) =>
    change.kind === "key" && change.body === record.depositor && change.key.index === record.key ? [change.key] : [],
  );
  const roles = ordinals(record.depositor);
  const { depositedAt } = record;
  if (keys.length === 0) reasons.push("KEY_UNKNOWN");
  else if (
    !keys.some(
      ({ from, until, roles: bitmap }) =>
        from <= depositedAt &&
        depositedAt < until &&
        [...roles].some((ordinal) => (BigInt(bitmap) >> BigInt(ordinal)) & 1n),
    )
  ) {
    reasons.push("KEY_NOT_IN_FORCE");
  }
  return reasons;
}
