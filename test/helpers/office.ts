import { ZeroHash } from "ethers";

import { NO_END } from "../../src/identity/attestation.js";
import { accreditArguments, authorizeKey, registerBody } from "../../src/trust/bodies.js";
import { decide, operationOf } from "../../src/trust/council.js";
import { signKeyConsent } from "../../src/trust/keyConsent.js";
import { deploySuite, GROUNDS } from "./suite.js";

/** Later than any test runs. */
export const DEADLINE = 2n ** 40n;

/**
 * The suite with one office in it: `hospital` controls it, the council accredited it for `schema` under itself, and
 * `operator` is its key, all of it made with the library.
 */
export async function deployOffice(schema: string) {
  const suite = await deploySuite();
  const { trustList, council, members, hospital, operator } = suite;
  const { body } = await registerBody(trustList, hospital.address, ZeroHash);
  const grant = { scope: schema, parent: 0, body, from: 1, until: NO_END, levels: 0, grounds: GROUNDS };
  await decide(council, members, await operationOf(trustList, "accredit", accreditArguments(grant)));

  const consent = await signKeyConsent(trustList, operator, body, DEADLINE);
  await authorizeKey(trustList.connect(hospital), { ...consent, scopes: [schema], from: 1, until: NO_END });
  return { ...suite, body, registry: suite.attestationRegistry.connect(operator) };
}
