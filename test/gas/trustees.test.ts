import { ElectionFactory__factory } from "../../src/typechain/index.js";
import { withElectionAuthority } from "../helpers/elections.js";
import { issuerFixture } from "../helpers/issuer.js";
import { heldByTrustees } from "../voting/heldByTrustees.js";
import { gasOf, record } from "./record.js";

const COUNT = 5;

describe("Gas of trustees, 3 of 5, in transactions to a clone", () => {
  it("the ceremony, a partial decryption and the result", async () => {
    const { register, deal, finish, derive, post, finalize } = await heldByTrustees(5);
    record("Trustees: registerKey, the dearest of 5", register);
    record("Trustees: deal, the dearest of 5", deal);
    record("Trustees: finish, 5 dealers", finish);
    record("Trustees: deriveShareKeys, all 5", derive);
    record(
      "Trustees: the ceremony, all its transactions, a trustee",
      register + deal + (finish + derive) / BigInt(COUNT),
    );
    record("Trustees: postPartial, one group", post);
    record("Election: finalize, 3 of 5, 5 options, packed", finalize);
  });

  it("createElection", async () => {
    const f = await issuerFixture();
    const { request, officer } = await withElectionAuthority(f);
    const named = f.deployed as unknown as Record<string, { getAddress(): Promise<string> }>;
    const factory = ElectionFactory__factory.connect(await named.electionFactory!.getAddress(), officer);
    const asked = await request({ opensAt: 10_000_000_000n, closesAt: 10_000_100_000n });
    record("ElectionFactory: createElection, 3 trustees", await gasOf(factory.createElection(asked)));
  });
});
