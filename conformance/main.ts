import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { parseArgs } from 'node:util';
import type { Target } from './check.ts';
import { createNeighbour, listen, type Listening, type Neighbour } from './neighbour.ts';
import { formatCounts, formatTable, runChecks } from './run.ts';
import { type Connect, createAsk, createOpenSocket } from './transport.ts';

const usage = `npm run conformance -- https://cl-o.<name> [options]
  --name <name> --cert <file> --key <file> [--listen <address:port>]
                        be the neighbour of this name, which must lead here
  --token <token>       an access token of the node's owner
  --file <id>           a file that anybody may read
  --document <id>       a document that is shared with --name for writing
  --inbox <path>        where actions are posted (/api/inbox)
  --from <address>      where requests come from; several take turns: nodes shut out who fails too often
  --lax                 what stock nodes do not do either is no failure`;

const options = {
  name: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  listen: { type: 'string', default: '0.0.0.0:443' },
  token: { type: 'string' },
  file: { type: 'string' },
  document: { type: 'string' },
  inbox: { type: 'string', default: '/api/inbox' },
  from: { type: 'string', multiple: true },
  lax: { type: 'boolean', default: false },
} as const;

/** TLS to the node, whatever name is asked for; authorities are those of Node, and NODE_EXTRA_CA_CERTS. */
function createConnect({ hostname, port }: URL, from: readonly string[]): Connect {
  let turn = 0;
  return async (host) => {
    const localAddress = from[turn++ % from.length];
    const own = host === hostname || host === hostname.replace(/^cl-o\./, '');
    const reached = own ? host : hostname;
    const socket = connect({
      ...{ host: reached, servername: reached, port: Number(port || 443) },
      ...(localAddress && { localAddress }),
      ALPNProtocols: ['http/1.1'],
    });
    await once(socket, 'secureConnect');
    return socket;
  };
}

async function openNeighbour(values: {
  name?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  listen: string;
}): Promise<{ self: Neighbour; listening: Listening } | undefined> {
  const { name, cert, key, listen: at } = values;
  if (name === undefined) return undefined;
  if (cert === undefined || key === undefined) throw new Error('--name needs --cert and --key');
  const self = createNeighbour(name, Date.now);
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(at) ?? [];
  const tls = { cert: await readFile(cert), key: await readFile(key) };
  return { self, listening: await listen(self.serve, { host, port: Number(port), tls }) };
}

/** Exits with 1 when something failed, with 2 when it could not be asked. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [base] = positionals;
  if (!base || !/^https:\/\/cl-o\./.test(base)) throw new Error(usage);
  const url = new URL(base);
  const connectTo = createConnect(url, values.from ?? []);
  const neighbour = await openNeighbour(values);
  const target: Target = {
    idTag: url.hostname.replace(/^cl-o\./, ''),
    ask: createAsk(url.hostname, connectTo),
    openSocket: createOpenSocket(url.hostname, connectTo),
    self: neighbour?.self,
    inbox: values.inbox,
    token: values.token,
    file: values.file,
    document: values.document,
    now: Date.now,
  };
  const rows = await runChecks(target, { lax: values.lax });
  await neighbour?.listening.close();
  process.stdout.write(`${formatTable(rows)}\n\n${base}: ${formatCounts(rows)}\n`);
  if (rows.some(({ result }) => result === 'FAIL')) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
