// npm run build
// Compiles contracts and library and lays out what the package holds: dist/ with the library's modules and declarations,
// artifacts/<Contract>.json, and the compiler's standard JSON input for source verification.
// Exit codes: 0 built, 1 otherwise.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  buildProduction,
  listCompilerInputs,
  listProductionArtifacts,
  PRODUCTION_LIBRARY,
} from "./tooling/production-build.js";
import { runPackage } from "./tooling/run-command.js";

console.error("Building contracts and library …");
rmSync("dist", { recursive: true, force: true });
await buildProduction();

// The library is compiled beside the types of production contracts, where it finds no test contract's.
for (const name of existsSync(PRODUCTION_LIBRARY) ? readdirSync(PRODUCTION_LIBRARY) : []) {
  if (name !== "typechain") rmSync(join(PRODUCTION_LIBRARY, name), { recursive: true });
}
cpSync("src", PRODUCTION_LIBRARY, { recursive: true, filter: (path) => !/^src[\\/]typechain/.test(path) });
writeFileSync(
  ".cache/production/tsconfig.json",
  JSON.stringify({
    extends: "../../tsconfig.json",
    compilerOptions: { noEmit: false, declaration: true, rootDir: "src", outDir: "../../dist", types: ["node"] },
    include: ["src"],
    exclude: [],
  }),
);
const { code, output } = await runPackage("typescript", ["--project", ".cache/production"]);
if (code !== 0) throw new Error(output);

mkdirSync("dist/verification", { recursive: true });
const verification = new Map<string, string>();
for (const [index, { id, solcLongVersion, input }] of listCompilerInputs().entries()) {
  const name = `solc-${solcLongVersion}-${index + 1}.json`;
  verification.set(id, name);
  writeFileSync(`dist/verification/${name}`, JSON.stringify(input));
}

mkdirSync("dist/artifacts", { recursive: true });
const artifacts = listProductionArtifacts();
for (const { buildInfoId, inputSourceName, contractName, sourceName, abi, ...built } of artifacts) {
  // A library that contracts of two settings use is in both inputs, and has another bytecode in each.
  const source = { input: verification.get(buildInfoId), sourceName: inputSourceName };
  const { bytecode, linkReferences, deployedBytecode, deployedLinkReferences } = built;
  const { immutableReferences, immutableNames } = built;
  const code = { bytecode, linkReferences, deployedBytecode, deployedLinkReferences };
  const artifact = {
    ...{ contractName, sourceName, abi, ...code, immutableReferences, immutableNames },
    verification: source,
  };
  // "wx": two contracts of one name must not overwrite each other.
  writeFileSync(`dist/artifacts/${contractName}.json`, `${JSON.stringify(artifact, null, 2)}\n`, { flag: "wx" });
}
console.log(`Built ${artifacts.length} contracts and the library into dist/`);
