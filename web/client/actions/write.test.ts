import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAction } from '../../../shared/action/action.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { createTestKey, listKey } from '../../../shared/test/keys.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { type Author, currentKey, writeAction } from './write.ts';

const bob = parseIdTag('bob.test');
const random = (n: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(n));
const now = (): number => 1_800_000_000_000;

let db: Database;
let author: Author;
let count = 0;

beforeEach(async () => {
  db = await openDatabase(`write-${count++}`);
  const key = await createTestKey();
  const { did, jwk, sign } = key;
  author = {
    keys: { did, jwk, ecdh: jwk, sign, derive: () => Promise.reject(new Error('nothing is sealed here')) },
    membership: {
      id: 'identity',
      idTag: parseIdTag('alice.test'),
      apiBase: 'https://cl-o.alice.test',
      delegations: [],
      entries: [],
      keys: [listKey(key, '261121')],
    },
  };
});
afterEach(() => db.close());

describe('what is said without a network', () => {
  it('D1, D2: action and outbox row are written together; the draft carries `v` and a random `_`', async () => {
    const id = await writeAction({ t: 'POST', text: 'hello', v: 'F' }, { db, author, now, random });
    const [row, waiting] = [await db.actions.get(id), await db.outbox.where('id').equals(id).first()];
    expect(row).toMatchObject({ state: 'waiting', text: 'hello', iss: 'alice.test' });
    const { payload } = await parseAction(waiting?.draft);
    expect(payload).toMatchObject({ iss: 'alice.test', k: '261121', t: 'POST', c: 'hello', v: 'F', _: id });
  });

  it('D7: what answers something unsent waits unsigned and names it', async () => {
    const post = await writeAction({ t: 'POST', text: 'first', v: 'F' }, { db, author, now, random });
    const comment = { t: 'CMNT', text: 'on it', about: post, aboutAs: 'p', v: 'F' } as const;
    const id = await writeAction(comment, { db, author, now, random });
    const waiting = await db.outbox.where('id').equals(id).first();
    expect(waiting).toMatchObject({ local: { p: post } });
    expect(waiting?.draft).toBeUndefined();
  });

  it('U1: like and unlike within one second get rising times', async () => {
    await db.actions.put({
      id: 'a1~post',
      actionId: `a1~${'A'.repeat(43)}`,
      iss: bob,
      t: 'POST',
      text: 'his',
      iat: 1,
      files: [],
      state: 'accepted',
      deliveries: [],
    });
    const times: number[] = [];
    for (const t of ['REACT:LIKE', 'REACT:DEL', 'REACT:LIKE']) {
      const reaction = { t, about: 'a1~post', aboutAs: 'sub', aud: bob, v: 'F' } as const;
      const id = await writeAction(reaction, { db, author, now, random });
      times.push((await db.actions.get(id))!.iat);
    }
    expect(times).toEqual([1_800_000_000, 1_800_000_001, 1_800_000_002]);
  });

  it('something about a row that is gone is refused and leaves nothing', async () => {
    const comment = { t: 'CMNT', text: 'lost', about: 'gone', v: 'F' } as const;
    await expect(writeAction(comment, { db, author, now, random })).rejects.toMatchObject({
      code: 'E-ACTION-REFERENCE',
    });
    expect(await db.outbox.count()).toBe(0);
    expect(await db.actions.count()).toBe(0);
  });
});

describe('the identity key to name', () => {
  const key = (keyId: string, expiresAt?: number) => ({
    keyId,
    publicKey: '',
    ...(expiresAt && { expiresAt }),
  });

  it('is the newest that is valid, else the newest: offline for long, a name is better than none', () => {
    expect(currentKey([key('260101', 50), key('250101', 200)], 100)).toBe('250101');
    expect(currentKey([key('260101', 50), key('250101', 60)], 100)).toBe('260101');
    expect(currentKey([key('250101'), key('260101', 200)], 100)).toBe('260101');
    expect(() => currentKey([], 100)).toThrow();
  });
});
