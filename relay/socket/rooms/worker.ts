import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import { tellEntries, writeEntries } from '../folders/read-index.ts';
import type { Job, Reply } from './job.ts';
import { mostClock } from './plain-update.ts';

/**
 * The thread in which updates of others are read: V1 only, one job after another, with a limit of memory. Whoever gave
 * the job ends the thread when it takes too long.
 */
const documents = new Map<string, Y.Doc>();

function run(job: Job): Reply {
  if (job.kind === 'load') return load(job);
  const doc = documents.get(job.room);
  if (!doc) return { kind: 'absent' };
  switch (job.kind) {
    case 'vector':
      return { kind: 'bytes', bytes: Y.encodeStateVector(doc) };
    case 'difference':
      return answer(() => ({ kind: 'bytes', bytes: Y.encodeStateAsUpdate(doc, job.vector) }));
    case 'apply':
      return apply(doc, job);
    case 'applyAll':
      return applyAll(doc, job);
    case 'state':
      return { kind: 'bytes', bytes: Y.encodeStateAsUpdate(doc) };
    case 'entries':
      return tell(doc, job);
    case 'write':
      return write(doc, job);
    case 'close':
      forget(job.room);
      return { kind: 'absent' };
  }
}

function load({ room, updates, begins, ends }: Extract<Job, { kind: 'load' }>): Reply {
  if (begins) {
    forget(room);
    documents.set(room, new Y.Doc());
  }
  const doc = documents.get(room);
  if (!doc) return { kind: 'absent' };
  // What a device stored is not looked into before: a row that is no update is passed over here as on the devices.
  for (const update of updates) answer(() => addStored(doc, update));
  return { kind: 'loaded', size: ends ? Y.encodeStateAsUpdate(doc).length : 0 };
}

function addStored(doc: Y.Doc, update: Uint8Array): Reply {
  assertUpdate(update);
  Y.applyUpdate(doc, update);
  return { kind: 'applied' };
}

function tell(doc: Y.Doc, { updates, whole }: Extract<Job, { kind: 'entries' }>): Reply {
  for (const update of updates) answer(() => addStored(doc, update));
  return answer(() => ({ kind: 'entries', ...tellEntries(doc, whole) }));
}

function write(doc: Y.Doc, { room, changes }: Extract<Job, { kind: 'write' }>): Reply {
  const written = answer(() => {
    const news = writeEntries(doc, changes);
    return news ? { kind: 'applied', news } : { kind: 'applied' };
  });
  if (written.kind === 'refused') forget(room);
  return written;
}

/** @throws when it is no update, or one that would make the document unreadable to others */
function assertUpdate(update: Uint8Array): void {
  const { structs, ds } = Y.decodeUpdate(update);
  const ends = structs.map(({ id, length }) => id.clock + length);
  const deleted = [...ds.clients.values()].flat().map(({ clock, len }) => clock + len);
  if ([...ends, ...deleted].some((end) => end >= mostClock)) throw new Error('a clock is too large');
}

/** The whole update is read before anything of it reaches the document. */
function apply(doc: Y.Doc, { room, update, byGuest }: Extract<Job, { kind: 'apply' }>): Reply {
  const judged = answer(() => {
    assertUpdate(update);
    return { kind: 'bytes', bytes: Y.diffUpdate(update, Y.encodeStateVector(doc)) };
  });
  if (judged.kind !== 'bytes') return judged;
  const applied = answer(() => {
    const schema = byGuest && schemaOf(doc);
    const isNew = adds(doc, update);
    // Devices only show what they read to be of a later version: nobody could write any more.
    if (byGuest && schemaOf(doc) !== schema) throw new Error('guests do not change the schema');
    return isNew ? { kind: 'applied', news: judged.bytes } : { kind: 'applied' };
  });
  // It may have been applied in part: it is read anew from what is stored.
  if (applied.kind === 'refused') forget(room);
  return applied;
}

/** All are read before anything of them reaches the document, which then tells what was new as one update. */
function applyAll(doc: Y.Doc, { room, updates, byGuest }: Extract<Job, { kind: 'applyAll' }>): Reply {
  const judged = answer(() => {
    for (const update of updates) assertUpdate(update);
    return { kind: 'applied' };
  });
  if (judged.kind !== 'applied') return judged;
  const applied = answer(() => {
    const schema = byGuest && schemaOf(doc);
    const news = applyTogether(doc, updates);
    if (byGuest && schemaOf(doc) !== schema) throw new Error('guests do not change the schema');
    return news ? { kind: 'applied', news } : { kind: 'applied' };
  });
  if (applied.kind === 'refused') forget(room);
  return applied;
}

/** @returns what the document did not have, of all of them, what waits for other updates included */
function applyTogether(doc: Y.Doc, updates: readonly Uint8Array[]): Uint8Array | undefined {
  const before = { vector: Y.encodeStateVector(doc), waiting: waiting(doc) };
  let news: Uint8Array | undefined;
  const listen = (update: Uint8Array): void => {
    news = update;
  };
  doc.on('update', listen);
  try {
    doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
  } finally {
    doc.off('update', listen);
  }
  // The document tells of an update only what it could place.
  if (before.waiting === 0 && waiting(doc) === 0) return news;
  const isNew = news !== undefined || waiting(doc) !== before.waiting;
  return isNew ? Y.diffUpdate(Y.mergeUpdates([...updates]), before.vector) : undefined;
}

function schemaOf(doc: Y.Doc): unknown {
  return doc.getMap('meta').get('schema');
}

/** @returns whether the document has something now that it did not have, be it something that waits for other updates */
function adds(doc: Y.Doc, update: Uint8Array): boolean {
  let told = false;
  const listen = (): void => {
    told = true;
  };
  const before = waiting(doc);
  doc.on('update', listen);
  try {
    Y.applyUpdate(doc, update);
  } finally {
    doc.off('update', listen);
  }
  return told || waiting(doc) !== before;
}

/** Bytes that wait for updates which have not come. */
function waiting({ store }: Y.Doc): number {
  return (store.pendingStructs?.update.length ?? 0) + (store.pendingDs?.length ?? 0);
}

/** Whatever a malformed update makes Yjs throw is a refusal. */
function answer(work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}

function forget(room: string): void {
  documents.get(room)?.destroy();
  documents.delete(room);
}

parentPort?.on('message', (job: Job) => parentPort?.postMessage(run(job)));
parentPort?.postMessage({ kind: 'ready' } satisfies Reply);
