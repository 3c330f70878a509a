import {
  AccessManager__factory,
  AttestationGate__factory,
  AttestationRegistry__factory,
  Benefits__factory,
  BillRegistry__factory,
  ConsentRegistry__factory,
  Council__factory,
  DidRegistry__factory,
  ElectionFactory__factory,
  Eligibility__factory,
  Enrolment__factory,
  ERC2771Forwarder__factory,
  EvidenceRegistry__factory,
  Inauguration__factory,
  JudgmentRegistry__factory,
  PowerOfAttorneyRegistry__factory,
  PrescriptionRegistry__factory,
  RecordRegistry__factory,
  SchemaRegistry__factory,
  ServiceRegistry__factory,
  TrustList__factory,
} from "../../typechain/index.js";

/**
 * The contracts of the suite by the names that deployments and manifests know them by, with what types them.
 *
 * @example
 * ```ts
 * const trustList = SUITE_CONTRACTS.trustList.connect(manifest.contracts.trustList.address, provider);
 * ```
 */
export const SUITE_CONTRACTS = {
  manager: AccessManager__factory,
  forwarder: ERC2771Forwarder__factory,
  inauguration: Inauguration__factory,
  council: Council__factory,
  recovery: Council__factory,
  trustList: TrustList__factory,
  schemaRegistry: SchemaRegistry__factory,
  attestationRegistry: AttestationRegistry__factory,
  didRegistry: DidRegistry__factory,
  enrolment: Enrolment__factory,
  eligibility: Eligibility__factory,
  benefits: Benefits__factory,
  electionFactory: ElectionFactory__factory,
  attestationGate: AttestationGate__factory,
  recordRegistry: RecordRegistry__factory,
  consentRegistry: ConsentRegistry__factory,
  prescriptionRegistry: PrescriptionRegistry__factory,
  billRegistry: BillRegistry__factory,
  evidenceRegistry: EvidenceRegistry__factory,
  judgmentRegistry: JudgmentRegistry__factory,
  serviceRegistry: ServiceRegistry__factory,
  powerOfAttorneyRegistry: PowerOfAttorneyRegistry__factory,
} as const;

/** The name of one of the suite's contracts. */
export type SuiteName = keyof typeof SUITE_CONTRACTS;

/** The suite's contracts, typed. */
export type SuiteContracts = { [Name in SuiteName]: ReturnType<(typeof SUITE_CONTRACTS)[Name]["connect"]> };

/**
 * The names of all the suite's contracts.
 *
 * @example
 * ```ts
 * for (const name of SUITE_NAMES) console.log(name, addresses[name]);
 * ```
 */
export const SUITE_NAMES = Object.keys(SUITE_CONTRACTS) as readonly SuiteName[];
