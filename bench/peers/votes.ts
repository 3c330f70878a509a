import type { Family } from "./Family.js";
import { compareVotes } from "./votes/compareVotes.js";
import { growVotes } from "./votes/growVotes.js";

/** Gas of votes: public ones, anonymous ones, secret ones. */
export const votes: Family = {
  name: "votes",
  title: "Votes",
  about:
    "No two of these do the same. With OpenZeppelin's Governor a vote is public. With Semaphore nobody sees which member voted, and everybody sees what. With MACI one coordinator sees all votes, and a bribed voter can secretly vote anew. With Diwan nobody sees any vote, trustees open the sum alone (here 3 of 5), and each ballot is proved valid on the chain; who took part is public under a pseudonym, and it does not resist coercion. All Diwan's ballots are secret: it has no cheaper public vote. Gas of MACI's count is that of its real verifier with proofs of a stand-in key, since the real proving keys are gigabytes; its time to prove is not in it, and its pages tell none that could be quoted. Semaphore's proofs are real. What a ceremony costs with more trustees is drawn in [voting.md](voting.md).",
  compare: compareVotes,
  grow: growVotes,
};
