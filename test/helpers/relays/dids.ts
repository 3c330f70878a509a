import {
  addDelegate,
  approvalsOf,
  CHANGE_MANY,
  CHANGE_OWNER,
  commitmentOf,
  DID_DELAYS,
  endpoint,
  RECOVERY_DELAY,
  SERVICE,
  setAttribute,
  startRecovery,
  VERI_KEY,
  withDid,
} from "../did.js";
import { NO_END } from "../suite.js";
import { GOVERNED, type Recipes, type World } from "./recipe.js";

const SIGNED = "the owner's own signature is in the call";
const DUE = "it was decided on before, and its delay has passed";

/** People around one DID, which has its guardians. */
async function guarded(world: World) {
  const did = await withDid(world);
  await did.registry.setGuardians(did.did, commitmentOf(did.list));
  return did;
}

async function frozen(world: World) {
  const did = await guarded(world);
  await did.registry.freeze(did.did);
  return did;
}

export const DID_REGISTRY: Recipes = {
  ...GOVERNED,

  changeOwner: async (world) => {
    const { owner, did, newOwner } = await withDid(world);
    return { by: owner, args: [did, newOwner.address] };
  },
  changeOwnerBySignature: async (world) => {
    const { owner, did, newOwner, domain, friend } = await withDid(world);
    const message = { identity: did, newOwner: newOwner.address, nonce: 0n, deadline: NO_END };
    const signature = await owner.signTypedData(domain, CHANGE_OWNER, message);
    return { by: friend, args: [did, newOwner.address, NO_END, signature], anyone: SIGNED };
  },
  addDelegate: async (world) => {
    const { owner, did, friend } = await withDid(world);
    return { by: owner, args: [did, VERI_KEY, friend.address, 1_000n] };
  },
  revokeDelegate: async (world) => {
    const { owner, did, friend, registry } = await withDid(world);
    await registry.addDelegate(did, VERI_KEY, friend.address, 1_000n);
    return { by: owner, args: [did, VERI_KEY, friend.address] };
  },
  setAttribute: async (world) => {
    const { owner, did } = await withDid(world);
    return { by: owner, args: [did, SERVICE, endpoint("https://example.org"), 1_000n] };
  },
  revokeAttribute: async (world) => {
    const { owner, did } = await withDid(world);
    return { by: owner, args: [did, SERVICE, endpoint("https://example.org")] };
  },
  changeMany: async (world) => {
    const { owner, did, friend } = await withDid(world);
    const changes = [setAttribute(SERVICE, endpoint("https://example.org")), addDelegate(VERI_KEY, friend.address)];
    return { by: owner, args: [did, changes] };
  },
  changeManyBySignature: async (world) => {
    const { owner, did, friend, domain } = await withDid(world);
    const changes = [addDelegate(VERI_KEY, friend.address)];
    const message = { identity: did, changes, nonce: 0n, deadline: NO_END };
    const signature = await owner.signTypedData(domain, CHANGE_MANY, message);
    return { by: friend, args: [did, changes, NO_END, signature], anyone: SIGNED };
  },

  setGuardians: async (world) => {
    const { owner, did, list } = await withDid(world);
    return { by: owner, args: [did, commitmentOf(list)] };
  },
  applyGuardians: async (world) => {
    const { owner, did, list, registry, time } = await guarded(world);
    await registry.setGuardians(did, commitmentOf({ ...list, threshold: 3n }));
    await time.increase(DID_DELAYS.guardiansDelay);
    return { by: owner, args: [did], anyone: DUE };
  },
  cancelGuardians: async (world) => {
    const { owner, did, list, registry } = await guarded(world);
    await registry.setGuardians(did, commitmentOf({ ...list, threshold: 3n }));
    return { by: owner, args: [did] };
  },

  freeze: async (world) => {
    const { owner, did } = await guarded(world);
    return { by: owner, args: [did] };
  },
  freezeAsGuardian: async (world) => {
    const { did, guardians, list } = await guarded(world);
    return { by: guardians[1]!, args: [did, list] };
  },
  scheduleThaw: async (world) => {
    const { owner, did } = await frozen(world);
    return { by: owner, args: [did] };
  },
  thaw: async (world) => {
    const { owner, did, registry, time } = await frozen(world);
    await registry.scheduleThaw(did);
    await time.increase(DID_DELAYS.exitDelay);
    return { by: owner, args: [did], anyone: DUE };
  },
  scheduleDeactivation: async (world) => {
    const { owner, did } = await frozen(world);
    return { by: owner, args: [did] };
  },
  deactivate: async (world) => {
    const { owner, did } = await withDid(world);
    return { by: owner, args: [did] };
  },

  recover: async (world) => {
    const fixture = await guarded(world);
    const { did, newOwner, list, guardians, friend } = fixture;
    const approvals = await approvalsOf(fixture, guardians.slice(0, 2));
    const anyone = "the guardians' own signatures are in the call";
    return { by: friend, args: [did, newOwner.address, list, approvals, NO_END], anyone };
  },
  executeRecovery: async (world) => {
    const fixture = await guarded(world);
    await startRecovery(fixture, fixture.guardians.slice(0, 2));
    await fixture.time.increase(RECOVERY_DELAY);
    return { by: fixture.newOwner, args: [fixture.did], anyone: DUE };
  },
  vetoRecovery: async (world) => {
    const fixture = await guarded(world);
    await startRecovery(fixture, fixture.guardians.slice(0, 2));
    return { by: fixture.owner, args: [fixture.did] };
  },
  vetoRecoveryAsVetoer: async (world) => {
    const fixture = await guarded(world);
    await startRecovery(fixture, fixture.guardians.slice(0, 2));
    return { by: fixture.vetoer, args: [fixture.did, fixture.list] };
  },
};
