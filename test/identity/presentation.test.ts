import { expect } from "chai";
import { encodeBytes32String, id, type Wallet } from "ethers";

import { NO_END } from "../../src/identity/attestation.js";
import { commitmentOf, newSalt, saltClaims, subjectOf } from "../../src/identity/claims.js";
import { formatDid } from "../../src/identity/did/did.js";
import { IdentityError } from "../../src/identity/IdentityError.js";
import { revoke } from "../../src/identity/change.js";
import { issue } from "../../src/identity/issue.js";
import { makePresentation, newChallenge, type Presentation } from "../../src/identity/presentation.js";
import { readDid } from "../../src/identity/did/readDid.js";
import { recordOf } from "../../src/identity/status.js";
import { type Expected, verifyPresentation, verifyPresentationFiles } from "../../src/identity/verifyPresentation.js";
import type { HeldAttestation } from "../../src/identity/wallet.js";
import { trustHistory } from "../../src/trust/history.js";
import { readTrustSnapshot } from "../../src/trust/snapshot.js";
import { deployOffice } from "../helpers/office.js";
import { load } from "../helpers/trust.js";

const SCHEMA = id("residence");
const SIG_AUTH = encodeBytes32String("sigAuth");

/** An office, and a citizen to whom it attested two claims. */
async function deployCitizen() {
  const suite = await deployOffice(SCHEMA);
  const [citizen, phone, thief] = suite.signers.slice(20);
  const did = formatDid(31_337n, citizen!.address);
  const claims = saltClaims({ over18: true, residentIn: "Milano" });
  const subjectSalt = newSalt();
  const unissued = {
    schema: SCHEMA,
    subject: subjectOf(subjectSalt, did),
    commitment: commitmentOf(claims),
    validFrom: 0,
    expiresAt: NO_END,
  };
  const { attestation, uid } = await issue(suite.registry, unissued);
  const held: HeldAttestation = { attestation, claims, did, subjectSalt };
  return { ...suite, held, uid, citizen: citizen!, phone: phone!, thief: thief! };
}

describe("presentation, by the DID registry", () => {
  let f: Awaited<ReturnType<typeof deployCitizen>>;
  let expected: Expected;

  beforeEach(async () => {
    f = await load(deployCitizen);
    const now = await f.connection.networkHelpers.time.latest();
    const challenge = newChallenge("https://nursery.test", now + 100_000);
    expected = { chainId: 31_337, didRegistry: await f.didRegistry.getAddress(), challenge, now };
  });

  const present = (key: Pick<Wallet, "signTypedData">) => {
    return makePresentation(f.held, ["over18"], expected.challenge, expected, key);
  };

  /** What a verifier finds with a node, and another from files of the same moment: they must say the same. */
  const found = async (presentation: Presentation): Promise<string> => {
    const byNode = await outcomeOf(() => verifyPresentation(presentation, expected, f.attestationRegistry));
    const { provider } = f.ethers;
    const from = { fromBlock: 0 };
    const snapshot = await readTrustSnapshot(provider, await f.trustList.getAddress(), from);
    const { keys } = await readDid(provider, expected.didRegistry, f.held.did, from);
    const record = await recordOf(f.attestationRegistry, f.uid);
    const files = { trust: trustHistory(snapshot), did: keys, record, asOf: snapshot.time };
    const byFiles = await outcomeOf(async () => verifyPresentationFiles(presentation, expected, files));
    expect(byFiles).to.equal(byNode);
    return byNode;
  };

  it("of a DID that was never changed is its own address's", async () => {
    expect(await found(await present(f.citizen))).to.equal("VALID over18");
    expect(await found(await present(f.thief))).to.equal("KEY_NOT_OF_DID");
  });

  it("tells the age of the block", async () => {
    const { time } = f.connection.networkHelpers;
    expected = { ...expected, now: (await time.latest()) + 60 };
    const told = await verifyPresentation(await present(f.citizen), expected, f.attestationRegistry);
    expect(told).to.include({ age: 60, asOf: await time.latest() });
  });

  it("is judged by the registry", async () => {
    await revoke(f.registry, f.uid, "PRIVILEGE_WITHDRAWN");
    expect(await found(await present(f.citizen))).to.equal("REVOKED over18");
  });

  it("goes with the DID's owner", async () => {
    await f.didRegistry.connect(f.citizen).changeOwner(f.citizen.address, f.phone.address);
    expect(await found(await present(f.citizen))).to.equal("KEY_NOT_OF_DID");
    expect(await found(await present(f.phone))).to.equal("VALID over18");
  });

  it("may be a sigAuth delegate's until it ends or is revoked, and nobody's who has another role", async () => {
    const registry = f.didRegistry.connect(f.citizen);
    await registry.addDelegate(f.citizen.address, encodeBytes32String("veriKey"), f.thief.address, 50_000);
    expect(await found(await present(f.thief))).to.equal("KEY_NOT_OF_DID");
    await registry.addDelegate(f.citizen.address, SIG_AUTH, f.phone.address, 50_000);
    expect(await found(await present(f.phone))).to.equal("VALID over18");

    await f.connection.networkHelpers.time.increase(50_000);
    expected = { ...expected, now: await f.connection.networkHelpers.time.latest() };
    expect(await found(await present(f.phone))).to.equal("KEY_NOT_OF_DID");

    await registry.addDelegate(f.citizen.address, SIG_AUTH, f.phone.address, 10_000);
    expect(await found(await present(f.phone))).to.equal("VALID over18");
    await registry.revokeDelegate(f.citizen.address, SIG_AUTH, f.phone.address);
    expect(await found(await present(f.phone))).to.equal("KEY_NOT_OF_DID");
  });

  it("is nobody's while the DID is frozen, not even a delegate's", async () => {
    const registry = f.didRegistry.connect(f.citizen);
    await registry.addDelegate(f.citizen.address, SIG_AUTH, f.phone.address, 50_000);
    const before = await present(f.citizen);
    await registry.freeze(f.citizen.address);
    for (const shown of [before, await present(f.citizen), await present(f.phone)]) {
      expect(await found(shown)).to.equal("DID_FROZEN");
    }
  });

  it("is nobody's once the DID is deactivated", async () => {
    await f.didRegistry.connect(f.citizen).deactivate(f.citizen.address);
    expect(await found(await present(f.citizen))).to.equal("DID_DEACTIVATED");
  });

  it("needs a node", async () => {
    const alone = f.attestationRegistry.connect(null);
    const shown = await present(f.citizen);
    expect(await outcomeOf(() => verifyPresentation(shown, expected, alone))).to.equal("PROVIDER_MISSING");
  });
});

async function outcomeOf(verify: () => Promise<{ verdict: { status: string }; claims: object }>): Promise<string> {
  try {
    const { verdict, claims } = await verify();
    return `${verdict.status} ${Object.keys(claims).join(" ")}`;
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    return error.code;
  }
}
