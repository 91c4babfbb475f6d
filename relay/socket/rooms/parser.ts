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
  let thread: Thread | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  const begin = async (): Promise<Thread> => {
    const begun = createThread(memory, () => {
      if (thread === begun) thread = undefined;
    });
    thread = begun;
    if ((await begun.hear(start))?.kind === 'ready') return begun;
    await begun.worker.terminate();
    throw new IsletError('E-SYS-UNAVAIL', 'documents cannot be read now');
  };

  const runNow = async (job: Job): Promise<Reply> => {
    if (closed) throw new IsletError('E-SYS-UNAVAIL', 'the relay is stopping');
    const current = thread ?? (await begin());
    current.worker.ref();
    const reply = current.hear(deadline);
    current.worker.postMessage(job);
    const heard = await reply;
    current.worker.unref();
    if (heard) return heard;
    thread = undefined;
    await current.worker.terminate();
    throw new ParserBroken(job.kind);
  };

  return {
    get thread() {
      return thread?.worker.threadId;
    },
    run(job) {
      const done = last.then(() => runNow(job));
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      closed = true;
      await thread?.worker.terminate();
      await last;
    },
  };
}

interface Thread {
  readonly worker: Worker;
  /** The next thing that it says; undefined when it ends or says nothing for so long, in milliseconds. One wait at a time. */
  hear(patience: number): Promise<Reply | undefined>;
}

/** It is listened to once, for all jobs: many a job takes less time than new listeners would. */
function createThread(memory: number, ended: () => void): Thread {
  const worker = startWorker(memory);
  let waiting: PromiseWithResolvers<Reply | undefined> | undefined;
  let isOver = false;
  worker.on('message', (message: unknown) => {
    try {
      waiting?.resolve(parse(replySchema, message));
    } catch (error) {
      waiting?.reject(error);
    }
  });
  worker.once('exit', () => {
    isOver = true;
    waiting?.resolve(undefined);
    ended();
  });
  return {
    worker,
    async hear(patience) {
      if (isOver) return undefined;
      waiting = Promise.withResolvers();
      const silence = setTimeout(waiting.resolve, patience, undefined);
      try {
        return await waiting.promise;
      } finally {
        clearTimeout(silence);
        waiting = undefined;
      }
    },
  };
}

function startWorker(memory: number): Worker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Nothing of the relay's environment is handed on.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
    stdout: true,
    stderr: true,
  });
  worker.unref();
  // Memory that ran out, or a fault of Yjs: it exits after this, which ends the wait.
  worker.on('error', () => undefined);
  return worker;
}
