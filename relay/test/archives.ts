import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  exportSchema,
  exportsSchema,
  type ImportState,
  importSchema,
  markedBytes,
  ticketSchema,
} from '../../shared/api/archive.ts';
import { bytesToBase64url } from '../../shared/bytes.ts';
import { routes } from '../../shared/routes.ts';
import { codeOf, dataOf, json, type TestDevice } from './device.ts';
import { eventually, type TestAnswer, type TestRelay } from './network.ts';
import { patience } from './sizes.ts';

/** Has an archive made and waits for it. */
export async function makeArchive(device: TestDevice, purpose: 'copy' | 'move' = 'copy') {
  const begun = dataOf(await device.ask(routes.exports, 'POST', { purpose }), exportSchema);
  return untilReady(device, begun.id);
}

export function untilReady(device: TestDevice, id: string) {
  return eventually(
    'the archive is ready',
    async () => {
      device.forgetToken();
      const { exports } = dataOf(await device.ask(routes.exports), exportsSchema);
      const found = exports.find((row) => row.id === id);
      if (found?.state === 'failed') throw new Error('the archive could not be made');
      return found?.state === 'ready' ? found : undefined;
    },
    patience,
  );
}

/** The bytes of an archive, fetched in parts as a browser that was interrupted does. */
export async function fetchArchive(device: TestDevice, id: string, part = 8 * 1024 * 1024): Promise<Buffer> {
  const { path } = dataOf(await device.ask(`${routes.exports}/${id}/ticket`, 'POST', {}), ticketSchema);
  const parts: Buffer[] = [];
  for (let at = 0, size = 1; at < size;) {
    const answer = await askBytes(device.relay, path, `bytes=${at}-${at + part - 1}`);
    if (answer.status !== 206) throw new Error(`${answer.status}`);
    size = answer.size;
    parts.push(answer.bytes);
    at += answer.bytes.length;
  }
  return Buffer.concat(parts);
}

/** `ask` of a relay gives text; archives are bytes. */
async function askBytes(relay: TestRelay, path: string, range: string) {
  const socket = await relay.connect();
  const head = `GET ${path} HTTP/1.1\r\nhost: cl-o.${relay.idTag}\r\nrange: ${range}\r\nconnection: close\r\n\r\n`;
  socket.write(head);
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  const end = all.indexOf('\r\n\r\n');
  const headers = all.subarray(0, end).toString('latin1');
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(headers)?.[1]),
    size: Number(/content-range: bytes \d+-\d+\/(\d+)/i.exec(headers)?.[1]),
    bytes: all.subarray(end + 4),
  };
}

/** What brings an archive to a relay that waits for its identity. */
export class Mover {
  readonly relay: TestRelay;
  readonly bytes: Uint8Array;
  path: string;

  constructor(relay: TestRelay, bytes: Uint8Array, path = '') {
    this.relay = relay;
    this.bytes = bytes;
    this.path = path;
  }

  ask(path: string, method = 'GET', body?: unknown): Promise<TestAnswer> {
    return this.relay.ask(path, {
      method,
      headers: json,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  begin(): Promise<TestAnswer> {
    const setup = this.relay.node.setupLink?.split('#')[1]?.split('&')[0] ?? '';
    const mark = bytesToBase64url(createHash('sha256').update(this.bytes.subarray(0, markedBytes)).digest());
    return this.ask(routes.imports, 'POST', { setup, size: this.bytes.length, mark });
  }

  /** Sends all, from where the relay is, in pieces. */
  async send(piece = 8 * 1024 * 1024): Promise<ImportState> {
    let state = dataOf(await this.begin(), importSchema);
    this.path = `${routes.imports}/${state.id}`;
    while (state.state === 'sending') {
      const body = this.bytes.subarray(state.offset, state.offset + piece);
      const headers = { 'upload-offset': String(state.offset) };
      state = dataOf(await this.relay.ask(this.path, { method: 'PATCH', headers, body }), importSchema);
    }
    return state;
  }

  /** Waits until it stands so; a refusal ends the waiting. */
  until(...wanted: ImportState['state'][]): Promise<ImportState> {
    return eventually(
      `the import is ${wanted.join(' or ')}`,
      async () => {
        const answer = await this.ask(this.path);
        // While the identity is opened anew nobody answers for it.
        if (codeOf(answer) === 'E-CORE-HOST') return undefined;
        const state = dataOf(answer, importSchema);
        return wanted.includes(state.state) ? state : undefined;
      },
      patience,
    );
  }

  async take(keys: readonly { keyId: string; pkcs8: string }[]): Promise<ImportState> {
    dataOf(await this.ask(`${this.path}/take`, 'POST', { keys }), importSchema);
    return this.until('done', 'checked');
  }
}

/** Every name in an archive with what it holds. */
export function listEntries(archive: Uint8Array): Map<string, Buffer> {
  const entries = new Map<string, Buffer>();
  const bytes = Buffer.from(archive);
  for (let at = 0; bytes[at] !== 0;) {
    const name = bytes.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
    const size = parseInt(bytes.toString('latin1', at + 124, at + 135), 8);
    entries.set(name, bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

/** The rows of a table of an archive. */
export function listRows(archive: Uint8Array, table: string): Record<string, unknown>[] {
  const text = listEntries(archive).get(`tables/${table}.jsonl`)?.toString('utf8') ?? '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** What the operating system knows of a process: the most memory that it had, in bytes. */
export function peakMemory(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
