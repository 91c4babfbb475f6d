import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { IsletError } from '../../../shared/errors.ts';
import { parse } from '../../../shared/parse.ts';
import { type Job, type Reply, replySchema } from './job.ts';

/** In milliseconds: a job, and the beginning of the thread. Memory for objects, in MiB. */
const usual = { deadline: 5_000, start: 20_000, memory: 384 };

/** A job took too long or too much memory; the thread has been ended. */
export class ParserBroken extends Error {
  constructor(job: Job['kind']) {
    super(`the document could not be read (${job})`);
    this.name = 'ParserBroken';
  }
}

/** The thread in which documents are read: one job after another, and a new thread after one that broke. */
export interface Parser {
  /**
   * A reply `absent` means that the document is to be loaded (again): the thread may have ended over another job.
   * @throws ParserBroken when this job ended the thread, IsletError E-SYS-UNAVAIL when no thread can be begun
   */
  run(job: Job): Promise<Reply>;
  /** Number of the thread, of those that were begun; for tests. */
  readonly thread: number | undefined;
  close(): Promise<void>;
}

export function createParser(limits: Partial<typeof usual> = {}): Parser {
  const { deadline, start, memory } = { ...usual, ...limits };
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const begin = async (): Promise<Worker> => {
    const begun = createThread(memory);
    worker = begun;
    begun.once('exit', () => {
      if (worker === begun) worker = undefined;
    });
    if ((await hear(begun, start))?.kind === 'ready') return begun;
    await begun.terminate();
    throw new IsletError('E-SYS-UNAVAIL', 'documents cannot be read now');
  };

  const runNow = async (job: Job): Promise<Reply> => {
    if (closed) throw new IsletError('E-SYS-UNAVAIL', 'the relay is stopping');
    const current = worker ?? (await begin());
    current.ref();
    current.postMessage(job);
    const reply = await hear(current, deadline);
    current.unref();
    if (reply) return reply;
    worker = undefined;
    await current.terminate();
    throw new ParserBroken(job.kind);
  };

  return {
    get thread() {
      return worker?.threadId;
    },
    run(job) {
      const done = last.then(() => runNow(job));
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      closed = true;
      await worker?.terminate();
      await last;
    },
  };
}

function createThread(memory: number): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Nothing of the relay's environment is handed on.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    stdout: true,
    stderr: true,
  });
  worker.unref();
  // Memory that ran out, or a fault of Yjs: it exits after this, which is what `hear` sees.
  worker.on('error', () => undefined);
  return worker;
}

/** The next thing that it says; undefined when it ends or says nothing in time. */
async function hear(worker: Worker, patience: number): Promise<Reply | undefined> {
  const giveUp = new AbortController();
  const end = (): void => giveUp.abort();
  const silence = setTimeout(end, patience);
  worker.once('exit', end);
  try {
    const [message] = (await once(worker, 'message', { signal: giveUp.signal })) as unknown[];
    return parse(replySchema, message);
  } catch (error) {
    // An error event of the thread also rejects: its exit follows.
    if (giveUp.signal.aborted || !(error instanceof IsletError)) return undefined;
    throw error;
  } finally {
    clearTimeout(silence);
    worker.off('exit', end);
  }
}
