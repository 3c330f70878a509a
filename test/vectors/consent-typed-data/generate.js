// Prints vectors.json: digests and signatures as viem and @metamask/eth-sig-util make them.
import { Buffer } from "node:buffer";

import { signTypedData, SignTypedDataVersion, TypedDataUtils } from "@metamask/eth-sig-util";
import { bytesToHex, hashTypedData } from "viem";
import { privateKeyToAccount } from "viem/accounts";

const key = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"; // the second of Hardhat's accounts
const account = privateKeyToAccount(key);
const chainId = 31_337;
const registry = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const patient = account.address.toLowerCase();
const scope = "0x2b5c1a3e4d5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";

// The types are written from the text of the contracts' interfaces and of `receipt.ts`, as EIP-712 encodes them.
const TYPES = {
  ConsentGrant:
    "address patient,uint32 grantee,bytes32 scope,uint32 purposes,uint40 from,uint40 until,uint24 uses,uint32 version,uint256 deadline",
  ConsentRevocation: "address patient,uint32 grantee,bytes32 scope,uint32 version,uint256 deadline",
  ConsentObjection: "address patient,uint32 purposes,uint256 nonce,uint256 deadline",
  ConsentDelegation: "address patient,bytes32 commitment,uint256 nonce,uint256 deadline",
  ConsentReceipt:
    "string schema,bytes32 id,string event,uint40 time,address patient,Party controller,Party recipient,string[] purposes,string[] categories,string[] records,bytes32 scopeSalt,bytes32 scope,uint40 from,uint40 until,uint24 uses,uint32 version,string legalBasis,string withdrawal,string jurisdiction,address operator",
  Party: "uint32 body,string name",
};
const fieldsOf = (type) =>
  TYPES[type].split(",").map((field) => {
    const [type, name] = field.split(" ");
    return { name, type };
  });

const slot = { grantee: 4_294_967_295, scope };
const MESSAGES = {
  ConsentGrant: {
    ...{ patient, ...slot, purposes: 4_294_967_295, from: 1_767_225_600, until: 1_099_511_627_775, uses: 16_777_215 },
    ...{ version: 7, deadline: 1_900_000_000 },
  },
  ConsentRevocation: { patient, ...slot, version: 8, deadline: 1_900_000_000 },
  ConsentObjection: { patient, purposes: 2_147_483_680, nonce: 3, deadline: 1_900_000_000 },
  ConsentDelegation: { patient, commitment: scope, nonce: 4, deadline: 1_900_000_000 },
  ConsentReceipt: {
    ...{ schema: "diwan/consent-receipt/v1", id: `0x${"11".repeat(32)}`, event: "CHANGED", time: 1_767_225_600, patient },
    controller: { body: 2, name: "Good Health Clinic" },
    recipient: { body: 3, name: "Institut für Forschung – مركز" },
    ...{ purposes: ["TREAT", "HRESCH"], categories: [], records: [], scopeSalt: `0x${"00".repeat(32)}` },
    ...{ scope: `0x${"00".repeat(32)}`, from: 1_767_225_600, until: 1_900_000_000, uses: 5, version: 2 },
    ...{ legalBasis: "GDPR Art. 9(2)(a)", withdrawal: "in the app, or at the front desk", jurisdiction: "DE" },
    operator: patient,
  },
};
const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

const vectors = [];
for (const [primaryType, message] of Object.entries(MESSAGES)) {
  const name = primaryType === "ConsentReceipt" ? "Diwan ConsentReceipt" : "Diwan ConsentRegistry";
  const domain = { name, version: "1", chainId, verifyingContract: registry };
  const types = { [primaryType]: fieldsOf(primaryType) };
  if (primaryType === "ConsentReceipt") types.Party = fieldsOf("Party");
  const digest = hashTypedData({ domain, types, primaryType, message });
  const data = { domain, types: { EIP712Domain: DOMAIN_FIELDS, ...types }, primaryType, message };
  const theirs = bytesToHex(TypedDataUtils.eip712Hash(data, SignTypedDataVersion.V4));
  if (digest !== theirs) throw new Error(`the two packages differ over ${primaryType}`);
  const signature = await account.signTypedData({ domain, types, primaryType, message });
  const privateKey = Buffer.from(key.slice(2), "hex");
  if (signature !== signTypedData({ privateKey, data, version: SignTypedDataVersion.V4 })) {
    throw new Error(`the two packages sign ${primaryType} differently`);
  }
  vectors.push({ primaryType, chainId, registry, message, digest, signer: account.address, signature });
}
console.log(JSON.stringify(vectors, null, 2));
