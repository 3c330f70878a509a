import { expect } from "chai";
import { getAddress, id, Interface, type Result, ZeroAddress } from "ethers";
import { network } from "hardhat";

import type { Membership } from "../../src/identity/attestation.js";
import { gateEvidence, gateScope, gateSubject } from "../../src/voting/election/gateEvidence.js";

const REGISTRY = new Interface([
  "function requireValid(tuple(uint32 issuer, bytes32 schema, bytes32 subject, bytes32 commitment, uint40 validFrom, uint40 expiresAt)) view",
  "function requireValidLeaf(tuple(uint32 issuer, bytes32 schema, bytes32 subject, bytes32 commitment, uint40 validFrom, uint40 expiresAt), tuple(bytes32 root, uint32 size, uint8 bits, uint32 index, bytes32[] proof)) view",
]);

/** Bytecode that reverts with all that it was called with, and so shows what the gate asks its registry. */
const ECHO = "0x600a600c600039600a6000f3366000600037366000fd";

const attestation = {
  issuer: 7,
  schema: id("schema"),
  subject: id("overwritten"),
  commitment: id("commitment"),
  validFrom: 100,
  expiresAt: 2 ** 40 - 1,
};
const membership: Membership = { root: id("root"), size: 5, bits: 2, index: 3, proof: [id("a"), id("b")] };
const [slotKey, voter] = [id("slot"), getAddress(id("voter").slice(0, 42))];

async function fixture() {
  const { ethers } = await network.create();
  const [election] = await ethers.getSigners();
  const deployed = await election!.sendTransaction({ data: ECHO });
  const echo = (await deployed.wait())!.contractAddress!;
  const gate = await ethers.deployContract("AttestationGate", [echo]);
  /** What the gate asks the registry, when the election asks the gate. */
  const asked = async (evidence: string) => {
    const scope = gateScope(attestation.schema, attestation.issuer);
    const data = gate.interface.encodeFunctionData("requireVoter", [scope, 1, slotKey, voter, evidence]);
    const call = { to: await gate.getAddress(), from: election!.address, data };
    try {
      await ethers.provider.call(call);
    } catch (error) {
      return REGISTRY.parseTransaction({ data: (error as { data: string }).data })!;
    }
    throw new Error("the gate did not ask");
  };
  const { chainId } = await ethers.provider.getNetwork();
  return { gate, asked, election: election!.address, chainId };
}

describe("gateEvidence", () => {
  it("computes the gate's subject", async () => {
    const { gate, election, chainId } = await fixture();
    const expected: unknown = await gate.getFunction("subjectOf")(election, slotKey, voter);
    expect(gateSubject(chainId, election, slotKey, voter)).to.equal(expected);
    expect(gateSubject(chainId, ZeroAddress, slotKey, voter)).to.not.equal(expected);
  });

  it("computes the gate's scope", async () => {
    const { gate } = await fixture();
    const { schema, issuer } = attestation;
    const expected: unknown = await gate.getFunction("scopeOf")(schema, issuer);
    expect(gateScope(schema, issuer)).to.equal(expected);
  });

  it("has the gate ask for an attestation that was issued singly", async () => {
    const { asked, election, chainId } = await fixture();
    const { name, args } = await asked(gateEvidence(attestation));
    const { issuer, schema, commitment, validFrom, expiresAt } = attestation;
    const subject = gateSubject(chainId, election, slotKey, voter);
    expect(name).to.equal("requireValid");
    expect((args[0] as Result).toArray()).to.deep.equal([
      ...[BigInt(issuer), schema, subject, commitment, BigInt(validFrom), BigInt(expiresAt)],
    ]);
  });

  it("has the gate ask for a leaf of a batch", async () => {
    const { asked } = await fixture();
    const { name, args } = await asked(gateEvidence(attestation, membership));
    expect(name).to.equal("requireValidLeaf");
    const [root, size, bits, index, proof] = (args[1] as Result).toArray() as [string, bigint, bigint, bigint, Result];
    expect([root, size, bits, index, proof.toArray()]).to.deep.equal([membership.root, 5n, 2n, 3n, membership.proof]);
  });
});
