import { AbiCoder, getBytes, id, keccak256 } from "ethers";

import type { Attestation } from "../../../test/helpers/issuer.js";
import type { Comparison } from "../Comparison.js";
import { compilePeer } from "../compilePeer.js";
import { gasRow } from "../gasRow.js";
import { deployOnchainId, onchainClaimId, onchainKeyOf } from "../onchainId.js";
import { diwanScene, JUDGED } from "./scene.js";

const abi = AbiCoder.defaultAbiCoder();
/** A claim's topic, as ERC-3643 names them: a hash. */
const TOPIC = BigInt(id("residence"));

/** Claims in ONCHAINIDs beside attestations of Diwan. */
export async function againstOnchainId(): Promise<Comparison[]> {
  const f = await diwanScene();
  const { chain, stranger, operator, colleague, deployer } = f;
  const onchainId = await deployOnchainId(chain);
  const identity = (await onchainId.create(stranger, "holder")).connect(stranger);
  const issuer = (await chain.deploy(onchainId.claimIssuer, operator)).connect(operator);
  // Claims are signed by a key of their own, whose purpose is 3.
  await chain.call(issuer, "addKey", onchainKeyOf(colleague.address), 3, 1);

  const claimOf = async (commitment: string, topic = TOPIC) => {
    const data = abi.encode(["bytes32"], [commitment]);
    const content = abi.encode(["address", "uint256", "bytes"], [await identity.getAddress(), topic, data]);
    const signature = await colleague.signMessage(getBytes(keccak256(content)));
    return [topic, 1n, await issuer.getAddress(), signature, data, ""] as const;
  };
  const add = async (commitment: string, topic?: bigint) =>
    chain.call(identity, "addClaim", ...(await claimOf(commitment, topic)));
  const [first, second, third] = f.some(3) as [Attestation, Attestation, Attestation];

  await f.attestBySignature([first]);
  const issued = [await add(first.commitment), await f.attestBySignature([second])] as const;
  const consumerArtifact = compilePeer("bench/peers/contracts/OnchainIdConsumer.sol");
  const consumer = await chain.deploy(consumerArtifact, issuer, TOPIC);
  const relied = [
    await chain.call(consumer.connect(deployer), "rely", identity, first.commitment),
    await f.rely(second),
  ] as const;
  const [, , , signature] = await claimOf(first.commitment);
  const revoked = [await chain.call(issuer, "revokeClaimBySignature", signature), await f.revoke(second)] as const;
  await f.attestBySignature([third]);
  const claimId = onchainClaimId(await issuer.getAddress(), TOPIC);
  const removed = [await chain.call(identity, "removeClaim", claimId), await f.revoke(third)] as const;

  return [
    gasRow("issue one that the issuer signed and another brings, a later one", "onchainid", issued, {
      they: "keeps topic, issuer, signature and answer readable in the holder's own contract",
      we: `${JUDGED}; an expiry; the holder needs no contract`,
    }),
    gasRow("revoke one", "onchainid", revoked, { we: `${JUDGED}; keeps a reason` }),
    gasRow("remove one (there the holder, here the issuer)", "onchainid", removed, {
      they: "erases the claim and is given gas back for that",
      we: `${JUDGED}; keeps a reason`,
    }),
    gasRow("a contract relies on one: issuer, schema, subject, answer and revocation", "onchainid", relied, {
      we: "judges the issuer and its key as they were when it issued; an expiry",
    }),
  ];
}
