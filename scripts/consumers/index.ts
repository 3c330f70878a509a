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
import {
  AttestationRegistry__factory,
  TrustList__factory,
  type Election,
  type TrustList,
} from "@diwan/contracts/typechain";
import { checkBallot } from "@diwan/contracts/voting/checkBallot";
import { Point } from "@diwan/contracts/voting/curve";
import { auditOnChain } from "@diwan/contracts/voting/election/auditOnChain";
import { castBallot } from "@diwan/contracts/voting/election/castBallot";
import { parseSignedBallot } from "@diwan/contracts/voting/election/parseSignedBallot";
import { serializeSignedBallot } from "@diwan/contracts/voting/election/serializeSignedBallot";
import { signBallot } from "@diwan/contracts/voting/election/signBallot";
import { storageJournal } from "@diwan/contracts/voting/election/storageJournal";
import { watchInclusion } from "@diwan/contracts/voting/election/watchInclusion";
import { prepareBallot, type PreparedBallot } from "@diwan/contracts/voting/prepareBallot";
import { id, type BaseContract, type Signer } from "ethers";

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

/** A voter's device: a ballot is made and checked, written down and sent to a relayer, with no node at hand. */
async function useVoting(): Promise<{ voted: boolean }> {
  const [contract, slotKey] = ["0x00000000000000000000000000000000000000e1", id("slot")];
  const statement = {
    ...{ chainId: 1n, contract, slotKey, weight: 1n, configuration: id("configuration") },
    questions: [{ options: 2, selections: 1, groups: 1, approval: false }],
    key: Point.BASE.multiply(7n).toAffine(),
  };
  const ballot = prepareBallot({ statement, votes: [[false, true]], secret: new Uint8Array(32).fill(7) });
  checkBallot({ statement, bytes: ballot.bytes });

  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  await storageJournal(storage, contract).add(ballot.ballotHash, { kind: "cast", replaces: id("before") });
  const use = await storageJournal(storage, contract).get(ballot.ballotHash);
  if (use?.kind !== "cast" || use.replaces !== id("before")) throw new Error("the journal has forgotten");

  const signed = {
    ...{ slotKey, voter: contract, weight: 1n, proof: [], evidence: "0x", replaces: id("before") },
    ...{ deadline: 1n, signature: "0x", ballot: ballot.bytes },
  };
  const text = serializeSignedBallot(signed);
  if (serializeSignedBallot(parseSignedBallot(text)) !== text) throw new Error("the ballot is read otherwise");
  return { voted: typeof voteAtNode === "function" };
}

/** What the same device does where it has a node. */
async function voteAtNode(election: Election, voter: Signer, ballot: PreparedBallot, madeUp: PreparedBallot) {
  const entry = { slotKey: id("slot"), voter: await voter.getAddress(), weight: 1n };
  const journal = storageJournal({ getItem: () => null, setItem: () => undefined }, await election.getAddress());
  await auditOnChain(election, { ...entry, ballot: madeUp, journal });
  const request = { entry, proof: [], ballot: ballot.bytes, journal };
  const signed = await signBallot(election, voter, { ...request, deadline: 2n });
  const promise = { ...entry, ballotHash: ballot.ballotHash, until: 1n, relayer: entry.voter, signature: "0x" };
  const asked = { ...promise, election: await election.getAddress() };
  const { outcome } = await watchInclusion(election, asked, {
    relayer: entry.voter,
    signal: new AbortController().signal,
  });
  return outcome === "recorded" ? signed : castBallot(election, request);
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
      ...(await useVoting()),
      call,
      decoded: (refusal as { code?: string }).code,
      deployable: AttestationRegistry__factory.bytecode.length > 1_000,
      typed: typeof asContract,
    }),
  );
}

(globalThis as { done?: Promise<void> }).done = main();
