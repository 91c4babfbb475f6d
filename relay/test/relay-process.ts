import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { apiHost, parseIdTag } from '../../shared/identity/id-tag.ts';
import { TestDevice } from './device.ts';
import type { Network, TestAsk, TestRelay } from './network.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A relay as its owner runs it: a process of its own, over real HTTP. */
export interface RelayProcess {
  readonly pid: number;
  readonly port: number;
  readonly setupLink: string | undefined;
  readonly relay: TestRelay;
  /** Its setup link is used up by this. */
  enrol(): Promise<TestDevice>;
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Null while it runs, and when a signal ended it. */
  exitCode(): number | null;
}

export interface RelaySetting {
  /** `me.localhost` unless told otherwise. */
  readonly name?: string;
  /** Data directory, and home. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What Node is given to run it, in place of its sources. */
  readonly program?: readonly string[];
  /** What the command of the relay is appended to. */
  readonly wrapper?: readonly string[];
  /** 0 takes a free one. */
  readonly port?: number;
  /** Everything that it says. */
  readonly hear?: (text: string) => void;
}

const standardName = 'me.localhost';

const sources = ['--disable-warning=ExperimentalWarning', main];

function spawnRelay(setting: RelaySetting) {
  const { folder, environment, name = standardName, program = sources, wrapper = [], port = 0 } = setting;
  const command = [...wrapper, process.execPath, ...program];
  const flags = ['--name', name, '--port', String(port)];
  const child: ChildProcess = spawn(command[0]!, [...command.slice(1), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...{ PATH: process.env.PATH, HOME: folder, DATA_DIR: folder, LOG_LEVEL: 'fatal' },
      ISLET_NEIGHBOURS_DIR: join(folder, 'neighbours'),
      ...environment,
    },
  });
  return child;
}

/** Exit code and standard error of a relay that does not start. */
export async function failToStart(setting: RelaySetting): Promise<{ code: number; said: string }> {
  const child = spawnRelay(setting);
  const exited = once(child, 'exit');
  const [said] = await Promise.all([text(child.stderr!), text(child.stdout!)]);
  const [code] = (await exited) as [number];
  return { code, said };
}

/** @throws Error with what the process said when it ends before it listens */
export async function startRelay(setting: RelaySetting): Promise<RelayProcess> {
  const child = spawnRelay(setting);
  let said = '';
  const { hear } = setting;
  child.stderr!.on('data', (chunk) => (said += String(chunk)));
  for (const stream of hear ? [child.stdout!, child.stderr!] : [])
    stream.on('data', (chunk) => hear?.(String(chunk)));
  let heard = '';
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    heard += String(chunk);
    if (/Islet is at .*\n/.test(heard)) break;
  }
  const [, url] = /Islet is at (\S+)/.exec(heard) ?? [];
  if (url === undefined) throw new Error(`the relay did not start: ${said}`);
  child.stdout!.resume();
  const port = Number(new URL(url).port);
  const setupLink = /Set up Islet: (\S+)/.exec(heard)?.[1];
  const kill = async (signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  const { name = standardName, folder } = setting;
  const relay = createRelay({ name, folder, url, port, setupLink, kill });
  const network: Network = {
    relays: [relay],
    now: Date.now,
    addNeighbour: () => undefined,
    texts: new Map(),
    setRecord: () => undefined,
    addressOf: () => '127.0.0.1',
    setDoor: () => undefined,
    advance: () => Promise.reject(new Error('the clock of a process cannot be moved')),
    close: kill,
  };
  return {
    pid: child.pid!,
    port,
    setupLink,
    relay,
    kill,
    exitCode: () => child.exitCode,
    enrol: () => TestDevice.enrolFirst(network, relay),
  };
}

interface Running {
  readonly name: string;
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  readonly setupLink: string | undefined;
  readonly kill: () => Promise<void>;
}

function createRelay({ name, folder, url, port, setupLink, kill }: Running): TestRelay {
  const unable = () => Promise.reject(new Error('a process cannot do this'));
  const idTag = parseIdTag(name);
  const agent = new Agent({ pipelining: 0 });
  return {
    ...{ idTag, folder, appOrigin: url, start: unable, stop: kill },
    node: { url, port, setupLink, wake: unable, close: kill },
    async connect() {
      const socket = connectTcp({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      return socket;
    },
    async ask(path, { method = 'GET', headers = {}, body, host = apiHost(idTag) }: TestAsk = {}) {
      const answer = await request(`http://127.0.0.1:${port}${path}`, {
        dispatcher: agent,
        method: method as 'GET',
        headers: { ...headers, host },
        ...(body !== undefined && { body }),
      });
      const bytes = new Uint8Array(await answer.body.arrayBuffer());
      const received = Buffer.from(bytes).toString('utf8');
      return {
        status: answer.statusCode,
        headers: answer.headers,
        ...{ text: received, bytes },
        json: (): unknown => JSON.parse(received),
      };
    },
  };
}
