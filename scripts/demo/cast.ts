import type { Account } from "./freeAccount.js";

/** Which body the ministry is: HL7's example of a state's health department. */
export const MINISTRY = "3";

/** How an HL7 example organization takes part. */
export interface Part {
  /** The role that it is accredited in, by the ministry. */
  role: string;
  /** Its accreditor for licences, if it issues them. */
  licencesUnder?: string;
  /** Levels that may stand below it, for licences. */
  levels?: number;
}

/** Every HL7 example organization but the ministry. The two units' parent is that of their `partOf`. */
export const PARTS: Readonly<Record<string, Part>> = {
  f001: { role: "hospital", licencesUnder: MINISTRY, levels: 1 },
  f002: { role: "department", licencesUnder: "f001", levels: 0 },
  f003: { role: "department", licencesUnder: "f001", levels: 0 },
  f201: { role: "hospital", licencesUnder: MINISTRY, levels: 0 },
  f203: { role: "hospital", licencesUnder: MINISTRY, levels: 0 },
  "2.16.840.1.113883.19.5": { role: "hospital", licencesUnder: MINISTRY, levels: 0 },
  "1": { role: "department" },
  "1832473e-2fe0-452d-abe9-3cdb9879522f": { role: "laboratory" },
  "2": { role: "insurer" },
  hl7pay: { role: "insurer" },
  mmanu: { role: "supplier" },
  hl7: { role: "standards" },
};

/** The roles of health care in which the bodies take part, each body by a key that it has for these alone. */
export const HEALTH_ROLES: Readonly<Record<string, readonly string[]>> = {
  f001: ["health-provider", "health-recipient", "prescriber"],
  f201: ["health-recipient", "emergency-care"],
  "2.16.840.1.113883.19.5": ["health-recipient", "pharmacy"],
  mmanu: ["pharmacy"],
  "2": ["payer"],
  hl7pay: ["payer"],
  [MINISTRY]: ["break-glass-review"],
};

/** The bodies of justice: none is a real one, and HL7 has none. */
export const JUSTICE_ROLES = {
  police: { title: "A police evidence room", roles: ["evidence-custodian"] },
  laboratory: { title: "A forensic centre", roles: ["evidence-custodian", "forensic-centre"] },
  registry: { title: "The registry of a court", roles: ["evidence-custodian"] },
  court: { title: "A district court", roles: ["court"] },
  appeals: { title: "A court of appeal", roles: ["court-of-appeal"] },
  advocate: { title: "An office of advocates", roles: ["advocate"] },
  bailiff: { title: "An office of bailiffs", roles: ["bailiff"] },
  notary: { title: "A notary's office", roles: ["notary"] },
  certifier: { title: "A certification authority", roles: ["certification-authority"] },
  tool: { title: "A capture tool, one version of it", roles: ["capture-tool"] },
} as const;

/** Who signs what. Every body has a controller, which also signs for it, and an operator key of its own. */
export interface Cast {
  deployer: Account;
  /** In ascending order, as the council wants them. */
  members: Account[];
  recoverers: Account[];
  controllers: Map<string, Account>;
  operators: Map<string, Account>;
  healthOperators: Map<string, Account>;
  /** By the names in {@link JUSTICE_ROLES}. */
  justice: Map<string, Account>;
  /** The key that takes over from a compromised one. */
  successor: Account;
  /** Carries what others signed. */
  relayer: Account;
  stranger: Account;
}

/** Gives out the accounts. */
export function castOf(signers: readonly Account[]): Cast {
  const left = [...signers];
  const next = () => {
    const signer = left.shift();
    if (signer === undefined) throw new Error(`the job needs more than ${signers.length} accounts`);
    return signer;
  };
  const deployer = next();
  const members = [next(), next(), next()].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const recoverers = [next()];
  const controllers = new Map([MINISTRY, ...Object.keys(PARTS)].map((body) => [body, next()]));
  const issuers = Object.entries(PARTS).filter(([, part]) => part.licencesUnder !== undefined);
  const operators = new Map([...issuers.map(([body]) => body), "hl7pay", "2", MINISTRY].map((body) => [body, next()]));
  return {
    deployer,
    members,
    recoverers,
    controllers,
    operators,
    successor: next(),
    relayer: next(),
    stranger: next(),
    healthOperators: new Map(Object.keys(HEALTH_ROLES).map((body) => [body, next()])),
    justice: new Map(Object.keys(JUSTICE_ROLES).map((body) => [body, next()])),
  };
}
