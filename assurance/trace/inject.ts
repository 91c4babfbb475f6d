import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

/** Main: the thread of the database and of the sockets; pool: those that do what has to do with files. */
export type Threads = 'main' | 'pool';

export interface Injection {
  readonly pid: number;
  readonly threads: Threads;
  /** Names of system calls, with commas between. */
  readonly calls: string;
  /** What happens instead: `error=EIO`, `signal=KILL`. */
  readonly what: string;
  /** To which of such calls of a thread, from 1 on. */
  readonly nth: number;
}

export interface Injected {
  /** The tracer goes away, if it has not; @returns what it has seen */
  end(): Promise<string>;
}

/** From now on, one system call of a process goes otherwise. @throws Error with what the tracer says when it may not */
export async function inject({ pid, threads, calls, what, nth }: Injection): Promise<Injected> {
  const ids = threads === 'main' ? [pid] : listPool(pid);
  const options = ['-e', `trace=${calls}`, '-e', `inject=${calls}:${what}:when=${nth}`, '-y', '-o', '|cat'];
  const tracer = spawn('strace', [...options, ...ids.flatMap((id) => ['-p', String(id)])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(tracer, 'exit');
  const seen = text(tracer.stdout);
  await untilAttached(tracer.stderr, ids.length);
  return {
    async end() {
      if (!isOver(tracer)) tracer.kill('SIGINT');
      await gone;
      return seen;
    },
  };
}

const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

function listPool(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  const ids = readdirSync(folder).filter(
    (id) => readFileSync(`${folder}/${id}/comm`, 'utf8').trim() === 'libuv-worker',
  );
  if (ids.length === 0) throw new Error('the relay has no threads for files');
  return ids.map(Number);
}

async function untilAttached(stderr: Readable, many: number): Promise<void> {
  let said = '';
  for await (const chunk of stderr.iterator({ destroyOnReturn: false })) {
    said += String(chunk);
    if ((said.match(/ attached/g) ?? []).length >= many) break;
  }
  if (!said.includes(' attached')) throw new Error(`strace: ${said}`);
  stderr.resume();
}

/** Until a process is gone, or so many milliseconds have passed. */
export async function untilGone(pid: number, patience: number): Promise<void> {
  const end = performance.now() + patience;
  while (isAlive(pid) && performance.now() < end) await pause(5);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
