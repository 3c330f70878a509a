import { bn254 } from "@noble/curves/bn254.js";
import { id } from "ethers";

type Point1 = InstanceType<typeof bn254.G1.Point>;
type Point2 = InstanceType<typeof bn254.G2.Point>;

const { Fr } = bn254.fields;
const [G1, G2] = [bn254.G1.Point.BASE, bn254.G2.Point.BASE];

/** A Groth16 verifying key as MACI takes it, and proofs that hold under it. */
export interface StandInCircuit {
  verifyingKey: unknown;
  /** A proof of some public inputs, in MACI's order. */
  prove(inputs: readonly bigint[]): bigint[];
}

/**
 * A stand-in for a circuit whose real proving key is too large to be fetched: a verifying key whose trapdoor is known here, so
 * that a proof of any public inputs can be made. It proves nothing; but the verifier on the chain does with it, pairing for
 * pairing, what it does with a real one, which is all that gas depends on.
 *
 * @param name Makes the key, the same for the same name.
 * @param inputs How many public inputs the real circuit has.
 */
export function standInCircuit(name: string, inputs: number): StandInCircuit {
  const secret = (of: string) => Fr.create(BigInt(id(`${name} ${of}`)));
  const [alpha, beta, gamma, delta] = ["alpha", "beta", "gamma", "delta"].map(secret) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const ic = Array.from({ length: inputs + 1 }, (_, i) => secret(`input ${i}`));
  return {
    verifyingKey: {
      alpha1: words1(G1.multiply(alpha)),
      beta2: words2(G2.multiply(beta)),
      gamma2: words2(G2.multiply(gamma)),
      delta2: words2(G2.multiply(delta)),
      ic: ic.map((scalar) => words1(G1.multiply(scalar))),
    },
    prove: (given) => {
      const [a, b] = [secret("a"), secret("b")];
      // e(A, B) = e(alpha, beta) e(sum of the inputs, gamma) e(C, delta), in the exponents.
      const sum = ic.slice(1).reduce((left, scalar, i) => Fr.add(left, Fr.mul(scalar, given[i]!)), ic[0]!);
      const rest = Fr.sub(Fr.sub(Fr.mul(a, b), Fr.mul(alpha, beta)), Fr.mul(sum, gamma));
      const { x, y } = words2(G2.multiply(b));
      const [A, C] = [words1(G1.multiply(a)), words1(G1.multiply(Fr.div(rest, delta)))];
      return [A.x, A.y, ...x, ...y, C.x, C.y];
    },
  };
}

function words1(point: Point1): { x: bigint; y: bigint } {
  return point.toAffine();
}

/** The imaginary part first, as the precompile wants it (EIP-197). */
function words2(point: Point2): { x: bigint[]; y: bigint[] } {
  const { x, y } = point.toAffine();
  return { x: [x.c1, x.c0], y: [y.c1, y.c0] };
}
