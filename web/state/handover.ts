import { createSignal } from 'solid-js';
import { listPieces, type PieceReader } from '../client/handover/give.ts';
import {
  digestOf,
  type FromNew,
  type FromOld,
  type Offer,
  parseAppOrigin,
  readFromNew,
  readFromOld,
} from '../client/handover/messages.ts';
import { openTaking, type Taking } from '../client/handover/take.ts';
import { openFiles } from './files-client.ts';
import { database, random } from './documents.ts';
import { t } from '../i18n/handover/translate.ts';
import { ownSpace, switchSpace } from './spaces.ts';
import { openText } from './text-app.ts';

/** Where a hand-over stands, at either end. */
export type Handover =
  | { kind: 'idle' }
  /** The other page is opened, or has not been asked yet. */
  | { kind: 'opening' }
  | { kind: 'offered'; offer: Offer; from: string }
  | { kind: 'running'; done: number; total: number }
  | { kind: 'done' }
  | { kind: 'refused' }
  | { kind: 'failed'; message: string };

const [handover, setHandover] = createSignal<Handover>({ kind: 'idle' });
export { handover };

const toMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function hash(bytes: Blob): Promise<string> {
  return (await openFiles()).work.hash(bytes);
}

/**
 * Opens the app at another address and hands it a copy of this space, if a person takes it there. Everything goes to that origin and to no
 * other. Call on a click, or the browser opens no window.
 * @returns false when the text is not an address that may be handed anything
 */
export function giveSpace(to: string): boolean {
  const origin = parseAppOrigin(to, location.origin);
  if (origin === undefined) return false;
  const other = open(`${origin}/handover#from=${encodeURIComponent(location.origin)}`, '_blank');
  if (!other) {
    setHandover({ kind: 'failed', message: t('handover.noWindow') });
    return true;
  }
  setHandover({ kind: 'opening' });
  const say = (message: FromOld): void => other.postMessage(message, origin);
  const giving = createGiving(say);
  const onMessage = ({ source, origin: from, data }: MessageEvent<unknown>): void => {
    if (source !== other || from !== origin) return;
    const message = readFromNew(data);
    if (!message) return;
    giving(message).catch((error: unknown) => {
      say({ islet: 'handover', t: 'failed', message: toMessage(error) });
      setHandover({ kind: 'failed', message: toMessage(error) });
    });
  };
  addEventListener('message', onMessage);
  const watching = setInterval(() => {
    if (!other.closed) return;
    clearInterval(watching);
    removeEventListener('message', onMessage);
    if (isUnderWay()) setHandover({ kind: 'failed', message: t('handover.closed') });
  }, 1000);
  return true;
}

/** The other window is needed still. */
function isUnderWay(): boolean {
  return handover().kind === 'opening' || handover().kind === 'running';
}

function createGiving(say: (message: FromOld) => void): (message: FromNew) => Promise<void> {
  let pieces: PieceReader[] = [];
  let hashes: string[] = [];

  async function sendNext(): Promise<void> {
    const read = pieces[hashes.length];
    if (!read) {
      const digest = await digestOf(hashes, hash);
      return say({ islet: 'handover', t: 'end', count: hashes.length, digest });
    }
    const piece = await read();
    hashes.push(piece.hash);
    say({ islet: 'handover', t: 'piece', n: hashes.length, piece });
  }

  async function offer(): Promise<void> {
    const [db, { documents }] = await Promise.all([database(), openText()]);
    // The other page may have been loaded anew: then it has nothing.
    hashes = [];
    pieces = await listPieces({ db, documents, hash });
    const { name, idTag } = ownSpace();
    const entries = await db.documents.count();
    say({ islet: 'handover', t: 'offer', name, idTag, entries, pieces: pieces.length });
  }

  return async (message) => {
    if (message.t === 'here') await offer();
    else if (message.t === 'take') await sendNext();
    else if (message.t === 'got' && message.n === hashes.length) {
      setHandover({ kind: 'running', done: message.n, total: pieces.length });
      await sendNext();
    } else if (message.t === 'done') setHandover({ kind: 'done' });
    else if (message.t === 'refuse') setHandover({ kind: 'refused' });
    else if (message.t === 'failed') setHandover({ kind: 'failed', message: message.message });
  };
}

interface Receiving {
  take(): void;
  refuse(): void;
}

let receiving: Receiving | undefined;

/** What a person answers to the offer. */
export function answerOffer(answer: keyof Receiving): void {
  receiving?.[answer]();
}

/** Listens to the page that opened this one, when it says in its address that it hands a space over. */
export function receiveSpace(hashPart: string): boolean {
  const opener: unknown = window.opener;
  const text = new URLSearchParams(hashPart.replace(/^#/, '')).get('from') ?? '';
  const from = parseAppOrigin(text, location.origin);
  if (!isWindow(opener) || from === undefined) return false;
  const say = (message: FromNew): void => opener.postMessage(message, { targetOrigin: from });
  const hear = createReceiving(say, from);
  addEventListener('message', ({ source, origin, data }: MessageEvent<unknown>) => {
    const message = source === opener && origin === from ? readFromOld(data) : undefined;
    if (message) void hear(message);
  });
  setHandover({ kind: 'opening' });
  say({ islet: 'handover', t: 'here' });
  return true;
}

/** A window of another origin says nothing but this of itself. */
function isWindow(value: unknown): value is Pick<Window, 'postMessage'> {
  return typeof value === 'object' && value !== null && 'postMessage' in value;
}

function createReceiving(say: (message: FromNew) => void, from: string) {
  let offer: Offer | undefined;
  let taking: Promise<Taking> | undefined;

  receiving = {
    take: () => {
      taking ??= openTaking({ storage: localStorage, locks: navigator.locks, random, hash });
      setHandover({ kind: 'running', done: 0, total: offer?.pieces ?? 0 });
      say({ islet: 'handover', t: 'take' });
    },
    refuse: () => {
      say({ islet: 'handover', t: 'refuse' });
      setHandover({ kind: 'refused' });
    },
  };
  const fail = async (error: unknown): Promise<void> => {
    setHandover({ kind: 'failed', message: toMessage(error) });
    say({ islet: 'handover', t: 'failed', message: toMessage(error) });
    (await taking)?.close();
  };

  async function hear(message: FromOld): Promise<void> {
    if (message.t === 'offer' && taking === undefined) {
      offer = message;
      setHandover({ kind: 'offered', offer: message, from });
    } else if (message.t === 'failed') await fail(new Error(message.message));
    const open = await taking;
    if (!open || !offer) return;
    if (message.t === 'piece') {
      await open.take(message.piece);
      setHandover({ kind: 'running', done: message.n, total: offer.pieces });
      say({ islet: 'handover', t: 'got', n: message.n });
    } else if (message.t === 'end') {
      await open.finish({ ...message, name: offer.name || (offer.idTag ?? ''), now: Date.now() });
      say({ islet: 'handover', t: 'done' });
      open.close();
      // In the new space: its own page opens it.
      switchSpace(open.space, offer.idTag === undefined ? '/home' : '/handover#arrived');
    }
  }
  return (message: FromOld): Promise<void> => hear(message).catch(fail);
}
