import { setTimeout } from "node:timers/promises";

import type { Interface } from "ethers";
import { getCreateAddress, id, JsonRpcProvider, Wallet, ZeroAddress, type ContractFactory } from "ethers";

import { FreeAccount } from "../../scripts/demo/freeAccount.js";
import { NO_END } from "../../src/identity/attestation.js";
import { keyConsentTypedData } from "../../src/trust/keyConsent.js";
import { roleScope } from "../../src/trust/scopes.js";
import {
  AccessManager__factory,
  AttestationRegistry__factory,
  BallotOpening__factory,
  Commission__factory,
  ConsentRegistry__factory,
  Election__factory,
  ElectionFactory__factory,
  EvidenceRegistry__factory,
  Tally__factory,
  TrustList__factory,
  Trustees__factory,
} from "../../src/typechain/index.js";

/** The schema that the office attests. */
export const SCHEMA = id(`{"name":"residence"}`);
/** Stand for the digests of a profile and of a decision. */
const [PROFILE, GROUNDS] = [id("profile"), id("decision 1/2026")];
/** Gas that any of these deployments is content with; every contract is bounded by 5 million. */
const DEPLOYMENT_GAS = 5_500_000n;

/** A wallet that sends where gas is free. */
export function freeWallet(provider: JsonRpcProvider, key: string = Wallet.createRandom().privateKey): FreeAccount {
  return new FreeAccount(key, provider);
}

/** A provider that asks often, one question a request. */
export function openProvider(rpcUrl: string, chainId: number): JsonRpcProvider {
  return new JsonRpcProvider(rpcUrl, chainId, {
    staticNetwork: true,
    batchMaxCount: 1,
    pollingInterval: 200,
    cacheTimeout: -1,
  });
}

/** Resolves once the newest block is of a time, in Unix seconds, or later. */
export async function awaitBlockAt(provider: JsonRpcProvider, time: number): Promise<void> {
  while ((await provider.getBlock("latest"))!.timestamp < time) await setTimeout(200);
}

/** Transactions of one key, sent without waiting for the one before. */
export class Lane {
  readonly #pending: string[] = [];

  constructor(
    readonly wallet: Wallet,
    readonly provider: JsonRpcProvider,
    public nonce = 0,
  ) {}

  /** Sends, and resolves when the node has it. */
  async send(to: string | null, data: string, gasLimit: bigint): Promise<void> {
    const chainId = (await this.provider.getNetwork()).chainId;
    const raw = await this.wallet.signTransaction({
      type: 0,
      chainId,
      nonce: this.nonce++,
      gasPrice: 0n,
      gasLimit,
      to,
      data,
    });
    this.#pending.push((await this.provider.send("eth_sendRawTransaction", [raw])) as string);
  }

  /** Sends a contract's creation: its address. */
  async deploy(factory: ContractFactory, args: unknown[] = []): Promise<string> {
    const address = getCreateAddress({ from: this.wallet.address, nonce: this.nonce });
    const { data } = await factory.getDeployTransaction(...args);
    await this.send(null, data, DEPLOYMENT_GAS);
    return address;
  }

  /** Waits until all are in blocks, and none was refused. */
  async settle(): Promise<void> {
    for (const hash of this.#pending.splice(0)) {
      let receipt = await this.provider.getTransactionReceipt(hash);
      for (; receipt === null; receipt = await this.provider.getTransactionReceipt(hash)) await setTimeout(100);
      if (receipt.status !== 1) throw new Error(`the transaction ${hash} was refused`);
    }
  }
}

/** Bodies that may act, in the order of their indices from 1 on. */
export const BODIES = {
  office: [SCHEMA],
  police: [roleScope("evidence-custodian")],
  tool: [roleScope("capture-tool")],
  authority: [roleScope("election-authority")],
} as const;

/** A body and its key. */
interface OfficeBody {
  readonly index: number;
  readonly key: FreeAccount;
}

/** Contracts on a network, and who may write to them. */
export type Office = Awaited<ReturnType<typeof openOffice>>;

/**
 * Deploys what the faults are tried on, and accredits bodies, all from one key without waiting between: the deployer is the
 * administrator, as no council has to be asked here.
 */
export async function openOffice(rpcUrl: string, chainId: number) {
  const provider = openProvider(rpcUrl, chainId);
  const deployer = freeWallet(provider);
  const lane = new Lane(deployer, provider);
  const relays = { forwarder: ZeroAddress, hub: ZeroAddress };

  const manager = await lane.deploy(new AccessManager__factory(deployer), [deployer.address]);
  const trustListAt = await lane.deploy(new TrustList__factory(deployer), [manager, relays]);
  const attestationsAt = await lane.deploy(new AttestationRegistry__factory(deployer), [manager, trustListAt, relays]);
  const evidenceAt = await lane.deploy(new EvidenceRegistry__factory(deployer), [manager, trustListAt, relays]);
  const consentsAt = await lane.deploy(new ConsentRegistry__factory(deployer), [manager, trustListAt, 259_200, relays]);
  const libraries = {
    "project/contracts/voting/BallotOpening.sol:BallotOpening": await lane.deploy(new BallotOpening__factory(deployer)),
    "project/contracts/voting/Commission.sol:Commission": await lane.deploy(new Commission__factory(deployer)),
    "project/contracts/voting/Tally.sol:Tally": await lane.deploy(new Tally__factory(deployer)),
  };
  const election = await lane.deploy(new Election__factory(libraries, deployer));
  const trustees = await lane.deploy(new Trustees__factory(deployer));
  const factoryArguments = [manager, trustListAt, election, trustees, relays];
  const electionsAt = await lane.deploy(new ElectionFactory__factory(deployer), factoryArguments);

  const trustList = TrustList__factory.connect(trustListAt, provider);
  const bodies = {} as Record<keyof typeof BODIES, OfficeBody>;
  const call = (to: { interface: Interface }, at: string, method: string, args: unknown[]) =>
    lane.send(at, to.interface.encodeFunctionData(method, args), 1_000_000n);
  /** Lets a key act for a body. */
  const authorize = async (index: number, key: FreeAccount, scopes: readonly string[]): Promise<void> => {
    const consent = { body: index, operator: key.address, deadline: BigInt(NO_END) };
    const typed = keyConsentTypedData(BigInt(chainId), trustListAt, consent);
    const signature = await key.signTypedData(typed.domain, typed.types, typed.message);
    const period = [0, NO_END, NO_END];
    await call(trustList, trustListAt, "authorizeKey", [index, key.address, scopes, ...period, signature]);
  };
  for (const [i, [name, scopes]] of Object.entries(BODIES).entries()) {
    const [index, key] = [i + 1, freeWallet(provider)];
    bodies[name as keyof typeof BODIES] = { index, key };
    await call(trustList, trustListAt, "registerBody", [deployer.address, PROFILE]);
    for (const scope of scopes)
      await call(trustList, trustListAt, "accredit", [scope, 0, index, 0, NO_END, 0, GROUNDS]);
    await authorize(index, key, scopes);
  }
  await lane.settle();
  return {
    provider,
    deployer,
    lane,
    bodies,
    /** Lets more keys act for a body: settle the lane after it. */
    authorize,
    trustList,
    fromBlock: 0,
    attestations: AttestationRegistry__factory.connect(attestationsAt, provider),
    evidence: EvidenceRegistry__factory.connect(evidenceAt, provider),
    consents: ConsentRegistry__factory.connect(consentsAt, provider),
    elections: ElectionFactory__factory.connect(electionsAt, provider),
  };
}
