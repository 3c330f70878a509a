import type { Comparison } from "../Comparison.js";
import { deployErc1056 } from "../erc1056.js";
import { gasRow } from "../gasRow.js";
import { consentScene, scopeOf, WHOLE } from "./scene.js";

/** As long as the consents of the comparison last, in seconds. */
const VALIDITY = 315_576_123n;

/** A consent as a delegate of ERC-1056: the hospital's key, for a type that is the scope, for some time. */
export async function consentAsDelegate(): Promise<Comparison[]> {
  const f = await consentScene();
  const { chain, patient, hospitalKey, relayer } = f;
  const registry = (await deployErc1056(chain)).connect(patient);
  const row = (operation: string, figures: readonly [number, number], we: string) =>
    gasRow(operation, "erc1056", figures, { we });
  const about = (n: number) => [patient.address, scopeOf(n), hospitalKey.address] as const;
  const grant = async (n: number) =>
    [await chain.call(registry, "addDelegate", ...about(n), VALIDITY), await f.grant(n)] as const;

  const [first, later] = [await grant(1), await grant(2)];
  const asked = [await chain.call(registry.connect(relayer), "validDelegate", ...about(2)), await f.ask(2)] as const;
  const revoked = [await chain.call(registry, "revokeDelegate", ...about(2)), await f.revoke(2)] as const;
  return [
    row("consent, as a delegate for a scope, the patient's first", first, WHOLE),
    row("consent, as a delegate for a scope, a later one", later, WHOLE),
    row("a contract asks for a consent", asked, `judges ${WHOLE}`),
    row("revoke a consent", revoked, "keeps the version, so that a signed grant is never used again"),
  ];
}
