import { OptionsError } from "./OptionsError.js";

/**
 * An address, or several, out of an option or else the environment. One with a password is taken from the environment alone: what
 * options say, every user of the machine sees in the list of processes as long as this one runs, and shells keep it. A warning on
 * a service's stderr would be read by nobody; a start that is refused is seen by the person who sets it up, and ends at once.
 *
 * @throws OptionsError, which does not repeat it
 */
export function addressOption(name: string, given: string | undefined, variable: string): string | undefined {
  if (given === undefined) return process.env[variable] === "" ? undefined : process.env[variable];
  if (!mayHoldPassword(given)) return given;
  throw new OptionsError(
    `--${name} holds a password, which other users of this machine can see in the list of processes, and which shells keep: give the address by ${variable} in the environment instead, and think of changing the password`,
  );
}

/** A server's user alone is no secret; before a node's address it may be a key. */
const USER_ALONE = /^postgres(ql)?:\/\/[^:@/?#]*@[^@]*$/i;

function mayHoldPassword(text: string): boolean {
  if (/[?&]password=/i.test(text)) return true;
  return text.includes("://") && text.includes("@") && !USER_ALONE.test(text);
}
