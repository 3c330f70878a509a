import { id } from "ethers";

import { operation, approveBy, type Operation } from "../council.js";
import { SCHEMA } from "../issuer.js";
import { GROUNDS, NO_END } from "../suite.js";
import { now, PROFILE, signConsent, type Signer } from "../trust.js";
import { BY_THE_COUNCIL, GOVERNED, type Recipes, type World } from "./recipe.js";

export const TRUST_LIST: Recipes = {
  ...GOVERNED,
  registerBody: ({ minister }) => ({
    by: minister,
    args: [minister.address, PROFILE],
    anyone: "an index alone gives no power, and the call names the controller",
  }),
  updateBody: ({ controller, office }) => ({ by: controller, args: [office, controller.address, GROUNDS] }),
  accredit: ({ minister, parent, branch }) => ({
    by: minister,
    args: [SCHEMA, parent, branch, 0n, NO_END - 1n, 0n, GROUNDS],
  }),
  suspend: ({ minister, branch }) => ({ by: minister, args: [SCHEMA, branch, GROUNDS] }),
  reinstate: async ({ trustList, minister, branch }) => {
    await trustList.connect(minister).suspend(SCHEMA, branch, GROUNDS);
    return { by: minister, args: [SCHEMA, branch, GROUNDS] };
  },
  withdraw: ({ minister, branch }) => ({ by: minister, args: [SCHEMA, branch, GROUNDS] }),
  authorizeKey: async (world) => {
    const { controller, office, signers } = world;
    const [operator] = signers.slice(28) as [Signer];
    const consent = await signConsent(world, { body: office, operator });
    return { by: controller, args: [office, operator.address, [SCHEMA], 0n, NO_END, NO_END, consent] };
  },
  retireKey: ({ operator }) => ({ by: operator, args: [operator.address] }),
  reportCompromise: async (world) => ({
    by: world.controller,
    args: [world.operator.address, await now(world)],
  }),
};

/** An operation that members approved, two unless it is said. */
async function approved({ council, members }: World, call: Operation, count = 2): Promise<string> {
  return approveBy(council, members.slice(0, count), call);
}

const renewal = ({ trustList, office }: World) =>
  operation(trustList, "accredit", [SCHEMA, 0n, office, 0n, NO_END, 1n, GROUNDS]);

export const INAUGURATION: Recipes = {
  inaugurate: { because: "the one call of its deployer was made with the suite; its own tests make it through relays" },
};

export const COUNCIL: Recipes = {
  setMembers: BY_THE_COUNCIL,
  setAuthority: BY_THE_COUNCIL,
  approve: async (world) => ({ by: world.members[0]!, args: await renewal(world) }),
  withdrawApproval: async (world) => ({
    by: world.members[1]!,
    args: [await approved(world, await renewal(world))],
  }),
  schedule: async (world) => {
    const { council, manager, trustList, office, members, decide } = world;
    // Without a delay there is nothing to schedule: one function is given one.
    await decide(manager, "grantRole", [9n, await council.getAddress(), 60n]);
    const { selector } = trustList.getFunction("updateBody").fragment;
    await decide(manager, "setTargetFunctionRole", [await trustList.getAddress(), [selector], 9n]);
    const call = await operation(trustList, "updateBody", [office, members[0]!.address, PROFILE]);
    await approved(world, call);
    return { by: members[2]!, args: call };
  },
  execute: async (world) => {
    const call = await renewal(world);
    await approved(world, call);
    return { by: world.members[2]!, args: call };
  },
};

/** The recovery council's one decision: other members of the council. */
const replacement = ({ council, recoverer }: World) =>
  operation(council, "setMembers", [[recoverer.address], 1n], id("recovery"));

export const RECOVERY: Recipes = {
  setMembers: BY_THE_COUNCIL,
  setAuthority: BY_THE_COUNCIL,
  approve: async (world) => ({ by: world.recoverer, args: await replacement(world) }),
  withdrawApproval: async (world) => {
    const call = await replacement(world);
    await world.recovery.approve(...call);
    return { by: world.recoverer, args: [await world.recovery.operationId(...call)] };
  },
  schedule: async (world) => {
    const call = await replacement(world);
    await world.recovery.approve(...call);
    return { by: world.recoverer, args: call };
  },
  execute: async (world) => {
    const call = await replacement(world);
    await world.recovery.approve(...call);
    await world.recovery.schedule(...call);
    await world.time.increase(1_000n);
    return { by: world.recoverer, args: call };
  },
};
