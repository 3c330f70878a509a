/** What was looked at, what should have been found, and what was. */
export interface Check {
  /** Stable name for machines, such as `attestation.suspended`. */
  id: string;
  title: string;
  expected: string;
  actual: string;
  ok: boolean;
}

/** Collects checks; each compares what was found with what should have been, so none passes by itself. */
export class Checks {
  readonly list: Check[] = [];

  /** Adds a check that holds when the two texts are the same. */
  equal(id: string, title: string, expected: string, actual: string): void {
    if (this.list.some((check) => check.id === id)) throw new Error(`two checks are called ${id}`);
    this.list.push({ id, title, expected, actual, ok: expected === actual });
  }

  /** Adds checks made elsewhere. */
  add(checks: readonly Check[]): void {
    for (const { id, title, expected, actual } of checks) this.equal(id, title, expected, actual);
  }

  get failed(): Check[] {
    return this.list.filter((check) => !check.ok);
  }
}
