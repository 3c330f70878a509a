import {
  ContractFactory,
  type BaseContract,
  type Signer,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";

import type { deploySuite } from "../../test/helpers/suite.js";
import type { Artifact } from "./readArtifact.js";

type Suite = Pick<Awaited<ReturnType<typeof deploySuite>>, "connection">;

/** A chain on which Diwan lies already, and peers are put beside it. */
export interface Chain {
  /** Who deploys peers: an account that does nothing else, so that their addresses do not change when Diwan's contracts do. */
  deployer(): Promise<Signer>;
  /** Puts a peer's contract on the chain; its functions are called by `call`, and by `read` of test/helpers where nothing is sent. */
  deploy(artifact: Artifact, ...args: unknown[]): Promise<BaseContract>;
  /** Calls a function of a peer in a transaction: its gas. */
  call(contract: BaseContract, method: string, ...args: unknown[]): Promise<number>;
  /** Sends a transaction: its gas. */
  gas(send: () => Promise<TransactionResponse>): Promise<number>;
  /** Sends a transaction: its receipt. */
  receipt(send: () => Promise<TransactionResponse>): Promise<TransactionReceipt>;
  /** Lets seconds pass before the next transaction. */
  pass(seconds: bigint): void;
}

/** 2035: later than the clock of the machine. */
const START = 2_051_222_401n;

/** Seconds from one transaction to the next: longer than the machine needs, whose clock goes on where a fixture sends some itself. */
const STEP = 61n;

/**
 * The chain of a fixture of the tests, ready for peers. Times of blocks go into ids, ids go into calldata, and calldata's
 * zero bytes are cheaper: so each transaction has a time that does not hang on the machine's clock.
 *
 * @example
 * ```ts
 * const f = await issuerFixture();
 * const chain = openChain(f);
 * const schemas = await chain.deploy(readArtifact(folder, "artifacts/contracts/SchemaRegistry.sol/SchemaRegistry.json"));
 * const gas = await chain.call(schemas, "register", "bytes32 answer", ZeroAddress, true);
 * ```
 */
export function openChain({ connection }: Suite): Chain {
  let time = START;
  const tick = () => connection.networkHelpers.time.setNextBlockTimestamp((time += STEP));
  const receipt: Chain["receipt"] = async (send) => {
    await tick();
    const mined = await (await send()).wait();
    if (mined === null) throw new Error("not mined");
    return mined;
  };
  const gas: Chain["gas"] = async (send) => Number((await receipt(send)).gasUsed);
  const deployer: Chain["deployer"] = async () => {
    const last = (await connection.ethers.getSigners()).at(-1);
    if (last === undefined) throw new Error("a chain without accounts");
    return last;
  };
  return {
    receipt,
    gas,
    pass: (seconds) => {
      time += seconds;
    },
    deployer,
    call: (contract, method, ...args) => gas(() => contract.getFunction(method).send(...args)),
    deploy: async ({ abi, bytecode }, ...args) => {
      await tick();
      const contract = await new ContractFactory(abi, bytecode, await deployer()).deploy(...args);
      return contract.waitForDeployment();
    },
  };
}
