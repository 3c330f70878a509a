import { secp256k1 } from "@noble/curves/secp256k1.js";
import { concat, dataSlice, getBytes, id, keccak256, sha256, toBeHex, toUtf8Bytes } from "ethers";

import type { BallotStatement } from "../../src/voting/statement.js";

// An attacker's prover: it shares no code with the library's, and proves whatever it is told to as well as it can.

const { Point } = secp256k1;
type Point = InstanceType<typeof Point>;
const N = Point.Fn.ORDER;
const P = Point.Fp.ORDER;

/** What a careless verifier may leave out of the challenge. */
export type Part =
  | "chainId"
  | "contract"
  | "configuration"
  | "question"
  | "slotKey"
  | "weight"
  | "options"
  | "groups"
  | "selections"
  | "approval"
  | "ciphertexts"
  | "a1"
  | "a2"
  | "d"
  | "e";

/** How a forged ballot differs from an honest one. */
export interface Lie {
  /** What is encrypted, whatever it is. */
  readonly m: readonly bigint[];
  /** What is answered for instead, bits that would be accepted. */
  readonly shown?: readonly bigint[];
  /** The masks; by default random ones with the sum zero. */
  readonly masks?: readonly bigint[];
  /** What is left out of the challenge. */
  readonly unhashed?: readonly Part[];
  /** What is computed from the responses after the challenge. */
  readonly late?: "c1c2" | "a2" | "d" | "e" | "z";
  /** The logarithm of the election's key, where its trustees are in it. */
  readonly keyLogarithm?: bigint;
  /** What the responses f are changed by at the end. */
  readonly shift?: readonly bigint[];
  /** Leaves D and E without blinding, which gives the vote away and makes the answer w zero. */
  readonly isUnblinded?: boolean;
  readonly seed?: string;
}

/** A forged ballot of one question, and the challenge that its forger used. */
export interface Forgery {
  readonly bytes: Uint8Array;
  readonly x: bigint;
}

/** Makes a ballot of the statement's first question. */
export function forge(statement: BallotStatement, lie: Lie): Forgery {
  const { options: k, groups: g } = statement.questions[0]!;
  const H = Point.fromAffine({ x: statement.key.x, y: statement.key.y });
  const K = generator("K");
  const gammas = Array.from({ length: k }, (_, j) => generator(`${j + 1}`));
  const groupOf = (j: number) => {
    for (let i = 0; ; i++) if (j < Math.floor(((i + 1) * k) / g)) return i;
  };
  const inGroup = (values: readonly bigint[], group: number) => {
    return sum(values.map((value, j) => (groupOf(j) === group ? times(gammas[j]!, value) : Point.ZERO)));
  };
  let drawn = 0;
  const draw = () => BigInt(id(`${lie.seed ?? "forger"} ${drawn++}`)) % N;
  const groups = Array.from({ length: g }, (_, i) => i);

  const blinding = () => (lie.isUnblinded === true ? 0n : draw());
  const [r, alpha, gamma, delta] = [groups.map(draw), groups.map(draw), blinding(), blinding()];
  const random = Array.from({ length: k - 1 }, draw);
  const a = lie.masks ?? [...random, -random.reduce((total, mask) => total + mask, 0n)];
  const shown = lie.shown ?? lie.m;
  const m = lie.m;

  let c1 = r.map((scalar) => times(Point.BASE, scalar));
  let c2 = groups.map((i) => times(H, r[i]!).add(inGroup(m, i)));
  const a1 = alpha.map((scalar) => times(Point.BASE, scalar));
  // Where the ciphertexts come late, the votes that they will hold are the difference of these masks and those in D and E.
  const otherMasks = lie.late === "c1c2" ? a.map((mask, j) => mask + BigInt(j) + 7n) : a;
  let a2 = groups.map((i) => times(H, alpha[i]!).add(inGroup(otherMasks, i)));
  let d = times(K, gamma).add(sum(a.map((mask, j) => times(gammas[j]!, mask * (1n - 2n * shown[j]!)))));
  let e = times(K, delta).subtract(sum(a.map((mask, j) => times(gammas[j]!, mask * mask))));

  const x = challenge(statement, lie.unhashed ?? [], { c1, c2, a1, a2, d, e });
  const f = shown.map((bit, j) => mod(bit * x + a[j]! + (lie.shift?.[j] ?? 0n)));
  const z = groups.map((i) => mod(r[i]! * x + alpha[i]!));
  const w = mod(gamma * x + delta);

  const right2 = groups.map((i) => times(H, z[i]!).add(inGroup(f, i)));
  const right3 = times(K, w).add(sum(f.map((value, j) => times(gammas[j]!, value * (x - value)))));
  const byX = Point.Fn.inv(x);
  if (lie.late === "c1c2") {
    c1 = groups.map((i) => times(times(Point.BASE, z[i]!).subtract(a1[i]!), byX));
    c2 = groups.map((i) => times(right2[i]!.subtract(a2[i]!), byX));
  }
  if (lie.late === "a2") a2 = groups.map((i) => right2[i]!.subtract(times(c2[i]!, x)));
  if (lie.late === "d") d = times(right3.subtract(e), byX);
  if (lie.late === "e") e = right3.subtract(times(d, x));
  if (lie.late === "z") {
    // Γ_1 is G: whoever knows log H can shift what the first option's f is short of into z.
    const short = mod((m[0]! - shown[0]!) * x);
    z[0] = mod(z[0]! + short * Point.Fn.inv(lie.keyLogarithm!));
  }
  const scalars = [...f, ...z, w].map((scalar) => toBeHex(scalar, 32));
  return { bytes: getBytes(concat([...committedWords({ c1, c2, a1, a2, d, e }).values(), ...scalars])), x };
}

