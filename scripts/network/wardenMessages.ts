/** What a warden is asked to do. */
export type WardenOrder =
  | { kind: "start"; id: number; program: string; args: string[]; log: string; env: Record<string, string> }
  | { kind: "signal"; id: number; signal: "SIGTERM" | "SIGKILL" }
  /** Removes a folder when all has ended; or a file, if it still holds this text. */
  | { kind: "remove"; path: string; text?: string };

/** What a warden tells: a program runs, or has ended, and by what. */
export type WardenEvent = { kind: "started"; id: number; pid: number } | { kind: "ended"; id: number; why: string };
