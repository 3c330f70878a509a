/** What a check of `preflight` came to. */
export interface Finding {
  /** Names the check for programs. */
  readonly id: string;
  /** What was looked at, in a few words. */
  readonly title: string;
  /** A `fail` stops a deployment; a `warn` is for a person to decide on. */
  readonly level: "ok" | "warn" | "fail";
  /** What the node answered. */
  readonly found: string;
  /** What to do, unless all is well. */
  readonly remedy?: string;
}
