import {
  ATTEST_MANY,
  contentOf,
  issuerFixture,
  itemOf,
  SCHEMA,
  uidOf,
  type Attestation,
} from "../../../test/helpers/issuer.js";
import { compilePeer } from "../compilePeer.js";
import { openChain } from "../openChain.js";

/** When attestations of the comparison expire, each a day after the one before, in decades: with few zero bytes. */
export const expiryOf = (n: number): bigint => 2_366_937_234n + BigInt(n) * 86_413n;

/** So many fit the smallest live block, of 10.4 million gas, on every side. */
export const MANY = 40;

/** What no peer does. */
export const JUDGED = "judges the issuer and its key by the trust list, with suspension, withdrawal and compromise";

/** An issuer of Diwan with a key and a schema, and what is measured of it. */
export async function diwanScene() {
  const f = await issuerFixture();
  const chain = openChain(f);
  const { registry, operator, stranger, office } = f;
  const consumerArtifact = compilePeer("bench/peers/contracts/DiwanConsumer.sol");
  const consumer = await chain.deploy(consumerArtifact, registry, SCHEMA, office);
  let nonce = 0n;

  return {
    ...f,
    chain,
    /** Attestations that nobody issued yet. */
    some: (count: number, from = 0): Attestation[] =>
      Array.from({ length: count }, (_, i) => f.attestation(from + i, { expiresAt: expiryOf(from + i) })),
    attest: (a: Attestation) => chain.gas(() => registry.attest(SCHEMA, contentOf(a), a.expiresAt)),
    attestMany: (all: readonly Attestation[]) => chain.gas(() => registry.attestMany(SCHEMA, all.map(itemOf))),
    /** The operator signs once for all of them, and a stranger brings that. */
    attestBySignature: async (all: readonly Attestation[]) => {
      const message = { schema: SCHEMA, items: all.map(itemOf), operator: operator.address, nonce: nonce++ };
      const deadline = expiryOf(0);
      const signature = await operator.signTypedData(f.domain, ATTEST_MANY, { ...message, deadline });
      const { items, nonce: used } = message;
      return chain.gas(() =>
        registry.connect(stranger).attestManyBySignature(SCHEMA, items, operator.address, used, deadline, signature),
      );
    },
    revoke: (a: Attestation) => chain.gas(() => registry.revoke(uidOf(a), 0n)),
    revokeMany: (all: readonly Attestation[]) => chain.gas(() => registry.revokeMany(all.map(uidOf), 0n)),
    /** A contract relies on one: the whole transaction. */
    rely: (...args: [Attestation]) => chain.call(consumer.connect(stranger), "rely", ...args),
    consumer: consumer.connect(stranger),
  };
}
