import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { IsletError } from '../../../shared/errors.ts';
import { parse } from '../../../shared/parse.ts';
import { type Job, type Reply, saidSchema } from './job.ts';

/** How long a job may take, and how long the process waits for the next, in milliseconds. */
const usual = { deadline: 20_000, idle: 10_000 };
const patienceAtStart = 20_000;

/** The process that opens pictures: begun when one comes, ended when none has come for a while. */
export interface Decoder {
  /**
   * One job at a time; the caller sees to that.
   * @throws IsletError E-SYS-UNAVAIL when the process cannot be begun
   */
  run(job: Job): Promise<Reply>;
  /** Process id, while there is one. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
}

interface State {
  running: Running | undefined;
  resting: NodeJS.Timeout | undefined;
}

export function createDecoder(times: Partial<typeof usual> = {}): Decoder {
  const { deadline, idle } = { ...usual, ...times };
  const state: State = { running: undefined, resting: undefined };
  return {
    get pid() {
      return state.running?.child.pid;
    },
    async run(job) {
      clearTimeout(state.resting);
      const current = state.running ?? (await begin(state));
      current.child.send(job);
      const reply = await hear(current, deadline);
      if (reply && reply.kind !== 'ready') {
        state.resting = setTimeout(() => void stop(state), idle).unref();
        return reply;
      }
      await stop(state);
      return { kind: 'broken' };
    },
    close: () => stop(state),
  };
}

async function begin(state: State): Promise<Running> {
  const started = start();
  state.running = started;
  void started.ended.then(() => {
    if (state.running === started) state.running = undefined;
  });
  if ((await hear(started, patienceAtStart))?.kind === 'ready') return started;
  await stop(state);
  throw new IsletError('E-SYS-UNAVAIL', 'pictures cannot be looked at now');
}

async function stop(state: State): Promise<void> {
  clearTimeout(state.resting);
  const last = state.running;
  state.running = undefined;
  // Whoever waits for its end, waits for it.
  last?.child.ref();
  last?.child.kill('SIGKILL');
  await last?.ended;
}

/** Nothing of the relay's environment is handed on, secrets least of all. */
function start(): Running {
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-old-space-size=128'],
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  // A process that cannot be begun, or to which nothing can be sent any more, ends or is ended: `hear` knows.
  child.on('error', () => child.kill('SIGKILL'));
  return { child, ended: new Promise((resolve) => child.once('close', resolve).once('error', resolve)) };
}

/** The next thing that it says; undefined when it ends or says nothing in time. */
async function hear({ child, ended }: Running, patience: number) {
  const giveUp = new AbortController();
  const silence = setTimeout(() => giveUp.abort(), patience);
  void ended.then(() => giveUp.abort());
  try {
    const [message] = (await once(child, 'message', { signal: giveUp.signal })) as unknown[];
    return parse(saidSchema, message);
  } catch (error) {
    if (giveUp.signal.aborted) return undefined;
    throw error;
  } finally {
    clearTimeout(silence);
  }
}
