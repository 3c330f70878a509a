import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { type BallotJournal, type BallotUse, memoryJournal } from "../../src/voting/election/memoryJournal.js";
import { storageJournal } from "../../src/voting/election/storageJournal.js";
import { codeOf } from "./codeOf.js";
import { textStorage } from "./textStorage.js";

const [one, other] = [id("one ballot"), id("another ballot")];
const over = (name: string): BallotUse => ({ kind: "cast", replaces: id(name) });

const makers: Record<string, () => BallotJournal> = {
  memoryJournal: () => memoryJournal(),
  storageJournal: () => storageJournal(textStorage(), "election"),
};
for (const [name, make] of Object.entries(makers)) {
  describe(name, () => {
    it("gives what was added, and nothing of other ballots", async () => {
      const journal = make();
      await journal.add(one, { kind: "cast", replaces: ZeroHash });
      await journal.add(other, { kind: "audited" });
      expect(await journal.get(one)).to.deep.equal({ kind: "cast", replaces: ZeroHash });
      expect(await journal.get(other)).to.deep.equal({ kind: "audited" });
      expect(await journal.get(id("none"))).to.equal(undefined);
    });

    it("takes the same use again, and refuses another, which it leaves out", async () => {
      const journal = make();
      await journal.add(one, over("a"));
      await journal.add(one, over("a"));
      expect(await codeOf(journal.add(one, over("b")))).to.equal("BALLOT_REUSED");
      expect(await codeOf(journal.add(one, { kind: "audited" }))).to.equal("BALLOT_SIGNED");
      expect(await journal.get(one)).to.deep.equal(over("a"));
      await journal.add(other, { kind: "audited" });
      await journal.add(other, { kind: "audited" });
      expect(await codeOf(journal.add(other, over("a")))).to.equal("BALLOT_AUDITED");
      expect(await journal.get(other)).to.deep.equal({ kind: "audited" });
    });

    it("lets one of two through that ask at once", async () => {
      const journal = make();
      const codes = await Promise.all([over("a"), over("b")].map((use) => codeOf(journal.add(one, use))));
      expect(codes).to.deep.equal(["none", "BALLOT_REUSED"]);
    });
  });
}

describe("storageJournal over one storage", () => {
  it("knows what an earlier instance was told, however the election's address is written", async () => {
    const storage = textStorage();
    await storageJournal(storage, "diwan/0xAb").add(one, over("a"));
    await storageJournal(storage, "diwan/0xab").add(other, { kind: "audited" });
    const later = storageJournal(storage, "diwan/0xAB");
    expect(await later.get(one)).to.deep.equal(over("a"));
    expect(await later.get(other)).to.deep.equal({ kind: "audited" });
    expect(await codeOf(later.add(one, over("b")))).to.equal("BALLOT_REUSED");
  });

  it("loses nothing when two instances write in turn, as two tabs do", async () => {
    const storage = textStorage();
    const [tab, second] = [storageJournal(storage, "election"), storageJournal(storage, "election")];
    await Promise.all([tab.get(one), second.get(other)]);
    await tab.add(one, over("a"));
    await second.add(other, over("b"));
    expect(await second.get(one)).to.deep.equal(over("a"));
    expect(await tab.get(other)).to.deep.equal(over("b"));
  });

  it("does not mix two elections", async () => {
    const storage = textStorage();
    const [first, second] = [storageJournal(storage, "election/1"), storageJournal(storage, "election/11")];
    await first.add(one, over("a"));
    expect(await second.get(one)).to.equal(undefined);
    await second.add(one, over("b"));
    expect(await first.get(one)).to.deep.equal(over("a"));
  });

  const corrupted = {
    "an empty text": "",
    "another word": "cast",
    JSON: '{"kind":"audited"}',
    "half of a hash": `cast over ${id("a").slice(0, 40)}`,
    "upper case": `cast over 0x${id("a").slice(2).toUpperCase()}`,
    "something behind": `cast over ${id("a")}\n`,
    "something in front": " audited",
  };
  for (const [name, content] of Object.entries(corrupted)) {
    it(`refuses ${name}, and does not overwrite it`, async () => {
      const storage = textStorage();
      const journal = storageJournal(storage, "election");
      await journal.add(one, over("a"));
      const [place] = [...storage.items.keys()];
      storage.setItem(place!, content);
      expect(await codeOf(journal.get(one))).to.equal("JOURNAL_MALFORMED");
      expect(await codeOf(journal.add(one, over("a")))).to.equal("JOURNAL_MALFORMED");
      expect(storage.getItem(place!)).to.equal(content);
    });
  }

  it("says so when the storage is full, or keeps nothing", async () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error("the quota has been exceeded");
      },
    };
    const forgetful = { getItem: () => null, setItem: () => undefined };
    expect(await codeOf(storageJournal(full, "election").add(one, over("a")))).to.equal("JOURNAL_NOT_WRITTEN");
    expect(await codeOf(storageJournal(forgetful, "election").add(one, over("a")))).to.equal("JOURNAL_NOT_WRITTEN");
  });
});
