import { expect } from "chai";
import { AbiCoder, concat, getBytes, hexlify, id, keccak256, toBeHex, ZeroHash } from "ethers";

import { accessCommitment } from "../../src/health/consent/accessCommitment.js";
import {
  accessEntry,
  type AccessParties,
  type BatchedAccess,
  type BatchedAccessList,
  linkAccesses,
  verifyBatchedAccesses,
} from "../../src/health/consent/batchedAccess.js";
import { parseBatchedAccesses, serializeBatchedAccesses } from "../../src/health/consent/batchedAccessJson.js";
import { LogTree } from "../../src/ledger/LogTree.js";
import { codeOf, errorOf } from "../helpers/healthErrors.js";

const parties: AccessParties = {
  ...{ chainId: 31_337, registry: `0x${"5f".repeat(20)}` },
  ...{ recipient: 2, patient: `0x${"70".repeat(20)}` },
};
const access = (n: number): Omit<BatchedAccess, "sequence" | "previous"> => ({
  ...{ time: 1_767_225_600 + n * 60, purpose: "TREAT", scope: ZeroHash },
  commitment: accessCommitment({ salt: id(`salt ${n}`), professional: "1", records: [`r${n}`], reason: "" }),
});

/** A recipient's log in which five accesses to the patient's data stand among those to others' data. */
function listOfFive(): { list: BatchedAccessList; tree: LogTree } {
  const accesses = linkAccesses(parties, [0, 1, 2, 3, 4].map(access));
  const tree = new LogTree();
  const indices = accesses.map((item, i) => {
    for (let others = 0; others < i; others++) tree.append(getBytes(id(`other ${i} ${others}`)));
    return tree.append(getBytes(accessEntry(parties, item)));
  });
  return { tree, list: listOf(accesses, indices, tree) };
}

function listOf(accesses: BatchedAccess[], indices: number[], tree: LogTree): BatchedAccessList {
  const proofs = indices.map((index) => ({ index, path: tree.inclusionProof(index).map((node) => hexlify(node)) }));
  return { ...parties, accesses, proofs, size: tree.size, root: hexlify(tree.root()) };
}

const checkpointOf = (tree: LogTree) => ({ size: tree.size, root: hexlify(tree.root()) });

