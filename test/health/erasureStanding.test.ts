import { expect } from "chai";
import { id } from "ethers";

import type { ErasureCertificate } from "../../src/health/erasureCertificate.js";
import { erasureStanding } from "../../src/health/verifyErasureCertificate.js";
import { deploySuite, GROUNDS, NO_END } from "../helpers/suite.js";
import { authorizeKey, COUNCIL, load, registerBody } from "../helpers/trust.js";

const PROVIDER = id("diwan.role.health-provider");
const OTHER_ROLE = id("diwan.role.pharmacy");

/** A hospital, body 1, that the council accredited in two roles, with a key for either; and a body with neither. */
async function deployHospital() {
  const suite = await deploySuite();
  const { trustList, hospital, ministry, signers, connection } = suite;
  const [key, pharmacyKey, stranger] = signers.slice(20) as [
    (typeof signers)[0],
    (typeof signers)[0],
    (typeof signers)[0],
  ];
  const body = await registerBody(suite, hospital);
  const other = await registerBody(suite, ministry);
  for (const scope of [PROVIDER, OTHER_ROLE]) {
    await suite.decide(trustList, "accredit", [scope, COUNCIL, body, 0n, NO_END, 0n, GROUNDS]);
  }
  const from = BigInt(await connection.networkHelpers.time.latest());
  const until = from + 1_000_000n;
  await authorizeKey(suite, { by: hospital, body, operator: key, scopes: [PROVIDER], from, until });
  await authorizeKey(suite, { by: hospital, body, operator: pharmacyKey, scopes: [OTHER_ROLE], from, until });
  return { ...suite, body, other, key, pharmacyKey, stranger, until };
}

describe("erasureStanding, by the trust list", () => {
  let f: Awaited<ReturnType<typeof deployHospital>>;
  let now: number;

  beforeEach(async () => {
    f = await load(deployHospital);
    now = await f.connection.networkHelpers.time.latest();
  });

  const standing = (key: string, change: Partial<ErasureCertificate> = {}) => {
    const stated = { controller: Number(f.body), key, erasedAt: now, ...change };
    return erasureStanding(f.trustList, stated as ErasureCertificate);
  };

  it("is IN_FORCE for a key of the controller as a health provider", async () => {
    expect(await standing(f.key.address)).to.equal("IN_FORCE");
  });

  it("is NONE for another body's key, a key for another role, and one that is nobody's", async () => {
    expect(await standing(f.key.address, { controller: Number(f.other) })).to.equal("NONE");
    expect(await standing(f.pharmacyKey.address)).to.equal("NONE");
    expect(await standing(f.stranger.address)).to.equal("NONE");
    expect(await standing(f.stranger.address, { controller: 0 })).to.equal("NONE");
  });

  it("judges the time of the erasure", async () => {
    expect(await standing(f.key.address, { erasedAt: Number(f.until) })).to.equal("EXPIRED");
    await f.decide(f.trustList, "suspend", [PROVIDER, f.body, GROUNDS]);
    const later = await f.connection.networkHelpers.time.latest();
    expect(await standing(f.key.address)).to.equal("IN_FORCE");
    expect(await standing(f.key.address, { erasedAt: later })).to.equal("SUSPENDED");
  });

  it("is COMPROMISED from the second on that the key is reported since", async () => {
    await f.trustList.connect(f.hospital).reportCompromise(f.key.address, BigInt(now));
    expect(await standing(f.key.address)).to.equal("COMPROMISED");
    expect(await standing(f.key.address, { erasedAt: now - 1 })).to.equal("IN_FORCE");
  });
});
