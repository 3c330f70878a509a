import { createRequire } from "node:module";

import { expect } from "chai";

import { type CompiledCode, findForbidden } from "../../scripts/tooling/opcodes.js";

/** Code of the given instructions, each written in hex with its data. */
function code(...instructions: string[]): CompiledCode {
  return { object: instructions.join(""), sourceMap: instructions.map(() => "").join(";") };
}

/** Compiles a source for the newest fork, optimised, as the build does. */
function compile(body: string): { creation: CompiledCode; deployed: CompiledCode } {
  const solc = createRequire(import.meta.url)("solc") as { compile: (input: string) => string };
  const input = {
    language: "Solidity",
    sources: { "Probe.sol": { content: `pragma solidity ^0.8.34; contract Probe { ${body} }` } },
    settings: {
      evmVersion: "osaka",
      viaIR: true,
      optimizer: { enabled: true },
      outputSelection: { "*": { "*": ["evm.bytecode", "evm.deployedBytecode"] } },
    },
  };
  const { contracts } = JSON.parse(solc.compile(JSON.stringify(input))) as {
    contracts: { "Probe.sol": { Probe: { evm: { bytecode: CompiledCode; deployedBytecode: CompiledCode } } } };
  };
  const { bytecode, deployedBytecode } = contracts["Probe.sol"].Probe.evm;
  return { creation: bytecode, deployed: deployedBytecode };
}

describe("findForbidden", function () {
  const forbidden = {
    CLZ: "1e",
    PREVRANDAO: "44",
    BASEFEE: "48",
    BLOBHASH: "49",
    BLOBBASEFEE: "4a",
    TLOAD: "5c",
    TSTORE: "5d",
    MCOPY: "5e",
    PUSH0: "5f",
  };
  for (const [name, byte] of Object.entries(forbidden)) {
    it(`finds ${name}`, function () {
      expect(findForbidden(code("6001", byte, "50"))).to.deep.equal([{ name, offset: 2 }]);
    });
    it(`does not take the data of a PUSH for ${name}`, function () {
      expect(findForbidden(code(`60${byte}`, `7f${byte.repeat(32)}`, "50"))).to.deep.equal([]);
    });
    it(`does not take data behind the code for ${name}`, function () {
      const { object, sourceMap } = code("6001", "50");
      expect(findForbidden({ object: `${object}fe${byte.repeat(8)}`, sourceMap })).to.deep.equal([]);
    });
  }

  it("finds every one of several, with its place", function () {
    expect(findForbidden(code("5f", "611234", "48", "5f"))).to.deep.equal([
      { name: "PUSH0", offset: 0 },
      { name: "BASEFEE", offset: 4 },
      { name: "PUSH0", offset: 5 },
    ]);
  });

  it("reads the place of a library's address as data", function () {
    expect(findForbidden(code(`73__$${"5f".repeat(17)}$__`, "50"))).to.deep.equal([]);
  });

  it("finds nothing in an interface, which has no code", function () {
    expect(findForbidden({ object: "", sourceMap: "" })).to.deep.equal([]);
  });

  it("throws when the source map has more instructions than the code", function () {
    expect(() => findForbidden({ object: "6001", sourceMap: ";;" })).to.throw("2 more instructions");
  });

  it("throws when the walk does not end at the end of the code", function () {
    expect(() => findForbidden({ object: "600150", sourceMap: "" })).to.throw("ended at byte 2 of 3");
  });

  it("throws when the code ends within the data of a PUSH", function () {
    expect(() => findForbidden({ object: "6112", sourceMap: "" })).to.throw("ended at byte 3 of 2");
  });

  it("finds what solc makes for a newer fork, in code with an immutable", function () {
    const { creation, deployed } = compile(`
      uint256 private immutable LIMIT = block.chainid;
      bytes32 transient seen;
      function all(bytes calldata input) external returns (bytes memory, uint256) {
        seen = keccak256(input);
        return (abi.encode(input, seen), block.basefee + block.prevrandao + block.blobbasefee + uint256(blobhash(0)) + LIMIT);
      }
      function copy(bytes memory input) external pure returns (bytes memory) { return bytes.concat(input, "x"); }
    `);
    const names = new Set(findForbidden(deployed).map(({ name }) => name));
    expect([...names].sort()).to.deep.equal(
      ["BASEFEE", "BLOBBASEFEE", "BLOBHASH", "MCOPY", "PREVRANDAO", "PUSH0", "TLOAD", "TSTORE"].sort(),
    );
    expect(findForbidden(creation).map(({ name }) => name)).to.include("PUSH0");
  });
});
