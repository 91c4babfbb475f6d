import type { Capability } from '../device/capability.ts';
import { type DeviceLog, signLogEntry } from '../device/device-log.ts';
import { deviceLogTyp } from '../device/log-rules.ts';
import { signCompact, statementId, parseCompact } from '../token/compact.ts';
import { describeDevice, type TestKey } from './keys.ts';
import { addition, alice, appendOperation, bob, type GrowingLog, noon, startLog } from './log.ts';

interface Keys {
  readonly laptop: TestKey;
  readonly phone: TestKey;
  readonly stranger: TestKey;
}

const enrolOnly: readonly Capability[] = [{ act: 'device/enrol', res: '*' }];
const postOnly: readonly Capability[] = [{ act: 'action/create', res: 'type:POST' }];

async function validLogs({ laptop, phone }: Keys): Promise<object[]> {
  const first = await startLog(laptop);
  const two = await appendOperation(first, laptop, addition(phone, postOnly, 'phone'), noon + 60);
  const left = await appendOperation(two, phone, { t: 'remove', did: phone.did }, noon + 120);
  const removed = await appendOperation(two, laptop, { t: 'remove', did: phone.did }, noon + 120);
  const raised = await appendOperation(removed, laptop, { t: 'gen', gen: 1 }, noon + 180);
  const row = (why: string, { log, entries }: GrowingLog) => ({
    why,
    entries,
    head: log.head,
    gen: log.gen,
    enrolled: [...log.devices.values()]
      .filter(({ removedAt }) => removedAt === undefined)
      .map(({ did }) => did),
  });
  return [
    row('L2: the first device adds itself', first),
    row('L3: it adds a phone that may only post', two),
    row('L3: the phone may remove itself though it may not enrol', left),
    row('L3: the first device removes the phone', removed),
    row('L1: and raises the generation', raised),
  ];
}

/** Signs the entry that would follow `log`, whether or not it may stand there. */
function next(
  log: DeviceLog | undefined,
  by: TestKey,
  op: Parameters<typeof signLogEntry>[1]['op'],
  iss = alice,
) {
  return signLogEntry(log, { iss, iat: noon + 200, by: by.did, op }, by.sign);
}

async function badFirstEntries({ laptop, phone }: Keys) {
  const selfless = { iss: alice, iat: noon, by: laptop.did, op: addition(phone) };
  const foreign = { iss: alice, iat: noon, by: laptop.did, op: addition(laptop) };
  const swapped = addition(laptop);
  if (swapped.t === 'add') swapped.device = { ...swapped.device, jwk: phone.jwk };
  return [
    [
      'L2',
      'the first entry adds another device',
      'E-LOG-INVALID',
      await signLogEntry(undefined, selfless, laptop.sign),
    ],
    [
      'L2',
      'the first entry names one device and another signs',
      'E-TOKEN-SIGNATURE',
      await signLogEntry(undefined, foreign, phone.sign),
    ],
    [
      'L2',
      'the first device may not enrol',
      'E-LOG-INVALID',
      await next(undefined, laptop, addition(laptop, postOnly)),
    ],
    [
      'L2',
      'the first entry removes',
      'E-LOG-INVALID',
      await next(undefined, laptop, { t: 'remove', did: laptop.did }),
    ],
    [
      'L2',
      'the first entry raises the generation',
      'E-LOG-INVALID',
      await next(undefined, laptop, { t: 'gen', gen: 1 }),
    ],
    ['K4', 'the did is not that of the key', 'E-LOG-INVALID', await next(undefined, laptop, swapped)],
    ['L1', 'of another identity', 'E-LOG-INVALID', await next(undefined, laptop, addition(laptop), bob)],
  ] as const;
}

