import { expect } from "chai";
import { AbiCoder, getBytes, hexlify, id, keccak256, toBeHex } from "ethers";
import { network } from "hardhat";

import { fromRpcBlock } from "../../src/blocks/fromRpcBlock.js";
import { fromRpcReceipt } from "../../src/blocks/fromRpcReceipt.js";
import { logsOf } from "../../src/blocks/logsOf.js";
import { proveReceipt } from "../../src/blocks/proveReceipt.js";
import type { RpcObject } from "../../src/blocks/rpcFields.js";
import { verifyAccountProof } from "../../src/blocks/verifyAccountProof.js";
import { verifyReceiptProof } from "../../src/blocks/verifyReceiptProof.js";
import { verifyStorageProof } from "../../src/blocks/verifyStorageProof.js";
import { AccessManager__factory } from "../../src/typechain/index.js";
import { codeOf, flip, type ProofAnswer } from "./blocks.fixtures.js";

type Connection = Awaited<ReturnType<typeof network.create>>;
type Signer = Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number];

/** Fields of the header, by fork. */
const FORKS = { berlin: 15, london: 16, merge: 16, shanghai: 17, cancun: 20, prague: 21, osaka: 21 } as const;

/** `_roles` is the second variable of OpenZeppelin's AccessManager, `members` the first of a role. */
function slotOfMember(role: bigint, member: string): string {
  const coder = AbiCoder.defaultAbiCoder();
  const ofRole = keccak256(coder.encode(["uint256", "uint256"], [role, 1]));
  return keccak256(coder.encode(["address", "bytes32"], [member, ofRole]));
}

for (const [fork, fields] of Object.entries(FORKS)) {
  describe(`a block of an in-process network with the rules of ${fork}`, () => {
    async function mineBlock() {
      const { ethers, provider } = await network.create(fork);
      const [admin, member, stranger] = (await ethers.getSigners()) as [Signer, Signer, Signer];
      const manager = await new AccessManager__factory(admin).deploy(admin.address);
      await manager.waitForDeployment();
      const address = await manager.getAddress();

      await provider.request({ method: "evm_setAutomine", params: [false] });
      const grant = manager.interface.encodeFunctionData("grantRole", [7n, member.address, 0]);
      const types = fork === "berlin" ? [0, 1] : [0, 1, 2];
      const sent = [];
      for (const type of types) {
        sent.push(await admin.sendTransaction({ to: address, data: grant, gasLimit: 200_000n, type }));
        sent.push(await admin.sendTransaction({ to: member.address, value: 1n, gasLimit: 21_000n, type }));
        sent.push(await stranger.sendTransaction({ to: address, data: grant, gasLimit: 200_000n, type }));
      }
      await provider.request({ method: "evm_mine", params: [] });

      const block = (await provider.request({
        method: "eth_getBlockByNumber",
        params: ["latest", false],
      })) as RpcObject & { transactions: string[]; number: string };
      expect(block.transactions).to.have.length(sent.length);
      const receipts: RpcObject[] = [];
      for (const hash of block.transactions) {
        const answer: unknown = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
        receipts.push(answer as RpcObject);
      }
      const prove = async (of: string, slots: readonly string[]) =>
        (await provider.request({ method: "eth_getProof", params: [of, slots, block.number] })) as ProofAnswer;
      return { ethers, address, member: member.address, block, receipts, prove };
    }

    it("has its header encoded to the hash, its account and slots proved, and its receipts", async () => {
      const { ethers, address, member, block, receipts, prove } = await mineBlock();
      const { rlp, header, hash } = fromRpcBlock(block, "none");
      expect(hash).to.equal(block["hash"]);
      expect(Object.keys(header)).to.have.length(fields);

      const slots = [slotOfMember(7n, member), slotOfMember(8n, member), toBeHex(1, 32)];
      const answer = await prove(address, slots);
      const account = verifyAccountProof(header.stateRoot, address, answer.accountProof)!;
      expect(account.codeHash).to.equal(keccak256(await ethers.provider.getCode(address)));
      expect(account.nonce).to.equal(1n);
      for (const [i, slot] of slots.entries()) {
        const word = verifyStorageProof(account.storageRoot, slot, answer.storageProof[i]!.proof);
        expect(word).to.equal(await ethers.provider.getStorage(address, slot));
        expect(BigInt(word) === 0n).to.equal(i > 0);
      }

      const empty = await prove(member, [toBeHex(0, 32)]);
      const person = verifyAccountProof(header.stateRoot, member, empty.accountProof)!;
      expect(person.balance).to.equal(await ethers.provider.getBalance(member));
      expect(verifyStorageProof(person.storageRoot, toBeHex(0, 32), empty.storageProof[0]!.proof)).to.equal(
        toBeHex(0, 32),
      );
      const nobody = hexlify(getBytes(id("nobody")).slice(12));
      const { accountProof } = await prove(nobody, []);
      expect(verifyAccountProof(header.stateRoot, nobody, accountProof)).to.equal(undefined);
      expect(codeOf(() => verifyAccountProof(header.stateRoot, address, accountProof))).not.to.equal("none");

      const all = receipts.map(fromRpcReceipt);
      for (const [i, answered] of receipts.entries()) {
        const { root, proof } = proveReceipt(all, i);
        expect(root).to.equal(header.receiptsRoot);
        const receipt = verifyReceiptProof(header.receiptsRoot, proof);
        expect(receipt.outcome).to.equal(answered["status"] === "0x1" ? "0x01" : "0x");
        expect(receipt.type).to.equal(Number(answered["type"]));
        expect(logsOf(receipt, address)).to.have.length((answered["logs"] as unknown[]).length);
      }
      expect(new Set(all.map(({ outcome }) => outcome))).to.deep.equal(new Set(["0x01", "0x"]));
      expect(all.filter(({ logs }) => logs.length > 0)).not.to.be.empty;

      const bytes = getBytes(rlp);
      expect(keccak256(flip(bytes, bytes.length - 1))).not.to.equal(hash);
    });
  });
}
