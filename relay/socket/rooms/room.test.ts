import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createRandomId } from '../../../shared/bytes.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { parseRoomFrame, type RoomFrame } from '../../../shared/sync/room-frame.ts';
import { alice, bob } from '../../../shared/test/log.ts';
import { createGrowth } from '../../files/growth.ts';
import { createDevices } from '../../identity/devices.ts';
import { openNodeKeys } from '../../identity/node-keys.ts';
import { createSealer } from '../../identity/secret.ts';
import { randomBytes } from '../../identity/webcrypto.ts';
import { openStore, type Store } from '../../store/database.ts';
import { openSpace } from '../space.ts';
import { createParser, type Parser } from './parser.ts';
import { createRoom, type Room, type Stay, type Visitor } from './room.ts';

const now = () => 1_795_262_400_000;

let folder: string;
let store: Store;
let parser: Parser;
let begin: (doc: string, parser: Parser) => Room;
let doc: string;
let room: Room;
let brokenBy: (Visitor | undefined)[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'islet-room-'));
  store = await openStore(folder, now);
  const { db } = store;
  parser = createParser();
  const sealer = await createSealer('k'.repeat(32), randomBytes);
  const keys = await openNodeKeys(alice, { db, sealer, random: randomBytes, now });
  const devices = createDevices({ db, keys, random: randomBytes, now });
  const common = { db, idTag: alice, sign: keys.sign, random: randomBytes, now };
  const space = await openSpace({ ...common, parser, logId: keys.logId, devices });
  const growth = createGrowth(now, 1024 * 1024);
  begin = (of, thread) =>
    createRoom({
      ...{ ...common, parser: thread, doc: of, space, growth },
      broken: (_, culprit) => brokenBy.push(culprit),
    });
});
beforeEach(() => {
  doc = createRandomId(randomBytes);
  brokenBy = [];
  room = begin(doc, parser);
});
afterEach(() => room.close(false));
afterAll(async () => {
  await parser.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

interface Person extends Stay {
  readonly visitor: Visitor;
  /** Updates that it was told. */
  readonly heard: Uint8Array[];
  readonly failures: unknown[];
  /** The next frame of a kind. */
  next(kind: RoomFrame['kind']): Promise<RoomFrame>;
}

function enter(idTag: IdTag): Person {
  const heard: Uint8Array[] = [];
  const failures: unknown[] = [];
  const waiting = new Map<string, (frame: RoomFrame) => void>();
  const visitor: Visitor = {
    idTag,
    send(bytes) {
      const frame = parseRoomFrame(bytes);
      if (frame?.kind === 'update') heard.push(frame.update);
      if (frame) waiting.get(frame.kind)?.(frame);
    },
    close: () => undefined,
    recheck: () => undefined,
    fail: (error) => failures.push(error),
  };
  const next: Person['next'] = (kind) => new Promise((resolve) => waiting.set(kind, resolve));
  return { visitor, heard, failures, next, ...room.enter(visitor) };
}

/** Comes in, and waits until the document has been read. */
async function open(idTag: IdTag): Promise<Person> {
  const person = enter(idTag);
  await person.next('step1');
  return person;
}

function write(words: string): Uint8Array {
  const ydoc = new Y.Doc();
  ydoc.getText('text').insert(0, words);
  return Y.encodeStateAsUpdate(ydoc);
}

async function wordsIn(person: Person): Promise<string> {
  const said = person.next('step2');
  await person.take({ kind: 'step1', vector: new Uint8Array([0]) });
  const frame = await said;
  const ydoc = new Y.Doc();
  if (frame.kind === 'step2') Y.applyUpdate(ydoc, frame.update);
  return ydoc.getText('text').toString();
}

const rowsOf = (of: string) => store.db.selectFrom('room_rows').selectAll().where('doc', '=', of).execute();

describe('what is told before it is judged', () => {
  test('Z4: a small edit of the owner’s devices; its author hears of it when it is stored', async () => {
    const [author, reader] = [await open(alice), await open(bob)];
    const update = write('Hello');
    const stored = author.next('update');
    const judged = author.edit([update]);
    expect(reader.heard).toEqual([update]);
    expect(author.heard).toEqual([]);
    await judged;
    await stored;
    expect(author.heard).toEqual([update]);
    expect(reader.heard).toEqual([update]);
    expect(await rowsOf(doc)).toHaveLength(1);
    expect(await wordsIn(reader)).toBe('Hello');
  });

  test.each<[string, IdTag, (words: string) => Uint8Array[]]>([
    ['an edit of a guest', bob, (words) => [write(words)]],
    ['a larger one', alice, (words) => [write(words.repeat(1000))]],
    ['one of several that came together', alice, (words) => [write(words), write(words)]],
  ])('Z4: not %s', async (_, idTag, make) => {
    const [author, reader] = [await open(idTag), await open(alice)];
    const judged = author.edit(make('Hello'));
    expect(reader.heard).toEqual([]);
    await judged;
    expect(reader.heard).toHaveLength(1);
  });

  test('Z4: nothing before the document has been read, and nothing that is no update', async () => {
    const [author, reader] = [enter(alice), enter(alice)];
    const judged = author.edit([write('Hello')]);
    expect(reader.heard).toEqual([]);
    await judged;
    expect(reader.heard).toHaveLength(1);
    await expect(author.edit([new Uint8Array([1, 2, 3])])).rejects.toMatchObject({ code: 'E-FRAME-INVALID' });
    expect(reader.heard).toHaveLength(1);
    expect(brokenBy).toEqual([]);
  });

  test('Z4: who comes in meanwhile has it; nothing is told of the same edit again by the thread', async () => {
    const author = await open(alice);
    const judged = author.edit([write('Hello')]);
    const late = enter(bob);
    expect(await wordsIn(late)).toBe('Hello');
    await judged;
    expect(late.heard).toEqual([]);
  });

  test('Z4: when it cannot be judged, the room ends for everybody, and it is not stored', async () => {
    const thread = createParser();
    room = begin(doc, thread);
    const [author, reader] = [await open(alice), await open(bob)];
    await thread.close();
    await expect(author.edit([write('Hello')])).rejects.toThrow(IsletError);
    expect(reader.heard).toHaveLength(1);
    expect(brokenBy).toEqual([author.visitor]);
    expect(author.failures).toHaveLength(1);
    expect(await rowsOf(doc)).toEqual([]);
    room = begin(doc, parser);
  });
});
