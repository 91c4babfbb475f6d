import { type Capability, everything } from '../device/capability.ts';
import { type LogOperation, signLogEntry } from '../device/device-log.ts';
import { describeDevice, type TestKey } from './keys.ts';
import { addition, alice, appendOperation, type GrowingLog, noon, startLog } from './log.ts';

interface Keys {
  readonly laptop: TestKey;
  readonly phone: TestKey;
  readonly stranger: TestKey;
  /** Its key serves as that of a recovery kit. */
  readonly identity: TestKey;
}

const reading: readonly Capability[] = [{ act: 'action/read', res: '*' }];
const acting: readonly Capability[] = [{ act: 'action/*', res: '*' }];

/** The phone of the log with another key for signing. */
function renewal(phone: TestKey, next: TestKey, ecdh = phone.jwk): LogOperation {
  return { t: 'renew', device: { ...describeDevice(next, 'phone'), ecdh } };
}

function keyOf({ did, jwk }: TestKey, kind: 'recovery' | 'password' | 'passkey'): LogOperation {
  return { t: 'key', key: { did, jwk, ecdh: jwk, kind, name: kind } };
}

async function start({ laptop, phone, stranger, identity }: Keys) {
  const two = await appendOperation(await startLog(laptop), laptop, addition(phone, acting, 'phone'));
  const renewed = await appendOperation(two, phone, renewal(phone, stranger), noon + 60);
  const keyed = await appendOperation(two, laptop, keyOf(identity, 'recovery'), noon + 60);
  const locked = await appendOperation(two, laptop, keyOf(identity, 'password'), noon + 60);
  return { two, renewed, keyed, locked };
}

type Start = Awaited<ReturnType<typeof start>>;

async function validLogs({ laptop, phone, stranger, identity }: Keys, logs: Start): Promise<object[]> {
  const { two, renewed, keyed, locked } = logs;
  const at = noon + 120;
  const narrow: LogOperation = {
    t: 'change',
    did: phone.did,
    name: 'old phone',
    cap: [...reading],
    until: noon + 9000,
  };
  const rows: [string, GrowingLog][] = [
    ['L10: a device that may not enrol renews its own key', renewed],
    [
      'L11: it is narrowed under its new key',
      await appendOperation(renewed, laptop, { t: 'change', did: stranger.did, cap: [...reading] }, at),
    ],
    ['L11: name, capabilities and end at once', await appendOperation(two, laptop, narrow, at)],
    ['L11: a device narrows itself', await appendOperation(two, phone, narrow, at)],
    [
      'L12: a device is removed as lost',
      await appendOperation(two, laptop, { t: 'remove', did: phone.did, wipe: true }, at),
    ],
    ['L9: a recovery key', keyed],
    ['L9: it lets a device in', await appendOperation(keyed, identity, addition(stranger), at)],
    ['L9: it ends all delegations', await appendOperation(keyed, identity, { t: 'gen', gen: 1 }, at)],
    ['L9: it is taken away', await appendOperation(keyed, laptop, { t: 'unkey', did: identity.did }, at)],
    ['L9: a password lets a device in', await appendOperation(locked, identity, addition(stranger), at)],
  ];
  return rows.map(([why, { log, entries }]) => ({
    ...{ why, entries, head: log.head, gen: log.gen },
    devices: [...log.devices.values()].map(({ did, origin, cap, until, renewedBy, removedAt, wipe }) => ({
      ...{ did, origin, cap, until, renewedBy, removedAt, wipe },
    })),
    keys: [...log.keys.values()].map(({ did, kind, removedAt }) => ({ did, kind, removedAt })),
  }));
}

type Refusal = readonly [why: string, code: string, before: GrowingLog, by: TestKey, op: LogOperation];

function badEntries({ laptop, phone, stranger, identity }: Keys, logs: Start): Refusal[] {
  const { two, renewed, keyed, locked } = logs;
  const permission = 'E-LOG-PERMISSION';
  const change = (op: Omit<Extract<LogOperation, { t: 'change' }>, 't' | 'did'>): LogOperation => ({
    ...{ t: 'change', did: phone.did },
    ...op,
  });
  return [
    [
      'L10: with another pair for sealing',
      'E-LOG-INVALID',
      two,
      phone,
      renewal(phone, stranger, stranger.jwk),
    ],
    ['L10: to a key that is in the log', 'E-LOG-INVALID', two, phone, renewal(phone, laptop)],
    ['L10: a second time from the old key', permission, renewed, phone, renewal(phone, identity)],
    ['L10: back to the old key', 'E-LOG-INVALID', renewed, stranger, renewal(phone, phone)],
    ['L10: by who is not in the log', permission, two, stranger, renewal(phone, identity)],
    ['L11: more than before', permission, two, laptop, change({ cap: [...everything] })],
    [
      'L11: another device, by one that may not enrol',
      permission,
      two,
      phone,
      { t: 'change', did: laptop.did, name: 'mine' },
    ],
    [
      'L11: a device that is not there',
      'E-LOG-INVALID',
      two,
      laptop,
      { t: 'change', did: stranger.did, name: 'mine' },
    ],
    ['L11: the key that was renewed', 'E-LOG-INVALID', renewed, laptop, change({ name: 'mine' })],
    [
      'L11: the last device that may enrol has no end',
      'E-LOG-INVALID',
      two,
      laptop,
      { t: 'change', did: laptop.did, until: noon + 9000 },
    ],
    ['L9: added by a device that may not do everything', permission, two, phone, keyOf(identity, 'passkey')],
    ['L9: a password removes nobody', permission, locked, identity, { t: 'remove', did: phone.did }],
    ['L9: a password ends no delegations', permission, locked, identity, { t: 'gen', gen: 1 }],
    ['L9: a password adds no key', permission, locked, identity, keyOf(stranger, 'passkey')],
    [
      'L9: a recovery key gives no orders',
      permission,
      keyed,
      identity,
      { t: 'order', order: 'connect', on: true },
    ],
    ['L9: a recovery key is no device', permission, keyed, identity, renewal(phone, stranger)],
    ['L9: a key that is not there', 'E-LOG-INVALID', two, laptop, { t: 'unkey', did: identity.did }],
    ['L4: a key that is a device', 'E-LOG-INVALID', two, laptop, keyOf(phone, 'passkey')],
  ];
}

/** `vectors/renewals.json`. */
export async function makeRenewalVectors(keys: Keys): Promise<object> {
  const logs = await start(keys);
  const invalid = badEntries(keys, logs).map(async ([why, code, before, by, op]) => ({
    ...{ why, code, before: before.entries },
    entry: await signLogEntry(before.log, { iss: alice, iat: noon + 200, by: by.did, op }, by.sign),
  }));
  return {
    about:
      'L9–L12: device logs of alice.test in which keys are renewed, devices narrowed, and keys let devices in.',
    idTag: alice,
    valid: await validLogs(keys, logs),
    invalid: await Promise.all(invalid),
  };
}
