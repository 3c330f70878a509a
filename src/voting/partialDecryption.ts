import { keccak_256 } from "@noble/hashes/sha3.js";
import { concatBytes, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import { addressOfPoint, type CurvePoint, isCurvePoint, modOrder, ORDER, Point } from "./curve.js";
import { hedgedScalars, type RandomSource } from "./hedgedScalars.js";
import { VotingError } from "./VotingError.js";
import { toWords, wordOf } from "./words.js";

/** What a partial decryption is proved for: the contract proves nothing else with the same words. */
export interface PartialDecryptionStatement {
  /** The chain of the trustees' contract. */
  readonly chainId: bigint;
  /** The trustees' contract, not the election's: it is the one that checks the proof. */
  readonly contract: string;
  /** The hash of the election's configuration: 32 bytes in hexadecimal, with 0x. */
  readonly configuration: string;
  /** The question's index. */
  readonly question: bigint;
  /** The trustee's index, counted from 1. */
  readonly trustee: bigint;
  /**
   * For each group the sum of the first halves of the ciphertexts, undefined for infinity. Compute it yourself from ballots
   * whose proofs you verified: two partial decryptions of sums that differ by one ballot open that ballot.
   */
  readonly sums: readonly (CurvePoint | undefined)[];
}

/** A partial decryption as the contract takes it. */
export interface PartialDecryption {
  /** The coordinates x and y of each group's partial decryption; two zeros for infinity. */
  readonly partials: bigint[];
  /** The words of the proof; none where every sum is infinity. */
  readonly proof: bigint[];
}

/** A group whose sum is not infinity, with its weight in the fold. */
interface Group {
  readonly sum: Point;
  readonly partial: Point;
  readonly weight: bigint;
}

const { Fp } = Point;
const TAG = keccak_256(utf8ToBytes("diwan/partial-decryption/v1"));

/**
 * Decrypts a question's sums in part, with a trustee's share of the key, and proves that it was done with that share.
 * Remembers nothing: whoever calls writes down what was signed before it is sent, and never signs a second sum.
 *
 * @param statement What is decrypted.
 * @param share The trustee's share of the secret key (s), from 1 to below the order.
 * @param random What draws random bytes; the system's generator, if left out. The proof's secret is also hashed from the share
 * and the statement, so that a generator that repeats itself gives nothing away.
 * @throws VotingError SHARE_INVALID, SUM_INVALID or STATEMENT_MALFORMED
 * @example
 * ```ts
 * const { partials, proof } = partialDecryption(statement, share);
 * const { x, y } = shareKey(share)!;
 * const { trustee, question, configuration } = statement;
 * await trustees.postPartial(trustee, question, configuration, [x, y], sums, partials, proof);
 * ```
 */
export function partialDecryption(
  statement: PartialDecryptionStatement,
  share: bigint,
  random: RandomSource = randomBytes,
): PartialDecryption {
  checkStatement(statement);
  if (share <= 0n || share >= ORDER) {
    throw new VotingError("SHARE_INVALID", "the share is no number from 1 to below the order");
  }
  const sums = statement.sums.map(toPoint);
  const decrypted = sums.map((sum) => (sum.is0() ? sum : sum.multiply(share)));
  const partials = decrypted.flatMap(coordinates);
  const sumWords = toWords(sums.flatMap(coordinates));
  const seed = keccak_256(concatBytes(sumWords, toWords(partials)));
  const groups = sums.flatMap((sum, index): Group[] =>
    sum.is0() ? [] : [{ sum, partial: decrypted[index]!, weight: weightOf(seed, index) }],
  );
  if (groups.length === 0) return { partials, proof: [] };

  const publicShare = Point.BASE.multiply(share);
  const bound = concatBytes(
    toWords([statement.chainId, BigInt(statement.contract), BigInt(statement.configuration)]),
    toWords([statement.question, statement.trustee, ...coordinates(publicShare)]),
    sumWords,
    toWords(partials),
  );
  const r = hedgedScalars(random, concatBytes(TAG, toWords([share]), bound))();
  const folded = groups.reduce((total, { sum, weight }) => total.add(sum.multiplyUnsafe(weight)), Point.ZERO);
  const t2 = folded.multiply(r);
  const commitments = [Point.BASE.multiply(r), t2].map((point) => addressOfPoint(point.toAffine()));
  const c = modOrder(wordOf(keccak_256(concatBytes(TAG, bound, toWords(commitments))), 0));
  const z = modOrder(r + c * share);
  return { partials, proof: [c, z, ...coordinates(t2), ...productsOf(groups, c, z, t2)] };
}

/** The points that the contract adds to T2, all public, and the inverse of the Z that its formula arrives at. */
function productsOf(groups: readonly Group[], c: bigint, z: bigint, t2: Point): bigint[] {
  const products = groups.flatMap(({ sum, partial, weight }, index) => {
    const ofPartial = partial.multiplyUnsafe(modOrder(c * weight));
    return index === 0 ? [ofPartial] : [ofPartial, sum.multiplyUnsafe(modOrder(-z * weight))];
  });
  let total = t2;
  let scale = 1n;
  for (const product of products) {
    // The contract's Z grows by `x·Z² - X` with each addition, and X = Z² times the sum's x-coordinate.
    const difference = Fp.sub(product.toAffine().x, total.toAffine().x);
    scale = Fp.mul(Fp.mul(Fp.sqr(scale), scale), difference);
    total = total.add(product);
  }
  return [...products.flatMap(coordinates), Fp.inv(scale)];
}

function weightOf(seed: Uint8Array, group: number): bigint {
  if (group === 0) return 1n;
  return modOrder(wordOf(keccak_256(concatBytes(seed, toWords([BigInt(group)]))), 0));
}

function checkStatement({ chainId, contract, configuration, question, trustee }: PartialDecryptionStatement): void {
  const isWord = [chainId, question, trustee].every((value) => value >= 0n && value < 2n ** 256n);
  if (!isWord || !/^0x[0-9a-f]{40}$/i.test(contract) || !/^0x[0-9a-f]{64}$/i.test(configuration)) {
    throw new VotingError("STATEMENT_MALFORMED", "the statement holds what is no word, address or hash");
  }
}

function toPoint(sum: CurvePoint | undefined): Point {
  if (sum === undefined) return Point.ZERO;
  if (!isCurvePoint(sum)) throw new VotingError("SUM_INVALID", "a sum is no point that the contract takes");
  return Point.fromAffine({ x: sum.x, y: sum.y });
}

function coordinates(point: Point): [bigint, bigint] {
  if (point.is0()) return [0n, 0n];
  const { x, y } = point.toAffine();
  return [x, y];
}
