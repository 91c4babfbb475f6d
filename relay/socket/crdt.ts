import type { WebSocket } from 'ws';
import { IsletError } from '../../shared/errors.ts';
import { seats as most } from '../limits/rules.ts';
import type { Seats } from '../limits/seats.ts';
import type { Admission, Admit, Asked } from './rooms/admit.ts';
import type { Stay, Visitor } from './rooms/room.ts';
import type { Rooms } from './rooms/rooms.ts';
import { createWaitingFrames, type Portion } from './rooms/waiting-frames.ts';

/** In milliseconds: pings, and looks at whether access has ended (SPEC Z8). */
const timing = { beat: 15_000, check: 3_000 };
/** Behind by so many bytes, a visitor is sent away: it comes again and compares. */
const mostBehind = 24 * 1024 * 1024;
/** How long the other side may take to close, in milliseconds. */
const goodbye = 2_000;
const documentId = /^[0-9A-Za-z]{24}$/;

export interface CrdtParts {
  readonly admit: Admit;
  readonly rooms: Rooms;
  /** How many sockets one visitor has. */
  readonly seats: Pick<Seats, 'take'>;
  readonly report: (error: unknown) => void;
}

/** What stands behind `/ws/crdt/` in an address. */
export function parseAsked(url: string, authorization: string | undefined): Asked {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const bearer = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
  return {
    doc: pathname.split('/').at(-1) ?? '',
    token: bearer ?? searchParams.get('token') ?? undefined,
    access: searchParams.get('access') ?? undefined,
  };
}

/** One connection of the stock framing; refusals come as close codes, because that is what stock clients read (SPEC Z1). */
export function serveCrdt(
  connection: WebSocket,
  asked: Asked,
  { admit, rooms, seats, report }: CrdtParts,
): void {
  let here: { stay: Stay; admission: Admission } | undefined;
  const waiting = createWaitingFrames();
  let isBusy = false;
  connection.pause();

  const fail = (error: unknown): void => {
    if (!(error instanceof IsletError)) report(error);
    const { code, message } = error instanceof IsletError ? error : { code: '', message: 'not now' };
    end(connection, closeCode(code), message);
  };
  const recheck = (): void => {
    if (here) check(asked, here, admit).then((now) => here && (here.admission = now), fail);
  };

  const take = async (portion: Portion): Promise<void> => {
    if (!here) return;
    const { stay, admission } = here;
    if (portion.kind === 'other') return stay.take(portion.frame);
    // Edits of who may only read are passed over.
    if (admission.mayWrite) await stay.edit(portion.updates);
  };
  const run = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      while (connection.readyState === connection.OPEN) {
        const portion = waiting.next();
        if (!portion) break;
        if (connection.isPaused && !waiting.isFull()) connection.resume();
        await take(portion);
      }
    } catch (error) {
      fail(error);
    }
    isBusy = false;
  };

  const enter = async (): Promise<void> => {
    if (!documentId.test(asked.doc)) throw new IsletError('E-CORE-NOTFOUND', 'no such document', asked.doc);
    const admission = await admit(asked);
    if (connection.readyState !== connection.OPEN) return;
    connection.once('close', seats.take(`@${admission.idTag}`, most.guest));
    const visitor = createVisitor(connection, admission, { recheck, fail });
    const stay = await rooms.enter(asked.doc, visitor);
    if (connection.readyState !== connection.OPEN) return stay.leave();
    here = { stay, admission };
  };

  connection.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return fail(new IsletError('E-FRAME-INVALID', 'frames are binary'));
    waiting.add(new Uint8Array(data));
    if (waiting.isFull()) connection.pause();
    void run();
  });
  const stopBeat = startBeat(connection, recheck);
  connection.on('error', () => connection.terminate());
  connection.on('close', () => {
    stopBeat();
    here?.stay.leave();
    here = undefined;
  });
  // What it says meanwhile waits on the line.
  enter()
    .catch(fail)
    .finally(() => connection.resume());
}

/** What may be done now. @throws IsletError when less is allowed than was: what is written would be lost without a word */
async function check(asked: Asked, here: { admission: Admission }, admit: Admit): Promise<Admission> {
  const now = await admit(asked);
  if (here.admission.mayWrite && !now.mayWrite)
    throw new IsletError('E-AUTH-NOPERM', 'this may only be read now', asked.doc);
  return now;
}

function createVisitor(
  connection: WebSocket,
  { idTag }: Admission,
  { recheck, fail }: Pick<Visitor, 'recheck' | 'fail'>,
): Visitor {
  return {
    idTag,
    send(frame) {
      if (connection.readyState !== connection.OPEN) return;
      connection.send(frame);
      if (connection.bufferedAmount > mostBehind) end(connection, 1013, 'too far behind');
    },
    close: (code, reason) => end(connection, code, reason),
    recheck,
    fail,
  };
}

/** Nothing more is sent; who does not close too is cut off. */
function end(connection: WebSocket, code: number, reason: string): void {
  connection.close(code, reason.slice(0, 100));
  setTimeout(() => connection.terminate(), goodbye).unref();
}

/** Who does not answer a ping until the next one is gone. */
function startBeat(connection: WebSocket, recheck: () => void): () => void {
  let alive = true;
  connection.on('pong', () => {
    alive = true;
  });
  const beat = setInterval(() => {
    if (!alive) return connection.terminate();
    alive = false;
    connection.ping();
  }, timing.beat);
  const look = setInterval(recheck, timing.check);
  return () => {
    clearInterval(beat);
    clearInterval(look);
  };
}

/** SPEC Z1. */
function closeCode(code: string): number {
  if (code === 'E-AUTH-NOPERM' || code === 'E-DELEGATION-SCOPE') return 4403;
  if (code === 'E-CORE-NOTFOUND') return 4404;
  if (code === 'E-CORE-RATELIMIT') return 1013;
  if (/^E-(AUTH|DELEGATION|TOKEN)-/.test(code)) return 4401;
  if (/^E-(FRAME|ROW)-/.test(code) || code === 'E-CORE-TOOLARGE') return 4400;
  return 4500;
}
