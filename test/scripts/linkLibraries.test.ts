import { expect } from "chai";
import { id } from "ethers";

import { linkLibraries } from "../../bench/peers/linkLibraries.js";

const ADDRESS = "0x00000000000000000000000000000000000000AB";
const place = (name: string): string => `__$${id(name).slice(2, 36)}$__`;

describe("linkLibraries", () => {
  it("puts an address wherever the library is called, and leaves the rest", () => {
    const bytecode = `0x60${place("a.sol:A")}01${place("a.sol:A")}02`;
    const linked = linkLibraries({ abi: [], bytecode }, { "a.sol:A": ADDRESS });
    const address = ADDRESS.slice(2).toLowerCase();
    expect(linked.bytecode).to.equal(`0x60${address}01${address}02`);
  });

  it("refuses a contract that calls a library whose address is not given", () => {
    const bytecode = `0x${place("a.sol:A")}${place("b.sol:B")}`;
    expect(() => linkLibraries({ abi: [], bytecode }, { "a.sol:A": ADDRESS })).to.throw("a library is not linked");
  });
});
