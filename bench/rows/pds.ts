import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import * as v from 'valibot';
import { startPeer } from '../peer.ts';
import { timeAtOnce } from '../raw-es384.ts';
import { openBenchRelay } from '../relay.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const connections = 16;
/** `RECORDS=16 npm run bench -- pds` for a quick look. */
const records = Number(process.env.RECORDS ?? 160);
const rounds = 5;
const text = 'Some words of an ordinary length. '.repeat(8);

const account = v.object({ did: v.string(), accessJwt: v.string() });

/** Says something as the one account of this PDS. */
interface Author {
  say(): Promise<void>;
  close(): Promise<void>;
}

async function openPds(): Promise<Author> {
  const folder = await mkdtemp(join(tmpdir(), 'islet-bench-pds-'));
  const peer = await startPeer('pds', { DATA_FOLDER: folder });
  const pool = new Pool(`http://127.0.0.1:${peer.port}`, { connections });
  const ask = async (name: string, body: unknown, token?: string): Promise<unknown> => {
    const headers = {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const path = `/xrpc/com.atproto.${name}`;
    const answer = await pool.request({ path, method: 'POST', headers, body: JSON.stringify(body) });
    const said = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the PDS refused ${name}: ${said}`);
    return JSON.parse(said);
  };
  const who = { handle: 'bench.test', email: 'bench@example.com', password: 'words of this run' };
  const { did: repo, accessJwt } = v.parse(account, await ask('server.createAccount', who));
  return {
    async say() {
      const record = { text, createdAt: new Date().toISOString() };
      await ask('repo.createRecord', { repo, collection: 'app.bsky.feed.post', record }, accessJwt);
    },
    async close() {
      await pool.destroy();
      await peer.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function measure(): Promise<Samples> {
  const pds = await openPds();
  const relay = await openBenchRelay();
  const ours = async (): Promise<number> => {
    const drafts: string[] = [];
    for (let i = 0; i < records; i++) drafts.push(await relay.device.draft({ t: 'POST', c: text, v: 'P' }));
    const took = await timeAtOnce(drafts, connections, async (draft) => {
      const [receipt] = await relay.device.submit(draft);
      if (receipt?.status !== 'accepted') throw new Error(JSON.stringify(receipt));
    });
    return took / records;
  };
  const theirs = async (): Promise<number> =>
    (await timeAtOnce(Array.from({ length: records }), connections, () => pds.say())) / records;
  try {
    return await alternate(rounds, ours, theirs);
  } finally {
    await Promise.all([relay.close(), pds.close()]);
  }
}

export const pdsRow: Row = {
  name: 'pds',
  what: `${records} public posts of one person, one in a request, ${connections} requests at once`,
  ours: 'a relay in a process of its own: POST /api/actions; the signature of the device checked, countersigned, durable',
  theirs:
    'the PDS of ATProto in a process of its own: createRecord; signed by the PDS, stored in its three SQLite files as it opens them. To see the order of magnitude',
  unit: 'ms/post',
  target: { atMost: 1 },
  needsPeers: true,
  measure,
};
