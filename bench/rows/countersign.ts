import { openRawCommits } from '../raw-commits.ts';
import { createRawEs384 } from '../raw-es384.ts';
import { openBenchRelay } from '../relay.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const drafts = 50;
const rounds = 8;

async function measure(): Promise<Samples> {
  const relay = await openBenchRelay();
  const commits = await openRawCommits();
  const raw = createRawEs384();
  const words = { t: 'POST', c: 'Some words of an ordinary length. '.repeat(8), v: 'P' as const };
  const bytes = Buffer.from(await relay.device.draft(words));
  const signature = await raw.sign(bytes);
  const proof = 'x'.repeat(900);
  const ours = async (): Promise<number> => {
    const list: string[] = [];
    for (let i = 0; i < drafts; i++) list.push(await relay.device.draft(words));
    const began = performance.now();
    const receipts = await relay.device.submit(...list);
    const took = performance.now() - began;
    if (receipts.some(({ status }) => status !== 'accepted')) throw new Error(JSON.stringify(receipts[0]));
    return (took * 1000) / drafts;
  };
  const theirs = async (): Promise<number> => {
    const began = performance.now();
    for (let i = 0; i < drafts; i++) {
      await raw.verify(bytes, signature);
      const signed = await raw.sign(bytes);
      commits.commit(`${bytes.toString('latin1')}.${signed.toString('base64url')} ${proof}`);
    }
    return ((performance.now() - began) * 1000) / drafts;
  };
  try {
    return await alternate(rounds, ours, theirs);
  } finally {
    await Promise.all([relay.close(), commits.close()]);
  }
}

export const countersignRow: Row = {
  name: 'countersign',
  what: `${drafts} drafts in one request`,
  ours: 'a relay in a process of its own: POST /api/actions; grammar, device, rights, signature, the same bytes signed, token and proof durable',
  theirs:
    'one verify, one sign and one commit on the disk (SQLite, FULL) for each, ES384 of Node, in this process',
  unit: 'µs/draft',
  target: { atMost: 1.25 },
  spent:
    'drafts of a request are judged and signed side by side and stored in one transaction: what is left beside the two signatures is grammar, rights, some ten queries for each draft, and handing signatures to threads',
  measure,
};
