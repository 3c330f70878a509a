import { expect } from "chai";
import type { TransactionLike } from "ethers";

import { isOfWrite } from "../../src/network/outbox/isOfWrite.js";
import type { OutboxEntry } from "../../src/network/outbox/OutboxEntry.js";
import { withGasModel } from "../../src/network/lacchain/gasModel.js";
import { CALL, CONTRACT, SIGNER } from "./outboxBench.js";

const NODE = `0x${"12".repeat(20)}`;

const wrapUntil = (expiration: number) => (call: { to: string; data: string }) => ({
  to: call.to,
  data: withGasModel(call.data, { node: NODE, expiration }),
  expiresAt: expiration,
});

const sign = (fields: TransactionLike): Promise<string> =>
  SIGNER.signTransaction({
    ...{ type: 0, nonce: 0, chainId: 2026n, gasPrice: 0n, gasLimit: CALL.gasLimit, to: CONTRACT, value: 0n },
    ...fields,
  });

describe("isOfWrite", () => {
  const terms = { signer: SIGNER, key: SIGNER.address, chainId: 2026n, gasPrice: 0n, wrap: wrapUntil(1_000) };
  const call = { ...CALL, gasLimit: `${CALL.gasLimit}`, value: "0" };
  const entry = { key: SIGNER.address, nonce: 0, call, expiresAt: 500 } as OutboxEntry;
  const [{ data }, other] = [wrapUntil(2_000)(CALL), wrapUntil(2_000)({ ...CALL, data: "0x02" })];

  it("knows the empty transaction in a call's place, and no other of the key", async () => {
    const fill = { to: SIGNER.address, data: "0x", gasLimit: 21_001n };
    expect(isOfWrite(entry, await sign(fill), terms)).to.equal(true);
    for (const change of [{ gasLimit: 21_000n }, { to: CONTRACT }, { data: "0x01" }, { value: 1n }]) {
      expect(isOfWrite(entry, await sign({ ...fill, ...change }), terms), Object.keys(change).join()).to.equal(false);
    }
  });

  it("knows the call with another expiry, and no other call", async () => {
    expect(isOfWrite(entry, await sign({ data }), terms)).to.equal(true);
    const changes = [{ data: other.data }, { data: `${data}00` }, { to: NODE }, { value: 1n }, { gasLimit: 90_000n }];
    for (const change of changes) {
      expect(isOfWrite(entry, await sign({ data, ...change }), terms), Object.keys(change).join()).to.equal(false);
    }
  });

  it("knows no call without an expiry: it is signed once at a nonce", async () => {
    const { wrap, ...plain } = terms;
    expect(isOfWrite({ ...entry, expiresAt: null }, await sign({ data }), { ...plain, wrap })).to.equal(false);
    expect(isOfWrite(entry, await sign({ data: CALL.data }), plain)).to.equal(false);
  });
});
