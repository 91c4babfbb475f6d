import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { apiHost, parseIdTag } from '../../shared/identity/id-tag.ts';
import type { Issued } from './certificates.ts';
import { TestDevice } from './device.ts';
import type { Network, TestRelay } from './network.ts';

const entry = fileURLToPath(new URL('./tls-node.ts', import.meta.url));

export interface TlsSetting {
  readonly name: string;
  /** It listens there, at port 443. */
  readonly address: string;
  /** Where it keeps everything. */
  readonly folder: string;
  readonly certificate: Issued;
  /** Host name → addresses, for what this relay looks up. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The authority that its devices trust, in PEM. */
  readonly ca: string;
}

/** A relay in a process of its own that serves TLS, with its first device. */
export interface TlsRelay {
  readonly device: TestDevice;
  kill(): Promise<void>;
}

/**
 * Loopback addresses whose port 443 is free: the first of them, from 127.0.0.2 on.
 * @returns why there are none, when this machine has not so many
 */
export async function findAddresses(count: number): Promise<readonly string[] | { hindrance: string }> {
  const found: string[] = [];
  let hindrance = '';
  for (let last = 2; last < 60 && found.length < count; last += 1) {
    const address = `127.0.0.${last}`;
    const server = createServer().listen(443, address);
    try {
      await once(server, 'listening');
      await once(server.close(), 'close');
      found.push(address);
    } catch (error) {
      hindrance = error instanceof Error ? error.message : String(error);
    }
  }
  return found.length === count ? found : { hindrance };
}

/** @throws Error with what the process said when it ends before it listens */
export async function startTlsRelay(setting: TlsSetting): Promise<TlsRelay> {
  const { name, address, folder, certificate, hosts, environment } = setting;
  await mkdir(folder, { recursive: true });
  const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
  await writeFile(files.TLS_CERT, certificate.cert);
  await writeFile(files.TLS_KEY, certificate.key, { mode: 0o600 });
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env.PATH, HOME: folder, DATA_DIR: folder, LOG_LEVEL: 'fatal' },
      ...{ BASE_ID_TAG: name, LISTEN: `${address}:443`, HOSTS: JSON.stringify(hosts) },
      ...files,
      ...environment,
    },
  });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  try {
    return { device: await enrol(createRelay(setting, await readSetupLink(child), kill)), kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

function enrol(relay: TestRelay): Promise<TestDevice> {
  const network: Network = {
    relays: [relay],
    now: Date.now,
    addNeighbour: () => undefined,
    texts: new Map(),
    setRecord: () => undefined,
    addressOf: () => '127.0.0.1',
    setDoor: () => undefined,
    advance: () => Promise.reject(new Error('the clock of a process cannot be moved')),
    close: () => relay.stop(),
  };
  return TestDevice.enrolFirst(network, relay);
}

async function readSetupLink(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr!.on('data', (chunk) => (said += String(chunk)));
  let heard = '';
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    heard += String(chunk);
    const [, link] = /Set up Islet: (\S*)\n/.exec(heard) ?? [];
    if (link === undefined) continue;
    child.stdout!.resume();
    return link;
  }
  throw new Error(`the relay did not start: ${said}`);
}

function createRelay(
  { name, folder, address, ca }: TlsSetting,
  setupLink: string,
  kill: () => Promise<void>,
) {
  const unable = () => Promise.reject(new Error('a process cannot do this'));
  const idTag = parseIdTag(name);
  const agent = new Agent({
    pipelining: 0,
    connect: ({ hostname }, done) => {
      const socket = connectTls({ host: address, port: 443, servername: hostname, ca });
      socket.once('secureConnect', () => done(null, socket)).once('error', (error) => done(error, null));
    },
  });
  const relay: TestRelay = {
    ...{ idTag, folder, appOrigin: `https://${name}`, start: unable, stop: kill, connect: unable },
    node: { url: `https://${name}`, port: 443, setupLink, wake: unable, close: kill },
    async ask(path, { method = 'GET', headers = {}, body, host = apiHost(idTag) } = {}) {
      const answer = await request(`https://${host}${path}`, {
        dispatcher: agent,
        method: method as 'GET',
        headers,
        ...(body !== undefined && { body }),
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      const text = Buffer.from(bytes).toString('utf8');
      const { statusCode: status, headers: received } = answer;
      return { status, headers: received, text, bytes, json: (): unknown => JSON.parse(text) };
    },
  };
  return relay;
}
