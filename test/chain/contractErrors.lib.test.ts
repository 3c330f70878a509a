import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";
import { id, Interface, toBeHex } from "ethers";

import { CONTRACT_ERRORS } from "../../src/chain/contractErrors.js";
import { ContractError, contractErrorOf, decodeContractError } from "../../src/chain/decodeContractError.js";
import { send } from "../../src/chain/send.js";
import { DiwanError } from "../../src/errors.js";
import { roleOfScope, roleScope } from "../../src/trust/scopes.js";
import * as typechain from "../../src/typechain/index.js";
import { rejection } from "../helpers/events.js";
import { deploySuite } from "../helpers/suite.js";

/** Every error in the ABIs of contracts/ and of OpenZeppelin's contracts that are deployed with them. */
function errorsOfAbis(): Map<string, string> {
  const errors = new Map<string, string>();
  for (const factory of Object.values(typechain)) {
    if (!("abi" in factory)) continue;
    for (const fragment of new Interface(factory.abi).fragments) {
      if (fragment.type === "error") errors.set(fragment.format("sighash"), fragment.format("full"));
    }
  }
  return errors;
}

const UID = id("uid");

describe("contract errors", () => {
  it("are all in the catalogue, each with the arguments of its ABI, and nothing else is", () => {
    const known = CONTRACT_ERRORS.map(({ signature }) => `error ${signature}`).sort();
    expect(known).to.deep.equal([...errorsOfAbis().values()].sort());
    expect(new Set(known.map((signature) => signature.split("(")[0])).size).to.equal(known.length);
  });

  it("have sentences that name only their own arguments, and end", () => {
    for (const { signature, sentence } of CONTRACT_ERRORS) {
      const names = new Set(
        signature
          .slice(signature.indexOf("(") + 1, -1)
          .split(", ")
          .map((part) => part.split(" ")[1]),
      );
      for (const [, name] of sentence.matchAll(/\{(\w+)\}/g)) expect(names, signature).to.include(name);
      expect(sentence, signature).to.match(/^[A-Z{].*\.$/);
    }
  });

  describe("contractErrorOf", () => {
    const encode = (signature: string, values: unknown[]) => {
      return new Interface([`error ${signature}`]).encodeErrorResult(signature.split("(")[0]!, values);
    };

    it("names enums, writes times as dates and keeps numbers as bigint", () => {
      const standing = contractErrorOf(
        encode("NotAccredited(bytes32 scope, uint32 body, uint8 standing)", [UID, 3, 5]),
      );
      expect(standing.code).to.equal("NotAccredited");
      expect(standing.args).to.deep.equal({ scope: UID, body: 3n, standing: "WITHDRAWN" });
      expect(standing.message).to.equal(`Body 3 is not accredited in the scope ${UID} now: it stands at WITHDRAWN.`);

      const status = contractErrorOf(encode("AttestationNotValid(bytes32 uid, uint8 status)", [UID, 5]));
      expect(status.args.status).to.equal("REVOKED");
      const stopped = contractErrorOf(encode("WritesAreStopped(uint40 until)", [1_767_225_600]));
      expect(stopped.message).to.equal("The council stopped new writes until 2026-01-01T00:00:00Z.");
      const forever = contractErrorOf(encode("WritesAreStopped(uint40 until)", [2n ** 40n - 1n]));
      expect(forever.message).to.equal("The council stopped new writes until the end of time.");
      const beyond = contractErrorOf(encode("AttestationNotValid(bytes32 uid, uint8 status)", [UID, 77]));
      expect(beyond.args.status).to.equal(77n);
    });

    it("names the role that a scope is of: each that a contract of ours asks for", () => {
      const sources = globSync("contracts/**/*.sol").map((path) => readFileSync(path, "utf8"));
      const roles = new Set(sources.join("\n").match(/(?<="diwan\.role\.)[a-z-]+(?=")/g));
      expect(roles.size).to.be.greaterThan(15);
      for (const role of roles) {
        const data = encode("NotAccredited(bytes32 scope, uint32 body, uint8 standing)", [roleScope(role), 3, 0]);
        expect(contractErrorOf(data).message).to.contain(`in the scope ${role} now`);
        expect(contractErrorOf(data).args["scope"]).to.equal(roleScope(role));
      }
      expect(roleOfScope(UID)).to.equal(undefined);
    });

    it("reads Solidity's own reverts, and those of strangers", () => {
      const reason = contractErrorOf(encode("Error(string reason)", ["no"]));
      expect([reason.code, reason.args.reason]).to.deep.equal(["REVERTED", "no"]);
      const panic = contractErrorOf(encode("Panic(uint256 code)", [0x11]));
      expect([panic.code, panic.args.code]).to.deep.equal(["PANIC", 0x11n]);
      expect(contractErrorOf("0xdeadbeef").code).to.equal("UNKNOWN_REVERT");
      expect(contractErrorOf(id("WritesAreStopped(uint40)").slice(0, 10)).code).to.equal("UNKNOWN_REVERT");
    });
  });

  describe("decodeContractError", () => {
    const data = id("WritesAreOpen()").slice(0, 10);

    it("finds the data where ethers, nodes and Hardhat put it", () => {
      for (const error of [
        { data },
        { data: { data } },
        { info: { error: { data } } },
        { error: { data: { data, message: "reverted" } } },
        new Error("outer", { cause: new Error("inner", { cause: { data } }) }),
        { code: "UNKNOWN_ERROR", error: { error: { data } } },
      ]) {
        const decoded = decodeContractError(error);
        expect(decoded)
          .to.be.instanceOf(ContractError)
          .and.instanceOf(DiwanError)
          .with.property("code", "WritesAreOpen");
        expect((decoded as Error).cause).to.equal(error);
      }
    });

    it("gives back what is no refusal, and what is one of ours", () => {
      const circular: { cause?: unknown } = {};
      circular.cause = circular;
      for (const error of [
        new Error("no connection"),
        "text",
        null,
        undefined,
        { data: null },
        { data: "0x" },
        circular,
      ]) {
        expect(decodeContractError(error)).to.equal(error);
      }
      const ours = new DiwanError("X", "x");
      expect(decodeContractError(ours)).to.equal(ours);
    });

    it("decodes why a transaction was refused in its block, long after it was sent", async () => {
      const { trustList, stranger, ethers } = await deploySuite();
      await ethers.provider.send("evm_setAutomine", [false]);
      const sent = rejection(send(() => trustList.retireKey(stranger.address, { gasLimit: 200_000 })));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await ethers.provider.send("evm_mine", []);
      expect(await sent)
        .to.be.instanceOf(ContractError)
        .with.property("code", "KeyNotInForce");
    });

    it("decodes what a transaction and what a call throw here", async () => {
      const { trustList, council, stranger } = await deploySuite();
      const sent = await rejection(send(() => trustList.retireKey(stranger.address)));
      expect(sent).to.be.instanceOf(ContractError).with.property("code", "KeyNotInForce");
      const asked = decodeContractError(
        await rejection(council.connect(stranger).approve.staticCall(stranger.address, "0x", toBeHex(0, 32))),
      );
      expect(asked).to.be.instanceOf(ContractError).with.property("code", "NotMember");
      expect((asked as ContractError).args).to.deep.equal({ caller: stranger.address });
    });
  });
});
