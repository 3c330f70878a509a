import { expect } from "chai";
import { concat, id, Signature, toBeHex, TypedDataEncoder } from "ethers";

import { ConsentRegistry__factory } from "../../src/typechain/index.js";
import {
  ACCESSED,
  BY,
  consentFixture,
  MAX_WINDOW,
  purposes,
  HRESCH,
  SCOPE,
  STATE,
  STATUS,
  TREAT,
  TYPES,
} from "../helpers/consents.js";

const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** `Wallet.Behaviour`, in its order. */
const BEHAVIOURS = [
  "HONEST",
  "REVERTS",
  "BURNS_ALL_GAS",
  "ANSWERS_NOTHING",
  "ANSWERS_FOUR_BYTES",
  "ANSWERS_ZERO",
  "ANSWERS_ONES",
  "ANSWERS_DIRTY",
  "ANSWERS_HUGE",
];

/** The fixture with a signed grant, and what carries one. */
async function signedFixture() {
  const f = await consentFixture();
  const { byRelayer, patient, terms, signGrant, signRevocation, deadline, parties } = f;
  const given = terms({ purposes: purposes(TREAT, HRESCH), uses: 5n });
  const signature = await signGrant(given);
  return {
    ...f,
    given,
    signature,
    carry: (what: string, { g = given, version = 0n, of = patient.address, until = deadline } = {}) =>
      byRelayer.grantBySignature(of, g, version, until, what),
    carryRevocation: async (version: bigint) => {
      const signed = await signRevocation({ version });
      return byRelayer.revokeBySignature(patient, parties.hospital.body, SCOPE, version, deadline, signed);
    },
  };
}

