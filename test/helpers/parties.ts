import { id, type BaseContract } from "ethers";

import { GROUNDS, NO_END } from "./suite.js";
import { authorizeKey, COUNCIL, registerBody, type Signer, type Suite } from "./trust.js";

/** The scope of a role, written from the trust list's text. */
export function scopeOf(role: string): string {
  return id(`diwan.role.${role}`);
}

/** A body and its one key. */
export interface Party<Role extends string = string> {
  /** The body's index in the trust list. */
  body: bigint;
  /** The key that acts for it: the body's key 1. */
  key: Signer;
  roles: readonly Role[];
}

/**
 * A suite with bodies of one key each, all controlled by the suite's `ministry` and accredited by the council itself in the roles
 * that stand beside their names.
 *
 * @param keys Signers that nothing is done with yet, one a body at least.
 */
export async function withParties<S extends Suite, Name extends string, Role extends string>(
  suite: S,
  keys: readonly Signer[],
  roles: Readonly<Record<Name, readonly Role[]>>,
) {
  const { trustList, forwarder, relayHub, decide, ethers, connection } = suite;
  const { time } = connection.networkHelpers;

  /** The council accredits a body in a role, without end unless one is given. */
  const accreditIn = (role: Role, body: bigint, { from = 0n, until = NO_END, levels = 0n } = {}) =>
    decide(trustList, "accredit", [scopeOf(role), COUNCIL, body, from, until, levels, GROUNDS]);

  /** Lets a key act for a body in these roles alone, without end unless one is given. */
  const giveKey = (body: bigint, key: Signer, roles: readonly Role[], { from = 0n, until = NO_END } = {}) =>
    authorizeKey(suite, { by: suite.ministry, body, operator: key, scopes: roles.map(scopeOf), from, until });

  /** A new body that the council accredits in some roles, with a key for them. */
  const enrol = async (key: Signer, roles: readonly Role[]): Promise<Party<Role>> => {
    const body = await registerBody(suite, suite.ministry);
    for (const role of roles) await accreditIn(role, body);
    await giveKey(body, key, roles);
    return { body, key, roles };
  };

  const parties = {} as Record<Name, Party<Role>>;
  const names = Object.keys(roles) as Name[];
  for (const [i, name] of names.entries()) parties[name] = await enrol(keys[i]!, roles[name]);
  const relays = { forwarder: await forwarder.getAddress(), hub: relayHub };

  return {
    ...suite,
    time,
    /** Who takes part, by their names. */
    parties,
    /** The relays that the registries are to trust: their constructors' last argument. */
    relays,
    accreditIn,
    giveKey,
    enrol,
    /** The council decides on a body's accreditation in a role: at a time, when one is given. */
    councilDoes: (what: "suspend" | "reinstate" | "withdraw", role: Role, body: bigint, at?: bigint) =>
      decide(trustList, what, [scopeOf(role), body, GROUNDS], at),
    /** A key's controller reports it compromised since a time. */
    compromise: (key: Signer, since: bigint) => trustList.connect(suite.ministry).reportCompromise(key.address, since),
    /** The council stops a contract's new writes until a time. */
    stopUntil: (contract: BaseContract, until: bigint) => decide(contract, "stop", [until, GROUNDS]),
    /** Carries out transactions in one block; each needs a gas limit of its own. */
    inOneBlock: async (timestamp: bigint, ...sends: (() => Promise<unknown>)[]) => {
      await ethers.provider.send("evm_setAutomine", [false]);
      try {
        for (const send of sends) await send();
        await time.setNextBlockTimestamp(timestamp);
        await connection.networkHelpers.mine();
      } finally {
        await ethers.provider.send("evm_setAutomine", [true]);
      }
    },
  };
}
