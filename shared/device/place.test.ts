import { beforeAll, describe, expect, it } from 'vitest';
import { createTestKey, describeDevice, type TestKey } from '../test/keys.ts';
import { addition, alice, appendOperation, type GrowingLog, noon, startLog } from '../test/log.ts';
import { codeOf } from '../test/vectors.ts';
import { countersignLogEntry, type LogOperation, signLogEntry } from './device-log.ts';
import { findPlace, readPlace } from './place.ts';
import { presetToCapabilities } from './presets.ts';

let laptop: TestKey;
let phone: TestKey;
let renewed: TestKey;
let relay: TestKey;
/** Laptop, and a phone that may not let others in. */
let start: GrowingLog;

beforeAll(async () => {
  [laptop, phone, renewed, relay] = await Promise.all([
    createTestKey(),
    createTestKey(),
    createTestKey(),
    createTestKey(),
  ]);
  start = await appendOperation(
    await startLog(laptop),
    laptop,
    addition(phone, presetToCapabilities('daily'), 'phone'),
  );
});

const known = () => ({ idTag: alice, did: phone.did, pinned: start.entries });
const remove = (wipe?: true): LogOperation => ({ t: 'remove', did: phone.did, ...(wipe && { wipe }) });

describe('L12: what a device believes of its own place', () => {
  it('L12: it is in, removed, or removed as lost, as the log says', async () => {
    const removed = await appendOperation(start, laptop, remove(), noon + 5);
    const lost = await appendOperation(start, laptop, remove(true), noon + 5);
    expect((await readPlace(known(), start.entries)).kind).toBe('in');
    expect(await readPlace(known(), removed.entries)).toMatchObject({ kind: 'removed', lost: false });
    const place = await readPlace(known(), lost.entries);
    expect(place).toMatchObject({ kind: 'removed', at: noon + 5, lost: true });
    expect(place.device.name).toBe('phone');
    expect(findPlace(start.log, relay.did)).toBeUndefined();
  });

  it('L12: an older copy of a device whose keys were renewed is as lost as the device', async () => {
    const next = { ...describeDevice(renewed, 'phone'), ecdh: phone.jwk };
    const grown = await appendOperation(start, phone, { t: 'renew', device: next });
    expect(await readPlace(known(), grown.entries)).toMatchObject({
      kind: 'in',
      device: { did: renewed.did },
    });
    const lost = await appendOperation(grown, laptop, { t: 'remove', did: renewed.did, wipe: true });
    expect(await readPlace(known(), lost.entries)).toMatchObject({ kind: 'removed', lost: true });
  });

  it('L12: a relay alone wipes nobody: no entry of its own, no log without what was pinned, no word without an entry', async () => {
    const sign = (by: TestKey['did'], key: TestKey) =>
      signLogEntry(start.log, { iss: alice, iat: noon, by, op: remove(true) }, key.sign);
    const judge = (entries: readonly string[]) => codeOf(() => readPlace(known(), entries));
    expect(await judge([...start.entries, await sign(laptop.did, relay)])).toBe('E-TOKEN-SIGNATURE');
    expect(await judge([...start.entries, await sign(relay.did, relay)])).toBe('E-LOG-PERMISSION');
    // The identity key countersigns entries; that alone makes none.
    const unsigned = await sign(laptop.did, relay);
    const { token } = await countersignLogEntry(unsigned, '261121', relay.sign);
    expect(await judge([...start.entries, token])).toBe('E-TOKEN-SIGNATURE');
    const own = await startLog(relay);
    const forged = await appendOperation(own, relay, addition(phone, presetToCapabilities('daily'), 'phone'));
    const fork = await appendOperation(forged, relay, remove(true));
    expect(await judge(fork.entries)).toBe('E-LOG-FORK');
    expect(await judge(start.entries.slice(0, 1))).toBe('E-LOG-FORK');
    expect(await judge([])).toBe('E-LOG-INVALID');
  });

  it('L12: a device that may not let others in cannot have another one wiped', async () => {
    const op: LogOperation = { t: 'remove', did: laptop.did, wipe: true };
    expect(await codeOf(() => appendOperation(start, phone, op))).toBe('E-LOG-PERMISSION');
  });
});