describe("batched accesses", () => {
  it("are entries that name their number and the one before", () => {
    const [first, second] = linkAccesses(parties, [access(0), access(1)]) as [BatchedAccess, BatchedAccess];
    expect([first.sequence, first.previous]).to.deep.equal([1, ZeroHash]);
    expect([second.sequence, second.previous]).to.deep.equal([2, accessEntry(parties, first)]);
    // Written out word by word from the text of `accessEntry`.
    const word = (value: bigint | number | string) => toBeHex(value, 32);
    const words = [id("diwan/access-entry/v1"), word(31_337), word(parties.registry), word(2), word(parties.patient)];
    words.push(word(2), second.previous, word(second.time), word(0), ZeroHash, second.commitment);
    expect(accessEntry(parties, second)).to.equal(keccak256(concat(words)));
    expect(linkAccesses(parties, [access(1)], first)).to.deep.equal([second]);
  });

  it("are listed whole, in files too", () => {
    const { list, tree } = listOfFive();
    verifyBatchedAccesses(list, { parties, checkpoint: checkpointOf(tree) });
    const read = parseBatchedAccesses(serializeBatchedAccesses(list));
    expect(read).to.deep.equal(list);
    verifyBatchedAccesses(read, { parties, checkpoint: checkpointOf(tree), before: list });
    const none = { ...list, accesses: [], proofs: [] };
    verifyBatchedAccesses(none, { parties, checkpoint: checkpointOf(tree) });
  });

  it("are found missing wherever one is left out", () => {
    const { list, tree } = listOfFive();
    for (let i = 0; i < 4; i++) {
      const short = { ...list, accesses: list.accesses.toSpliced(i, 1), proofs: list.proofs.toSpliced(i, 1) };
      expect(
        codeOf(() => {
          verifyBatchedAccesses(short, { parties, checkpoint: checkpointOf(tree) });
        }),
      ).to.equal("ACCESS_LOG_INCOMPLETE");
      // Numbered anew, it still does not follow the one before.
      const renumbered = { ...short, accesses: short.accesses.map((item, n) => ({ ...item, sequence: n + 1 })) };
      expect(
        codeOf(() => {
          verifyBatchedAccesses(renumbered, { parties, checkpoint: checkpointOf(tree) });
        }),
      ).to.equal("ACCESS_LOG_INCOMPLETE");
      // Linked anew, it is not in the log.
      const relinked = { ...short, accesses: linkAccesses(parties, short.accesses) };
      expect(
        codeOf(() => {
          verifyBatchedAccesses(relinked, { parties, checkpoint: checkpointOf(tree) });
        }),
      ).to.equal("ACCESS_LOG_INCOMPLETE");
    }
  });

  it("are found missing at the end by an earlier list", () => {
    const { list, tree } = listOfFive();
    const short = { ...list, accesses: list.accesses.slice(0, 4), proofs: list.proofs.slice(0, 4) };
    // Alone it is whole up to its last access.
    verifyBatchedAccesses(short, { parties, checkpoint: checkpointOf(tree) });
    const error = errorOf(() => {
      verifyBatchedAccesses(short, { parties, checkpoint: checkpointOf(tree), before: list });
    });
    expect(error?.message).to.match(/access 5 of the earlier list is missing/);
  });

  it("are found altered in any field", () => {
    const { list, tree } = listOfFive();
    const changes: Partial<BatchedAccess>[] = [
      ...[{ time: list.accesses[2]!.time + 1 }, { purpose: "HRESCH" as const }, { scope: id("x") }],
      ...[{ commitment: id("x") }, { sequence: 4 }, { previous: id("x") }],
    ];
    for (const change of changes) {
      const accesses = list.accesses.with(2, { ...list.accesses[2]!, ...change });
      const code = codeOf(() => {
        verifyBatchedAccesses({ ...list, accesses }, { parties, checkpoint: checkpointOf(tree) });
      });
      expect(code, JSON.stringify(change)).to.equal("ACCESS_LOG_INCOMPLETE");
    }
  });

  it("are refused in another order of the log or of time", () => {
    const accesses = linkAccesses(parties, [access(0), access(1)]);
    const tree = new LogTree();
    for (const item of accesses.toReversed()) tree.append(getBytes(accessEntry(parties, item)));
    const error = errorOf(() => {
      verifyBatchedAccesses(listOf(accesses, [1, 0], tree), { parties, checkpoint: checkpointOf(tree) });
    });
    expect(error?.message).to.match(/access 2 was logged before the one before it/);

    const back = linkAccesses(parties, [access(1), access(0)]);
    const other = new LogTree();
    for (const item of back) other.append(getBytes(accessEntry(parties, item)));
    const earlier = errorOf(() => {
      verifyBatchedAccesses(listOf(back, [0, 1], other), { parties, checkpoint: checkpointOf(other) });
    });
    expect(earlier?.message).to.match(/access 2 is said to be earlier/);
  });

  it("are refused when the recipient itself logged a gap or a broken link", () => {
    const [first, second, third] = linkAccesses(parties, [access(0), access(1), access(2)]) as [
      ...[BatchedAccess, BatchedAccess, BatchedAccess],
    ];
    const refusal = (accesses: BatchedAccess[]) => {
      const tree = new LogTree();
      const indices = accesses.map((item) => tree.append(getBytes(accessEntry(parties, item))));
      const list = listOf(accesses, indices, tree);
      return errorOf(() => {
        verifyBatchedAccesses(list, { parties, checkpoint: checkpointOf(tree) });
      })?.message;
    };
    expect(refusal([first, second, third])).to.equal(undefined);
    expect(refusal([first, { ...third, previous: accessEntry(parties, first) }])).to.match(/access 2 has the number 3/);
    expect(refusal([first, { ...third, sequence: 2 }])).to.match(/access 2 follows another than 1/);
    expect(refusal([second, third])).to.match(/access 1 has the number 2/);
    expect(refusal([{ ...second, sequence: 1 }, third])).to.match(/access 1 follows another than 0/);
  });

  it("are refused with proofs of another state, too few proofs, or of others", () => {
    const { list, tree } = listOfFive();
    const checkpoint = checkpointOf(tree);
    const refused: [BatchedAccessList, AccessParties, typeof checkpoint][] = [
      [list, parties, { ...checkpoint, root: id("x") }],
      [list, parties, { ...checkpoint, size: checkpoint.size + 1 }],
      [{ ...list, proofs: list.proofs.slice(1) }, parties, checkpoint],
      [list, { ...parties, recipient: 3 }, checkpoint],
      [list, { ...parties, chainId: 1 }, checkpoint],
      [list, { ...parties, patient: parties.registry }, checkpoint],
      [list, { ...parties, registry: parties.patient }, checkpoint],
    ];
    for (const [given, asked, at] of refused) {
      expect(
        codeOf(() => {
          verifyBatchedAccesses(given, { parties: asked, checkpoint: at });
        }),
      ).to.equal("ACCESS_LIST_MALFORMED");
    }
    // One that says it is of these, and is of another patient's data, is not in the log as such.
    const others = { ...parties, patient: `0x${"99".repeat(20)}` };
    const code = codeOf(() => {
      verifyBatchedAccesses({ ...list, ...others }, { parties: others, checkpoint });
    });
    expect(code).to.equal("ACCESS_LOG_INCOMPLETE");
  });

  it("are refused as files that are not to the letter", () => {
    const text = serializeBatchedAccesses(listOfFive().list);
    const spoilt = [
      ...["", "null", "[]", "{", text.replace('"sequence":1', '"sequence":1.5'), text.replace('"TREAT"', '"treat"')],
      ...[text.replace('"size":', '"extra":1,"size":'), text.replace(/,"root":"0x[0-9a-f]+"/, "")],
      ...[text.replace("v1", "v2"), text.replace('"index":0', '"index":-1'), text.replace("0x5f", "0X5F")],
    ];
    for (const wrong of spoilt)
      expect(
        codeOf(() => parseBatchedAccesses(wrong)),
        wrong,
      ).to.equal("ACCESS_LIST_MALFORMED");
  });

  it("hide who, what and why in a salted commitment", () => {
    const opening = { salt: id("salt"), professional: "1234567", records: ["obs-1", "obs-2"], reason: "follow-up" };
    const types = ["bytes32", "bytes32", "string", "string[]", "string"];
    const values = [id("diwan/access/v1"), opening.salt, opening.professional, opening.records, opening.reason];
    expect(accessCommitment(opening)).to.equal(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
    const others = [
      ...[
        { ...opening, salt: id("other") },
        { ...opening, professional: "1234568" },
        { ...opening, reason: "" },
      ],
      ...[
        { ...opening, records: ["obs-2", "obs-1"] },
        { ...opening, records: ["obs-1obs-2"] },
      ],
    ];
    for (const other of others) expect(accessCommitment(other)).to.not.equal(accessCommitment(opening));
    expect(errorOf(() => accessCommitment({ ...opening, salt: "0xsecret" }))?.message).to.not.include("secret");
  });
});
