import { expect } from "chai";

import { listContracts, listErrorProblems, listWarnings } from "../../scripts/tooling/build-output.js";

const code = (object: string) => ({ object, sourceMap: "" });
const compiled = (object: string) => ({ evm: { bytecode: code(object), deployedBytecode: code(object) } });

describe("build output", function () {
  it("lists contracts with code once, by where they come from", function () {
    const output = {
      sources: {},
      contracts: {
        "project/contracts/A.sol": { A: compiled("60"), IA: compiled("") },
        "npm/x@1.0.0/B.sol": { B: compiled("61") },
      },
    };
    const names = listContracts([output, output]).map(({ source, name }) => `${source}:${name}`);
    expect(names).to.deep.equal(["contracts/A.sol:A", "npm/x@1.0.0/B.sol:B"]);
  });

  it("lists warnings about our files, and those about no file, but not other people's", function () {
    const warning = (formattedMessage: string, file?: string) => ({
      severity: "warning",
      formattedMessage,
      ...(file === undefined ? {} : { sourceLocation: { file } }),
    });
    const errors = [
      warning("ours", "project/test/A.t.sol"),
      warning("theirs", "npm/x@1.0.0/B.sol"),
      warning("general"),
    ];
    expect(listWarnings([{ errors, sources: {}, contracts: {} }])).to.deep.equal(["ours", "general"]);
  });

  it("does not mind the size of a Solidity test, and minds all else about it", function () {
    const about = (file: string, errorCode: string) => ({
      errorCode,
      severity: "warning",
      formattedMessage: `${errorCode} ${file}`,
      sourceLocation: { file },
    });
    const errors = [
      about("project/test/A.t.sol", "5574"),
      about("project/test/A.t.sol", "3860"),
      about("project/test/A.t.sol", "2018"),
      about("project/test/Harness.sol", "5574"),
      about("project/contracts/A.sol", "5574"),
    ];
    expect(listWarnings([{ errors, sources: {}, contracts: {} }])).to.deep.equal([
      "2018 project/test/A.t.sol",
      "5574 project/test/Harness.sol",
      "5574 project/contracts/A.sol",
    ]);
  });

  it("names an error without a comment, and two errors of one name, in contracts/ alone", function () {
    const file = (...errors: { name: string; documentation?: object }[]) => ({
      ast: {
        nodeType: "SourceUnit",
        nodes: [
          { nodeType: "ContractDefinition", nodes: errors.map((error) => ({ nodeType: "ErrorDefinition", ...error })) },
        ],
      },
    });
    const sources = {
      "project/contracts/A.sol": file({ name: "Lost" }, { name: "Twice", documentation: {} }),
      "project/contracts/B.sol": file({ name: "Twice", documentation: {} }, { name: "Fine", documentation: {} }),
      "project/test/C.sol": file({ name: "Fine" }),
    };
    expect(listErrorProblems([{ sources }])).to.deep.equal([
      "contracts/A.sol: Lost has no comment that says when it is raised",
      "Twice is declared in contracts/A.sol and contracts/B.sol",
    ]);
  });
});
