import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAction } from '../../../shared/action/action.ts';
import { parseIdTag } from '../../../shared/identity/id-tag.ts';
import { createTestKey, listKey } from '../../../shared/test/keys.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { renameReferences } from './references.ts';
import { actionId, row } from './rows-fixture.ts';
import { type Author, currentKey, type NewAction, writeAction, writeAgain } from './write.ts';

const bob = parseIdTag('bob.test');
const random = (n: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(n));
const now = (): number => 1_800_000_000_000;
const options = () => ({ db, author, now, random });

let db: Database;
let author: Author;
let count = 0;

beforeEach(async () => {
  db = await openDatabase(`write-${count++}`);
  const key = await createTestKey();
  const { did, jwk, sign } = key;
  author = {
    keys: {
      ...{ did, origin: did, jwk, ecdh: jwk, sign },
      derive: () => Promise.reject(new Error('nothing is sealed here')),
    },
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
    const id = await writeAction({ t: 'POST', content: 'hello', v: 'F' }, options());
    const [row, waiting] = [await db.actions.get(id), await db.outbox.where('id').equals(id).first()];
    expect(row).toMatchObject({ state: 'waiting', text: 'hello', iss: 'alice.test' });
    const { payload } = await parseAction(waiting?.draft);
    expect(payload).toMatchObject({ iss: 'alice.test', k: '261121', t: 'POST', c: 'hello', v: 'F', _: id });
  });

  it('D7: what answers something unsent waits unsigned and names it', async () => {
    const post = await writeAction({ t: 'POST', content: 'first', v: 'F' }, options());
    const comment = { t: 'CMNT', content: 'on it', p: post, v: 'F' } as const;
    const id = await writeAction(comment, options());
    const waiting = await db.outbox.where('id').equals(id).first();
    expect(waiting).toMatchObject({ local: { p: post } });
    expect(waiting?.draft).toBeUndefined();
  });

  it('U1: like and unlike within one second get rising times', async () => {
    const his = row({ id: actionId('post'), actionId: actionId('post'), iss: bob, t: 'POST', text: 'his' });
    await db.actions.put(his);
    const times: number[] = [];
    for (const t of ['REACT:LIKE', 'REACT:DEL', 'REACT:LIKE']) {
      const reaction = { t, sub: his.id, aud: bob, v: 'F' } as const;
      const id = await writeAction(reaction, options());
      times.push((await db.actions.get(id))!.iat);
    }
    expect(times).toEqual([1_800_000_000, 1_800_000_001, 1_800_000_002]);
  });

  it('U1: every type with a key gets rising times, in whatever members the key stands', async () => {
    const conversation = await writeAction({ t: 'CONV', content: { name: 'Boats' }, v: 'S' }, options());
    const document = 'D'.repeat(24);
    const content = { contentType: 'islet/text', fileName: 'Plans', fileTp: 'CRDT' };
    const pairs: NewAction[][] = [
      [
        { t: 'CONN', aud: bob, v: 'D' },
        { t: 'CONN:DEL', aud: bob, v: 'D' },
      ],
      [
        { t: 'FSHR:WRITE', sub: document, aud: bob, content, v: 'D' },
        { t: 'FSHR:DEL', sub: document, aud: bob, content, v: 'D' },
      ],
      [
        { t: 'INVT', sub: conversation, aud: bob, v: 'D' },
        { t: 'INVT:DEL', sub: conversation, aud: bob, v: 'D' },
      ],
    ];
    for (const pair of pairs) {
      const times: number[] = [];
      for (const said of pair) times.push((await db.actions.get(await writeAction(said, options())))!.iat);
      expect(times[1]).toBe(times[0]! + 1);
    }
    const other = { ...pairs[1]![0]!, sub: 'E'.repeat(24) };
    expect((await db.actions.get(await writeAction(other, options())))!.iat).toBe(1_800_000_000);
  });

  it('D7: a changed conversation is named in its content once that has its identifier', async () => {
    const name = { name: 'Boats' };
    const conversation = await writeAction({ t: 'CONV', content: name, v: 'S' }, options());
    const waiting = await writeAction({ t: 'CONV:UPD', content: name, p: conversation, v: 'S' }, options());
    expect(await db.outbox.where('id').equals(waiting).first()).toMatchObject({ local: { p: conversation } });
    const named = actionId('conversation');
    await db.transaction('rw', db.actions, async () => {
      await db.actions.update(conversation, { actionId: named, state: 'accepted' });
      await renameReferences(db, conversation, named);
    });
    expect(await db.actions.get(waiting)).toMatchObject({ p: named });
    const sent = await writeAction({ t: 'CONV:UPD', content: name, p: conversation, v: 'S' }, options());
    const { payload } = await parseAction((await db.outbox.where('id').equals(sent).first())?.draft);
    expect(payload).toMatchObject({ c: { name: 'Boats', conv: named } });
    expect(payload.p).toBeUndefined();
  });

  it('D5: what was refused is signed again under its own name, and is put into the outbox once', async () => {
    const id = await writeAction({ t: 'POST', content: 'again', v: 'P' }, options());
    await db.outbox.clear();
    await db.actions.update(id, { state: 'refused', reason: 'no' });
    const refused = (await db.actions.get(id))!;
    await Promise.all([writeAgain(refused, options()), writeAgain(refused, options())]);
    const waiting = await db.outbox.toArray();
    expect(waiting).toHaveLength(1);
    const { payload } = await parseAction(waiting[0]?.draft);
    expect(payload).toMatchObject({ _: id, c: 'again', v: 'P' });
    const again = await db.actions.get(id);
    expect(again).toMatchObject({ state: 'waiting', text: 'again' });
    expect(again?.reason).toBeUndefined();
  });

  it('V1, A2: what no device says, and what this version does not know, is refused', async () => {
    for (const t of ['POLL', 'POST:SHOUT'])
      await expect(writeAction({ t, content: 'x', v: 'F' }, options())).rejects.toMatchObject({
        code: 'E-ACTION-FIELDS',
      });
  });

  it('something about a row that is gone is refused and leaves nothing', async () => {
    const comment = { t: 'CMNT', content: 'lost', p: 'gone', v: 'F' } as const;
    await expect(writeAction(comment, options())).rejects.toMatchObject({
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

  it('K6: is the first that is valid, else the first: offline for long, a name is better than none', () => {
    expect(currentKey([key('260101', 50), key('250101', 200)], 100)).toBe('250101');
    expect(currentKey([key('260101', 50), key('250101', 60)], 100)).toBe('260101');
    expect(currentKey([key('250101'), key('260101', 200)], 100)).toBe('250101');
    expect(() => currentKey([], 100)).toThrow();
  });
});
