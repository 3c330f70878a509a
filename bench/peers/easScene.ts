import { AbiCoder, dataSlice, Signature, ZeroAddress, ZeroHash, type TypedDataDomain } from "ethers";

import { read } from "../../test/helpers/harness.js";
import type { Attestation } from "../../test/helpers/issuer.js";
import { compilePeer } from "./compilePeer.js";
import { fetchPeer } from "./fetchPeer.js";
import { PEER_PACKAGES } from "./peerPackages.js";
import { readArtifact } from "./readArtifact.js";
import type { Chain } from "./openChain.js";
import type { Signer } from "../../test/helpers/trust.js";

const SCHEMA = "bytes32 answer";
const ATTEST = {
  Attest: [
    { name: "attester", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "recipient", type: "address" },
    { name: "expirationTime", type: "uint64" },
    { name: "revocable", type: "bool" },
    { name: "refUID", type: "bytes32" },
    { name: "data", type: "bytes" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

/** EAS with one schema without a resolver, an attester, and a stranger who brings what was signed. */
export async function easScene(chain: Chain, { operator, stranger }: { operator: Signer; stranger: Signer }) {
  const folder = await fetchPeer(PEER_PACKAGES.eas);
  const of = (name: string) => readArtifact(folder, `artifacts/contracts/${name}.sol/${name}.json`);
  const schemas = await chain.deploy(of("SchemaRegistry"));
  const eas = (await chain.deploy(of("EAS"), schemas)).connect(operator);
  const schema = await read<string>(schemas, "register", SCHEMA, ZeroAddress, true);
  await chain.call(schemas, "register", SCHEMA, ZeroAddress, true);
  const consumerArtifact = compilePeer("bench/peers/contracts/EasConsumer.sol");
  const consumer = await chain.deploy(consumerArtifact, eas, schema, operator);
  const domain: TypedDataDomain = {
    name: "EAS",
    version: "1.4.0",
    chainId: 31_337n,
    verifyingContract: await eas.getAddress(),
  };

  /** The same as Diwan attests: a subject, an answer of 32 bytes, an expiry. */
  const dataOf = ({ subject, commitment, expiresAt }: Pick<Attestation, "subject" | "commitment" | "expiresAt">) => ({
    recipient: recipientOf(subject),
    expirationTime: expiresAt,
    revocable: true,
    refUID: ZeroHash,
    data: AbiCoder.defaultAbiCoder().encode(["bytes32"], [commitment]),
    value: 0n,
  });
  const sign = async (a: Attestation, nonce: bigint, deadline: bigint) => {
    const message = { attester: operator.address, schema, ...dataOf(a), nonce, deadline };
    const { v, r, s } = Signature.from(await operator.signTypedData(domain, ATTEST, message));
    return { v, r, s };
  };

  return {
    eas,
    schema,
    dataOf,
    consumer: consumer.connect(stranger),
    attest: (a: Pick<Attestation, "subject" | "commitment" | "expiresAt">) =>
      chain.call(eas, "attest", { schema, data: dataOf(a) }),
    attestMany: (all: readonly Attestation[]) =>
      chain.call(eas, "multiAttest", [{ schema, data: all.map((a) => dataOf(a)) }]),
    /** Issues some; the uids. */
    issue: async (all: readonly Pick<Attestation, "subject" | "commitment" | "expiresAt">[]): Promise<string[]> => {
      const requests = [{ schema, data: all.map((a) => dataOf(a)) }];
      const { logs } = await chain.receipt(() => eas.getFunction("multiAttest").send(requests));
      return logs.map(({ data }) => dataSlice(data, 0, 32));
    },
    attestByDelegation: async (a: Attestation, deadline: bigint) => {
      const signature = await sign(a, await read<bigint>(eas, "getNonce", operator.address), deadline);
      const request = { schema, data: dataOf(a), signature, attester: operator.address, deadline };
      return chain.call(eas.connect(stranger), "attestByDelegation", request);
    },
    multiAttestByDelegation: async (all: readonly Attestation[], deadline: bigint) => {
      const nonce = await read<bigint>(eas, "getNonce", operator.address);
      const signatures = await Promise.all(all.map((a, i) => sign(a, nonce + BigInt(i), deadline)));
      const data = all.map((a) => dataOf(a));
      const request = { schema, data, signatures, attester: operator.address, deadline };
      return chain.call(eas.connect(stranger), "multiAttestByDelegation", [request]);
    },
    revoke: (uid: string) => chain.call(eas, "revoke", { schema, data: { uid, value: 0n } }),
    revokeMany: (uids: readonly string[]) =>
      chain.call(eas, "multiRevoke", [{ schema, data: uids.map((uid) => ({ uid, value: 0n })) }]),
  };
}

/** EAS knows a subject as an address. */
export function recipientOf(subject: string): string {
  return dataSlice(subject, 0, 20);
}
