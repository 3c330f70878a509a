import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import pg from "pg";

import { runCommand } from "./run-command.js";

/** A PostgreSQL server of one's own. */
export interface PostgresServer {
  /** As `pg` and `psql` take it. */
  readonly url: string;
  /** PostgreSQL's version, such as "15.13". */
  readonly version: string;
  /** Stops it and removes its folder; may be called more than once. */
  readonly stop: () => Promise<void>;
}

/** Thrown where there is no PostgreSQL and none can be installed. */
export class PostgresMissing extends Error {}

const START_SECONDS = 60;
const STOP_SECONDS = 20;
/** Debian's package makes a cluster, and starts a server for it, unless this file says that it shall not. */
const DEBIAN_CONFIG = "/etc/postgresql-common/createcluster.conf";

/**
 * Starts a PostgreSQL server in a temporary folder, on the loopback interface alone, with a password of its own. Its programs are
 * those on the PATH or in Debian's folder; where there are none and this is root, Debian's package is installed. PostgreSQL
 * refuses to run as root: then it runs as the user `postgres`, or `nobody`.
 *
 * @throws PostgresMissing; Error with the server's own words when it does not start.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms() ?? (await installPrograms());
  const user = process.getuid?.() === 0 ? findUser() : undefined;
  const folder = mkdtempSync(join(tmpdir(), "diwan-postgres-"));
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (server !== undefined) await stopProcess(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const password = randomBytes(16).toString("hex");
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, password, { mode: 0o600 });
    for (const path of [folder, passwordFile]) if (user !== undefined) chownSync(path, user.uid, user.gid);

    const data = join(folder, "data");
    const flags = [
      "--username=diwan",
      "--auth=scram-sha-256",
      `--pwfile=${passwordFile}`,
      "--encoding=UTF8",
      "--no-locale",
    ];
    // Nothing here outlives a crash anyhow.
    execFileSync(join(programs, "initdb"), ["-D", data, "--no-sync", ...flags], {
      ...user,
      cwd: folder,
      stdio: "pipe",
    });

    const port = await freePort();
    const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", fsync: "off", port };
    const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    server = spawn(join(programs, "postgres"), ["-D", data, ...options], {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const url = `postgres://diwan:${password}@127.0.0.1:${port}/postgres`;
    return { url, version: await awaitServer(server, url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The folder of `initdb` and `postgres`; of several in Debian's place the newest. */
function findPrograms(): string | undefined {
  const debian = globSync("/usr/lib/postgresql/*/bin");
  const newest = debian.sort((a, b) => Number(dirname(b).split("/").pop()) - Number(dirname(a).split("/").pop()));
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...newest, ...path].find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name))));
}

async function installPrograms(): Promise<string> {
  const missing = "PostgreSQL is missing: there is no initdb and postgres on the PATH or in /usr/lib/postgresql";
  const apt = process.getuid?.() === 0 ? await runCommand("apt-get", ["--version"]) : undefined;
  if (apt?.code !== 0) throw new PostgresMissing(`${missing}; on Debian, root can install the package postgresql`);
  console.error("Installing Debian's package postgresql …");
  if (!existsSync(DEBIAN_CONFIG)) {
    mkdirSync(dirname(DEBIAN_CONFIG), { recursive: true });
    writeFileSync(DEBIAN_CONFIG, "create_main_cluster = false\n");
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const update = await runCommand("apt-get", ["update", "-q"], { env });
  const install = await runCommand("apt-get", ["install", "-q", "-y", "--no-install-recommends", "postgresql"], {
    env,
  });
  const programs = findPrograms();
  if (install.code !== 0 || programs === undefined) {
    throw new PostgresMissing(`${missing}, and apt-get could not install it:\n${update.output}${install.output}`);
  }
  return programs;
}

/** An unprivileged user of this machine. */
function findUser(): { uid: number; gid: number } {
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: "pipe" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // There is no such user; perhaps the next.
    }
  }
  throw new PostgresMissing("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until the server answers, and returns its version. */
async function awaitServer(server: ChildProcess, url: string): Promise<string> {
  let log = "";
  server.stderr?.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-10_000);
  });
  let failure: Error | undefined;
  server.on("error", (error) => {
    failure = error;
  });
  for (const end = Date.now() + START_SECONDS * 1_000; Date.now() < end;) {
    if (failure !== undefined || server.exitCode !== null || server.signalCode !== null) break;
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
      return rows[0]!.server_version;
    } catch {
      // It does not listen yet, or is still starting.
    } finally {
      await client.end().catch(() => undefined);
    }
    await setTimeout(100);
  }
  throw new Error(`PostgreSQL did not start: ${failure?.message ?? ""}\n${log}`);
}

/** Asks it to end, which closes all connections, and sees to it that it does. */
async function stopProcess(server: ChildProcess): Promise<void> {
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await Promise.race([ended, setTimeout(STOP_SECONDS * 1_000, undefined, { ref: false })]);
  }
}
