import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { expect } from "chai";
import { dataLength, toBeHex, toUtf8String } from "ethers";

import {
  ELECTION_INTERFACES,
  readElectionEvent,
  type TranscriptLog,
} from "../../src/voting/verifier/electionEvents.js";
import { exportTranscript } from "../../src/voting/verifier/exportTranscript.js";
import { serializeRoll } from "../../src/voting/election/rollFile.js";
import { parseRoll } from "../../src/voting/verifier/parseRoll.js";
import { parseTranscript } from "../../src/voting/verifier/parseTranscript.js";
import type { Transcript } from "../../src/voting/verifier/Transcript.js";
import { verifyElection } from "../../src/voting/verifier/verifyElection.js";
import { isNamed, rewrite, tamperingWith } from "./tampering.js";
import { wholeElection } from "./wholeElection.js";

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: unknown[];
}

describe("verifyElection", () => {
  let chain: Awaited<ReturnType<typeof wholeElection>>;
  let transcript: Transcript;
  let roll: ReturnType<typeof parseRoll>;

  before(async () => {
    chain = await wholeElection();
    transcript = await exportTranscript(chain.ethers.provider, chain.address, { factory: chain.maker });
    roll = parseRoll(toUtf8String(serializeRoll(chain.entries).bytes));
  });

  const { faultsOf, changed, edit, expectStep } = tamperingWith(() => ({ transcript, roll }));

  it("finds a whole election right, and its results", async () => {
    const told: number[] = [];
    const report = await verifyElection(transcript, { roll, onProgress: (done) => told.push(done) });
    expect(report.steps.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect(report.steps.map(({ step }) => step)).to.deep.equal([
      ...[
        "transcript",
        "terms",
        "ceremony",
        "roll",
        "opening",
        "ballots",
        "audits",
        "sums",
        "partials",
        "results",
        "decisions",
        "order",
      ],
    ]);
    expect(report).to.include({ isOk: true, outcome: "FINAL" });
    const [first, second] = chain.counts as [bigint[], bigint[]];
    const blank = second[2]! + second[3]!;
    expect(report.results.map(({ counts }) => counts)).to.deep.equal([first, [second[0], second[1], blank]]);
    expect(told.at(-1)).to.equal(6);
    expect(report.unverifiable.join())
      .to.match(/coerced/)
      .and.match(/whole chain/);
  });

  it("finds the same in a file, without the chain", async () => {
    const report = await verifyElection(parseTranscript(JSON.stringify(transcript)), { roll });
    expect(report.isOk).to.equal(true);
  });

  it("finds the election without being told its factory", async () => {
    const found = await exportTranscript(chain.ethers.provider, chain.address);
    expect(found.factory).to.equal(chain.maker.toLowerCase());
  });

  it("searches the blank counts where the call is not at hand", async () => {
    expect(await faultsOf({ calls: [] })).to.deep.equal([]);
  });

  it("says that voters' rights are unchecked without the roll's entries", async () => {
    const { steps, isOk } = await verifyElection(transcript);
    expect(isOk).to.equal(true);
    expect(steps.find(({ step }) => step === "ballots")?.detail).to.match(/6 whose right to vote is unchecked/);
  });

  describe("finds tampering with the transcript", () => {
    it("a log twice", () => expectStep("transcript", { logs: changed("KeyMade", (log) => [log, log]) }, /twice/));

    it("a log of another contract", () => {
      const address = `0x${"11".repeat(20)}`;
      const logs = changed("BallotCast", (log) => [{ ...log, address }]);
      return expectStep("transcript", { logs }, /no event of this election/);
    });

    it("logs of two times in one block", () => {
      const logs = changed("DecryptionStarted", (log) => [{ ...log, time: log.time + 1 }]);
      return expectStep("transcript", { logs }, /before the one before/);
    });
  });

  describe("finds tampering with the terms", () => {
    it("a word of the clone's code", () => {
      const electionCode = transcript.electionCode.replace(toBeHex(6_000, 32).slice(2), toBeHex(1, 32).slice(2));
      const at = 2 + 2 * (45 + 32 + 32 * 14);
      const code = electionCode.slice(0, at) + toBeHex(3, 32).slice(2) + electionCode.slice(at + 64);
      return expectStep("terms", { electionCode: code }, /not that of its terms/);
    });

    it("another text's hash", () => {
      const logs = edit("ElectionCreated", (values) => {
        values[4] = [[0, "en", toBeHex(1, 32)]];
      });
      return expectStep("terms", { logs }, /texts/);
    });

    it("another commission", () => {
      const logs = edit("ElectionCreated", (values) => (values[5] = [chain.address]));
      return expectStep("terms", { logs }, /commission/);
    });
  });

  describe("finds tampering with the ceremony", () => {
    it("a forged key", () => {
      const logs = edit("KeyMade", (values) => {
        const [, , , , commitments] = values as [unknown, unknown, unknown, unknown, bigint[]];
        [values[1], values[2]] = [commitments[2], commitments[3]];
      });
      return expectStep("ceremony", { logs }, /key is not the sum/);
    });

    it("a dealer who did not qualify in the key", () => {
      const logs = edit("KeyMade", (values) => (values[3] = 0b1110n));
      return expectStep("ceremony", { logs }, /other dealers/);
    });

    it("a removed complaint that was never answered", () => {
      return expectStep("ceremony", { logs: changed("ComplaintMade", () => []) }, /other dealers/);
    });

    it("a removed complaint that was answered", () => {
      return expectStep("ceremony", { logs: changed("ComplaintMade", () => [], 1) }, /without a complaint/);
    });

    it("another share revealed", () => {
      const logs = edit("ShareRevealed", (values) => (values[3] = (values[3] as bigint) + 1n));
      return expectStep("ceremony", { logs }, /not on the dealer's polynomial/);
    });

    it("another proof of possession", () => {
      const logs = edit("SharesDealt", (values) => {
        const [c, z] = values[3] as [bigint, bigint];
        values[3] = [c, z + 1n];
      });
      return expectStep("ceremony", { logs }, /did not prove/);
    });

    it("another public share", () => {
      const logs = edit("ShareKeyDerived", (values) => (values[1] = (values[1] as bigint) + 1n));
      return expectStep("ceremony", { logs }, /public share of trustee 1/);
    });

    it("a missing public share", () => {
      return expectStep("ceremony", { logs: changed("ShareKeyDerived", () => [], -1) }, /2 of 3/);
    });

    it("a dealing after its time", () => {
      const logs = transcript.logs.map((log) => ({ ...log, time: log.time + (isNamed(log, "SharesDealt") ? 500 : 0) }));
      return expectStep("ceremony", { logs }, /outside of dealing/);
    });
  });

  describe("finds tampering with what was frozen", () => {
    it("another configuration", () => {
      const logs = edit("ElectionOpened", (values) => (values[0] = toBeHex(1, 32)));
      return expectStep("opening", { logs }, /configuration/);
    });

    it("another roll", async () => {
      const logs = edit("ElectionOpened", (values) => (values[1] = toBeHex(1, 32)));
      await expectStep("opening", { logs }, /another roll/);
    });

    it("an entry of the roll", async () => {
      const [entry, ...others] = roll.entries;
      const other = { ...roll, entries: [{ ...entry!, weight: 5n }, ...others] };
      const { steps } = await verifyElection(transcript, { roll: other });
      expect(steps.filter(({ ok }) => !ok).map(({ step }) => step))
        .to.include("roll")
        .and.to.include("ballots");
    });
  });

  describe("finds tampering with ballots", () => {
    it("a ballot's word, and says which ballot", async () => {
      // Its last word is a scalar of the proof, far below the field's end.
      const other = (ballot: string) => toBeHex(BigInt(ballot) ^ 1n, dataLength(ballot));
      const logs = edit("BallotCast", (values) => (values[3] = other(String(values[3]))), 2);
      await expectStep("ballots", { logs }, /ballot 3 of 6 .* is invalid: EQUATION_3 in question 1/);
    });

    it("a dropped ballot", () => {
      return expectStep("sums", { logs: changed("BallotCast", () => [], -1) }, /4 slots/);
    });

    it("a dropped second ballot of a voter", () => {
      return expectStep("sums", { logs: changed("BallotCast", () => [], 1) }, /sum 0 is not that of the ballots/);
    });

    it("a voter's ballot in a second slot", async () => {
      const slot = toBeHex(7, 32);
      const logs = changed("BallotCast", (log) => [rewrite(log, (values) => (values[0] = slot))], 2);
      await expectStep("ballots", { logs }, /slot that is not on the roll/);
      await expectStep("ballots", { logs }, /invalid: EQUATION/);
    });

    it("a foreign ballot: the same voter's, made for another election", () => {
      const foreign = chain.foreignBallot(4);
      const logs = edit("BallotCast", (values) => ([values[1], values[3]] = foreign), -1);
      return expectStep("ballots", { logs }, /ballot 6 of 6 .* is invalid: EQUATION_1 in question 0/);
    });

    it("another weight", () => {
      const logs = edit("BallotCast", (values) => (values[2] = 3n), -1);
      return expectStep("ballots", { logs }, /has the weight 3, not 1/);
    });

    it("another hash", () => {
      const logs = edit("BallotCast", (values) => (values[1] = toBeHex(1, 32)), -1);
      return expectStep("ballots", { logs }, /another hash/);
    });

    it("a late ballot", () => {
      let isLate = false;
      const [, closing] = [0, 20_000];
      const logs = transcript.logs.map((log, place) => {
        const isLast =
          isNamed(log, "BallotCast") && !transcript.logs.slice(place + 1).some((one) => isNamed(one, "BallotCast"));
        isLate ||= isLast;
        return isLate ? { ...log, time: log.time + closing } : log;
      });
      return expectStep("ballots", { logs }, /ballot 6 of 6 .* outside of voting/);
    });

    it("another opening of an audited ballot", () => {
      const logs = edit("BallotSpoiled", (values) => {
        values[4] = (values[4] as bigint[]).map((r) => r + 1n);
      });
      return expectStep("audits", { logs }, /not what was opened/);
    });

    it("an audited ballot without a commitment", () => {
      return expectStep("audits", { logs: changed("BallotCommitted", () => []) }, /without a commitment/);
    });

    it("an audited ballot that was recorded", () => {
      const [cast] = transcript.logs.filter((log) => isNamed(log, "BallotCast")).slice(-1);
      const event = readElectionEvent("election", cast!, 0);
      const hash = event?.name === "BallotCast" ? event.args.ballotHash : "";
      const logs = edit("BallotSpoiled", (values) => (values[1] = hash));
      return expectStep("ballots", { logs }, /opened for audit before/);
    });
  });

  describe("finds tampering with the count", () => {
    it("a wrong sum", () => {
      const logs = edit("TallyFixed", (values) => {
        const sums = values[2] as bigint[];
        [sums[0], sums[1]] = [sums[4]!, sums[5]!];
      });
      return expectStep("sums", { logs }, /sum 0 is not/);
    });

    it("another number, and another weight", async () => {
      await expectStep("sums", { logs: edit("TallyFixed", (values) => (values[0] = 6n)) }, /6 ballots/);
      await expectStep("sums", { logs: edit("TallyFixed", (values) => (values[1] = 7n)) }, /weight/);
    });

    it("other sums for the trustees", () => {
      const logs = edit("DecryptionStarted", (values) => (values[2] = [toBeHex(1, 32), toBeHex(2, 32)]));
      return expectStep("sums", { logs }, /given other sums/);
    });

    it("another partial decryption", () => {
      const logs = edit(
        "PartialDecryptionPosted",
        (values) => {
          const partials = values[2] as bigint[];
          [partials[0], partials[1]] = [partials[2]!, partials[3]!];
        },
        2,
      );
      return expectStep("partials", { logs }, /trustee 1 for question 1 is not proven/);
    });

    it("another response of its proof", () => {
      const logs = edit("PartialDecryptionPosted", (values) => ((values[3] as bigint[])[1]! += 1n));
      return expectStep("partials", { logs }, /trustee 1 for question 0 is not proven/);
    });

    it("another trustee's partial decryption", () => {
      const logs = edit("PartialDecryptionPosted", (values) => (values[1] = 2n));
      return expectStep("partials", { logs }, /trustee 2 for question 0 is not proven/);
    });

    it("a missing partial decryption", async () => {
      const logs = changed("PartialDecryptionPosted", () => []);
      await expectStep("results", { logs }, /only 1 of 2/);
      await expectStep("order", { logs }, /before enough partial decryptions/);
    });

    it("a count moved to another option", () => {
      const logs = edit("ResultPublished", (values) => {
        const counts = values[3] as bigint[];
        const from = counts.findIndex((count) => count > 0n);
        counts[from]! -= 1n;
        counts[(from + 1) % 3]! += 1n;
      });
      return expectStep("results", { logs }, /result of question 0: the counts are not what/);
    });

    it("a count of a question with blank options, with its call and without", async () => {
      const logs = edit(
        "ResultPublished",
        (values) => {
          const counts = values[3] as bigint[];
          const from = counts.findIndex((count) => count > 0n);
          counts[from]! -= 1n;
          counts[(from + 1) % 3]! += 1n;
        },
        1,
      );
      await expectStep("results", { logs }, /result of question 1: its call had other counts/);
      await expectStep("results", { logs, calls: [] }, /result of question 1: the counts are not what/);
    });

    it("a count too many", () => {
      const logs = edit("ResultPublished", (values) => ((values[3] as bigint[])[0]! += 1n));
      return expectStep("results", { logs }, /add up to/);
    });

    it("a missing result", () => {
      return expectStep("results", { logs: changed("ResultPublished", () => [], 1) }, /results are missing/);
    });

    it("no sums at all", async () => {
      const logs = changed("TallyFixed", () => []);
      await expectStep("sums", { logs }, /no sums were fixed/);
      await expectStep("order", { logs }, /before the sums were fixed/);
    });
  });

  describe("finds tampering with the order", () => {
    /** An annulment that nobody recorded, behind the last log. */
    const annulment = (): TranscriptLog => {
      const last = transcript.logs.at(-1)!;
      const abi = ELECTION_INTERFACES.election;
      const { data, topics } = abi.encodeEventLog("ElectionAnnulled", [toBeHex(1, 32)]);
      return { ...last, address: transcript.election, data, topics, index: last.index + 1 };
    };

    it("an annulment after a partial decryption", () => {
      return expectStep("order", { logs: [...transcript.logs, annulment()] }, /annulled after a partial decryption/);
    });

    it("ballots after an annulment", () => {
      const logs = changed("BallotCast", (log) => [
        { ...annulment(), blockNumber: log.blockNumber, index: log.index, time: log.time },
        { ...log, index: log.index + 1 },
      ]);
      return expectStep("order", { logs }, /BallotCast after the election was annulled/);
    });

    it("a partial decryption before the sums were fixed", async () => {
      const from = transcript.logs.findIndex((log) => isNamed(log, "TallyFixed"));
      const posted = transcript.logs.find((log) => isNamed(log, "PartialDecryptionPosted"))!;
      const before = transcript.logs[from - 1]!;
      const early = { ...posted, blockNumber: before.blockNumber, time: before.time, index: before.index + 1 };
      const logs = transcript.logs.filter((log) => log !== posted);
      const moved = [
        ...logs.slice(0, from),
        early,
        ...logs.slice(from).map((log) => ({ ...log, index: log.index + 2 })),
      ];
      await expectStep("order", { logs: moved }, /PartialDecryptionPosted before the sums were fixed/);
      await expectStep("partials", { logs: moved }, /came before the sums were fixed/);
    });

    it("totals of paper that the terms know nothing of", () => {
      const abi = ELECTION_INTERFACES.election;
      const { data, topics } = abi.encodeEventLog("PaperRecorded", [1n, [1n, 0n, 0n, 0n, 0n, 0n, 1n], toBeHex(1, 32)]);
      return expectStep("order", { logs: [...transcript.logs, { ...annulment(), data, topics }] }, /paper/);
    });
  });

  it("finds an election right that is still under way", async () => {
    for (const name of ["KeyMade", "ElectionOpened", "BallotCast", "BallotSpoiled", "DecryptionStarted"] as const) {
      const end = transcript.logs.findIndex((log) => isNamed(log, name)) + 1;
      const logs = transcript.logs.slice(0, end);
      const { blockNumber: block, time } = logs.at(-1)!;
      const report = await verifyElection({ ...transcript, logs, block, time }, { roll });
      expect(report.steps.filter(({ ok }) => !ok)).to.deep.equal([]);
      expect(report).to.include({ isOk: true, outcome: "UNFINISHED" });
    }
  });

  it("never throws, whatever is in the logs", async () => {
    for (const place of transcript.logs.keys()) {
      for (const data of ["0x", `0x${"ff".repeat(64)}`]) {
        const logs = transcript.logs.map((log, i) => (i === place ? { ...log, data } : log));
        const { isOk } = await verifyElection({ ...transcript, logs });
        const isEmpty = data === "0x" && transcript.logs[place]!.data === "0x";
        expect(isOk, `log ${place}`).to.equal(isEmpty);
      }
    }
  });
});

describe("npm run verify:election", () => {
  let chain: Awaited<ReturnType<typeof wholeElection>>;
  let server: Server;
  let folder: string;
  let url: string;

  before(async () => {
    chain = await wholeElection();
    folder = mkdtempSync(join(tmpdir(), "diwan-verify-"));
    server = createServer((request, response) => {
      void answer(request).then((text) => response.end(text));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Stands for a node. */
  async function answer(request: IncomingMessage): Promise<string> {
    const calls = JSON.parse(await text(request)) as Call | Call[];
    const one = async ({ id, method, params }: Call) => {
      const result: unknown = await chain.ethers.provider.send(method, params);
      return { jsonrpc: "2.0", id, result };
    };
    return JSON.stringify(Array.isArray(calls) ? await Promise.all(calls.map(one)) : await one(calls));
  }
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/verify-election.ts", ...args]);
    const ended = new Promise<number>((resolve) => child.on("close", resolve));
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, out, errors };
  };

  it("reads an election from a node, writes its transcript, and finds it right there and in the file", async () => {
    const [file, roll] = [join(folder, "transcript.json"), join(folder, "roll.json")];
    writeFileSync(roll, serializeRoll(chain.entries).bytes);
    const read = await run("--rpc", url, "--election", chain.address, "--roll", roll, "--export", file);
    expect(read.out)
      .to.match(/Nothing is wrong; outcome: FINAL/)
      .and.to.match(/all on the roll/);
    expect(read.code).to.equal(0);

    const again = await run("--transcript", file, "--json");
    expect(again.code).to.equal(0);
    expect(JSON.parse(again.out)).to.include({ isOk: true, outcome: "FINAL" });

    const transcript = parseTranscript(readFileSync(file, "utf8"));
    const logs = transcript.logs.filter((log) => !isNamed(log, "TallyFixed"));
    writeFileSync(file, JSON.stringify({ ...transcript, logs }));
    const wrong = await run("--transcript", file);
    expect(wrong.out).to.match(/WRONG sums .*no sums were fixed/);
    expect(wrong.code).to.equal(1);
  });

  it("says what is wrong with its arguments", async () => {
    const { code, errors } = await run("--rpc", url);
    expect(errors).to.match(/give either --transcript FILE/);
    expect(code).to.equal(2);
  });

  it("says when no factory made the election", async () => {
    const { code, errors } = await run("--rpc", url, "--election", chain.trustees);
    expect(errors).to.match(/no factory made the election/);
    expect(code).to.equal(2);
  });
});

describe("parseTranscript", () => {
  const good = {
    ...{
      format: "diwan/election-transcript/v1",
      chainId: "1",
      block: 1,
      blockHash: toBeHex(1, 32),
      time: 1,
      wallets: [],
      logs: [],
      calls: [],
    },
    ...{ factory: toBeHex(1, 20), election: toBeHex(2, 20), trustees: toBeHex(3, 20) },
    ...{ electionCode: "0x", trusteesCode: "0x" },
  };

  it("takes what exportTranscript writes", () => {
    expect(parseTranscript(JSON.stringify(good))).to.deep.equal(good);
  });

  for (const [what, value] of [
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["a strange member", JSON.stringify({ ...good, extra: 1 })],
    ["another format", JSON.stringify({ ...good, format: "v2" })],
    ["a number for the chain's id", JSON.stringify({ ...good, chainId: 1 })],
    ["a short address", JSON.stringify({ ...good, election: "0x12" })],
    ["half a byte of code", JSON.stringify({ ...good, electionCode: "0x1" })],
    ["a negative block", JSON.stringify({ ...good, block: -1 })],
    ["no time of the last block", JSON.stringify({ ...good, time: undefined })],
    ["a time that is no number", JSON.stringify({ ...good, time: "1" })],
    ["a wallet that is no address", JSON.stringify({ ...good, wallets: ["0x12"] })],
    ["a log that is none", JSON.stringify({ ...good, logs: [{}] })],
    ["logs that are no list", JSON.stringify({ ...good, logs: { length: 1 } })],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parseTranscript(value))
        .to.throw()
        .with.property("code", "TRANSCRIPT_MALFORMED");
    });
  }
});
