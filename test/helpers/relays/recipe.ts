import type { hubFixture } from "../issuer.js";
import type { Signer } from "../trust.js";

/** The suite as Ignition deploys it, trusting a forwarder and a hub, with offices and clerks. */
export type World = Awaited<ReturnType<typeof hubFixture>>;

/** A call that goes through for its signer. */
interface Signed {
  by: Signer;
  args: readonly unknown[];
  /** Why anybody may make this very call, where it is so. */
  anyone?: string;
}

/** Makes ready a call of a function, or says why no relay serves that function. */
type Recipe = ((world: World) => Signed | Promise<Signed>) | { because: string };

/** The recipes of a contract, by its functions' names. */
export type Recipes = Readonly<Record<string, Recipe>>;

/** For functions that the AccessManager calls when the council decided, which its members do through relays. */
export const BY_THE_COUNCIL = {
  because: "the AccessManager calls it for the council, whose members' calls are relayed",
};

/** What every contract has whose new writes the council can stop. */
export const GOVERNED: Recipes = { stop: BY_THE_COUNCIL, resume: BY_THE_COUNCIL, setAuthority: BY_THE_COUNCIL };