describe("ConsentRegistry: by signature", () => {
  describe("grantBySignature", () => {
    it("records the patient's consent, whoever carries it, and tells", async () => {
      const { registry, patient, parties, given, carry, signature, recorded } = await signedFixture();
      await expect(carry(signature))
        .to.emit(registry, "ConsentGranted")
        .withArgs(
          patient.address,
          parties.hospital.body,
          SCOPE,
          given.purposes,
          given.from,
          given.until,
          5n,
          1n,
          patient.address,
        );
      const { by, state, version, guardian } = await recorded();
      expect([by, state, version]).to.deep.equal([BY.SIGNATURE, STATE.GRANTED, 1n]);
      expect(BigInt(guardian)).to.equal(0n);
    });

    it("takes the signature in the second of its deadline, and not after", async () => {
      const { registry, carry, signature, deadline, at } = await signedFixture();
      await at(deadline + 1n);
      await expect(carry(signature))
        .to.be.revertedWithCustomError(registry, "SignatureExpired")
        .withArgs(deadline, deadline + 1n);
      const again = await signedFixture();
      await again.at(again.deadline);
      await again.carry(again.signature);
    });

    it("reverts when it was carried before, or after a revocation", async () => {
      const { registry, carry, signature, parties } = await signedFixture();
      await carry(signature);
      const refused = (current: bigint) =>
        expect(carry(signature))
          .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
          .withArgs(0n, current);
      await refused(1n);
      await registry.revoke(parties.hospital.body, SCOPE);
      await refused(2n);
    });

    it("reverts when the consent was revoked before it was carried", async () => {
      const { registry, carry, signature, parties } = await signedFixture();
      await registry.revoke(parties.hospital.body, SCOPE);
      await expect(carry(signature)).to.be.revertedWithCustomError(registry, "ConsentVersionMismatch").withArgs(0n, 1n);
    });

    it("reverts when it was signed for the version before, or for the next", async () => {
      const { registry, carry, given, signGrant, statusFor } = await signedFixture();
      await registry.grant(given);
      for (const version of [0n, 2n]) {
        await expect(carry(await signGrant(given, { version }), { version }))
          .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
          .withArgs(version, 1n);
      }
      // Nor does one signed for one version pass for another.
      await expect(carry(await signGrant(given, { version: 0n }), { version: 1n })).to.be.revertedWithCustomError(
        registry,
        "SignatureInvalid",
      );
      await carry(await signGrant(given, { version: 1n }), { version: 1n });
      expect(await statusFor()).to.equal(STATUS.IN_FORCE);
    });

    it("reverts when anything signed is changed", async () => {
      const { registry, carry, signature, given, otherPatient, patient, parties, deadline } = await signedFixture();
      const verifyingContract = await registry.getAddress();
      const domain = { name: "Diwan ConsentRegistry", version: "1", chainId: 31_337n, verifyingContract };
      const changes = [
        { g: { ...given, grantee: parties.clinic.body } },
        { g: { ...given, scope: id("other") } },
        { g: { ...given, purposes: given.purposes | 4n } },
        { g: { ...given, from: given.from - 1n } },
        { g: { ...given, until: given.until + 1n } },
        { g: { ...given, uses: 6n } },
        { g: { ...given, uses: 0n } },
        { of: otherPatient.address },
        { until: deadline + 1n },
      ];
      for (const change of changes) {
        const { g = given, of = patient.address, until = deadline } = change;
        const digest = TypedDataEncoder.hash(
          domain,
          { ConsentGrant: TYPES.ConsentGrant },
          { patient: of, ...g, version: 0n, deadline: until },
        );
        await expect(carry(signature, change))
          .to.be.revertedWithCustomError(registry, "SignatureInvalid")
          .withArgs(of, digest);
      }
    });

    it("reverts when it was signed for another chain, contract, name or version, or by somebody else", async () => {
      const { registry, carry, given, signGrant, otherPatient, parties, stranger } = await signedFixture();
      const foreign = [
        { domain: { chainId: 1n } },
        { domain: { verifyingContract: stranger.address } },
        { domain: { name: "Diwan RecordRegistry" } },
        { domain: { version: "2" } },
        { by: otherPatient },
        { by: parties.hospital.key },
      ];
      for (const other of foreign) {
        const refused = carry(await signGrant(given, other));
        await expect(refused).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      }
    });

    it("reverts at a twin registry over the same trust list", async () => {
      const { given, signature, deployer, manager, trustList, relays, relayer, patient, deadline } =
        await signedFixture();
      const twin = await new ConsentRegistry__factory(deployer).deploy(manager, trustList, MAX_WINDOW, relays);
      await expect(
        twin.connect(relayer).grantBySignature(patient, given, 0n, deadline, signature),
      ).to.be.revertedWithCustomError(twin, "SignatureInvalid");
    });

    it("reverts when the signature is written in another way", async () => {
      const { registry, carry, signature } = await signedFixture();
      const { r, s, v, compactSerialized } = Signature.from(signature);
      const writings = {
        "high s": concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(v === 27 ? 28 : 27)]),
        "64 bytes": compactSerialized,
        "v 0 or 1": concat([r, s, toBeHex(v - 27, 1)]),
        "a byte more": concat([signature, "0x00"]),
        "a byte less": signature.slice(0, -2),
        nothing: "0x",
      };
      for (const [name, writing] of Object.entries(writings)) {
        await expect(carry(writing), name).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      }
      await carry(signature);
    });

    it("is refused what a patient's own grant is", async () => {
      const { registry, carry, terms, signGrant, start } = await signedFixture();
      const empty = terms({ purposes: 0n });
      await expect(carry(await signGrant(empty), { g: empty })).to.be.revertedWithCustomError(
        registry,
        "ConsentPurposesMissing",
      );
      const over = terms({ until: start });
      await expect(carry(await signGrant(over), { g: over })).to.be.revertedWithCustomError(
        registry,
        "ConsentPeriodInvalid",
      );
      const nobody = terms({ grantee: 0n });
      await expect(carry(await signGrant(nobody), { g: nobody })).to.be.revertedWithCustomError(
        registry,
        "ConsentGranteeMissing",
      );
    });
  });

  describe("revokeBySignature", () => {
    it("ends the consent, whoever carries it, and tells", async () => {
      const { registry, patient, parties, given, carryRevocation, recorded } = await signedFixture();
      await registry.grant(given);
      await expect(carryRevocation(1n))
        .to.emit(registry, "ConsentRevoked")
        .withArgs(patient.address, parties.hospital.body, SCOPE, 2n, patient.address);
      const { by, state, version } = await recorded();
      expect([by, state, version]).to.deep.equal([BY.SIGNATURE, STATE.REVOKED, 2n]);
    });

    it("for the next version ends a signed grant, whichever of the two is carried first", async () => {
      const first = await signedFixture();
      await first.carryRevocation(1n);
      expect((await first.recorded()).version).to.equal(2n);
      await expect(first.carry(first.signature))
        .to.be.revertedWithCustomError(first.registry, "ConsentVersionMismatch")
        .withArgs(0n, 2n);

      const second = await signedFixture();
      await second.carry(second.signature);
      await second.carryRevocation(1n);
      expect(await second.statusFor()).to.equal(STATUS.REVOKED);
    });

    it("for the present version is late after a grant, which the patient may have meant to stand", async () => {
      const { registry, carry, signature, carryRevocation } = await signedFixture();
      await carry(signature);
      await expect(carryRevocation(0n))
        .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
        .withArgs(0n, 1n);
    });

    it("reverts when it was carried before, and for any version but the present and the next", async () => {
      const { registry, given, carryRevocation } = await signedFixture();
      await registry.grant(given);
      for (const version of [0n, 3n, 2n ** 32n - 1n]) {
        await expect(carryRevocation(version))
          .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
          .withArgs(version, 1n);
      }
      await carryRevocation(2n);
      for (const version of [1n, 2n]) {
        await expect(carryRevocation(version))
          .to.be.revertedWithCustomError(registry, "ConsentVersionMismatch")
          .withArgs(version, 3n);
      }
    });

    it("reverts when anything signed is changed, or somebody else signed, or late", async () => {
      const f = await signedFixture();
      const { registry, byRelayer, patient, otherPatient, parties, deadline, given, signRevocation } = f;
      await registry.grant(given);
      const { hospital, clinic } = parties;
      const signature = await signRevocation({ version: 1n });
      const invalid = (sent: Promise<unknown>) =>
        expect(sent).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await invalid(byRelayer.revokeBySignature(patient, clinic.body, SCOPE, 1n, deadline, signature));
      await invalid(byRelayer.revokeBySignature(patient, hospital.body, id("other"), 1n, deadline, signature));
      await invalid(byRelayer.revokeBySignature(patient, hospital.body, SCOPE, 2n, deadline, signature));
      await invalid(byRelayer.revokeBySignature(patient, hospital.body, SCOPE, 1n, deadline + 1n, signature));
      await invalid(byRelayer.revokeBySignature(otherPatient, hospital.body, SCOPE, 1n, deadline, signature));
      for (const other of [{ by: otherPatient }, { by: hospital.key }, { domain: { chainId: 1n } }]) {
        const signed = await signRevocation({ version: 1n, ...other });
        await invalid(byRelayer.revokeBySignature(patient, hospital.body, SCOPE, 1n, deadline, signed));
      }
      await f.at(deadline + 1n);
      await expect(
        byRelayer.revokeBySignature(patient, hospital.body, SCOPE, 1n, deadline, signature),
      ).to.be.revertedWithCustomError(registry, "SignatureExpired");
      expect(await f.statusFor()).to.equal(STATUS.IN_FORCE);
    });

    it("is no grant, nor the reverse", async () => {
      const { registry, byRelayer, patient, parties, deadline, carry, signRevocation, signature } =
        await signedFixture();
      await expect(carry(await signRevocation())).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await expect(
        byRelayer.revokeBySignature(patient, parties.hospital.body, SCOPE, 0n, deadline, signature),
      ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    });
  });

  describe("a patient that is an ERC-1271 wallet", () => {
    async function walletFixture() {
      const f = await signedFixture();
      const wallet = await f.ethers.deployContract("Wallet", [f.patient.address]);
      const of = await wallet.getAddress();
      const signed = await f.signGrant(f.given, { of });
      return { ...f, wallet, of, signed };
    }

    it("grants and revokes by its owner's signature, and by itself", async () => {
      const {
        registry,
        byRelayer,
        byHospital,
        wallet,
        of,
        signed,
        carry,
        statusFor,
        parties,
        deadline,
        signRevocation,
      } = await walletFixture();
      await carry(signed, { of });
      await byHospital.logAccess(of, SCOPE, TREAT, ACCESSED);
      const revocation = await signRevocation({ of, version: 1n });
      await byRelayer.revokeBySignature(of, parties.hospital.body, SCOPE, 1n, deadline, revocation);
      expect(await statusFor(TREAT, { of })).to.equal(STATUS.REVOKED);
      const call = registry.interface.encodeFunctionData("revoke", [parties.hospital.body, SCOPE]);
      await wallet.getFunction("act")(registry, call);
      expect((await registry.consentOf(of, parties.hospital.body, SCOPE)).version).to.equal(3n);
    });

    it("has not signed what its owner signed, nor its owner what it signed", async () => {
      const { registry, carry, of, signature, signed } = await walletFixture();
      await expect(carry(signature, { of })).to.be.revertedWithCustomError(registry, "SignatureInvalid");
      await expect(carry(signed)).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    });

    for (const [index, behaviour] of BEHAVIOURS.entries()) {
      if (index === 0) continue;
      it(`grants nothing when it ${behaviour.toLowerCase().replaceAll("_", " ")}`, async () => {
        const { registry, byRelayer, wallet, of, given, signed, deadline, statusFor } = await walletFixture();
        await wallet.getFunction("behave")(index);
        await expect(
          byRelayer.grantBySignature(of, given, 0n, deadline, signed, { gasLimit: 3_000_000 }),
        ).to.be.revertedWithCustomError(registry, "SignatureInvalid");
        expect(await statusFor(TREAT, { of })).to.equal(STATUS.NONE);
      });
    }

    it("that lies says yes for itself alone", async () => {
      const { registry, carry, wallet, of, patient, parties, statusFor } = await walletFixture();
      const call = registry.interface.encodeFunctionData("revoke", [parties.hospital.body, SCOPE]);
      await wallet.getFunction("reenter")(registry, call);
      // Whatever is carried it signed, and what it tried to write while it was asked came to nothing.
      await carry("0x", { of });
      expect(await statusFor(TREAT, { of })).to.equal(STATUS.IN_FORCE);
      expect((await registry.consentOf(of, parties.hospital.body, SCOPE)).version).to.equal(1n);
      await expect(carry("0x", { of: patient.address })).to.be.revertedWithCustomError(registry, "SignatureInvalid");
    });
  });
});
