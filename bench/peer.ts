import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

/** A server of somebody else, in a process of its own. */
export interface PeerProcess {
  readonly port: number;
  readonly pid: number;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

const greeting = v.object({ port: v.number() });

/**
 * Starts a file of `bench/peers/`, which says its port over IPC, and ends when this process does.
 * @throws Error when it ends before that
 */
export async function startPeer(
  name: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<PeerProcess> {
  const file = fileURLToPath(new URL(`peers/${name}.ts`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, ...environment },
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${name} did not start`)));
  const [said] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
  ended.catch(() => undefined);
  return {
    ...{ port: v.parse(greeting, said).port, pid: child.pid! },
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}
