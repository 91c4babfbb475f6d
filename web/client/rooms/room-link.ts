import { type Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { IsletError } from '../../../shared/errors.ts';
import { formatRoomFrame, parseRoomFrame, type RoomFrame } from '../../../shared/sync/room-frame.ts';
import { createWatchable, type Watched } from '../documents/save-state.ts';
import { showCarets } from './carets.ts';

/**
 * Where a document of a neighbour stands with its owner's relay. `unsent`: something written here is not acknowledged there. `refused`: the
 * relay does not let this identity in; `ended`: because the document is not shared with it (any more).
 */
export type RoomState =
  | { kind: 'connecting' | 'offline' | 'open'; unsent: boolean }
  | { kind: 'refused'; reason: string; ended: boolean; unsent: boolean };

export interface RoomLinkOptions {
  doc: Y.Doc;
  awareness: Awareness;
  /** Nothing is sent but carets. */
  readOnly: boolean;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Whether something written here earlier is not acknowledged there; asked before the first try. */
  wasUnsent?: () => Promise<boolean>;
  /** The address with a fresh token. @throws IsletError when somebody refuses, anything else when nobody answers */
  address(): Promise<string>;
  openSocket?: (address: string) => WebSocket;
}

/** In milliseconds. */
const timing = { first: 1_000, most: 60_000, refused: 300_000, quiet: 25_000, dead: 60_000, sound: 60_000 };
/** No frame is larger, in bytes: a document has at most 16 MiB (SPEC Z4). */
const largestFrame = 32 * 1024 * 1024;
/** The relay's word about who asks, for which another token is no help. */
const refusals: Readonly<Record<number, string>> = {
  4403: 'It is not shared with you.',
  4404: 'It is not there.',
};

/**
 * Keeps a document in step with its owner's relay over stock y-websocket framing. The relay echoes what it has stored: an update is
 * acknowledged when its echo is here. What was written before goes as one difference, by the relay's state vector.
 */
export class RoomLink {
  readonly #options: RoomLinkOptions;
  readonly #state = createWatchable<RoomState>({ kind: 'connecting', unsent: false });
  readonly #watch: ReturnType<typeof setInterval>;
  /** Carets that came over this line. */
  readonly #theirs = new Set<number>();
  #socket: WebSocket | undefined;
  #closed = false;
  /** Theirs is known: from now on updates go one by one. */
  #greeted = false;
  /** Ours was told, and what we lacked has come. */
  #answered = false;
  #pending: Uint8Array[] = [];
  #written = false;
  #recalled: Promise<void> | undefined;
  #tries = 0;
  #heard = 0;
  /** When the last line was drawn; undefined before the first. */
  #opened: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: RoomLinkOptions) {
    this.#options = options;
    options.doc.on('update', this.#onUpdate);
    options.awareness.on('update', this.#onCarets);
    this.#watch = setInterval(this.#look, timing.quiet / 2);
    void this.#connect();
  }

  get state(): Watched<RoomState> {
    return this.#state;
  }

  /** Resolves when the two have exchanged what they have and all of ours is acknowledged; rejects when refused or aborted. */
  async whenExchanged(signal: AbortSignal): Promise<void> {
    let stop: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('it was given up')), { once: true });
        if (signal.aborted) reject(new Error('it was given up'));
        stop = this.#state.subscribe((state) => {
          if (state.kind === 'refused') reject(new IsletError('E-AUTH-NOPERM', state.reason));
          else if (state.kind === 'open' && this.#answered && !state.unsent) resolve();
        });
      });
    } finally {
      stop?.();
    }
  }

  /** Tries at once. */
  wake(): void {
    this.#tries = 0;
    if (!this.#socket) void this.#connect();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#options.doc.off('update', this.#onUpdate);
    this.#options.awareness.off('update', this.#onCarets);
    this.#socket?.close(1000);
    this.#leave();
  }

  #onUpdate = (bytes: Uint8Array, origin: unknown): void => {
    if (origin === this || this.#options.readOnly) return;
    if (this.#greeted) this.#sendUpdate({ kind: 'update', update: bytes });
    else this.#written = true;
    this.#tell(this.#state.get().kind);
  };

  #onCarets = (changed: { added: number[]; updated: number[]; removed: number[] }, origin: unknown): void => {
    const own = [...changed.added, ...changed.updated, ...changed.removed].includes(
      this.#options.doc.clientID,
    );
    if (own && origin !== this) this.#sendCaret();
  };

  #tell(kind: RoomState['kind']): void {
    const unsent = this.#written || this.#pending.length > 0;
    const before = this.#state.get();
    if (kind !== 'refused') this.#state.set({ kind, unsent });
    else if (before.kind === 'refused') this.#state.set({ ...before, unsent });
  }

  #send(frame: RoomFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(formatRoomFrame(frame));
  }

  #sendUpdate(frame: Extract<RoomFrame, { update: Uint8Array }>): void {
    this.#pending.push(frame.update);
    this.#send(frame);
  }

  #sendCaret(): void {
    const { awareness, doc } = this.#options;
    this.#send({ kind: 'awareness', states: encodeAwarenessUpdate(awareness, [doc.clientID]) });
  }

  #sendState(): void {
    this.#send({ kind: 'step1', vector: Y.encodeStateVector(this.#options.doc) });
  }

  #take(frame: RoomFrame): void {
    if (frame.kind === 'step1') return this.#greet(frame.vector);
    if (frame.kind === 'awareness')
      return showCarets(this.#options.awareness, frame.states, { theirs: this.#theirs, origin: this });
    const { kind, update } = frame;
    const echo = this.#pending.findIndex((sent) => sameBytes(sent, update));
    if (echo >= 0) this.#pending.splice(echo, 1);
    else Y.applyUpdate(this.#options.doc, update, this);
    if (kind === 'step2') this.#answered = true;
    this.#tell('open');
  }

  /** Their state vector: they get what they lack, once a connection. */
  #greet(vector: Uint8Array): void {
    if (this.#greeted || this.#options.readOnly) return;
    const update = Y.encodeStateAsUpdate(this.#options.doc, vector);
    this.#greeted = true;
    this.#written = false;
    if (isEmptyUpdate(update)) this.#send({ kind: 'step2', update });
    else this.#sendUpdate({ kind: 'step2', update });
    this.#tell('open');
  }

  #leave(): void {
    this.#socket = undefined;
    this.#greeted = false;
    this.#answered = false;
    this.#written ||= this.#pending.length > 0;
    this.#pending = [];
    removeAwarenessStates(this.#options.awareness, [...this.#theirs], this);
    this.#theirs.clear();
  }

  #onMessage = (data: unknown): void => {
    if (!(data instanceof ArrayBuffer)) return;
    this.#heard = this.#options.now();
    try {
      if (data.byteLength > largestFrame) throw new IsletError('E-FRAME-INVALID', 'the frame is too large');
      const frame = parseRoomFrame(new Uint8Array(data));
      if (frame) this.#take(frame);
    } catch {
      // What cannot be read changes nothing; the next exchange of states brings what it had.
      this.#socket?.close(4400, 'a frame could not be read');
    }
  };

  #onClose({ code, reason }: { code: number; reason: string }): void {
    this.#leave();
    if (this.#closed) return;
    const refusal = refusals[code];
    if (refusal !== undefined) return this.#refuse(reason || refusal, code === 4403);
    this.#tell('offline');
    // A relay that lets us in only to put us out again is not asked again at once.
    if (this.#opened !== undefined && this.#options.now() - this.#opened >= timing.sound) this.#tries = 0;
    this.#opened = undefined;
    // A token that has ended is renewed at once; whoever is turned away again waits like anybody else.
    this.#again(
      code === 4401 && this.#tries === 0 ? 0 : Math.min(timing.first * 2 ** this.#tries, timing.most),
    );
    this.#tries += 1;
  }

  #refuse(reason: string, ended: boolean): void {
    this.#state.set({ kind: 'refused', reason, ended, unsent: this.#written });
    this.#again(timing.refused);
  }

  #again(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), pause);
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#timer);
    const { address, openSocket = (url: string) => new WebSocket(url), now } = this.#options;
    let url: string;
    try {
      await this.#recall();
      url = await address();
    } catch (error) {
      if (this.#closed) return;
      if (!(error instanceof IsletError) || error.code === 'E-NET-FAILED')
        return this.#onClose({ code: 1006, reason: '' });
      return this.#refuse(error.message, error.code === 'E-AUTH-NOPERM');
    }
    if (this.#closed || this.#socket) return;
    const socket = openSocket(url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#heard = this.#opened = now();
      this.#sendState();
      if (this.#options.awareness.getLocalState() !== null) this.#sendCaret();
      this.#tell('open');
    };
    socket.onmessage = ({ data }) => this.#onMessage(data);
    socket.onclose = (event) => (this.#socket === socket ? this.#onClose(event) : undefined);
  }

  /** Once: what an earlier page could not send is unsent until the relay has been given the difference. */
  #recall(): Promise<void> {
    const { wasUnsent, readOnly } = this.#options;
    this.#recalled ??= Promise.resolve(readOnly ? false : wasUnsent?.()).then((was = false) => {
      this.#written ||= was;
    });
    return this.#recalled;
  }

  /** A dead line says nothing: states are asked for, and when nobody answers the line is drawn anew. */
  #look = (): void => {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const quiet = this.#options.now() - this.#heard;
    if (quiet > timing.dead) this.#socket.close();
    else if (quiet > timing.quiet) this.#sendState();
  };
}

/** Of a document whose states are equal: no structs, no deletions. */
function isEmptyUpdate(update: Uint8Array): boolean {
  return update.length === 2 && update[0] === 0 && update[1] === 0;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
