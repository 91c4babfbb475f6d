import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestKey, describeDevice, type TestKey } from '../test/keys.ts';
import { addition, alice, appendOperation, bob, type GrowingLog, noon, startLog } from '../test/log.ts';
import { idTagSchema } from '../identity/id-tag.ts';
import { codeOf, errorCode, readVectors } from '../test/vectors.ts';
import { delegationLifetime } from './delegation.ts';
import {
  appendLogEntry,
  type DeviceDescription,
  findDevice,
  findLine,
  isStillIn,
  listDevices,
  type LogOperation,
  signLogEntry,
  verifyDeviceLog,
} from './device-log.ts';
import { judgeRenewal, renewalTime, type RenewalStanding } from './renewal.ts';

const texts = v.array(v.string());
const vectors = readVectors(
  'vectors/renewals.json',
  v.object({
    idTag: idTagSchema,
    valid: v.array(
      v.object({
        ...{ why: v.string(), entries: texts, head: v.string(), gen: v.number() },
        ...{
          devices: v.array(v.record(v.string(), v.unknown())),
          keys: v.array(v.record(v.string(), v.unknown())),
        },
      }),
    ),
    invalid: v.array(v.object({ why: v.string(), code: errorCode, before: texts, entry: v.string() })),
  }),
);

describe('L9–L12: the vectors', () => {
  it.each(vectors.valid)('$why', async ({ entries, head, gen, devices, keys }) => {
    const log = await verifyDeviceLog(vectors.idTag, entries);
    expect(log).toMatchObject({ head, gen, length: entries.length });
    expect([...log.devices.values()]).toMatchObject(devices);
    expect([...log.keys.values()]).toMatchObject(keys);
    expect([log.devices.size, log.keys.size]).toEqual([devices.length, keys.length]);
  });

  it.each(vectors.invalid)('$code $why', async ({ code, before, entry }) => {
    const log = await verifyDeviceLog(vectors.idTag, before);
    expect(await codeOf(() => appendLogEntry(vectors.idTag, log, entry))).toBe(code);
  });
});

let laptop: TestKey;
let phone: TestKey;
let next: TestKey;
let other: TestKey;
let start: GrowingLog;
let renewed: GrowingLog;

/** The phone with another key for signing. */
const phoneWith = (key: TestKey): DeviceDescription => ({ ...describeDevice(key, 'phone'), ecdh: phone.jwk });
const renewal = (key: TestKey): LogOperation => ({ t: 'renew', device: phoneWith(key) });

beforeAll(async () => {
  [laptop, phone, next, other] = (await Promise.all([1, 2, 3, 4].map(createTestKey))) as [
    TestKey,
    TestKey,
    TestKey,
    TestKey,
  ];
  start = await appendOperation(
    await startLog(laptop),
    laptop,
    addition(phone, [{ act: 'action/*', res: '*' }], 'phone'),
  );
  renewed = await appendOperation(start, phone, renewal(next), noon + 60);
});

const append = (grown: GrowingLog, by: TestKey, op: LogOperation) =>
  codeOf(async () => appendLogEntry(alice, grown.log, await sign(grown, by, op)));
const sign = (
  { log }: GrowingLog,
  by: TestKey,
  op: LogOperation,
  change: { iss?: typeof bob; iat?: number } = {},
) => signLogEntry(log, { iss: alice, iat: noon + 120, by: by.did, op, ...change }, by.sign);

