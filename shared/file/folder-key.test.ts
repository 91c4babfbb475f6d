import { beforeAll, describe, expect, it } from 'vitest';
import { everything } from '../device/capability.ts';
import { appendLogEntry, type DeviceLog, type LogOperation, signLogEntry } from '../device/device-log.ts';
import { createDeriveSecret, type DeriveSecret, jwkToPublic, type PublicJwk } from '../identity/did.ts';
import { parseIdTag } from '../identity/id-tag.ts';
import { createTestKey, type TestKey } from '../test/keys.ts';
import { codeOf } from '../test/vectors.ts';
import { formatSigningInput, signSigningInput } from '../token/compact.ts';
import {
  compareKeys,
  countRemoved,
  folderKeyId,
  type FolderKeyStatement,
  isFresh,
  mayWrap,
  signFolderKey,
  unwrapFolderKey,
  verifyFolderKey,
  wrapFolderKey,
} from './folder-key.ts';

interface TestDevice extends TestKey {
  readonly ecdh: PublicJwk;
  readonly derive: DeriveSecret;
}

const idTag = parseIdTag('alice.test');
const folder = 'F'.repeat(24);
const key = new Uint8Array(32).fill(9);

function makePair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-384' }, false, ['deriveBits']);
}

async function createDevice(): Promise<TestDevice> {
  const pair = await makePair();
  const ecdh = jwkToPublic(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return { ...(await createTestKey()), ecdh, derive: createDeriveSecret(pair.privateKey) };
}

let laptop: TestDevice;
let phone: TestDevice;
let both: DeviceLog;
let alone: DeviceLog;
let kid: string;

async function append(log: DeviceLog | undefined, op: LogOperation): Promise<DeviceLog> {
  const entry = { iss: idTag, iat: 1000, by: laptop.did, op };
  return appendLogEntry(idTag, log, await signLogEntry(log, entry, laptop.sign));
}

function adds({ did, jwk, ecdh }: TestDevice, name: string): LogOperation {
  return { t: 'add', device: { did, jwk, ecdh, name }, cap: [...everything] };
}

beforeAll(async () => {
  [laptop, phone, kid] = [await createDevice(), await createDevice(), await folderKeyId(key)];
  both = await append(await append(undefined, adds(laptop, 'laptop')), adds(phone, 'phone'));
  alone = await append(both, { t: 'remove', did: phone.did });
});

function statement(by: TestDevice, change: Partial<FolderKeyStatement> = {}): FolderKeyStatement {
  return { v: 1, iss: idTag, folder, kid, by: by.did, at: 5000, removed: 0, ...change };
}

describe('E6: folder keys', () => {
  it('E6: a statement holds when a device of the log signed it, removed since or not', async () => {
    const text = await signFolderKey(statement(phone), phone.sign);
    expect(await verifyFolderKey(text, both)).toEqual(statement(phone));
    expect(await verifyFolderKey(text, alone)).toEqual(statement(phone));
  });

  it('E6: the name of a key follows from it', async () => {
    expect(kid).toMatch(/^[\w-]{22}$/);
    expect(await folderKeyId(new Uint8Array(32).fill(8))).not.toBe(kid);
  });

  it('E6: what somebody else signed, or for somebody else, or in another form, is refused', async () => {
    const stranger = await createDevice();
    const refusal = async (text: string) => codeOf(() => verifyFolderKey(text, both));
    expect(await refusal(await signFolderKey(statement(stranger), stranger.sign))).toBe('E-LOG-PERMISSION');
    expect(await refusal(await signFolderKey(statement(phone), stranger.sign))).toBe('E-TOKEN-SIGNATURE');
    const elsewhere = statement(phone, { iss: parseIdTag('bob.test') });
    expect(await refusal(await signFolderKey(elsewhere, phone.sign))).toBe('E-LOG-PERMISSION');
    const badForm = formatSigningInput('folder-key+jwt', { ...statement(phone), more: 1 });
    expect(await refusal(await signSigningInput(badForm, phone.sign))).toBe('E-SEALED-FORMAT');
    const badType = formatSigningInput('JWT', statement(phone));
    expect(await refusal(await signSigningInput(badType, phone.sign))).toBe('E-TOKEN-TYPE');
    expect(await refusal('no token')).toBe('E-TOKEN-GRAMMAR');
  });
});

describe('E7: wraps', () => {
  const placeOf = ({ did, ecdh }: TestDevice) => ({ folder, kid, did, ecdh });

  it('E7: the device that a key was wrapped for gets it, and no two wraps are alike', async () => {
    const wrap = await wrapFolderKey(key, placeOf(phone), await makePair());
    expect(await unwrapFolderKey(wrap, placeOf(phone), phone.derive)).toEqual(key);
    expect(await wrapFolderKey(key, placeOf(phone), await makePair())).not.toBe(wrap);
  });

  it('E7: another device, folder or key id gets nothing', async () => {
    const wrap = await wrapFolderKey(key, placeOf(phone), await makePair());
    const other = { ...placeOf(phone), folder: 'G'.repeat(24) };
    expect(await codeOf(() => unwrapFolderKey(wrap, placeOf(laptop), laptop.derive))).toBe('E-SEALED-KEY');
    expect(await codeOf(() => unwrapFolderKey(wrap, placeOf(phone), laptop.derive))).toBe('E-SEALED-KEY');
    expect(await codeOf(() => unwrapFolderKey(wrap, other, phone.derive))).toBe('E-SEALED-KEY');
  });

  it('E7: a wrap that gives another key than its id says is refused', async () => {
    const wrap = await wrapFolderKey(new Uint8Array(32), placeOf(phone), await makePair());
    expect(await codeOf(() => unwrapFolderKey(wrap, placeOf(phone), phone.derive))).toBe('E-SEALED-KEY');
  });

  it.each([
    ['nothing', ''],
    ['too short', 'AAAA'],
    ['a point that is not on the curve', 'B'.repeat(194)],
    ['too long', 'A'.repeat(100_000)],
  ])('E7: %s is no wrap', async (_, wrap) => {
    const refusal = await codeOf(() => unwrapFolderKey(wrap, placeOf(phone), phone.derive));
    expect(['E-SEALED-FORMAT', 'E-VAL-INVALID']).toContain(refusal);
  });
});

describe('E7: who hands a key on', () => {
  it('E7: not a device whose log does not have the removal yet that the key was made after', () => {
    const after = statement(laptop, { removed: 1 });
    expect([mayWrap(after, both), mayWrap(after, alone)]).toEqual([false, true]);
    expect([mayWrap(statement(laptop), both), mayWrap(statement(laptop), alone)]).toEqual([true, true]);
  });
});

describe('E8: which key seals', () => {
  it('E8: none that was made before a removal, and none by a device that went', () => {
    expect([countRemoved(both), countRemoved(alone)]).toEqual([0, 1]);
    expect(isFresh(statement(laptop), both)).toBe(true);
    expect(isFresh(statement(laptop), alone)).toBe(false);
    expect(isFresh(statement(laptop, { removed: 1 }), alone)).toBe(true);
    expect(isFresh(statement(phone, { removed: 1 }), alone)).toBe(false);
  });

  it('E8: the latest; of two made at the same time every device takes the same one', () => {
    const [early, late] = [statement(laptop), statement(phone, { at: 5001 })];
    const twin = statement(phone, { kid: 'z'.repeat(22) });
    expect([early, late, twin].sort(compareKeys)).toEqual([late, ...[early, twin].sort(compareKeys)]);
    expect([twin, early].sort(compareKeys)).toEqual([early, twin].sort(compareKeys));
  });
});
