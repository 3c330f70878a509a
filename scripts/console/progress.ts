/** Tells on stderr what is being done. */
export interface Progress {
  /** A new step began; the one before took its time. */
  step(text: string): void;
  /** Something worth knowing within a step; on a terminal it is overwritten by the next. */
  note(text: string): void;
  /** The progress of something that goes on at the same time, with steps of its own. */
  branch(): Progress;
  end(): void;
}

/** Progress for people; a terminal sees a line that changes, a log only whole steps. */
export function stderrProgress(): Progress {
  const isTerminal = process.stderr.isTTY;
  let step: string | undefined;
  let started = 0;

  const end = () => {
    if (step === undefined) return;
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    process.stderr.write(`${isTerminal ? "\r\x1b[K" : ""}  ${step.padEnd(64)} ${seconds.padStart(6)} s\n`);
    step = undefined;
  };
  return {
    step(text) {
      end();
      step = text;
      started = performance.now();
      if (isTerminal) process.stderr.write(`  ${text} …`);
    },
    note(text) {
      if (isTerminal && step !== undefined) process.stderr.write(`\r\x1b[K  ${step}: ${text} …`);
    },
    branch: stderrProgress,
    end,
  };
}

/** No progress, for tests. */
export const silentProgress: Progress = {
  ...{ step: () => undefined, note: () => undefined, end: () => undefined },
  branch: () => silentProgress,
};
