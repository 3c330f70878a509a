// What a stranger's project might do with the package, in Node and in a browser alike.
import { LogTree } from "@diwan/contracts/ledger/LogTree";
import { leafHash } from "@diwan/contracts/ledger/logHashes";
import { verifyInclusion } from "@diwan/contracts/ledger/verifyInclusion";
import { AttestationRegistry__factory, TrustList__factory, type TrustList } from "@diwan/contracts/typechain";
import type { BaseContract } from "ethers";

const entries = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(32).fill(byte));
const tree = new LogTree();
for (const entry of entries) tree.append(entry);
const claim = {
  leaf: leafHash(new Uint8Array(32).fill(4)),
  index: 3,
  size: tree.size,
  path: tree.inclusionProof(3),
  root: tree.root(),
};

const call = TrustList__factory.createInterface().encodeFunctionData("bodyOf", [7]);
const asContract = (trustList: TrustList): BaseContract => trustList;

console.log(
  JSON.stringify({
    proven: verifyInclusion(claim),
    refused: !verifyInclusion({ ...claim, index: 2 }),
    call,
    deployable: AttestationRegistry__factory.bytecode.length > 1_000,
    typed: typeof asContract,
  }),
);
