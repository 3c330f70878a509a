import { id } from "ethers";

import { ACCESSED, consentFixture, purposes, TREAT, type Grant } from "../../../test/helpers/consents.js";
import { openChain } from "../openChain.js";

/** A period of decades, with few zero bytes. */
const FROM = 1_999_999_871n;
export const UNTIL = 2_366_937_234n;

/** What no peer has. */
export const WHOLE =
  "purposes of use, a start, a number of uses, objections and guardians; the grantee is a body of the trust list";

/** Diwan's registry of consents, and what is measured of it. */
export async function consentScene() {
  const f = await consentFixture();
  const chain = openChain(f);
  const { registry, byHospital, byRelayer, patient, parties } = f;
  const grantee = parties.hospital.body;
  /** A consent for a scope that the number makes. */
  const terms = (n: number, other: Partial<Grant> = {}): Grant =>
    f.terms({ scope: scopeOf(n), from: FROM, until: UNTIL, purposes: purposes(TREAT), uses: 0n, ...other });
  return {
    ...f,
    chain,
    hospitalKey: parties.hospital.key,
    grant: (n: number) => chain.gas(() => registry.grant(terms(n))),
    revoke: (n: number) => chain.gas(() => registry.revoke(grantee, scopeOf(n))),
    /** The patient signs, and a relayer brings it. */
    grantBySignature: async (n: number) => {
      const given = terms(n);
      const signature = await f.signGrant(given, { deadline: UNTIL });
      return chain.gas(() => byRelayer.grantBySignature(patient, given, 0n, UNTIL, signature));
    },
    /** A transaction that only asks. */
    ask: (n: number) => chain.call(registry.connect(f.relayer), "requireConsent", patient, grantee, scopeOf(n), TREAT),
    logAccess: (n: number) => chain.gas(() => byHospital.logAccess(patient, scopeOf(n), TREAT, ACCESSED)),
    logAccesses: (entries: string[]) => chain.gas(() => byHospital.logAccesses(entries)),
  };
}

/** A salted hash of what data is meant. */
export function scopeOf(n: number): string {
  return id(`scope ${n}`);
}

/** Salted hashes of accesses. */
export function accesses(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => id(`access ${from + i}`));
}
