import { AbiCoder, id, keccak256 } from "ethers";

import { BillRegistry__factory } from "../../src/typechain/index.js";
import { deployHealth } from "./health.js";
import { load, type Signer } from "./trust.js";

/** `IBillRegistry.State`, by its names. */
export const STATE = { UNKNOWN: 0n, SUBMITTED: 1n, PAID: 2n, REJECTED: 3n, REFUNDED: 4n, WITHDRAWN: 5n } as const;

/** `IBillRegistry.RejectReason`, by its names. */
export const REJECT = {
  NONE: 0n,
  NOT_INSURED_HERE: 1n,
  NOT_COVERED: 2n,
  INFORMATION_MISSING: 3n,
  AMOUNT_WRONG: 4n,
  BILLED_ELSEWHERE: 5n,
  OTHER: 6n,
} as const;

/** Stands for what a provider derives from an invoice. */
export function commitmentOf(n: number): string {
  return id(`invoice ${n}`);
}

/** A bill's id, written from the text of `BillId`. */
export function billIdOf(provider: bigint, commitment: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [provider, commitment]));
}

/** The registry of bills among those who take part in health. */
export function billFixture() {
  return load(deployBills);
}

async function deployBills() {
  const f = await deployHealth();
  const registry = await new BillRegistry__factory(f.deployer).deploy(f.manager, f.trustList, f.relays);
  const { hospital, payer } = f.parties;
  /** The hospital's bill of this number. */
  const billOf = (n: number) => billIdOf(hospital.body, commitmentOf(n));
  return {
    ...f,
    registry,
    billOf,
    submit: (n: number, by: Signer = hospital.key) => registry.connect(by).submit(commitmentOf(n)),
    withdraw: (n: number, by: Signer = hospital.key) => registry.connect(by).withdraw(billOf(n)),
    pay: (n: number, by: Signer = payer.key) => registry.connect(by).pay(billOf(n)),
    reject: (n: number, reason: bigint = REJECT.NOT_COVERED, by: Signer = payer.key) =>
      registry.connect(by).reject(billOf(n), reason),
    refund: (n: number, by: Signer = payer.key) => registry.connect(by).refund(billOf(n)),
    statusOf: (n: number) => registry.statusOf(billOf(n), { blockTag: "latest" }),
  };
}
