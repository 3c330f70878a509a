import type { Comparison } from "./Comparison.js";
import type { Family } from "./Family.js";
import type { Growth } from "./Growth.js";
import type { PeerName } from "./peerPackages.js";
import type { BuilderName } from "./trees/builders.js";
import { measureTree } from "./trees/measureTree.js";
import type { TreeFigures } from "./trees/TreeFigures.js";

/** Time and memory of Merkle trees off the chain: what a batch and a roll are made with. */
export const trees: Family = {
  name: "trees",
  title: "Merkle trees off the chain",
  about:
    "The same leaves, each builder in a process of its own, one after the other, in milliseconds of the processor: medians of five rounds, of three for 100,000 leaves, one for a million. A proof is the mean of 1,000, as hexadecimal text. merkletreejs is given noble's keccak256, as ours without WebAssembly has it; all its trees are kept whole, as ours are. Of one input, those that order leaves alike must find the same root, or the run fails.",
  time: timeTrees,
  grow: growTrees,
};

const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const;
const NAMES: Record<BuilderName, string> = {
  diwan: "Diwan, hashed leaves",
  diwanJavaScript: "Diwan, without WebAssembly",
  simple: "SimpleMerkleTree",
  merkletreejs: "merkletreejs",
  diwanBatch: "Diwan, items to be hashed",
  standard: "StandardMerkleTree",
};
const CHECKED = "checks each proof that it makes, by hashing it to the root";
/** What is put beside what. */
const PAIRS: readonly { peer: PeerName; builder: BuilderName; own: BuilderName; of: string; they: string }[] = [
  { peer: "merkleTree", builder: "simple", own: "diwan", of: "hashed leaves", they: CHECKED },
  { peer: "merkletreejs", builder: "merkletreejs", own: "diwan", of: "hashed leaves", they: "" },
  { peer: "merkleTree", builder: "standard", own: "diwanBatch", of: "items to be hashed", they: CHECKED },
];

let measured: Promise<Map<string, TreeFigures>> | undefined;

/** Everything once, for the table and for the chart. */
function measureAll(): Promise<Map<string, TreeFigures>> {
  measured ??= (async () => {
    const all = new Map<string, TreeFigures>();
    for (const leaves of SIZES) {
      for (const builder of Object.keys(NAMES) as BuilderName[]) {
        all.set(`${builder} ${leaves}`, await measureTree(builder, leaves));
      }
      for (const alike of [
        ["diwan", "diwanJavaScript", "simple"],
        ["diwanBatch", "standard"],
      ]) {
        const roots = new Set(alike.map((builder) => all.get(`${builder} ${leaves}`)!.root));
        if (roots.size !== 1) throw new Error(`${alike.join(", ")} find other roots of ${leaves} leaves`);
      }
    }
    return all;
  })();
  return measured;
}

async function timeTrees(): Promise<Comparison[]> {
  const all = await measureAll();
  return PAIRS.flatMap(({ peer, builder, own, of, they }) =>
    SIZES.flatMap((leaves) => {
      const [theirs, ours] = [all.get(`${builder} ${leaves}`)!, all.get(`${own} ${leaves}`)!];
      const size = leaves.toLocaleString("en");
      const common = { peer, basis: "measured", weAlso: "" } as const;
      const rows: Comparison[] = [
        {
          ...{ ...common, operation: `a tree of ${size} ${of}`, unit: "ms", theyAlso: "" },
          ...{ theirs: theirs.buildMs, ours: ours.buildMs },
        },
        {
          ...{ ...common, operation: `a proof of one of ${size} ${of}`, unit: "ms", theyAlso: they },
          ...{ theirs: theirs.proofMs, ours: ours.proofMs },
        },
      ];
      if (leaves !== SIZES.at(-1)) return rows;
      const memory: Comparison = {
        ...{ ...common, operation: `memory of the process, ${size} ${of}`, unit: "bytes", theyAlso: "" },
        ...{ theirs: theirs.memoryBytes, ours: ours.memoryBytes },
      };
      return [...rows, memory];
    }),
  );
}

async function growTrees(): Promise<Growth[]> {
  const all = await measureAll();
  return [
    {
      file: "trees",
      title: "Building a Merkle tree",
      ...{ x: "leaves", y: "ms of the processor" },
      lines: Object.entries(NAMES).map(([builder, name]) => ({
        name,
        points: SIZES.map((leaves) => [leaves, all.get(`${builder} ${leaves}`)!.buildMs] as const),
      })),
    },
  ];
}
