// What a stranger's project might do with the package, in Node and in a browser alike.
import { decodeContractError } from "@diwan/contracts/chain/decodeContractError";
import { itemOf, leafOf, NO_END } from "@diwan/contracts/identity/attestation";
import { buildBatch, membershipOf } from "@diwan/contracts/identity/buildBatch";
import {
  claimProof,
  commitmentOf,
  newSalt,
  saltClaims,
  subjectOf,
  verifyClaim,
} from "@diwan/contracts/identity/claims";
import { schemaIdOf } from "@diwan/contracts/identity/schema";
import { verifyAttestation } from "@diwan/contracts/identity/verifyAttestation";
import { LogTree } from "@diwan/contracts/ledger/LogTree";
import { leafHash } from "@diwan/contracts/ledger/logHashes";
import { verifyInclusion } from "@diwan/contracts/ledger/verifyInclusion";
import { trustHistory } from "@diwan/contracts/trust/history";
import { trustLogEntries } from "@diwan/contracts/trust/snapshot";
import { AttestationRegistry__factory, TrustList__factory, type TrustList } from "@diwan/contracts/typechain";
import type { BaseContract } from "ethers";

function useLog(): { proven: boolean; refused: boolean } {
  const entries = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(32).fill(byte));
  const tree = new LogTree();
  for (const entry of entries) tree.append(entry);
  const claim = {
    leaf: leafHash(new Uint8Array(32).fill(4)),
    index: 3,
    size: tree.size,
    path: tree.inclusionProof(3),
    root: tree.root(),
  };
  return { proven: verifyInclusion(claim), refused: !verifyInclusion({ ...claim, index: 2 }) };
}

/** Claims are disclosed, a batch is built in WebAssembly, and one of its leaves is judged with no record at hand. */
async function useIdentity(): Promise<{ disclosed: boolean; leaf: number; judged: string; changes: number }> {
  const claims = saltClaims({ over18: true, residence: "KW" });
  const commitment = commitmentOf(claims);
  const schema = schemaIdOf({ title: "Residence" });
  const attestations = ["did:example:1", "did:example:2", "did:example:3"].map((did) => {
    return { issuer: 1, schema, subject: subjectOf(newSalt(), did), commitment, validFrom: 0, expiresAt: NO_END };
  });
  const batch = await buildBatch(attestations.map(itemOf), 2);
  const evidence = {
    attestation: attestations[2]!,
    membership: membershipOf(batch, 2),
    trust: trustHistory({ changes: [] }),
  };
  return {
    disclosed: verifyClaim(commitment, claims[0]!, claimProof(claims, "over18")),
    leaf: leafOf(attestations[2]!, 2).length,
    judged: verifyAttestation({ ...evidence, time: 0 }).status,
    changes: trustLogEntries({ changes: [] }).length,
  };
}

async function main(): Promise<void> {
  const call = TrustList__factory.createInterface().encodeFunctionData("bodyOf", [7]);
  const asContract = (trustList: TrustList): BaseContract => trustList;
  const refusal = decodeContractError({
    data: TrustList__factory.createInterface().getError("WritesAreOpen")!.selector,
  });
  console.log(
    JSON.stringify({
      ...useLog(),
      ...(await useIdentity()),
      call,
      decoded: (refusal as { code?: string }).code,
      deployable: AttestationRegistry__factory.bytecode.length > 1_000,
      typed: typeof asContract,
    }),
  );
}

(globalThis as { done?: Promise<void> }).done = main();