async function badSecondEntries({ laptop, phone, stranger }: Keys) {
  const { log } = await startLog(laptop);
  const op = addition(phone);
  const payload = { v: 1, iss: alice, seq: 1, prev: log.head, iat: noon, by: laptop.did, op };
  const sign = (change: object, typ = deviceLogTyp) =>
    signCompact(typ, { ...payload, ...change }, laptop.sign);
  const off = { ...describeDevice(phone), ecdh: { ...phone.jwk, y: phone.jwk.x } };
  return [
    [
      'L1',
      'another prev: a fork',
      'E-LOG-FORK',
      await sign({ prev: await statementId(parseCompact(await sign({}))) }),
    ],
    ['L1', 'no prev', 'E-LOG-FORK', await sign({ prev: null })],
    ['L1', 'seq left out one', 'E-LOG-FORK', await sign({ seq: 2 })],
    ['L1', 'seq 0 a second time', 'E-LOG-FORK', await sign({ seq: 0 })],
    ['L1', 'another version', 'E-LOG-INVALID', await sign({ v: 2 })],
    ['L1', 'a member nobody knows', 'E-LOG-INVALID', await sign({ x: 1 })],
    ['L1', 'an operation nobody knows', 'E-LOG-INVALID', await sign({ op: { t: 'reset' } })],
    ['L1', 'a generation that skips one', 'E-LOG-INVALID', await sign({ op: { t: 'gen', gen: 2 } })],
    ['T5', 'another kind of signed thing', 'E-TOKEN-TYPE', await sign({}, 'JWT')],
    ['L3', 'signed by a device that is not in the log', 'E-LOG-PERMISSION', await next(log, stranger, op)],
    [
      'L3',
      'names the laptop and the stranger signs',
      'E-TOKEN-SIGNATURE',
      await signCompact(deviceLogTyp, payload, stranger.sign),
    ],
    ['L3', 'an ECDH key off the curve', 'E-KEY-UNKNOWN', await sign({ op: { ...op, device: off } })],
    ['L4', 'a device that is there already', 'E-LOG-INVALID', await next(log, laptop, addition(laptop))],
    [
      'L4',
      'removes the last device that may enrol',
      'E-LOG-INVALID',
      await next(log, laptop, { t: 'remove', did: laptop.did }),
    ],
    [
      'L4',
      'removes one that is not there',
      'E-LOG-INVALID',
      await next(log, laptop, { t: 'remove', did: phone.did }),
    ],
  ] as const;
}

async function badLaterEntries({ laptop, phone, stranger }: Keys) {
  const first = await startLog(laptop);
  const posting = await appendOperation(first, laptop, addition(phone, postOnly));
  const enrolling = await appendOperation(first, laptop, addition(phone, enrolOnly));
  const removed = await appendOperation(enrolling, laptop, { t: 'remove', did: phone.did });
  const op = addition(stranger, enrolOnly);
  return [
    [
      'L3',
      'signed by a device that may only post',
      'E-LOG-PERMISSION',
      posting,
      await next(posting.log, phone, op),
    ],
    [
      'L3',
      'a device that may only post removes another',
      'E-LOG-PERMISSION',
      posting,
      await next(posting.log, phone, { t: 'remove', did: laptop.did }),
    ],
    [
      'L3',
      'a device that may only post raises the generation',
      'E-LOG-PERMISSION',
      posting,
      await next(posting.log, phone, { t: 'gen', gen: 1 }),
    ],
    [
      'L3',
      'grants more than the signer has',
      'E-LOG-PERMISSION',
      enrolling,
      await next(enrolling.log, phone, addition(stranger)),
    ],
    ['L3', 'signed by a removed device', 'E-LOG-PERMISSION', removed, await next(removed.log, phone, op)],
    [
      'L4',
      'a removed device comes back',
      'E-LOG-INVALID',
      removed,
      await next(removed.log, laptop, addition(phone)),
    ],
    [
      'L4',
      'a device is removed twice',
      'E-LOG-INVALID',
      removed,
      await next(removed.log, laptop, { t: 'remove', did: phone.did }),
    ],
  ] as const;
}

/** `vectors/device-logs.json`. */
export async function makeLogVectors(keys: Keys): Promise<object> {
  const { entries } = await startLog(keys.laptop);
  const row = (rule: string, why: string, code: string, before: readonly string[], entry: string) => ({
    why: `${rule}: ${why}`,
    code,
    before,
    entry,
  });
  return {
    about:
      'L1–L4: device logs of alice.test. An invalid one is a good log (`before`) and an entry that must not follow it.',
    idTag: alice,
    valid: await validLogs(keys),
    invalid: [
      ...(await badFirstEntries(keys)).map(([rule, why, code, entry]) => row(rule, why, code, [], entry)),
      ...(await badSecondEntries(keys)).map(([rule, why, code, entry]) =>
        row(rule, why, code, entries, entry),
      ),
      ...(await badLaterEntries(keys)).map(([rule, why, code, before, entry]) =>
        row(rule, why, code, before.entries, entry),
      ),
    ],
  };
}
