import { dataLength, dataSlice, getAddress, getBytes, type HDNodeWallet, hexlify, toUtf8Bytes } from "ethers";

import { blobsOf, type Traffic } from "./chainData.js";
import { type Blob, searcherOf } from "./search.js";

/** The contracts of each domain, by their names in the suite. A person has other identifiers in each; add new ones here. */
export const DOMAINS: Readonly<Record<string, readonly string[]>> = {
  attestations: ["attestationRegistry", "enrolment"],
  dids: ["didRegistry"],
  benefits: ["benefits"],
  records: ["recordRegistry"],
  consents: ["consentRegistry"],
  prescriptions: ["prescriptionRegistry"],
  bills: ["billRegistry"],
  evidence: ["evidenceRegistry"],
  judgments: ["judgmentRegistry"],
  service: ["serviceRegistry"],
  powers: ["powerOfAttorneyRegistry"],
};

/** What each domain's contracts were sent and told, the call of a relay and the sender included. */
export function trafficByDomain(
  traffic: readonly Traffic[],
  addresses: Readonly<Record<string, string>>,
): Map<string, Traffic[]> {
  const byDomain = new Map<string, Traffic[]>();
  for (const [domain, names] of Object.entries(DOMAINS)) {
    const contracts = new Set(
      names.map((name) => {
        const address = addresses[name];
        if (address === undefined) throw new Error(`the suite has no ${name}`);
        return address.toLowerCase();
      }),
    );
    const isOfDomain = (address: string | undefined) => contracts.has((address ?? "").toLowerCase());
    const parts = traffic.flatMap((transaction) => {
      const [outermost, ...inner] = transaction.calls;
      const calls = inner.filter(({ to }) => isOfDomain(to));
      const events = transaction.events.filter(({ address }) => isOfDomain(address));
      // The outermost call is a relay's, or the council's, or of the domain itself.
      if (calls.length === 0 && events.length === 0 && !isOfDomain(outermost?.to)) return [];
      return [{ ...transaction, calls: [outermost!, ...calls], events, storage: [] }];
    });
    byDomain.set(domain, parts);
  }
  return byDomain;
}

/**
 * Everything in a domain's traffic that could name somebody: senders, and every word of 20 bytes or more that is no small
 * number, in lower case.
 */
function identifiersIn(traffic: readonly Traffic[]): Set<string> {
  const identifiers = new Set<string>();
  for (const { from, calls, events } of traffic) {
    identifiers.add(wordOf(from));
    for (const { from: caller, to, input } of calls) {
      identifiers.add(wordOf(caller));
      if (to === undefined) continue; // code
      for (const word of wordsOf(input, 4)) identifiers.add(word);
      // What a forwarder appends to a call: who signed it.
      if (dataLength(input) % 32 === 24) identifiers.add(wordOf(dataSlice(input, dataLength(input) - 20)));
    }
    for (const { topics, data } of events) {
      for (const word of [...topics.slice(1), ...wordsOf(data, 0)]) identifiers.add(word.toLowerCase());
    }
  }
  // Numbers, times and short texts name nobody.
  for (const word of identifiers) {
    const isNumber = BigInt(word) < 2n ** 64n;
    const isShortText = /^0x([0-9a-f]{2}){1,12}0{40,}$/.test(word);
    if (isNumber || isShortText) identifiers.delete(word);
  }
  return identifiers;
}

/** Identifiers that stand in the traffic of more than one domain, and in which. */
export function sharedIdentifiers(
  byDomain: ReadonlyMap<string, readonly Traffic[]>,
  known: ReadonlySet<string>,
): { identifier: string; domains: string[] }[] {
  const where = new Map<string, string[]>();
  for (const [domain, traffic] of byDomain) {
    for (const identifier of identifiersIn(traffic)) {
      where.set(identifier, [...(where.get(identifier) ?? []), domain]);
    }
  }
  return [...where]
    .filter(([identifier, domains]) => domains.length > 1 && !known.has(identifier))
    .map(([identifier, domains]) => ({ identifier, domains }));
}

/**
 * In which domains' traffic each of some identifiers stands, wherever it begins, as bytes or as text in hex; left out if in
 * none.
 *
 * @param identifiers Each by its name, in all its forms: of a key, its address and its public key.
 */
export function domainsOf(
  identifiers: ReadonlyMap<string, readonly string[]>,
  byDomain: ReadonlyMap<string, readonly Traffic[]>,
): Map<string, string[]> {
  const patterns = [...identifiers].flatMap(([name, forms]) =>
    forms.flatMap((form) => {
      const digits = form.slice(2);
      const texts = new Set([digits, digits.toLowerCase(), digits.toUpperCase()]);
      return [getBytes(form), ...[...texts].map((text) => toUtf8Bytes(text))].map((bytes) => ({ name, bytes }));
    }),
  );
  const search = searcherOf(patterns);
  const where = new Map<string, string[]>();
  for (const [domain, blobs] of domainBlobs(byDomain)) {
    const found = new Set(search(blobs).map(({ name }) => name));
    for (const name of found) where.set(name, [...(where.get(name) ?? []), domain]);
  }
  return where;
}

/** Each domain's traffic as bytes, senders included. */
function domainBlobs(byDomain: ReadonlyMap<string, readonly Traffic[]>): Map<string, Blob[]> {
  return new Map(
    [...byDomain].map(([domain, traffic]) => {
      const senders = traffic.map(({ hash, from }) => ({
        where: `sender of ${hash}`,
        bytes: getBytes(from),
        words: -1,
      }));
      return [domain, [...senders, ...blobsOf(traffic)]];
    }),
  );
}

/** What names a key: its address, and its public key compressed and whole, the latter without the byte before it. */
export function formsOf({ address, signingKey }: Pick<HDNodeWallet, "address" | "signingKey">): string[] {
  const { compressedPublicKey, publicKey } = signingKey;
  return [address, compressedPublicKey, `0x${publicKey.slice(4)}`];
}

/** A word as identifiers are written: an address filled up to 32 bytes. */
export function wordOf(value: string): string {
  const text = dataLength(value) === 20 ? getAddress(value) : value;
  return `0x${text.slice(2).toLowerCase().padStart(64, "0")}`;
}

function* wordsOf(data: string, first: number): Generator<string> {
  const bytes = getBytes(data);
  for (let at = first; at + 32 <= bytes.length; at += 32) yield hexlify(bytes.subarray(at, at + 32));
}
