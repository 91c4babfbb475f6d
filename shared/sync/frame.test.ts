import * as encoding from 'lib0/encoding';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { holds } from '../test/seeded.ts';
import { codeOf, readVectors } from '../test/vectors.ts';
import {
  formatDeviceFrame,
  formatRelayFrame,
  parseDeviceFrame,
  parseRelayFrame,
  type RelayFrame,
} from './frame.ts';

const { frames } = readVectors(
  'vectors/sync.json',
  v.object({
    frames: v.array(v.object({ from: v.picklist(['device', 'relay']), kind: v.string(), hex: v.string() })),
  }),
);
const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const parsers = { device: parseDeviceFrame, relay: parseRelayFrame };
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function write(from: 'device' | 'relay', bytes: Uint8Array): Uint8Array {
  return from === 'device'
    ? formatDeviceFrame(parseDeviceFrame(bytes))
    : formatRelayFrame(parseRelayFrame(bytes));
}

describe('S6–S8: the vectors', () => {
  it.each(frames)('S6, S7: $from says $kind', ({ from, kind, hex }) => {
    expect(parsers[from](fromHex(hex)).kind).toBe(kind);
    expect(toHex(write(from, fromHex(hex)))).toBe(hex);
  });

  it.each(frames)('S8: $kind of the $from, cut at every byte, is refused', async ({ from, hex }) => {
    const whole = fromHex(hex);
    for (let length = 0; length < whole.length; length++) {
      const code = await codeOf(() => parsers[from](whole.slice(0, length)));
      expect(code, `${length} of ${whole.length} bytes`).toMatch(/^E-(FRAME|ROW)-INVALID$/);
    }
  });

  it.each(frames)(
    'S8: $kind of the $from, cut inside a larger buffer, reads nothing behind its end',
    async ({ from, hex }) => {
      const whole = fromHex(hex);
      for (let length = 0; length < whole.length; length++) {
        const code = await codeOf(() => parsers[from](whole.subarray(0, length)));
        expect(code, `${length} of ${whole.length} bytes`).toMatch(/^E-(FRAME|ROW)-INVALID$/);
      }
    },
  );

  it.each(frames)('S8: $kind of the $from with bytes behind its end is refused', async ({ from, hex }) => {
    for (const more of ['00', 'ff', hex])
      expect(await codeOf(() => parsers[from](fromHex(hex + more)))).toBe('E-FRAME-INVALID');
  });
});

describe('S8: frames of nobody', () => {
  it.each([3, 9, 100, 255])('S8: kind %i is none', async (kind) => {
    expect(await codeOf(() => parseDeviceFrame(new Uint8Array([kind])))).toBe('E-FRAME-INVALID');
    if (kind >= 9)
      expect(await codeOf(() => parseRelayFrame(new Uint8Array([kind])))).toBe('E-FRAME-INVALID');
  });

  it('S8: a list that claims to be long reserves nothing', async () => {
    for (const length of [10_001, 2 ** 32, 2 ** 52]) {
      const encoder = encoding.createEncoder();
      encoding.writeUint8(encoder, 1);
      encoding.writeVarUint(encoder, length);
      expect(await codeOf(() => parseDeviceFrame(encoding.toUint8Array(encoder)))).toBe('E-FRAME-INVALID');
    }
  });

  it('S8: a text that claims to be long reserves nothing', async () => {
    const encoder = encoding.createEncoder();
    encoding.writeUint8(encoder, 0);
    encoding.writeVarUint(encoder, 2 ** 40);
    expect(await codeOf(() => parseDeviceFrame(encoding.toUint8Array(encoder)))).toBe('E-FRAME-INVALID');
  });

  it('S8: rows of a version that is not known here', async () => {
    const push = fromHex(frames.find(({ kind }) => kind === 'push')!.hex);
    push[2] = 2;
    expect(await codeOf(() => parseDeviceFrame(push))).toBe('E-ROW-INVALID');
  });

  it('S6: a session and a document have their forms', async () => {
    const cursor = { log: 'l', seq: 0, chain: '' };
    const hello = formatDeviceFrame({ kind: 'hello', token: 't', session: '../x', cursor });
    const awareness = formatDeviceFrame({
      kind: 'awareness',
      doc: 'x'.repeat(1000),
      states: new Uint8Array([1]),
    });
    expect(await codeOf(() => parseDeviceFrame(hello))).toBe('E-ROW-INVALID');
    expect(await codeOf(() => parseDeviceFrame(awareness))).toBe('E-ROW-INVALID');
  });

  it('S8: any bytes are a frame or are refused; what is a frame is written again with the same meaning', () =>
    holds(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 60 }), flipped()), async (bytes) => {
        for (const from of ['device', 'relay'] as const) {
          if ((await codeOf(() => parsers[from](bytes))) !== 'accepted') continue;
          expect(parsers[from](write(from, bytes))).toEqual(parsers[from](bytes));
        }
      }),
      { runs: 5000 },
    ));
});

/** A good frame with some bytes changed. */
function flipped() {
  return fc
    .tuple(fc.constantFrom(...frames), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }))
    .map(([{ hex }, changes]) => {
      const bytes = fromHex(hex);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
}

const seconds = fc.nat();
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const doc = fc.constantFrom('index', 'abcdefghijklmnopqrstuvwx');
const session = fc.constant('A'.repeat(22));
const relayFrame: fc.Arbitrary<RelayFrame> = fc.oneof(
  fc.record({
    kind: fc.constant('welcome' as const),
    log: text,
    acked: fc.integer({ min: -1 }),
    match: fc.boolean(),
    time: seconds,
  }),
  fc.record({ kind: fc.constant('current' as const), seq: fc.maxSafeNat(), chain: text }),
  fc.record({ kind: fc.constant('ack' as const), session, acked: fc.integer({ min: -1 }), time: seconds }),
  fc.record({ kind: fc.constant('awareness' as const), doc, states: fc.uint8Array() }),
  fc.record({ kind: fc.constant('wake' as const), topic: text }),
  fc.record({ kind: fc.constant('presence' as const), from: text, t: text, about: text }),
  fc.record({ kind: fc.constant('error' as const), code: text, message: text }),
  fc.record({
    kind: fc.constant('committed' as const),
    device: text,
    session,
    first: seconds,
    seq: seconds,
    chain: text,
  }),
);

describe('S6, S7: there and back', () => {
  it('S7: every frame of a relay survives', () =>
    holds(
      fc.asyncProperty(relayFrame, async (frame) => {
        const read = parseRelayFrame(formatRelayFrame(frame));
        expect(JSON.stringify(read)).toBe(JSON.stringify(frame));
      }),
      { runs: 1000 },
    ));

  it('S6: hello survives', () =>
    holds(
      fc.asyncProperty(
        text,
        session,
        fc.record({ log: text, seq: fc.maxSafeNat(), chain: text }),
        async (token, run, cursor) => {
          const frame = { kind: 'hello', token, session: run, cursor } as const;
          expect(parseDeviceFrame(formatDeviceFrame(frame))).toEqual(frame);
        },
      ),
    ));
});
