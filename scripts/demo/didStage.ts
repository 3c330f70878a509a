import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { HDNodeWallet } from "ethers";

import { send } from "../../src/chain/send.js";
import { parseDid } from "../../src/identity/did/did.js";
import { addDelegate, setAttribute } from "../../src/identity/did/didChange.js";
import { type Guardians, guardiansCommitment, makeGuardians } from "../../src/identity/did/didGuardians.js";
import { type Approval, approveRecovery, sortApprovals } from "../../src/identity/did/didTypedData.js";
import { readDid } from "../../src/identity/did/readDid.js";
import { newWallet, walletKey } from "../../src/identity/wallet.js";
import { readWalletFile, writeWalletFile } from "../../src/identity/walletFile.js";
import type { DidRegistry } from "../../src/typechain/index.js";

import { KEY, keyOf, WHO } from "./citizens.js";
import { FOLDERS } from "./exportFormat.js";
import type { Job } from "./job.js";
import { presentWhileFrozen } from "./presentStage.js";
import { refusalOf } from "./refusal.js";
import { relay } from "./relay.js";
import { resolveDid } from "./resolveDid.js";

const TEN_YEARS = 3_650n * 86_400n;
/** What the holder would type. */
const PASSWORD = "a password that its holder alone knows";
/** Cheap to guess, so that the job is quick; a real wallet takes what `writeWalletFile` takes by itself. */
const CHEAP = { scryptN: 16_384 };

/** A citizen gives the DID a second device, a service and guardians, and keeps a copy of the wallet. */
export async function equipDid(job: Job): Promise<void> {
  const { checks, suite } = job;
  const citizen = job.citizen(WHO.confirmed);
  const { didRegistry } = suite.contracts;
  const signer = keyOf(job, citizen, KEY.did);
  const identity = signer.address;
  const tablet = keyOf(job, citizen, KEY.tablet).address;
  const changes = [
    addDelegate("sigAuth", tablet, TEN_YEARS),
    setAttribute("did/svc/HubService", "https://hub.test", TEN_YEARS),
  ];
  job.guardians = makeGuardians({
    members: guardianKeys(job).map(({ address }) => address),
    threshold: 2,
    delay: job.options.didDelay,
    // An office of the holder's choice.
    veto: job.cast.controllers.get("hl7")!.address,
  });
  const commitment = guardiansCommitment(job.guardians);
  await relay(job, [{ signer, contract: didRegistry, method: "changeMany", args: [identity, changes] }]);
  await relay(job, [{ signer, contract: didRegistry, method: "setGuardians", args: [identity, commitment] }]);

  const { didDocument, didDocumentMetadata } = await resolveDid(job, citizen.did);
  const accounts = (didDocument?.verificationMethod ?? []).map((method) =>
    method.blockchainAccountId?.split(":").at(-1),
  );
  checks.equal(
    "did.resolved",
    "The unmodified did:ethr resolver reads the DID: its owner and the second device",
    [identity, tablet].join(" "),
    accounts.join(" "),
  );
  const endpoint = didDocument?.service?.[0]?.serviceEndpoint;
  checks.equal("did.service", "and its service", "https://hub.test", typeof endpoint === "string" ? endpoint : "none");
  checks.equal("did.active", "and that it is active", "false", String(didDocumentMetadata.deactivated ?? false));

  const folder = join(job.options.out, FOLDERS.wallets);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeWalletFile(walletPath(job), citizen.wallet, PASSWORD, CHEAP);
  const copy = await readWalletFile(walletPath(job), PASSWORD);
  const same = JSON.stringify(copy) === JSON.stringify(citizen.wallet) ? "the same" : "another";
  checks.equal("wallet.copy", "The copy of the wallet holds the same keys and attestations", "the same", same);
  const refusal = await readWalletFile(walletPath(job), "another password").catch((error: unknown) => error);
  checks.equal("wallet.password", "and opens with its password alone", "WALLET_PASSWORD", codeOf(refusal));
}

