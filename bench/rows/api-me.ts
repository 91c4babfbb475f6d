import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as v from 'valibot';
import { routes } from '../../shared/routes.ts';
import { type Client, openClient } from '../download.ts';
import { timeAtOnce } from '../raw-es384.ts';
import { openBenchRelay } from '../relay.ts';
import { alternate, type Row, type Samples } from '../row.ts';

const requests = 1_500;
const connections = 8;
const rounds = 7;

/** Microseconds a request; every second one has the answer already and says so. */
async function timed(clients: readonly Client[], host: string): Promise<number> {
  const target = { host, path: routes.me };
  const { etag } = await clients[0]!.get(target);
  const list = Array.from({ length: requests }, (_, i) => i % 2 === 0);
  const took = await timeAtOnce(list, clients.length, async (isHeld, i) => {
    const headers = isHeld ? { 'if-none-match': etag } : {};
    const { status } = await clients[i]!.get({ ...target, headers });
    if (status !== (isHeld ? 304 : 200)) throw new Error(`an answer of another kind: ${status}`);
  });
  return (took * 1000) / requests;
}

async function measure(): Promise<Samples> {
  const relay = await openBenchRelay();
  const koa = fork(new URL('../bare-koa.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const connect = (port: number) => Promise.all(Array.from({ length: connections }, () => openClient(port)));
  const clients: Client[] = [];
  try {
    koa.send((await relay.device.relay.ask(routes.me)).text);
    const [said] = (await once(koa, 'message')) as [unknown];
    const { port } = v.parse(v.object({ port: v.number() }), said);
    const [ours, theirs] = [await connect(relay.port), await connect(port)];
    clients.push(...ours, ...theirs);
    return await alternate(
      rounds,
      () => timed(ours, relay.host),
      () => timed(theirs, 'localhost'),
    );
  } finally {
    for (const client of clients) client.close();
    koa.disconnect();
    await relay.close();
  }
}

export const apiMe: Row = {
  name: 'api-me',
  what: `GET /api/me, ${requests} a round on ${connections} connections, every second one with the ETag of the answer`,
  ours: 'a relay in a process of its own, with all that stands before an answer: limits, headers, counting, the host',
  theirs: 'a bare route of Koa in a process of its own, which has the same answer ready',
  unit: 'µs/request',
  target: { atMost: 1.11 },
  spent:
    'the bare route takes 41 µs of its main thread and ours 66: 29 % of that is the system call that writes to the socket, which both make; the other 25 µs are limits, counting, the headers of safety, the host, the door and the promises between them, of which none takes more than 4 %, the list of middlewares of Koa the most (CPU and profile on a loaded machine)',
  measure,
};
