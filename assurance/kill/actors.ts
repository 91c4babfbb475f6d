import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { dataOf, json, nonce, type TestDevice } from '../../relay/test/device.ts';
import type { StockNode } from '../../relay/test/stock-node.ts';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { parseJson } from '../../shared/parse.ts';
import { routes, uploadSchema } from '../../shared/routes.ts';
import type { Journal } from './journal.ts';

/** Somebody who deals with a relay that may be gone at any moment, and notes what is wanted and what was answered. */
export interface Actor {
  /**
   * One more thing, or what is open again; with `mayBegin` false only what is open.
   * @throws Error that begins with the status that was answered, or another while the relay is gone
   */
  step(mayBegin: boolean): Promise<void>;
  /** How much waits for an answer. */
  open(): number;
  close(): void;
}

export interface ActorParts {
  readonly device: TestDevice;
  readonly journal: Journal;
  readonly dice: () => number;
}

export const hashOf = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Hash of what a token says. */
export const hashOfClaims = (token: string): string => hashOf(token.split('.')[1] ?? '');

const claims = v.object({ t: v.string(), iss: v.string(), _: v.optional(v.string(), '') });

/** What a compact token says, without a look at its signature. */
export function claimsOf(token: string): v.InferOutput<typeof claims> {
  return parseJson(claims, Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** A device that submits drafts, up to three at once, and none before those are answered. */
export function createDraftActor({ device, journal, dice }: ActorParts): Actor {
  let open: string[] = [];
  let n = 0;
  const begin = async (): Promise<string[]> => {
    const drafts: string[] = [];
    for (let left = 1 + Math.floor(dice() * 3); left > 0; left--) {
      const id = nonce();
      const draft = await device.draft({ t: 'POST', c: `draft ${n}`, _: id });
      const hash = hashOfClaims(draft);
      journal.say({ say: 'intend', store: 'actions', thread: 'drafts', n: n++, id, hash });
      open.push(draft);
      drafts.push(draft);
    }
    return drafts;
  };
  return {
    async step(mayBegin) {
      const drafts = open.length > 0 ? open : mayBegin ? await begin() : [];
      if (drafts.length === 0) return;
      const receipts = await device.submit(...drafts);
      for (const receipt of receipts) {
        if (receipt.status !== 'accepted')
          throw new Error(`400 a draft was not accepted: ${JSON.stringify(receipt)}`);
        const { _: id } = claimsOf(receipt.token);
        journal.say({ say: 'ack', store: 'actions', id, effect: receipt.actionId });
      }
      open = [];
    },
    open: () => open.length,
    close: () => undefined,
  };
}

/** A neighbour that brings one token after the other to the inbox, some of them twice at once. */
export function createNeighbour({ device, journal, dice }: ActorParts, node: StockNode): Actor {
  let open: { readonly id: string; readonly token: string } | undefined;
  let n = 0;
  const begin = async () => {
    const id = nonce();
    const token = await node.sign({ t: 'POST', c: `token ${n}`, v: 'F', _: id });
    const hash = hashOfClaims(token);
    journal.say({ say: 'intend', store: 'actions', thread: 'neighbour', n: n++, id, hash });
    return { id, token };
  };
  return {
    async step(mayBegin) {
      if (mayBegin) open ??= await begin();
      if (!open) return;
      const { id, token } = open;
      const body = JSON.stringify({ token });
      const bring = async () => {
        const { status, text } = await device.relay.ask(routes.inbox, {
          method: 'POST',
          headers: json,
          body,
        });
        if (status !== 202) throw new Error(`${status} ${text}`);
        journal.say({ say: 'ack', store: 'actions', id });
      };
      await Promise.all(dice() < 0.3 ? [bring(), bring()] : [bring()]);
      open = undefined;
    },
    open: () => (open ? 1 : 0),
    close: () => undefined,
  };
}

interface Brought {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Most bytes of a piece of an upload. */
const piece = 20_000;

/** A device that brings files, some whole, some in pieces; `brought`: how many bytes those have that it has begun with. */
export function createUploader({ device, journal, dice }: ActorParts): Actor & {
  readonly brought: ReadonlyMap<string, number>;
} {
  const brought = new Map<string, number>();
  let open: Brought | undefined;
  const begin = (): Brought => {
    const bytes = Buffer.alloc(1000 + Math.floor(dice() * 60_000), `${brought.size} ${dice()}`);
    const id = formatBlobId(createHash('sha256').update(bytes).digest());
    journal.say({ say: 'intend', store: 'blobs', thread: id, n: 0, id, hash: hashOf(bytes) });
    brought.set(id, bytes.length);
    return { id, bytes };
  };
  return {
    brought,
    async step(mayBegin) {
      if (mayBegin) open ??= begin();
      if (!open) return;
      const { id } = open;
      await (dice() < 0.5 ? putWhole(device, open) : putPieces(device, open));
      journal.say({ say: 'ack', store: 'blobs', id });
      open = undefined;
    },
    open: () => (open ? 1 : 0),
    close: () => undefined,
  };
}

async function putWhole(device: TestDevice, { id, bytes }: Brought): Promise<void> {
  const { status, text } = await device.ask(`${routes.blobs}/${id}`, 'PUT', bytes);
  if (status !== 201 && status !== 200) throw new Error(`${status} ${text}`);
}

async function putPieces(device: TestDevice, { id: blob, bytes }: Brought): Promise<void> {
  const size = bytes.length;
  let state = dataOf(await device.ask(routes.uploads, 'POST', { blob, size }), uploadSchema);
  while (!state.done) {
    const { id, offset } = state;
    const authorization = `Bearer ${await device.accessToken()}`;
    const headers = { authorization, 'upload-offset': String(offset) };
    const body = bytes.subarray(offset, offset + piece);
    const answer = await device.relay.ask(`${routes.uploads}/${id}`, { method: 'PATCH', headers, body });
    state = dataOf(answer, uploadSchema);
  }
}
