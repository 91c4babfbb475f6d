import { expect, test } from 'vitest';
import { parseRelayFrame, type RelayFrame } from '../../shared/sync/frame.ts';
import { emptyChain } from '../../shared/sync/row.ts';
import { createOutbox } from './outbox.ts';

function setUp() {
  const sent: RelayFrame[] = [];
  const connection = {
    ...{ readyState: 1 as 0 | 1 | 2 | 3, OPEN: 1 as const, bufferedAmount: 0 },
    send: (bytes: unknown, ...rest: unknown[]) => {
      sent.push(parseRelayFrame(bytes as Uint8Array));
      (rest.at(-1) as () => void)();
    },
  };
  return { sent, connection, outbox: createOutbox(connection) };
}

const session = 'a'.repeat(22);
const rowsFrame = (seq: number, size = 4): RelayFrame => ({
  kind: 'rows',
  batches: [
    {
      batch: {
        ...{ device: '@bob.test', session, first: seq, time: 1 },
        rows: [{ doc: 'index', update: new Uint8Array(size).fill(1) }],
        signature: new Uint8Array(96),
      },
      ...{ seq, chain: emptyChain },
    },
  ],
});
const ack = (acked: number): RelayFrame => ({ kind: 'ack', session, acked, time: 1 });
const seqs = (frames: readonly RelayFrame[]) =>
  frames.map((frame) => (frame.kind === 'rows' ? frame.batches.map(({ seq }) => seq) : frame.kind));

test('rows of one turn of the loop are one frame, and nothing changes its order', async () => {
  const { sent, outbox } = setUp();
  const left = [rowsFrame(1), rowsFrame(2), ack(1), rowsFrame(3)].map((frame) => outbox.send(frame));
  expect(sent).toEqual([]);
  await Promise.all(left);
  expect(seqs(sent)).toEqual([[1, 2], 'ack', [3]]);
  await outbox.send(rowsFrame(4));
  expect(seqs(sent).at(-1)).toEqual([4]);
});

test('S8: what would be large together stays apart', async () => {
  const { sent, outbox } = setUp();
  const left = [rowsFrame(1, 200_000), rowsFrame(2, 200_000), rowsFrame(3)].map((frame) =>
    outbox.send(frame),
  );
  expect(outbox.backlog()).toBe(400_004);
  await Promise.all(left);
  expect(seqs(sent)).toEqual([[1], [2, 3]]);
  expect(outbox.backlog()).toBe(0);
});

test('what waits leaves before the connection is closed, and a closed one holds up nobody', async () => {
  const { sent, outbox, connection } = setUp();
  void outbox.send(ack(1));
  outbox.flush();
  expect(seqs(sent)).toEqual(['ack']);
  connection.readyState = 3;
  await outbox.send(ack(2));
  expect(sent).toHaveLength(1);
});
