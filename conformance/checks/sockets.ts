import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import { type Check, type Target, type Verdict } from '../check.ts';
import { nonce } from '../token.ts';
import type { OpenedSocket } from '../transport.ts';
import { getAccess } from './access.ts';

const nothing = '0123456789abcdefghijklmn';
const closings = ['4401', '4403', '4404'];

/** A socket that must not stay. */
function closes(query: (target: Target) => Promise<string>, headers?: Record<string, string>): Check['run'] {
  return async (target) => {
    const socket = await target.openSocket(`/ws/crdt/${nothing}${await query(target)}`, headers);
    const end = await socket.end();
    socket.close();
    return { ok: end !== undefined && closings.includes(end), seen: end ?? 'stays open' };
  };
}

interface Frame {
  /** 0 sync, 1 awareness. */
  readonly kind: number;
  /** Of sync: 0 step 1, 1 step 2, 2 update. */
  readonly step: number | undefined;
  readonly content: Uint8Array;
}

function readFrame(bytes: Uint8Array): Frame {
  const decoder = createDecoder(bytes);
  const kind = readVarUint(decoder);
  const step = kind === 0 ? readVarUint(decoder) : undefined;
  return { kind, step, content: readVarUint8Array(decoder) };
}

const findSync = (step: number) => (frames: readonly Uint8Array[]) =>
  frames.map(readFrame).find((frame) => frame.kind === 0 && frame.step === step);

function syncFrame(write: (encoder: ReturnType<typeof createEncoder>) => void): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, 0);
  write(encoder);
  return toUint8Array(encoder);
}

/** An edit of a text that no app shows. */
function createEdit(): Uint8Array {
  const doc = new Doc();
  doc.getMap('conformance').set(nonce(), true);
  return encodeStateAsUpdate(doc);
}

async function openDocument(target: Target, right: 'R' | 'W'): Promise<OpenedSocket> {
  const token = await getAccess(target, `file:${target.document}:${right}`);
  const access = right === 'W' ? 'write' : 'read';
  return target.openSocket(`/ws/crdt/${target.document}?access=${access}&token=${token}`);
}

/** Runs with an open document and closes it. */
function withDocument(right: 'R' | 'W', look: (socket: OpenedSocket) => Promise<Verdict>): Check['run'] {
  return async (target) => {
    const socket = await openDocument(target, right);
    try {
      return await look(socket);
    } finally {
      socket.close();
    }
  };
}

async function readDocument(socket: OpenedSocket): Promise<Doc | undefined> {
  const doc = new Doc();
  socket.send(syncFrame((encoder) => writeSyncStep1(encoder, doc)));
  const second = await socket.until(findSync(1));
  if (second) applyUpdate(doc, second.content);
  return second && doc;
}

async function checkSteps(socket: OpenedSocket): Promise<Verdict> {
  const first = await socket.until(findSync(0));
  const doc = first && (await readDocument(socket));
  return {
    ok: doc !== undefined,
    seen: `${first ? 'step 1' : 'no step 1'}, ${doc ? 'step 2' : 'no step 2'}`,
  };
}

async function checkEcho(socket: OpenedSocket): Promise<Verdict> {
  await readDocument(socket);
  const update = createEdit();
  socket.send(syncFrame((encoder) => writeUpdate(encoder, update)));
  const echo = await socket.until((frames) =>
    frames.map(readFrame).find(({ step, content }) => step === 2 && Buffer.from(update).equals(content)),
  );
  return { ok: echo !== undefined, seen: echo ? 'echoed' : `no echo (${(await socket.end()) ?? 'open'})` };
}

async function checkAwareness(socket: OpenedSocket): Promise<Verdict> {
  await readDocument(socket);
  const awareness = new Awareness(new Doc());
  awareness.setLocalState({ user: { name: 'Conformance', idTag: 'somebody.else.example' } });
  const encoder = createEncoder();
  writeVarUint(encoder, 1);
  writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [awareness.clientID]));
  awareness.destroy();
  socket.send(toUint8Array(encoder));
  const echo = await socket.until((frames) => frames.map(readFrame).find(({ kind }) => kind === 1));
  const text = Buffer.from(echo?.content ?? []).toString('latin1');
  const claimed = text.includes('somebody.else.example');
  return {
    ok: echo !== undefined && !claimed,
    seen: echo ? `echoed${claimed ? ', as somebody else' : ''}` : 'no echo',
  };
}

/** What a reader writes is passed over without a word: the answer to a later question shows that the socket lives and nothing came of it. */
async function checkReader(socket: OpenedSocket): Promise<Verdict> {
  const before = await readDocument(socket);
  socket.send(syncFrame((encoder) => writeUpdate(encoder, createEdit())));
  socket.frames.length = 0;
  const after = await readDocument(socket);
  const grown = (after?.getMap('conformance').size ?? 0) - (before?.getMap('conformance').size ?? 0);
  const seen = after ? `stays open, ${grown} edits taken` : ((await socket.end()) ?? 'no answer');
  return { ok: after !== undefined && grown === 0, seen };
}

const closed = 'closes with 4401, 4403 or 4404';

/** `/ws/crdt/:id`, as a browser of another node opens it. */
export const socketChecks: readonly Check[] = [
  {
    name: 'ws/crdt: without a token',
    expected: closed,
    demand: 'wire',
    run: closes(() => Promise.resolve('')),
  },
  {
    name: 'ws/crdt: with a bad token, from any origin',
    expected: closed,
    demand: 'wire',
    run: closes(() => Promise.resolve('?token=not.a.token'), { origin: 'https://shell.example' }),
  },
  {
    name: 'ws/crdt: a document that is not shared',
    expected: closed,
    demand: 'wire',
    needs: ['neighbour'],
    run: closes(async (target) => `?access=write&token=${await getAccess(target)}`),
  },
  {
    name: 'ws/crdt: greeting',
    expected: 'sync step 1 at once; step 2 for ours',
    demand: 'wire',
    needs: ['neighbour', 'document'],
    run: withDocument('W', checkSteps),
  },
  {
    name: 'ws/crdt: an update',
    expected: 'is echoed',
    demand: 'wire',
    needs: ['neighbour', 'document'],
    run: withDocument('W', checkEcho),
  },
  {
    name: 'ws/crdt: awareness',
    expected: 'is echoed, under the name of who is there',
    demand: 'wire',
    needs: ['neighbour', 'document'],
    run: withDocument('W', checkAwareness),
  },
  {
    name: 'ws/crdt: an update of a reader',
    expected: 'is passed over; the socket stays',
    demand: 'wire',
    needs: ['neighbour', 'document'],
    run: withDocument('R', checkReader),
  },
];
