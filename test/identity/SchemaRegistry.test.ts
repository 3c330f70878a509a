import { expect } from "chai";
import { hexlify, id, keccak256, toUtf8Bytes } from "ethers";

import { issuerFixture } from "../helpers/issuer.js";
import { GROUNDS } from "../helpers/suite.js";

const DEFINITION = hexlify(toUtf8Bytes(`{"name":"residence","version":"1"}`));
const ID = keccak256(DEFINITION);
const MOST = 8_192;

describe("SchemaRegistry", () => {
  async function fixture() {
    const issuer = await issuerFixture();
    return { ...issuer, schemas: issuer.schemaRegistry.connect(issuer.stranger) };
  }

  describe("register", () => {
    it("records who registered the definition and when, and tells", async () => {
      const { schemas, stranger, time } = await fixture();
      await expect(schemas.register(DEFINITION))
        .to.emit(schemas, "SchemaRegistered")
        .withArgs(ID, stranger.address, DEFINITION);
      const { registrar, registeredAt } = await schemas.schemaOf(ID);
      expect(registrar).to.equal(stranger.address);
      expect(registeredAt).to.equal(BigInt(await time.latest()));
    });

    it("answers the hash of the definition", async () => {
      const { schemas } = await fixture();
      expect(await schemas.register.staticCall(DEFINITION)).to.equal(ID);
    });

    it("takes one byte and 8,192 bytes", async () => {
      const { schemas } = await fixture();
      for (const length of [1, MOST]) {
        const definition = hexlify(new Uint8Array(length).fill(0x7b));
        await expect(schemas.register(definition)).to.emit(schemas, "SchemaRegistered");
      }
    });

    it("reverts when the definition is empty", async () => {
      const { schemas } = await fixture();
      await expect(schemas.register("0x"))
        .to.be.revertedWithCustomError(schemas, "SchemaLengthInvalid")
        .withArgs(0n, BigInt(MOST));
    });

    it("reverts when the definition is a byte too long", async () => {
      const { schemas } = await fixture();
      await expect(schemas.register(hexlify(new Uint8Array(MOST + 1))))
        .to.be.revertedWithCustomError(schemas, "SchemaLengthInvalid")
        .withArgs(BigInt(MOST + 1), BigInt(MOST));
    });

    it("reverts when the definition is no JSON object, as a role's name is not", async () => {
      const { schemas } = await fixture();
      for (const text of ["diwan.role.court", "[]", '"text"', " {}", "\u0000{}"]) {
        await expect(schemas.register(hexlify(toUtf8Bytes(text))))
          .to.be.revertedWithCustomError(schemas, "SchemaNotObject")
          .withArgs(hexlify(toUtf8Bytes(text.slice(0, 1))));
      }
    });

    it("reverts when anybody registered the definition before, whose record stays", async () => {
      const { schemas, operator } = await fixture();
      await schemas.register(DEFINITION);
      const before = await schemas.schemaOf(ID);
      for (const registry of [schemas, schemas.connect(operator)]) {
        await expect(registry.register(DEFINITION))
          .to.be.revertedWithCustomError(schemas, "SchemaAlreadyRegistered")
          .withArgs(ID);
      }
      expect(await schemas.schemaOf(ID)).to.deep.equal(before);
    });

    it("reverts while the council has stopped new writes, until the second of the stop's end", async () => {
      const { schemas, decide, time } = await fixture();
      const until = BigInt(await time.latest()) + 100n;
      await decide(schemas, "stop", [until, GROUNDS]);
      await time.setNextBlockTimestamp(until - 1n);
      await expect(schemas.register(DEFINITION))
        .to.be.revertedWithCustomError(schemas, "WritesAreStopped")
        .withArgs(until);
      await time.setNextBlockTimestamp(until);
      await expect(schemas.register(DEFINITION)).to.emit(schemas, "SchemaRegistered");
    });

    it("takes the sender from the trusted forwarder alone", async () => {
      const { schemas, stranger, operator } = await fixture();
      const data = schemas.interface.encodeFunctionData("register", [DEFINITION]);
      const forged = data + operator.address.slice(2).toLowerCase();
      await stranger.sendTransaction({ to: await schemas.getAddress(), data: forged });
      expect((await schemas.schemaOf(ID)).registrar).to.equal(stranger.address);
    });
  });

  describe("schemaOf", () => {
    it("reverts when nobody registered the schema", async () => {
      const { schemas } = await fixture();
      await expect(schemas.schemaOf(id("nothing")))
        .to.be.revertedWithCustomError(schemas, "SchemaUnknown")
        .withArgs(id("nothing"));
    });

    it("reads on while writes are stopped", async () => {
      const { schemas, decide, time, stranger } = await fixture();
      await schemas.register(DEFINITION);
      await decide(schemas, "stop", [BigInt(await time.latest()) + 100n, GROUNDS]);
      expect((await schemas.schemaOf(ID)).registrar).to.equal(stranger.address);
    });
  });
});
