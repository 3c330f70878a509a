/** How far a comparison is. */
export interface MonitorProgress {
  /** Reading the chain, the records, and what the index names beyond them. */
  readonly phase: "chain" | "records" | "index";
  /** Entries or rows that are done in this phase. */
  readonly done: number;
  /** The mean of this phase. */
  readonly perSecond: number;
}

const INTERVAL_MILLISECONDS = 250;

/**
 * Counts what is done in a phase, and tells of it now and then.
 *
 * @example
 * ```ts
 * const progress = new ProgressMeter("records", ({ done }) => console.error(done));
 * progress.add(page.length);
 * progress.end();
 * ```
 */
export class ProgressMeter {
  done = 0;
  readonly #phase: MonitorProgress["phase"];
  readonly #tell: ((progress: MonitorProgress) => void) | undefined;
  readonly #started = performance.now();
  #told = this.#started;

  constructor(phase: MonitorProgress["phase"], tell: ((progress: MonitorProgress) => void) | undefined) {
    this.#phase = phase;
    this.#tell = tell;
  }

  add(count: number): void {
    this.done += count;
    if (this.#tell !== undefined && performance.now() - this.#told >= INTERVAL_MILLISECONDS) this.end();
  }

  /** Tells how far it is, whenever it last did. */
  end(): void {
    this.#told = performance.now();
    const seconds = (this.#told - this.#started) / 1_000;
    this.#tell?.({ phase: this.#phase, done: this.done, perSecond: seconds > 0 ? Math.round(this.done / seconds) : 0 });
  }
}
