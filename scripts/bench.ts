// npm run bench [-- [NAME] [--json] [options of that benchmark]]
// npm run bench -- --check [--built] [--family NAME] [--json]
// Runs every benchmark in bench/, or the one of a name, one after the other; some minutes each. The figures are those of the
// machine it runs on. With --check and no name, the comparison with other systems is held against what is committed, and no more.
// Exit codes: 0 all ran and their own checks passed, 1 otherwise, 2 there is no benchmark of that name or the options were wrong.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename } from "node:path";

const [, , ...given] = process.argv;
const isNamed = given[0] !== undefined && !given[0].startsWith("-");
const name = isNamed ? given[0] : given.includes("--check") ? "peers" : undefined;
const options = isNamed ? given.slice(1) : given;
const files = globSync("bench/*.ts").sort();
const known = files.map((file) => basename(file, ".ts"));
if (name !== undefined && !known.includes(name)) {
  console.error(`there is no benchmark ${name}: ${known.join(", ")}`);
  process.exit(2);
}
const strange = options.filter((one) => one !== "--json");
if (name === undefined && strange.length > 0) {
  console.error(`not every benchmark knows ${strange.join(" ")}: name the one that is meant, of ${known.join(", ")}`);
  process.exit(2);
}

const isJson = options.includes("--json");
const reports: Record<string, unknown> = {};
for (const file of files) {
  const title = basename(file, ".ts");
  if (name !== undefined && name !== title) continue;
  const { status, stdout } = spawnSync(process.execPath, ["--import", "tsx", file, ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 2 ** 26,
  });
  if (!isJson) console.log(`\n${title}\n${stdout}`);
  else if (stdout !== "") reports[title] = JSON.parse(stdout);
  if (status !== 0) process.exitCode = status === 2 ? 2 : 1;
}
if (isJson) console.log(JSON.stringify(reports, null, 2));
