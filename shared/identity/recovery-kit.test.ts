import { beforeAll, describe, expect, test } from 'vitest';
import { appendLogEntry, findEnrolmentKey } from '../device/device-log.ts';
import { createTestKey, listKey } from '../test/keys.ts';
import { addition, alice, appendOperation, noon, startLog } from '../test/log.ts';
import { formatKit, openKit, parseKit } from './recovery-kit.ts';
import {
  describeRecoveryKey,
  kitRounds,
  openSealedKey,
  parseSealedKey,
  type RecoveryPairs,
  sealRecoveryKey,
} from './recovery-key.ts';
import { jwkToDid, jwkToPublic } from './did.ts';

const passphrase = 'seven words nobody else has ever said';
const random = (n: number) => crypto.getRandomValues(new Uint8Array(n));

async function createPairs(): Promise<RecoveryPairs> {
  const exported = async (name: string, uses: KeyUsage[]): Promise<JsonWebKey> => {
    const pair = await crypto.subtle.generateKey({ name, namedCurve: 'P-384' }, true, uses);
    return crypto.subtle.exportKey('jwk', (pair as CryptoKeyPair).privateKey);
  };
  return { signing: await exported('ECDSA', ['sign']), sealing: await exported('ECDH', ['deriveBits']) };
}

async function createKit() {
  const [device, identityKey] = await Promise.all([createTestKey(), createTestKey()]);
  const pairs = await createPairs();
  const text = await sealRecoveryKey({ idTag: alice, createdAt: noon, pairs }, passphrase, random);
  const jwk = jwkToPublic(pairs.signing);
  const key = describeRecoveryKey(jwkToDid(jwk), jwk, jwkToPublic(pairs.sealing));
  const started = await startLog(device);
  const { entries, log } = await appendOperation(started, device, { t: 'key', key });
  const keys = [listKey(identityKey)];
  const file = await formatKit({ key: text, keys, entries }, ['Keep this safe.']);
  return { device, pairs, text, file, entries, log, keys };
}

let made: Awaited<ReturnType<typeof createKit>>;
beforeAll(async () => {
  made = await createKit();
});

const reason = (why: string) => expect.objectContaining({ code: 'E-KIT-INVALID', details: { reason: why } });

/** Another letter in the place of the one there. */
function change(text: string, at: number): string {
  const letter = text[at] === 'A' ? 'B' : 'A';
  return text.slice(0, at) + letter + text.slice(at + 1);
}

describe('the sealed key', () => {
  test('X13: opens with its passphrase alone, and signs what the device log takes', async () => {
    const key = await openSealedKey(made.text, `  ${passphrase} `);
    const browser = await createTestKey();
    const grown = { log: made.log, entries: made.entries };
    const { log } = await appendOperation(
      grown,
      { ...browser, did: key.description.did, sign: key.sign },
      addition(browser, undefined, 'new browser'),
    );
    expect(log.devices.get(browser.did)?.name).toBe('new browser');
    expect(findEnrolmentKey(log, key.description.did)?.kind).toBe('recovery');
    await expect(openSealedKey(made.text, `${passphrase}!`)).rejects.toEqual(reason('passphrase'));
  });

  test('X13: what is sealed to it opens', async () => {
    const key = await openSealedKey(made.text, passphrase);
    const curve = { name: 'ECDH', namedCurve: 'P-384' };
    const other = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
    const theirs = await crypto.subtle.importKey('jwk', key.description.ecdh, curve, false, []);
    const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, other.privateKey, 384);
    expect(await key.derive(other.publicKey)).toEqual(new Uint8Array(bits));
  });

  test('X13: states its cost, and a cheaper one is not taken', async () => {
    expect(await parseSealedKey(made.text)).toMatchObject({
      idTag: alice,
      createdAt: noon,
      rounds: kitRounds,
    });
    const cheap = { idTag: alice, createdAt: noon, pairs: made.pairs };
    const text = await sealRecoveryKey(cheap, passphrase, random, 1000);
    await expect(parseSealedKey(text)).rejects.toEqual(reason('form'));
  });

  test('X13: is read as people copy it, and one wrong letter anywhere is seen before the passphrase is blamed', async () => {
    const typed = made.text.toLowerCase().replace(/(.{5})/g, '$1 \n');
    expect((await parseSealedKey(typed)).text).toBe(made.text);
    for (let at = 10; at < made.text.length - 1; at += 7)
      await expect(parseSealedKey(change(made.text, at)), String(at)).rejects.toThrow(
        'missing or was changed',
      );
    await expect(parseSealedKey(made.text.slice(0, -8))).rejects.toEqual(reason('damaged'));
    await expect(parseSealedKey('https://example.com')).rejects.toEqual(reason('form'));
  });

  test('X14: fits a QR code of capitals and digits', () => {
    expect(made.text).toMatch(/^[0-9A-Z $%*+./:-]+$/);
    expect(made.text.length).toBeLessThan(700);
  });
});

describe('the file', () => {
  test('X14: has the log with its key and the identity keys, and opens by the passphrase', async () => {
    const kit = await parseKit(made.file);
    expect(kit).toMatchObject({ entries: made.entries, keys: made.keys });
    const { key, log } = await openKit(kit, passphrase);
    expect(log?.head).toBe(made.log.head);
    expect(key.idTag).toBe(alice);
    expect((await parseKit(made.text)).entries).toEqual([]);
  });

  test('X14: a file that is changed, breaks off or is something else is said to be so', async () => {
    const at = made.file.indexOf('"entries"') + 40;
    await expect(parseKit(change(made.file, at))).rejects.toEqual(reason('damaged'));
    await expect(parseKit(made.file.slice(0, -200))).rejects.toEqual(reason('damaged'));
    await expect(parseKit('{"some":"json"}')).rejects.toThrow(
      expect.objectContaining({ code: 'E-KIT-INVALID' }),
    );
  });

  test('X14: a log that does not know the key is not that of the kit', async () => {
    const entries = made.entries.slice(0, 1);
    const other = await parseKit(await formatKit({ key: made.text, keys: made.keys, entries }, []));
    await expect(openKit(other, passphrase)).rejects.toEqual(reason('damaged'));
    await expect(appendLogEntry(alice, undefined, made.entries[1]!)).rejects.toThrow();
  });

  test('X14: neither passphrase nor private key stands in it', () => {
    const { signing, sealing } = made.pairs;
    expect(made.file).not.toContain(passphrase);
    for (const { d = '' } of [signing, sealing]) expect(made.file).not.toContain(d);
    // The public half does, in the device log, which shows that what is searched for would be found.
    expect(atob(made.entries[1]!.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))).toContain(
      signing.x,
    );
  });
});
