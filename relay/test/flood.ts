import { once } from 'node:events';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { apiHost } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import type { TestRelay } from './network.ts';

export interface FloodSize {
  /** Hostile frames on `/ws/sync`, of so many sockets. */
  readonly frames: number;
  readonly sockets: number;
  /** Hostile bodies, of which so many are under way at once. */
  readonly bodies: number;
  readonly atOnce: number;
  /** Connections that say half a request and no more, or ask and do not read. */
  readonly slow: number;
}

export interface FloodResult {
  /** How frames and bodies were answered: close codes and statuses, each with its number. */
  readonly closes: ReadonlyMap<number, number>;
  readonly statuses: ReadonlyMap<number, number>;
  /** Slow connections that were still open at the end; whoever called ends them. */
  readonly waiting: readonly Socket[];
}

type Dice = () => number;

const count = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);

/**
 * Attacks a relay with frames and bodies that nobody honest sends, drawn by `dice`. It measures nothing: whoever calls looks at the
 * event loop, the memory and whether others are answered meanwhile.
 */
export async function flood(relay: TestRelay, size: FloodSize, dice: Dice): Promise<FloodResult> {
  const closes = new Map<number, number>();
  const statuses = new Map<number, number>();
  const waiting = await Promise.all(Array.from({ length: size.slow }, (_, i) => openSlow(relay, i)));
  const perSocket = Math.ceil(size.frames / size.sockets);
  const sockets = Array.from({ length: size.sockets }, async () => {
    for (let left = perSocket; left > 0;) left -= await sendFrames(relay, left, { dice, closes });
  });
  let bodies = size.bodies;
  const senders = Array.from({ length: size.atOnce }, async () => {
    while (bodies-- > 0) count(statuses, await sendBody(relay, dice));
  });
  await Promise.all([...sockets, ...senders]);
  return { closes, statuses, waiting: waiting.filter(({ destroyed }) => !destroyed) };
}

/** Fragments that never end, text, random bytes, headers of frames without the rest, frames that are too large. @returns frames sent */
async function sendFrames(
  relay: TestRelay,
  most: number,
  { dice, closes }: { dice: Dice; closes: Map<number, number> },
): Promise<number> {
  const plain = await relay.connect();
  const url = `ws://${apiHost(relay.idTag)}${routes.sync}`;
  const socket = new WebSocket(url, { origin: relay.appOrigin, createConnection: () => plain });
  const closed = once(socket, 'close') as Promise<[number]>;
  socket.on('error', () => socket.terminate());
  await Promise.race([once(socket, 'open'), closed]);
  const kind = Math.floor(dice() * 4);
  let sent = 0;
  for (; sent < Math.min(most, kind === 0 ? 5_000 : 50); sent++) {
    if (socket.readyState !== socket.OPEN) break;
    if (kind === 0) socket.send(new Uint8Array([0]), { fin: false });
    else if (kind === 1) socket.send('text');
    else socket.send(randomBytes(dice, kind === 2 ? 200 : 100_000));
    // The answer gets its turn.
    if (sent % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
  }
  // What is never answered is ended by the one who sent it.
  const patience = setTimeout(() => socket.terminate(), 1_000);
  const [code] = await closed;
  clearTimeout(patience);
  count(closes, code);
  return Math.max(sent, 1);
}

function randomBytes(dice: Dice, size: number): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(dice() * size) }, () => Math.floor(dice() * 256));
}

/** Deep JSON, half tokens, many companions, wrong encodings, wrong types, long texts. */
async function sendBody(relay: TestRelay, dice: Dice): Promise<number> {
  const made: (() => string)[] = [
    () => '['.repeat(100_000),
    () => `{"token":"${'a.'.repeat(2_000)}"}`,
    () => JSON.stringify({ token: 'a.b.c', related: Array.from({ length: 30 }, () => 'a.b.c') }),
    () => `{"token":${'{"a":'.repeat(50)}1${'}'.repeat(51)}`,
    () => `{"token":"${'x'.repeat(200_000)}"}`,
    () => String.fromCharCode(...randomBytes(dice, 500)),
    () => `{"__proto__":{"token":"a.b.c"},"token":["a"]}`,
  ];
  const body = made[Math.floor(dice() * made.length)]!();
  const isPacked = dice() < 0.1;
  const headers = { 'content-type': 'application/json', ...(isPacked && { 'content-encoding': 'gzip' }) };
  const path = dice() < 0.8 ? routes.inbox : routes.token;
  return relay
    .ask(path, { method: 'POST', headers, body })
    .then(({ status }) => status)
    .catch(() => 0);
}

/** Half a request line, half a body, or a request whose answer is not read. */
async function openSlow(relay: TestRelay, i: number): Promise<Socket> {
  const socket = await relay.connect();
  socket.on('error', () => socket.destroy());
  const host = apiHost(relay.idTag);
  const starts = [
    `GET ${routes.me} HTTP/1.1\r\nhost: ${host}\r\nx-slow: `,
    `POST ${routes.inbox} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"token":"`,
    `GET ${routes.me} HTTP/1.1\r\nhost: ${host}\r\n\r\n`.repeat(50),
  ];
  socket.pause();
  socket.write(starts[i % starts.length]!);
  return socket;
}
