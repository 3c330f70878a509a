import type { Family } from "./Family.js";
import { growBallots } from "./proofs/growBallots.js";
import { timeBallots } from "./proofs/timeBallots.js";
import { timeStatusLists } from "./proofs/timeStatusLists.js";

/** Times of what is proved, verified and read off the chain. */
export const proofs: Family = {
  name: "proofs",
  title: "Proofs and status lists off the chain",
  about:
    "Medians, the first round of each left out. Semaphore's prover (@semaphore-protocol/proof, with snarkjs and the keys of @zk-kit/semaphore-artifacts from files) runs in an install and a process of its own. A ballot of ours is verified as an auditor does, equation by equation, by code that shares nothing with the prover. Of a status list, one entry of a hundred is revoked.",
  grow: growBallots,
  time: async () => [...(await timeBallots()), ...(await timeStatusLists())],
};
