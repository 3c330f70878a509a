// node prove.mjs ROUNDS: proves and verifies, for a group of eight, with the keys of trees of some depths; prints JSON:
// the members, a proof for each depth, and milliseconds of each round. Run where package.json's dependencies are installed.
import { performance } from "node:perf_hooks";

import { Group } from "@semaphore-protocol/group";
import { Identity } from "@semaphore-protocol/identity";
import { generateProof, verifyProof } from "@semaphore-protocol/proof";

const [DEPTHS, MEMBERS, CHOICE] = [[3, 20], 8, 1];
const rounds = Number(process.argv[2] ?? 1);
const identities = Array.from({ length: MEMBERS }, (_, i) => new Identity(`member ${i}`));
const members = identities.map(({ commitment }) => commitment);
const group = new Group(members);

const proofs = [];
for (const depth of DEPTHS) {
  const keys = `node_modules/@zk-kit/semaphore-artifacts/semaphore-${depth}`;
  const files = { wasm: `${keys}.wasm`, zkey: `${keys}.zkey` };
  const [proving, verifying] = [[], []];
  let proof;
  // The first of each is not counted: it loads the curve's code.
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    proof = await generateProof(identities[0], group, CHOICE, `election ${depth}`, depth, files);
    const proved = performance.now();
    if (!(await verifyProof(proof))) throw new Error("the proof does not verify");
    if (round === 0) continue;
    proving.push(proved - start);
    verifying.push(performance.now() - proved);
  }
  proofs.push({ depth, proof, proving, verifying });
}
console.log(JSON.stringify({ members: members.map(String), proofs }));
// The curve's threads would keep the process.
process.exit();
