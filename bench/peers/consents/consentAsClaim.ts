import { AbiCoder } from "ethers";

import type { Comparison } from "../Comparison.js";
import { gasRow } from "../gasRow.js";
import { deployOnchainId, onchainClaimId } from "../onchainId.js";
import { consentScene, scopeOf, UNTIL, WHOLE } from "./scene.js";

/** A consent as a claim that the patient's own ONCHAINID makes: the scope as its topic, hospital and end as its data. */
export async function consentAsClaim(): Promise<Comparison[]> {
  const f = await consentScene();
  const { chain, patient, hospitalKey, relayer } = f;
  const onchainId = await deployOnchainId(chain);
  const identity = (await onchainId.create(patient, "patient")).connect(patient);
  const self = await identity.getAddress();
  const data = AbiCoder.defaultAbiCoder().encode(["address", "uint64"], [hospitalKey.address, UNTIL]);

  const granted = [
    await chain.call(identity, "addClaim", scopeOf(1), 1, self, "0x", data, ""),
    await f.grant(1),
  ] as const;
  const asked = [
    await chain.call(identity.connect(relayer), "getClaim", onchainClaimId(self, scopeOf(1))),
    await f.ask(1),
  ] as const;
  const revoked = [
    await chain.call(identity, "removeClaim", onchainClaimId(self, scopeOf(1))),
    await f.revoke(1),
  ] as const;
  return [
    gasRow("consent, as a claim of the patient's own", "onchainid", granted, {
      they: "keeps hospital and end readable; purposes and uses would be in the data, where nothing checks them",
      we: `${WHOLE}; the patient needs no contract`,
    }),
    gasRow("a contract reads a consent", "onchainid", asked, { we: `judges ${WHOLE}` }),
    gasRow("revoke a consent", "onchainid", revoked, {
      they: "erases it and is given gas back for that",
      we: "keeps the version, so that a signed grant is never used again",
    }),
  ];
}