describe('L10: new keys in the log', () => {
  it('L10: the new key has what the old one had, under the same origin; the old one is out', () => {
    const { log } = renewed;
    expect(findDevice(log, phone.did)).toBeUndefined();
    expect(findDevice(log, next.did)).toMatchObject({
      ...{ origin: phone.did, cap: findDevice(start.log, phone.did)!.cap, ecdh: phone.jwk },
    });
    expect(findLine(log, phone.did)?.did).toBe(next.did);
    expect([phone.did, next.did, other.did].map((did) => isStillIn(log, did))).toEqual([true, true, false]);
    expect(listDevices(log).map(({ did }) => did)).toEqual([laptop.did, next.did]);
  });

  it('L10: the pair for sealing stays, the key is new, and only the device itself says it', async () => {
    expect(await append(start, phone, { t: 'renew', device: describeDevice(next) })).toBe('E-LOG-INVALID');
    expect(await append(start, phone, { t: 'renew', device: phoneWith(laptop) })).toBe('E-LOG-INVALID');
    expect(await append(renewed, phone, renewal(other))).toBe('E-LOG-PERMISSION');
    expect(await append(renewed, next, renewal(phone))).toBe('E-LOG-INVALID');
    const forged = await signLogEntry(
      start.log,
      { iss: alice, iat: noon, by: phone.did, op: renewal(next) },
      other.sign,
    );
    expect(await codeOf(() => appendLogEntry(alice, start.log, forged))).toBe('E-TOKEN-SIGNATURE');
  });

  it('L10, L11: a line is narrowed and removed under the key that it has now', async () => {
    const cap = [{ act: 'action/create', res: 'type:POST' }];
    const narrow = await appendOperation(renewed, next, { t: 'change', did: next.did, cap }, noon + 120);
    const again = await appendOperation(narrow, next, renewal(other), noon + 180);
    expect(findLine(again.log, phone.did)).toMatchObject({ did: other.did, cap });
    const gone = await appendOperation(again, laptop, { t: 'remove', did: other.did }, noon + 240);
    expect(isStillIn(gone.log, phone.did)).toBe(false);
    expect(await append(renewed, laptop, { t: 'change', did: phone.did, cap })).toBe('E-LOG-INVALID');
    const wider = [{ act: '*', res: '*' }];
    expect(await append(narrow, laptop, { t: 'change', did: next.did, cap: wider })).toBe('E-LOG-PERMISSION');
  });
});

describe('L9: keys that let devices in', () => {
  const key = (of: TestKey, kind: 'recovery' | 'password' | 'passkey'): LogOperation => ({
    t: 'key',
    key: { did: of.did, jwk: of.jwk, ecdh: of.jwk, kind, name: kind },
  });

  it.each(['password', 'passkey', 'recovery'] as const)(
    'L9: what a key of kind %s may sign',
    async (kind) => {
      const grown = await appendOperation(start, laptop, key(next, kind));
      const cap = [{ act: 'action/read', res: '*' }];
      const ops: LogOperation[] = [
        addition(other),
        { t: 'remove', did: phone.did },
        { t: 'gen', gen: 1 },
        { t: 'change', did: phone.did, name: 'lost' },
        { t: 'change', did: phone.did, cap: [{ act: 'action/create', res: '*' }] },
        { t: 'unkey', did: next.did },
        key(other, 'password'),
        { t: 'order', order: 'connect', on: true },
      ];
      const codes = await Promise.all(ops.map((op) => append(grown, next, op)));
      const refused = Array.from({ length: 8 }, () => 'E-LOG-PERMISSION');
      const all = [...Array.from({ length: 7 }, () => 'accepted'), 'E-LOG-PERMISSION'];
      expect(codes).toEqual(kind === 'recovery' ? all : ['accepted', ...refused.slice(1)]);
      expect(await append(grown, phone, key(other, kind))).toBe('E-LOG-PERMISSION');
      const gone = await appendOperation(grown, laptop, { t: 'unkey', did: next.did });
      expect(await append(gone, next, addition(other, cap))).toBe('E-LOG-PERMISSION');
    },
  );
});

const held: RenewalStanding = {
  delegation: { gen: 0, exp: noon + 3600 },
  readmitted: false,
  suspended: false,
  settled: false,
};
const verdict = async (
  grown: GrowingLog,
  entry: string,
  standing: Partial<RenewalStanding>,
  now = noon + 120,
) => {
  const context = { idTag: alice, log: grown.log, now };
  let found = '';
  const code = await codeOf(async () => {
    found = (await judgeRenewal(entry, context, () => Promise.resolve({ ...held, ...standing }))).verdict;
  });
  return code === 'accepted' ? found : code;
};

