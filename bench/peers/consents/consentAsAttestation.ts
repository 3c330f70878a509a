import { ACCESSED } from "../../../test/helpers/consents.js";
import type { Comparison } from "../Comparison.js";
import { easScene, recipientOf } from "../easScene.js";
import { gasRow } from "../gasRow.js";
import { accesses, consentScene, scopeOf, UNTIL, WHOLE } from "./scene.js";

const NEAREST = "keeps scope and period readable; purposes and uses would be in the answer, where nothing checks them";

/** A consent as an attestation of EAS: by the patient, about the hospital, the scope as the answer, until a time. */
export async function consentAsAttestation(): Promise<Comparison[]> {
  const f = await consentScene();
  const { chain, patient, relayer, hospitalKey } = f;
  const eas = await easScene(chain, { operator: patient, stranger: relayer });
  const row = (operation: string, figures: readonly [number, number], we: string, they = "") =>
    gasRow(operation, "eas", figures, { we, they });
  const consent = (n: number) => ({
    ...{ issuer: 0n, schema: "", validFrom: 0n },
    ...{ subject: hospitalKey.address, commitment: scopeOf(n), expiresAt: UNTIL },
  });

  const granted = [await eas.attest(consent(1)), await f.grant(1)] as const;
  const signed = async (n: number) =>
    [await eas.attestByDelegation(consent(n), UNTIL), await f.grantBySignature(n)] as const;
  const [firstSigned, laterSigned] = [await signed(2), await signed(3)];
  const [uid = "", kept = ""] = await eas.issue([consent(4), consent(5)]);
  await f.grant(4);
  await f.grant(5);
  const asked = [
    await chain.call(eas.consumer, "rely", kept, recipientOf(hospitalKey.address), scopeOf(5)),
    await f.ask(5),
  ] as const;
  const revoked = [await eas.revoke(uid), await f.revoke(4)] as const;

  // An access is an attestation of the hospital about the patient; it is not held against the consent.
  const byHospital = {
    schema: eas.schema,
    data: eas.dataOf({ subject: patient.address, commitment: ACCESSED, expiresAt: 0n }),
  };
  const access = async () =>
    [await chain.call(eas.eas.connect(hospitalKey), "attest", byHospital), await f.logAccess(5)] as const;
  const [firstAccess, laterAccess] = [await access(), await access()];
  const [entry = ""] = accesses(1, 50);
  const stamped = [await chain.call(eas.eas, "timestamp", entry), await f.logAccess(5)] as const;
  await f.logAccesses(accesses(1));
  const stamp = (hashes: string[]) => chain.call(eas.eas.connect(hospitalKey), "multiTimestamp", hashes);
  const logged = [await stamp(accesses(100, 100)), await f.logAccesses(accesses(100, 100))] as const;
  const checked =
    "refuses without a consent for the purpose; chains all accesses to a patient, so that none can be left out";
  return [
    row("consent, as an attestation of the patient about the hospital", granted, WHOLE, NEAREST),
    row("consent, signed by the patient and brought by another, the patient's first", firstSigned, WHOLE, NEAREST),
    row("consent, signed by the patient and brought by another, a later one", laterSigned, WHOLE, NEAREST),
    row("revoke a consent", revoked, "keeps the version, so that a signed grant is never used again"),
    row("a contract asks for a consent", asked, `judges ${WHOLE}`),
    row("log one access, a patient's first, as an attestation of the hospital", firstAccess, checked),
    row("log one access, a later one, as an attestation of the hospital", laterAccess, checked),
    row("log one access, a later one, as a timestamp", stamped, `who accessed, for what purpose and whose; ${checked}`),
    row(
      "log 100 accesses in one transaction, as timestamps",
      logged,
      "their order, in an RFC 9162 log; who logs, judged by the trust list",
    ),
  ];
}
