import { computeAddress, hexlify, randomBytes, SigningKey } from "ethers";

const KEYS = 100;

/** Seconds in which this machine makes a hundred keys now, beside all that it does else: how slow it is. */
export function keyTimeNow(): number {
  const timeOnce = (): number => {
    const startedAt = performance.now();
    for (let i = 0; i < KEYS; i++) computeAddress(new SigningKey(hexlify(randomBytes(32))));
    return (performance.now() - startedAt) / 1_000;
  };
  timeOnce(); // before which nothing is compiled
  return timeOnce();
}