describe('G8–G11: what a renewal means', () => {
  it('G8: it is time from the half of a delegation on', () => {
    const whole = { nbf: noon, exp: noon + delegationLifetime };
    expect(renewalTime(whole)).toBe(noon + delegationLifetime / 2);
    expect(renewalTime({ nbf: noon, exp: noon + 3600 })).toBe(noon + 1800);
  });

  it('G8, G9: new, the same again, or not any more: with the reason', async () => {
    const entry = await sign(start, phone, renewal(next));
    expect(await verdict(start, entry, {})).toBe('new');
    const over = { delegation: { gen: 0, exp: noon } };
    const rows: [Partial<RenewalStanding>, string][] = [
      [over, 'E-DELEGATION-EXPIRED'],
      [{ delegation: undefined }, 'E-DELEGATION-REVOKED'],
      [{ delegation: { gen: 1, exp: noon + 3600 } }, 'E-DELEGATION-REVOKED'],
      [{ ...over, readmitted: true }, 'new'],
      [{ delegation: undefined, readmitted: true }, 'new'],
      [{ suspended: true, readmitted: true }, 'E-DELEGATION-SUSPENDED'],
    ];
    for (const [standing, wanted] of rows) expect(await verdict(start, entry, standing)).toBe(wanted);
    expect(await verdict(start, entry, {}, noon + 421)).toBe('E-TOKEN-TIME');
    expect(await verdict(start, entry, {}, noon - 181)).toBe('E-TOKEN-TIME');
    const again = await sign(renewed, phone, renewal(next));
    expect(await verdict(renewed, again, {})).toBe('same');
    expect(await verdict(renewed, again, { delegation: undefined })).toBe('same');
    expect(await verdict(renewed, again, { suspended: true })).toBe('E-DELEGATION-SUSPENDED');
    const twice = await appendOperation(renewed, next, renewal(other), noon + 90);
    expect(await verdict(twice, again, {})).toBe('E-DELEGATION-REVOKED');
  });

  it('G10: a second key from the same old one, until that was settled', async () => {
    const second = await sign(start, phone, renewal(other));
    expect(await verdict(renewed, second, {})).toBe('second');
    expect(await verdict(renewed, second, { suspended: true })).toBe('second');
    expect(await verdict(renewed, second, { settled: true })).toBe('E-DELEGATION-REVOKED');
    const gone = await appendOperation(renewed, laptop, { t: 'remove', did: next.did }, noon + 90);
    expect(await verdict(gone, second, {})).toBe('E-DELEGATION-REVOKED');
  });

  it('G9: nobody else renews a device, and nothing but a renewal renews', async () => {
    const removed = await appendOperation(start, laptop, { t: 'remove', did: phone.did }, noon + 60);
    expect(await verdict(removed, await sign(start, phone, renewal(next)), {})).toBe('E-DELEGATION-REVOKED');
    expect(await verdict(start, await sign(start, other, renewal(next)), {})).toBe('E-LOG-PERMISSION');
    expect(await verdict(start, await sign(start, phone, { t: 'remove', did: phone.did }), {})).toBe(
      'E-LOG-INVALID',
    );
    expect(await verdict(start, await sign(start, phone, renewal(next), { iss: bob }), {})).toBe(
      'E-LOG-INVALID',
    );
    const by = { iss: alice, iat: noon + 120, by: phone.did, op: renewal(next) };
    expect(await verdict(start, await signLogEntry(start.log, by, other.sign), {})).toBe('E-TOKEN-SIGNATURE');
    const swapped: LogOperation = { t: 'renew', device: { ...phoneWith(next), did: other.did } };
    expect(await verdict(start, await sign(start, phone, swapped), {})).toBe('E-LOG-INVALID');
  });

  it('G11: a time that is over is over', async () => {
    const guest = await appendOperation(
      start,
      laptop,
      { t: 'change', did: phone.did, until: noon + 100 },
      noon + 60,
    );
    const entry = await sign(guest, phone, renewal(next));
    expect(await verdict(guest, entry, { readmitted: true })).toBe('E-DELEGATION-EXPIRED');
    expect(await verdict(guest, entry, {}, noon + 90)).toBe('new');
  });
});
