// npm run bench [-- --json]
// Runs every benchmark in bench/, one after the other; some minutes. The figures are those of the machine it runs on.
// Exit codes: 0 all ran and their own checks passed, 1 otherwise.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename } from "node:path";

const isJson = process.argv.includes("--json");
const reports: Record<string, unknown> = {};
for (const file of globSync("bench/*.ts").sort()) {
  const args = ["--import", "tsx", file, ...(isJson ? ["--json"] : [])];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const name = basename(file, ".ts");
  if (!isJson) console.log(`\n${name}\n${stdout}`);
  else if (stdout !== "") reports[name] = JSON.parse(stdout);
  if (status !== 0) process.exitCode = 1;
}
if (isJson) console.log(JSON.stringify(reports, null, 2));
