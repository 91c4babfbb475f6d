import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { base64urlToBytes } from '../bytes.ts';
import { idTagSchema } from '../identity/id-tag.ts';
import type { IdentityKey } from '../identity/key-set.ts';
import { createTestKey, listKey, type TestKey } from '../test/keys.ts';
import { alice, bob } from '../test/log.ts';
import { holds } from '../test/seeded.ts';
import { codeOf, readTestKeys, readVectors, type TestKeys } from '../test/vectors.ts';
import { formatDeviceFrame, parseDeviceFrame } from './frame.ts';
import {
  type Batch,
  batchBytes,
  emptyChain,
  guestAuthor,
  isGuestAuthor,
  maxBatchRows,
  nextChain,
  signBatch,
  verifyBatch,
  verifyGuestBatch,
} from './row.ts';

const vectors = readVectors(
  'vectors/sync.json',
  v.object({
    space: idTagSchema,
    device: v.string(),
    session: v.string(),
    time: v.number(),
    rows: v.array(v.object({ doc: v.string(), update: v.string() })),
    signed: v.string(),
    signature: v.string(),
    chain: v.object({ first: v.string(), second: v.string() }),
    refused: v.array(v.object({ why: v.string(), signature: v.string() })),
  }),
);
const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const { space, device, session, time } = vectors;
const rows = vectors.rows.map(({ doc, update }) => ({ doc, update: fromHex(update) }));
const batch = (change: Partial<Batch> = {}): Batch => ({
  device,
  session,
  first: 0,
  time,
  rows,
  signature: base64urlToBytes(vectors.signature),
  ...change,
});

let keys: TestKeys;
let other: TestKey;
beforeAll(async () => {
  keys = await readTestKeys();
  other = await createTestKey();
});

const judge = (changed: Batch, key = keys.laptop, name = space) =>
  codeOf(() => verifyBatch(name, changed, key.jwk));