/** Whether equations (1) to (4) hold for a challenge that the verifier got from elsewhere. */
export function holdsUnder(statement: BallotStatement, { bytes, x }: Forgery): boolean {
  const { options: k, groups: g, selections, approval } = statement.questions[0]!;
  const word = (index: number) => BigInt(dataSlice(bytes, 32 * index, 32 * index + 32));
  const point = (index: number) => Point.fromAffine({ x: word(index), y: word(index + 1) });
  const f = Array.from({ length: k }, (_, j) => word(7 * g + 4 + j));
  const z = Array.from({ length: g }, (_, i) => word(7 * g + 4 + k + i));
  const gammas = f.map((_, j) => generator(`${j + 1}`));

  for (let i = 0; i < g; i++) {
    const first = times(Point.BASE, z[i]!).subtract(times(point(4 * i), x));
    if (BigInt(dataSlice(addressWord(first), 12)) !== word(4 * g + i)) return false;
    const options = f.map((value, j) => {
      const isIn = j >= Math.floor((i * k) / g) && j < Math.floor(((i + 1) * k) / g);
      return isIn ? times(gammas[j]!, value) : Point.ZERO;
    });
    const H = Point.fromAffine({ x: statement.key.x, y: statement.key.y });
    const left = times(point(4 * i + 2), x).add(point(5 * g + 2 * i));
    if (!left.equals(times(H, z[i]!).add(sum(options)))) return false;
  }
  const right = times(generator("K"), word(8 * g + 4 + k)).add(
    sum(f.map((value, j) => times(gammas[j]!, value * (x - value)))),
  );
  if (
    !times(point(7 * g), x)
      .add(point(7 * g + 2))
      .equals(right)
  )
    return false;
  return approval || mod(f.reduce((total, value) => total + value, 0n) - BigInt(selections) * x) === 0n;
}

interface Committed {
  c1: readonly Point[];
  c2: readonly Point[];
  a1: readonly Point[];
  a2: readonly Point[];
  d: Point;
  e: Point;
}

function committedWords({ c1, c2, a1, a2, d, e }: Committed): Map<Part, string> {
  return new Map<Part, string>([
    ["ciphertexts", concat(c1.flatMap((point, i) => [words(point), words(c2[i]!)]))],
    ["a1", concat(a1.map(addressWord))],
    ["a2", concat(a2.map(words))],
    ["d", words(d)],
    ["e", words(e)],
  ]);
}

function challenge(statement: BallotStatement, unhashed: readonly Part[], committed: Committed): bigint {
  const question = statement.questions[0]!;
  const number = (value: bigint | number) => toBeHex(value, 32);
  const parts = new Map<Part, string>([
    ["chainId", number(statement.chainId)],
    ["contract", number(BigInt(statement.contract))],
    ["configuration", statement.configuration],
    ["question", number(0)],
    ["slotKey", statement.slotKey],
    ["weight", number(statement.weight)],
    ["options", number(question.options)],
    ["groups", number(question.groups)],
    ["selections", number(question.selections)],
    ["approval", number(question.approval ? 1 : 0)],
    ...committedWords(committed),
  ]);
  for (const part of unhashed) parts.delete(part);
  return BigInt(keccak256(concat([id("diwan/ballot/v1"), ...parts.values()]))) % N;
}

const generators = new Map<string, Point>([["1", Point.BASE]]);

function generator(name: string): Point {
  for (let counter = 0; !generators.has(name); counter++) {
    const x = BigInt(sha256(concat([toUtf8Bytes("diwan/generator/v1/" + name), toBeHex(counter, 1)])));
    const y2 = (x ** 3n + 7n) % P;
    if (x < N && Point.Fp.isValid(x) && isSquare(y2)) {
      const root = Point.Fp.sqrt(y2);
      generators.set(name, Point.fromAffine({ x, y: root % 2n === 0n ? root : P - root }));
    }
  }
  return generators.get(name)!;
}

function isSquare(value: bigint): boolean {
  return Point.Fp.pow(value, (P - 1n) / 2n) === 1n;
}

function addressWord(point: Point): string {
  return toBeHex(BigInt(dataSlice(keccak256(words(point)), 12)), 32);
}

function words(point: Point): string {
  const { x, y } = point.toAffine();
  return concat([toBeHex(x, 32), toBeHex(y, 32)]);
}

function times(point: Point, factor: bigint): Point {
  return point.multiplyUnsafe(mod(factor));
}

function sum(points: readonly Point[]): Point {
  return points.reduce((total, point) => total.add(point), Point.ZERO);
}

function mod(value: bigint): bigint {
  return ((value % N) + N) % N;
}
