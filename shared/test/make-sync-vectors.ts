import { bytesToBase64url } from '../bytes.ts';
import { formatDeviceFrame, formatRelayFrame } from '../sync/frame.ts';
import { type Batch, batchBytes, emptyChain, nextChain, signBatch } from '../sync/row.ts';
import type { TestKey } from './keys.ts';
import { alice, bob } from './log.ts';

const doc = 'abcdefghijklmnopqrstuvwx';
const session = 'AAAAAAAAAAAAAAAAAAAAAA';
const time = 1_795_262_400_000;

const toHex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function frames(batch: Batch): Promise<object[]> {
  const chain = await nextChain(emptyChain, alice, batch);
  const cursor = { log: 'log-1', seq: 2, chain };
  const states = new Uint8Array([1, 2, 3]);
  const fromDevice = [
    formatDeviceFrame({ kind: 'hello', token: 'access-token', session, cursor }),
    formatDeviceFrame({ kind: 'push', batches: [batch] }),
    formatDeviceFrame({ kind: 'awareness', doc, states }),
  ];
  const { device, first } = batch;
  const fromRelay = [
    formatRelayFrame({ kind: 'welcome', log: 'log-1', acked: -1, match: true, time }),
    formatRelayFrame({ kind: 'rows', batches: [{ batch, seq: 2, chain }] }),
    formatRelayFrame({ kind: 'current', seq: 2, chain }),
    formatRelayFrame({ kind: 'ack', session, acked: 1, time }),
    formatRelayFrame({ kind: 'provisional', batches: [batch] }),
    formatRelayFrame({ kind: 'committed', device, session, first, seq: 2, chain }),
    formatRelayFrame({ kind: 'awareness', doc: 'index', states }),
    formatRelayFrame({ kind: 'wake', topic: 'actions' }),
    formatRelayFrame({ kind: 'error', code: 'E-ROW-INVALID', message: 'the rows are not signed' }),
  ];
  const kinds = [
    'welcome',
    'rows',
    'current',
    'ack',
    'provisional',
    'committed',
    'awareness',
    'wake',
    'error',
  ];
  return [
    ...['hello', 'push', 'awareness'].map((kind, i) => ({
      from: 'device',
      kind,
      hex: toHex(fromDevice[i]!),
    })),
    ...kinds.map((kind, i) => ({ from: 'relay', kind, hex: toHex(fromRelay[i]!) })),
  ];
}

/** `vectors/sync.json`. */
export async function makeSyncVectors(laptop: TestKey, stranger: TestKey): Promise<object> {
  const rows = [
    { doc, update: new Uint8Array([1, 2, 3]) },
    { doc: 'index', update: new Uint8Array([4]) },
  ];
  const unsigned = { device: laptop.did, session, first: 0, time, rows };
  const batch = await signBatch(alice, unsigned, laptop.sign);
  const other = await signBatch(alice, { ...unsigned, first: 2 }, laptop.sign);
  const first = await nextChain(emptyChain, alice, batch);
  const foreign = await signBatch(alice, unsigned, stranger.sign);
  const elsewhere = await signBatch(bob, unsigned, laptop.sign);
  const signature = ({ signature: bytes }: Batch) => bytesToBase64url(bytes);
  return {
    about:
      'S1–S8: two rows of the laptop in the space of alice.test, what it signs, the chain, and every frame in hex.',
    space: alice,
    device: laptop.did,
    session,
    time,
    rows: rows.map((row) => ({ doc: row.doc, update: toHex(row.update) })),
    signed: toHex(await batchBytes(alice, batch)),
    signature: signature(batch),
    chain: { first, second: await nextChain(first, alice, other) },
    refused: [
      { why: 'S3: signed by another device', signature: signature(foreign) },
      { why: 'S3: signed for another space', signature: signature(elsewhere) },
      { why: 'S3: signed for other numbers', signature: signature(other) },
    ],
    frames: await frames(batch),
  };
}
