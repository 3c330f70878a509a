import { readFileSync } from "node:fs";

import { expect } from "chai";
import { AbiCoder, getAddress, id, keccak256, TypedDataEncoder, Wallet, ZeroAddress, ZeroHash } from "ethers";

import { approveConsent } from "../../src/health/consent/approveConsent.js";
import { EVERYTHING, NO_END } from "../../src/health/consent/consentState.js";
import { type ConsentMessages, consentTypedData } from "../../src/health/consent/consentTypedData.js";
import { delegatesCommitment, makeDelegates } from "../../src/health/consent/delegates.js";
import { type ConsentReceipt, receiptTypedData } from "../../src/health/consent/receipt.js";
import { scopeOf } from "../../src/health/consent/scopeOf.js";
import { parseSignedConsent, serializeSignedConsent } from "../../src/health/consent/signedConsentJson.js";
import type { SignedConsent } from "../../src/health/consent/signConsent.js";
import { codeOf, errorOf } from "../helpers/healthErrors.js";

interface Vector {
  primaryType: keyof ConsentMessages | "ConsentReceipt";
  chainId: number;
  registry: string;
  message: object;
  digest: string;
  signer: string;
  signature: string;
}

const vectors = JSON.parse(readFileSync("test/vectors/consent-typed-data/vectors.json", "utf8")) as Vector[];
/** The key that the vectors were made with: the second of Hardhat's accounts. */
const signer = new Wallet("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

function typedDataOf({ primaryType, chainId, registry, message }: Vector) {
  if (primaryType === "ConsentReceipt") {
    return receiptTypedData({ chainId, registry, ...message } as ConsentReceipt);
  }
  return consentTypedData({ chainId, registry }, primaryType, message as ConsentMessages[typeof primaryType]);
}

describe("signed consents", () => {
  it("are of five kinds", () => {
    expect(vectors.map(({ primaryType }) => primaryType)).to.deep.equal([
      ...["ConsentGrant", "ConsentRevocation", "ConsentObjection", "ConsentDelegation", "ConsentReceipt"],
    ]);
  });

  for (const vector of vectors) {
    it(`have the digest and signature that viem and eth-sig-util give: ${vector.primaryType}`, async () => {
      const { domain, types, primaryType, message } = typedDataOf(vector);
      expect(primaryType).to.equal(vector.primaryType);
      expect(TypedDataEncoder.hash(domain, types, message)).to.equal(vector.digest);
      expect(await signer.signTypedData(domain, types, message)).to.equal(vector.signature);
    });
  }

  it("are signed by delegates as the patient would", async () => {
    const [grant] = vectors as [Vector];
    const { chainId, registry, message, signature } = grant;
    const delegated = { type: "ConsentGrant", message: message as ConsentMessages["ConsentGrant"] } as const;
    const approval = await approveConsent({ chainId, registry }, delegated, signer);
    expect(approval).to.deep.equal({ delegate: signer.address, signature });
  });

  describe("as files", () => {
    const files = vectors
      .filter(({ primaryType }) => primaryType !== "ConsentReceipt")
      .map(({ primaryType, chainId, registry, message, signature }) => {
        return { type: primaryType, chainId, registry, message, signature } as SignedConsent;
      });

    it("come back as they were, addresses in lower case", () => {
      for (const signed of files) {
        expect(parseSignedConsent(serializeSignedConsent(signed))).to.deep.equal(signed);
        const checksummed = { ...signed, registry: getAddress(signed.registry) };
        expect(parseSignedConsent(serializeSignedConsent(checksummed))).to.deep.equal(signed);
      }
    });

    it("are refused when they are not to the letter", () => {
      const text = serializeSignedConsent(files[0]!);
      const spoilt = [
        ...["", "{}", "[]", "null", `${text}x`, text.replace("/v1", "/v2"), text.replace("ConsentGrant", "Grant")],
        ...[text.replace('"uses":16777215', '"uses":16777216'), text.replace('"uses":16777215', '"uses":"5"')],
        ...[text.replace('"grantee":4294967295', '"grantee":4294967296'), text.replace('"version":7,', "")],
        ...[text.replace('"purposes":', '"purpose":'), text.replace('"message":{', '"message":{"nonce":1,')],
        ...[text.replace('"type":"ConsentGrant"', '"type":"ConsentRevocation"'), text.replace('"0x5f', '"0x5')],
        text.replace(/"signature":"0x/, `"signature":"0x${"00".repeat(2_049)}`),
      ];
      for (const wrong of spoilt)
        expect(
          codeOf(() => parseSignedConsent(wrong)),
          wrong,
        ).to.equal("SIGNED_MALFORMED");
      const wrong = { ...files[0]!, signature: "none" };
      expect(codeOf(() => serializeSignedConsent(wrong))).to.equal("SIGNED_MALFORMED");
    });
  });
});

describe("delegates of a patient", () => {
  const [a, b, c] = ["0x1", "0x2", "0x3"].map((n) => `0x${n.slice(2).padStart(40, "0")}`) as [string, string, string];
  const salt = id("salt");

  it("are put in order, and committed to as the contract does", () => {
    const delegates = makeDelegates({ members: [c, a, b], threshold: 2, until: NO_END, salt });
    expect(delegates.members).to.deep.equal([a, b, c]);
    const type = "tuple(address[] members,uint8 threshold,uint40 until,bytes32 salt)";
    const expected = keccak256(AbiCoder.defaultAbiCoder().encode([type], [[[a, b, c], 2, NO_END, salt]]));
    expect(delegatesCommitment(delegates)).to.equal(expected);
    const other = makeDelegates({ members: [a, b, c], threshold: 2, until: NO_END });
    expect(delegatesCommitment(other)).to.not.equal(expected);
  });

  it("are refused when they cannot be", () => {
    const wrong: Parameters<typeof makeDelegates>[0][] = [
      { members: [a, b], threshold: 0, until: 1 },
      { members: [a, b], threshold: 3, until: 1 },
      { members: [], threshold: 1, until: 1 },
      { members: [a, a], threshold: 1, until: 1 },
      { members: [a, ZeroAddress], threshold: 1, until: 1 },
      { members: [a, "0x12"], threshold: 1, until: 1 },
      { members: [a], threshold: 1, until: 2 ** 40 },
      { members: [a], threshold: 1, until: 1, salt: "0xsecret" },
    ];
    for (const chosen of wrong) {
      const error = errorOf(() => makeDelegates(chosen));
      expect(error?.code, JSON.stringify(chosen)).to.equal("DELEGATES_MALFORMED");
      expect(`${error?.message} ${String(error?.cause)}`).to.not.include("secret");
    }
  });
});

describe("the scope of a consent", () => {
  const salt = id("salt");
  const data = { categories: ["MedicationRequest", "Immunization"], records: ["obs-1"] };

  it("is a salted hash of what data is meant, in whatever order", () => {
    const types = ["bytes32", "bytes32", "string[]", "string[]"];
    const values = [id("diwan/consent-scope/v1"), salt, ["Immunization", "MedicationRequest"], ["obs-1"]];
    const expected = keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
    expect(scopeOf(salt, data)).to.equal(expected);
    expect(scopeOf(salt, { ...data, categories: data.categories.toReversed() })).to.equal(expected);
    expect(data.categories[0], "the list given is left as it was").to.equal("MedicationRequest");
  });

  it("is another for another salt, category or record", () => {
    const scopes = [
      ...[scopeOf(salt, data), scopeOf(id("other"), data), scopeOf(salt, { ...data, records: [] })],
      scopeOf(salt, { categories: [...data.categories, "obs-1"], records: [] }),
      scopeOf(salt, { categories: ["ImmunizationMedicationRequest"], records: ["obs-1"] }),
    ];
    expect(new Set(scopes).size).to.equal(scopes.length);
    expect(scopes).to.not.include(EVERYTHING);
    expect(EVERYTHING).to.equal(ZeroHash);
  });

  it("is refused for nothing, for anything twice, and without a salt", () => {
    expect(codeOf(() => scopeOf(salt, { categories: [], records: [] }))).to.equal("SCOPE_MALFORMED");
    expect(codeOf(() => scopeOf(salt, { categories: ["a", "a"], records: [] }))).to.equal("SCOPE_MALFORMED");
    expect(codeOf(() => scopeOf(salt, { categories: [], records: ["a", "a"] }))).to.equal("SCOPE_MALFORMED");
    const error = errorOf(() => scopeOf("0xsecret", data));
    expect(error?.code).to.equal("SCOPE_MALFORMED");
    expect(`${error?.message} ${String(error?.cause)}`).to.not.include("secret");
  });
});
