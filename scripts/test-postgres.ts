// npm run test:postgres [-- --built]
// Runs the tests of the integrity monitor and of the outbox on a PostgreSQL server of its own, which listens on the loopback interface alone and is
// gone afterwards, also after a failure or Ctrl-C. Where there is no PostgreSQL and this is root on Debian, its package is
// installed; elsewhere that is a failure.
// Exit codes: 0 all passed, 1 a test failed, none ran on PostgreSQL, or there is none; 130 it was interrupted.
import { PostgresMissing, startPostgres } from "./tooling/postgres-server.js";
import { runScript } from "./tooling/run-command.js";

const TESTS = [
  "test/health/monitor.test.ts",
  "test/network/outboxCrash.lib.test.ts",
  "test/network/outboxStores.lib.test.ts",
];
/** What the tests are headed by, which run there. */
const HEADINGS = [
  "monitorRecords on PostgreSQL",
  "outbox in a process that is killed, on PostgreSQL",
  "outbox store on PostgreSQL",
];

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof PostgresMissing ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const server = await startPostgres();
  const interrupt = (): void => {
    void server.stop().finally(() => process.exit(130));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);
  try {
    console.log(`PostgreSQL ${server.version}`);
    const env = { DIWAN_POSTGRES_URL: server.url };
    const { code, output } = await runScript("scripts/run-tests.ts", [...process.argv.slice(2), ...TESTS], { env });
    console.log(output);
    const hasRun =
      HEADINGS.every((heading) => output.includes(heading)) && /^[1-9][0-9]* passed, 0 failed$/m.test(output);
    if (code === 0 && !hasRun) console.error("Not all tests ran on PostgreSQL.");
    return code === 0 && hasRun ? 0 : 1;
  } finally {
    await server.stop();
  }
}
