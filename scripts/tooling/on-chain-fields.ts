import type { SolcOutput } from "./build-output.js";

/** What a contract writes on the chain, by the names in its source. */
export interface OnChainFields {
  /** Variables of state, and members of structs: what words are packed of, and what calls are sent. */
  storage: string[];
  /** Parameters of events. */
  events: string[];
  /** Parameters of functions that a transaction calls. */
  calldata: string[];
}

/** A node of solc's syntax tree, as far as it is used here. */
interface Node {
  nodeType: string;
  id: number;
  name?: string;
  nodes?: Node[];
  contractKind?: string;
  abstract?: boolean;
  linearizedBaseContracts?: number[];
  stateVariable?: boolean;
  mutability?: string;
  visibility?: string;
  stateMutability?: string;
  kind?: string;
  members?: Node[];
  parameters?: { parameters: Node[] };
  storageLocation?: string;
}

/** OpenZeppelin's contracts that the suite deploys as they are. */
const FOREIGN = ["AccessManager", "ERC2771Forwarder"];

/**
 * What each contract that the suite deploys writes on the chain, with all that it inherits; libraries over storage (logs,
 * status lists) stand under their own names.
 */
export function listOnChainFields(outputs: readonly SolcOutput[]): Map<string, OnChainFields> {
  const found = new Map<string, OnChainFields>();
  for (const { sources } of outputs) {
    // The numbers of a syntax tree's nodes are those of one compilation.
    const declared = new Map<number, Node>();
    const ours: Node[] = [];
    for (const [path, { ast }] of Object.entries(sources)) {
      for (const node of (ast?.nodes ?? []) as Node[]) {
        if (node.nodeType !== "ContractDefinition") continue;
        declared.set(node.id, node);
        if (path.startsWith("project/contracts/") || FOREIGN.includes(node.name ?? "")) ours.push(node);
      }
    }
    for (const contract of ours) {
      if (contract.abstract === true || contract.contractKind === "interface") continue;
      const lines = (contract.linearizedBaseContracts ?? []).flatMap((id) => declared.get(id) ?? []);
      const fields = fieldsOf(lines, contract.contractKind === "library");
      if ((Object.values(fields) as string[][]).some((names) => names.length > 0)) found.set(contract.name!, fields);
    }
  }
  return found;
}

function fieldsOf(lines: readonly Node[], isLibrary: boolean): OnChainFields {
  const nodes = lines.flatMap((line) => line.nodes ?? []);
  const named = (all: readonly Node[]) => all.flatMap(({ name }) => (name === undefined || name === "" ? [] : [name]));
  const parameters = (all: readonly Node[]) => named(all.flatMap((node) => node.parameters?.parameters ?? []));
  const variables = nodes.filter((node) => node.stateVariable === true && node.mutability === "mutable");
  // What keeps nothing has structs for its views alone, and a library whose functions take no storage keeps nothing.
  const takesStorage = nodes.some(({ nodeType, parameters: taken }) => {
    if (nodeType !== "FunctionDefinition") return false;
    return (taken?.parameters ?? []).some(({ storageLocation }) => storageLocation === "storage");
  });
  const keeps = variables.length > 0 || (isLibrary && takesStorage);
  const structs = !keeps ? [] : nodes.filter(({ nodeType }) => nodeType === "StructDefinition");
  const events = nodes.filter(({ nodeType }) => nodeType === "EventDefinition");
  const writers = nodes.filter(
    ({ nodeType, kind, visibility = "", stateMutability = "" }) =>
      nodeType === "FunctionDefinition" &&
      kind === "function" &&
      ["external", "public"].includes(visibility) &&
      ["nonpayable", "payable"].includes(stateMutability),
  );
  const unique = (names: readonly string[]) => [...new Set(names)].sort();
  return {
    storage: unique([...named(variables), ...named(structs.flatMap(({ members = [] }) => members))]),
    events: unique(parameters(events)),
    calldata: isLibrary ? [] : unique(parameters(writers)),
  };
}