/** The phone is lost, a guardian freezes the DID, a thief tries everything, two guardians bring it to a new phone. */
export async function losePhone(job: Job): Promise<void> {
  const { checks, suite, chain } = job;
  const { didRegistry } = suite.contracts;
  const citizen = job.citizen(WHO.confirmed);
  const { identity } = parseDid(citizen.did);
  const thief = keyOf(job, citizen, KEY.did);
  const { guardians } = job;
  if (guardians === undefined) throw new Error("the DID has no guardians");
  const [first, second] = guardianKeys(job) as [HDNodeWallet, HDNodeWallet];
  const stateNow = async () => (await readDid(chain.provider, suite.addresses.didRegistry, citizen.did, suite)).state;

  await relay(job, [{ signer: first, contract: didRegistry, method: "freezeAsGuardian", args: [identity, guardians] }]);
  await presentWhileFrozen(job);
  checks.equal("did.frozen", "A guardian reports the phone lost", "FROZEN", await stateNow());
  const frozen = await resolveDid(job, citizen.did);
  const deactivated = String(frozen.didDocumentMetadata.deactivated ?? false);
  checks.equal("did.frozen.resolved", "The unmodified resolver shows the DID as deactivated", "true", deactivated);

  // Two guardians sign; anyone may carry it. The old words are in the thief's hands, so the new phone has new ones.
  const restored = { ...(await readWalletFile(walletPath(job), PASSWORD)), phrase: newWallet().phrase };
  const newOwner = walletKey(restored, KEY.did).address;
  const deadline = (await chain.now()) + 86_400;
  const recovery = { identity, newOwner, guardians, deadline };
  const tooFew = await approvalsOf(job, [second], recovery);
  const asThief = didRegistry.connect(thief);
  await checkThief(job, asThief, recovery, tooFew);

  await relay(job, [{ signer: thief, contract: didRegistry, method: "scheduleDeactivation", args: [identity] }]);
  const approvals = await approvalsOf(job, [first, second], recovery);
  const carried = didRegistry.connect(job.cast.relayer);
  await send(() => carried.recover(identity, newOwner, guardians, approvals, deadline));
  const { exit, recovery: planned } = await readDid(chain.provider, suite.addresses.didRegistry, citizen.did, suite);
  checks.equal(
    "did.thief.scheduled",
    "The end that the thief scheduled gives way to the guardians' recovery",
    `recovery to ${newOwner}`,
    exit === undefined ? `recovery to ${planned?.newOwner ?? "nobody"}` : exit.plan,
  );
  const dueAt = planned?.dueAt ?? 0;
  checks.equal(
    "did.thief.veto",
    "nor can he veto it",
    "DidIsFrozen",
    await refusalOf(asThief.vetoRecovery.staticCall(identity)),
  );
  // Where the delay is so short that one can wait for it, it may be over by now.
  if (job.options.didDelay >= 60) {
    const early = await refusalOf(carried.executeRecovery.staticCall(identity));
    checks.equal("did.early", "The recovery waits", "NotYetDue", early);
  }
  await chain.waitUntil(dueAt + 1);
  await send(() => carried.executeRecovery(identity));

  checks.equal("did.recovered", "The DID is active again", "ACTIVE", await stateNow());
  checks.equal("did.owner", "and the new phone's", newOwner, await didRegistry.identityOwner(identity));
  checks.equal(
    "did.thief.after",
    "The thief's key is not its owner any more",
    "NotDidOwner",
    await refusalOf(asThief.freeze.staticCall(identity)),
  );
  const { didDocument, didDocumentMetadata } = await resolveDid(job, citizen.did);
  const controller = didDocument?.verificationMethod?.find(({ id }) => id.endsWith("#controller"));
  checks.equal(
    "did.recovered.resolved",
    "The unmodified resolver shows the new owner, and the DID active",
    `${newOwner} active`,
    `${controller?.blockchainAccountId?.split(":").at(-1) ?? "none"} ${didDocumentMetadata.deactivated === true ? "not " : ""}active`,
  );
  job.stolen = citizen.wallet;
  citizen.wallet = restored;
  await writeWalletFile(walletPath(job), restored, PASSWORD, CHEAP);
}

/** What a thief who has the key, and one guardian on his side, is told while the DID is frozen. */
async function checkThief(job: Job, registry: DidRegistry, recovery: Recovery, tooFew: Approval[]): Promise<void> {
  const { identity, newOwner, guardians, deadline } = recovery;
  const thief = job.cast.stranger.address;
  const attempts = [
    [
      "owner",
      "A thief with the key cannot take the frozen DID",
      "DidIsFrozen",
      () => registry.changeOwner.staticCall(identity, thief),
    ],
    ["end", "nor destroy it at once", "NothingScheduled", () => registry.deactivate.staticCall(identity)],
    [
      "guardian",
      "nor recover it with one guardian of three",
      "TooFewGuardians",
      () => registry.recover.staticCall(identity, newOwner, guardians, tooFew, deadline),
    ],
  ] as const;
  for (const [name, title, expected, call] of attempts) {
    job.checks.equal(`did.thief.${name}`, title, expected, await refusalOf(call()));
  }
}

interface Recovery {
  identity: string;
  newOwner: string;
  guardians: Guardians;
  deadline: number;
}

async function approvalsOf(job: Job, signers: HDNodeWallet[], recovery: Recovery): Promise<Approval[]> {
  const { identity, newOwner, deadline } = recovery;
  const nonce = await job.suite.contracts.didRegistry.nonce(identity);
  const guardians = guardiansCommitment(recovery.guardians);
  const message = { identity, newOwner, guardians, nonce, deadline: BigInt(deadline) };
  const place = { chainId: job.chainId, registry: job.suite.addresses.didRegistry };
  return sortApprovals(await Promise.all(signers.map((signer) => approveRecovery(place, message, signer))));
}

function guardianKeys(job: Job): HDNodeWallet[] {
  return WHO.guardians.map((id) => keyOf(job, job.citizen(id), KEY.guardian));
}

function walletPath(job: Job): string {
  return join(job.options.out, FOLDERS.wallets, "citizen.wallet.json");
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "accepted";
}