describe('S2, S3: batches', () => {
  it('S3: the device signs these bytes', async () => {
    expect(Buffer.from(await batchBytes(space, batch())).toString('hex')).toBe(vectors.signed);
    expect(await judge(batch())).toBe('accepted');
  });

  it.each(vectors.refused)('$why', async ({ signature }) => {
    expect(await judge(batch({ signature: base64urlToBytes(signature) }))).toBe('E-ROW-INVALID');
  });

  it('S3: nothing of a batch can be changed', async () => {
    const changes: Partial<Batch>[] = [
      { first: 1 },
      { time: time + 1 },
      { session: 'B'.repeat(22) },
      { device: other.did },
      { rows: rows.slice(0, 1) },
      { rows: rows.toReversed() },
      { rows: [...rows, rows[0]!] },
      { rows: [{ ...rows[0]!, doc: 'index' }, rows[1]!] },
      { rows: [{ ...rows[0]!, update: new Uint8Array([1, 2, 4]) }, rows[1]!] },
      { signature: new Uint8Array(96) },
    ];
    for (const change of changes)
      expect(await judge(batch(change)), JSON.stringify(change)).toBe('E-ROW-INVALID');
    expect(await judge(batch(), keys.laptop, bob)).toBe('E-ROW-INVALID');
  });

  it('S3: a device that signs well under the name of another', async () => {
    const posing = await signBatch(alice, batch(), other.sign);
    expect(await judge(posing, other)).toBe('E-ROW-INVALID');
    expect(await judge(posing)).toBe('E-ROW-INVALID');
  });

  it('S3: whatever a device signs holds for it after the wire', () =>
    holds(
      fc.asyncProperty(
        fc.array(
          fc.record({
            doc: fc.constantFrom('index', 'A'.repeat(24)),
            update: fc.uint8Array({ minLength: 1, maxLength: 40 }),
          }),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        fc.nat(),
        async (made, first) => {
          const sent = await signBatch(
            alice,
            { device: other.did, session, first, time, rows: made },
            other.sign,
          );
          const frame = parseDeviceFrame(formatDeviceFrame({ kind: 'push', batches: [sent] }));
          if (frame.kind !== 'push') throw new Error('not a push');
          await verifyBatch(alice, frame.batches[0]!, other.jwk);
        },
      ),
      { runs: 50 },
    ));
});

describe('Z6: batches of guests', () => {
  const guest = guestAuthor(bob);
  const sign = (change: Partial<Batch>, key: TestKey = identity) =>
    signBatch(space, { ...batch(), device: guest, ...change }, key.sign);
  const judgeGuest = (made: Batch, keys: readonly IdentityKey[], name = space) =>
    codeOf(() => verifyGuestBatch(name, made, keys));
  const seconds = Math.floor(time / 1000);
  let identity: TestKey;
  let listed: IdentityKey;
  beforeAll(async () => {
    identity = await createTestKey();
    listed = listKey(identity);
  });

  it('Z6: an identity key of the owner that is valid at that time signs them', async () => {
    const made = await sign({});
    expect(made.device).toBe('@bob.test');
    expect(await judgeGuest(made, [listed])).toBe('accepted');
    expect(await judgeGuest(made, [{ ...listed, expiresAt: seconds }])).toBe('accepted');
    expect(await judgeGuest(made, [{ ...listed, expiresAt: seconds - 1 }])).toBe('E-ROW-INVALID');
    expect(await judgeGuest(made, [])).toBe('E-ROW-INVALID');
    expect(await judgeGuest(made, [listed], bob)).toBe('E-ROW-INVALID');
    expect(await judgeGuest(await sign({}, other), [listed])).toBe('E-ROW-INVALID');
    for (const change of [
      { device: guestAuthor(alice) },
      { first: 9 },
      { time: time + 1000 },
      { rows: [rows[1]!] },
    ])
      expect(await judgeGuest({ ...made, ...change }, [listed])).toBe('E-ROW-INVALID');
  });

  it('Z6: they travel in frames like others, and are not of a device', async () => {
    const made = await sign({});
    const frame = parseDeviceFrame(formatDeviceFrame({ kind: 'push', batches: [made] }));
    expect(frame).toEqual({ kind: 'push', batches: [made] });
    expect(await judge(made, keys.laptop)).toBe('E-ROW-INVALID');
  });

  it.each([
    '@',
    '@bob',
    '@Bob.test',
    '@bob.test.',
    '@cl-o.bob.test',
    '@127.0.0.1',
    '@bob.test/x',
    '@@bob.test',
  ])('Z6: no guest is called %s', async (device) => {
    expect(isGuestAuthor(device)).toBe(false);
    const made = { ...(await sign({})), device };
    expect(await codeOf(() => parseDeviceFrame(formatDeviceFrame({ kind: 'push', batches: [made] })))).toBe(
      'E-ROW-INVALID',
    );
  });
});

describe('S5: the chain', () => {
  it('S5: begins empty and binds the order of all batches before', async () => {
    const second = batch({ first: 2 });
    const first = await nextChain(emptyChain, space, batch());
    expect(first).toBe(vectors.chain.first);
    expect(await nextChain(first, space, second)).toBe(vectors.chain.second);
    const exchanged = await nextChain(await nextChain(emptyChain, space, second), space, batch());
    expect(exchanged).not.toBe(vectors.chain.second);
  });

  it('S5: does not depend on which of its signatures a batch carries', async () => {
    const again = await signBatch(space, batch(), keys.laptop.sign);
    expect(await nextChain(emptyChain, space, again)).toBe(vectors.chain.first);
  });
});

describe('S2: form', () => {
  const read = (changed: Batch) =>
    codeOf(() => parseDeviceFrame(formatDeviceFrame({ kind: 'push', batches: [changed] })));

  it.each<[string, Partial<Batch>]>([
    ['no rows', { rows: [] }],
    ['too many rows', { rows: Array.from({ length: maxBatchRows + 1 }, () => rows[0]!) }],
    ['an empty update', { rows: [{ doc: 'index', update: new Uint8Array() }] }],
    [
      'a document id that is a path',
      { rows: [{ doc: '../../../../etc/passwd.....', update: new Uint8Array([1]) }] },
    ],
    ['a document id too short', { rows: [{ doc: 'A'.repeat(23), update: new Uint8Array([1]) }] }],
    ['another reserved document', { rows: [{ doc: 'Index', update: new Uint8Array([1]) }] }],
    ['a device that is no did:key', { device: 'did:web:alice.test' }],
    ['a session that is no identifier', { session: '' }],
    ['a signature of 95 bytes', { signature: new Uint8Array(95) }],
    ['a number beyond 2^53', { first: 2 ** 53 }],
    ['a number that passes 2^53 with its rows', { first: Number.MAX_SAFE_INTEGER }],
    ['a time beyond 2^53', { time: 2 ** 53 }],
  ])('S2: refuses %s', async (_why, change) => {
    expect(await read(batch(change))).toBe('E-ROW-INVALID');
  });

  it('S2: takes the most rows there may be', async () => {
    expect(await read(batch({ rows: Array.from({ length: maxBatchRows }, () => rows[1]!) }))).toBe(
      'accepted',
    );
  });
});
