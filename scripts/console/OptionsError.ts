/** The options are not as the help says. */
export class OptionsError extends Error {}
