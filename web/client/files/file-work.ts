import type { RenderedPicture } from './renditions/picture.ts';

export type WorkRequest = { kind: 'hash'; blob: Blob } | { kind: 'render'; blob: Blob; profile: boolean };
export type WorkAnswer =
  | { kind: 'hashed'; id: string }
  | { kind: 'rendered'; picture: RenderedPicture | undefined }
  | { kind: 'failed'; name: string; message: string };

/** What is done to bytes away from the page's thread. */
export interface FileWork {
  /** The blob id. @throws Error `NotReadableError`, `NotFoundError` of the browser when a picked file changed or vanished */
  hash(blob: Blob): Promise<string>;
  /** Undefined when it is no picture that can be rendered here, in a reasonable time. */
  render(blob: Blob, options: { profile: boolean }): Promise<RenderedPicture | undefined>;
  close(): void;
}

/** A picture that takes longer than this is left to the relay, in milliseconds. */
const patience = 20_000;

/** The worker of this page, begun at the first request; requests wait for each other. */
export function createFileWork(): FileWork {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function ask(request: WorkRequest, timeout?: number): Promise<WorkAnswer | 'late'> {
    worker ??= new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module' });
    const asked = worker;
    return new Promise((resolve, reject) => {
      const timer =
        timeout === undefined
          ? undefined
          : setTimeout(() => {
              // It cannot be interrupted, only ended.
              asked.terminate();
              if (worker === asked) worker = undefined;
              resolve('late');
            }, timeout);
      asked.onmessage = ({ data }: MessageEvent<WorkAnswer>) => {
        clearTimeout(timer);
        resolve(data);
      };
      asked.onerror = (event) => {
        clearTimeout(timer);
        asked.terminate();
        if (worker === asked) worker = undefined;
        reject(new Error(event.message || 'The worker for files ended.'));
      };
      asked.postMessage(request);
    });
  }
  function queued(request: WorkRequest, timeout?: number): Promise<WorkAnswer | 'late'> {
    const answer = last.then(() => ask(request, timeout));
    last = answer.catch(() => undefined); // told to who asked
    return answer;
  }

  return {
    async hash(blob) {
      const answer = await queued({ kind: 'hash', blob });
      if (answer !== 'late' && answer.kind === 'hashed') return answer.id;
      throw toError(answer);
    },
    async render(blob, { profile }) {
      // A decoder that fails, or brings its worker down, leaves the original.
      const answer = await queued({ kind: 'render', blob, profile }, patience).catch(() => undefined);
      return answer && answer !== 'late' && answer.kind === 'rendered' ? answer.picture : undefined;
    },
    close: () => worker?.terminate(),
  };
}

function toError(answer: WorkAnswer | 'late'): Error {
  const { name, message } =
    answer !== 'late' && answer.kind === 'failed'
      ? answer
      : { name: 'Error', message: 'The worker for files gave no answer.' };
  const error = new Error(message);
  error.name = name;
  return error;
}
