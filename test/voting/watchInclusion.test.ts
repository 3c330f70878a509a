import { expect } from "chai";
import { build } from "esbuild";

import { promiseOfInclusion } from "../../src/voting/election/promiseOfInclusion.js";
import { watchInclusion } from "../../src/voting/election/watchInclusion.js";
import { electionFixture } from "./electionFixture.js";

/** Long enough that a test that waits for it fails. */
const NEVER = 600_000;

async function fixture() {
  const f = await electionFixture();
  const { slotKey } = f.entries[0]!;
  const ballot = f.ballot(0);
  const until = BigInt(await f.time.latest()) + 100n;
  const content = { slotKey, ballotHash: ballot.ballotHash, until };
  const promise = await promiseOfInclusion(f.election, f.stranger, content);
  return { ...f, ballotOfVoter: ballot, promise, relayer: f.stranger.address };
}

async function reasonOf(action: Promise<unknown>): Promise<unknown> {
  try {
    await action;
  } catch (error) {
    return error;
  }
  throw new Error("it went through");
}

describe("watchInclusion", function () {
  it("needs nothing of Node's, so that a voter's page can have it", async () => {
    const { errors } = await build({
      entryPoints: ["src/voting/election/watchInclusion.ts"],
      ...{ bundle: true, platform: "browser", write: false, logLevel: "silent" },
    });
    expect(errors).to.deep.equal([]);
  });

  it("looks again until the ballot is recorded", async () => {
    const { election, promise, relayer, cast, ballotOfVoter } = await fixture();
    const watching = watchInclusion(election, promise, { relayer, interval: 20 });
    await cast(0, ballotOfVoter);
    expect(await watching).to.deep.equal({ outcome: "recorded" });
  });

  it("has the voter cast directly near the close, though the promise is not broken as yet", async () => {
    const { election, promise, relayer, terms } = await fixture();
    const watching = watchInclusion(election, promise, { relayer, margin: 10_000n, interval: NEVER });
    expect(await watching).to.deep.equal({ outcome: "castDirectly", closesAt: terms.closesAt });
  });

  it("ends at once when it is told to, with the reason", async () => {
    const { election, promise, relayer } = await fixture();
    const controller = new AbortController();
    const watching = reasonOf(
      watchInclusion(election, promise, { relayer, interval: NEVER, signal: controller.signal }),
    );
    const timer = setTimeout(() => {
      controller.abort();
    }, 500);
    expect(await watching).to.have.property("name", "AbortError");
    clearTimeout(timer);

    const reason = new Error("the voter has left");
    const ended = watchInclusion(election, promise, { relayer, interval: NEVER, signal: AbortSignal.abort(reason) });
    expect(await reasonOf(ended)).to.equal(reason);
  });

  it("leaves no listeners behind", async () => {
    const { election, promise, relayer, cast, ballotOfVoter } = await fixture();
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get: (target, name) => {
        if (name === "addEventListener") listeners++;
        if (name === "removeEventListener") listeners--;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    const watching = watchInclusion(election, promise, { relayer, interval: 5, signal: counted });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await cast(0, ballotOfVoter);
    await watching;
    expect(listeners).to.equal(0);
  });
});
