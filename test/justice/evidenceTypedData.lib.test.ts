import { expect } from "chai";
import { concat, id, keccak256, toBeHex, toUtf8Bytes, TypedDataEncoder, Wallet, zeroPadValue } from "ethers";

import { type EvidenceMessages, evidenceTypedData } from "../../src/justice/evidence/evidenceTypedData.js";

/** The types as the contract's interface has them, letter for letter. */
const WRITTEN: Record<keyof EvidenceMessages, string> = {
  HandOver: "HandOver(bytes32 exhibit,uint16 hop,address from,address to,uint256 deadline)",
  CoAttestation: "CoAttestation(bytes32 subject,bytes32 role,address witness,uint256 deadline)",
  Destruction: "Destruction(bytes32 exhibit,bytes32 order,bytes32 role,address witness,uint256 deadline)",
};
const REGISTRY = `0x${"c0".repeat(20)}`;

describe("evidenceTypedData", () => {
  for (const type of Object.keys(WRITTEN) as (keyof EvidenceMessages)[]) {
    it(`writes the type ${type} as the contract does`, () => {
      const { types } = evidenceTypedData({ chainId: 1, registry: REGISTRY }, type);
      expect(TypedDataEncoder.from(types).encodeType(type)).to.equal(WRITTEN[type]);
    });
  }

  it("hashes a hand-over as EIP-712 says, put together by hand", () => {
    const [from, to] = [1n, 2n].map((key) => new Wallet(toBeHex(key, 32)).address) as [string, string];
    const message = { exhibit: id("an exhibit"), hop: 3, from, to, deadline: 1_764_288_000 };
    const { domain, types } = evidenceTypedData({ chainId: 31337, registry: REGISTRY }, "HandOver");

    const domainType = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
    const separator = keccak256(
      concat([id(domainType), id("Diwan EvidenceRegistry"), id("1"), toBeHex(31337, 32), zeroPadValue(REGISTRY, 32)]),
    );
    const words = [message.exhibit, toBeHex(3, 32), zeroPadValue(from, 32), zeroPadValue(to, 32)];
    const struct = keccak256(
      concat([keccak256(toUtf8Bytes(WRITTEN.HandOver)), ...words, toBeHex(message.deadline, 32)]),
    );
    expect(TypedDataEncoder.hash(domain, types, message)).to.equal(keccak256(concat(["0x1901", separator, struct])));
  });
});
