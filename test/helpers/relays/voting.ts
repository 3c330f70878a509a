import { withElectionAuthority } from "../elections.js";
import { GOVERNED, type Recipes } from "./recipe.js";

export const ELECTION_FACTORY: Recipes = {
  ...GOVERNED,
  createElection: async (world) => {
    const { officer, request } = await withElectionAuthority(world);
    return { by: officer, args: [await request()] };
  },
};
