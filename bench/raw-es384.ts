import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

const signInPool = promisify(sign);
const verifyInPool = promisify(verify);

/** ES384 as Node does it in its threads, the keys parsed beforehand: what no relay can be faster than. */
export interface RawEs384 {
  sign(bytes: Buffer): Promise<Buffer>;
  /** @throws Error when the signature does not fit */
  verify(bytes: Buffer, signature: Buffer): Promise<void>;
}

export function createRawEs384(): RawEs384 {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const form = { dsaEncoding: 'ieee-p1363' as const };
  return {
    sign: (bytes) => signInPool('sha384', bytes, { key: privateKey, ...form }),
    async verify(bytes, signature) {
      if (!(await verifyInPool('sha384', bytes, { key: publicKey, ...form }, signature)))
        throw new Error('a good signature was refused');
    },
  };
}

/** Runs `work` for each of the list, so many at once. @returns milliseconds until the last was done */
export async function timeAtOnce<T>(
  list: readonly T[],
  atOnce: number,
  work: (item: T, worker: number) => Promise<void>,
): Promise<number> {
  const line = list.values();
  const began = performance.now();
  const run = async (_: unknown, worker: number): Promise<void> => {
    for (const item of line) await work(item, worker);
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  return performance.now() - began;
}
