import { type Documents } from '../documents/documents.ts';
import { openTestBrowser, randomBytes, type TestBrowser } from '../documents/browser-fixture.ts';
import { blobId, fileId } from '../../../shared/file/blob-id.ts';
import type { FileWork } from './file-work.ts';
import { createFiles, type Files } from './files.ts';
import { hashBlob } from './hash-blob.ts';

/** Hashing without a worker; pictures are not decoded where there is no browser. */
export const plainWork: FileWork = {
  hash: hashBlob,
  render: () => Promise.resolve(undefined),
  close: () => undefined,
};

export interface TestFiles {
  browser: TestBrowser;
  documents: Documents;
  files: Files;
  close(): Promise<void>;
}

/** A browser with files, over an IndexedDB in memory. */
export async function openTestFiles(): Promise<TestFiles> {
  const browser = await openTestBrowser();
  const documents = await browser.openTab();
  const files = createFiles({
    ...{ db: browser.db, documents, work: plainWork },
    ...{ now: () => Date.now(), random: randomBytes },
  });
  return { browser, documents, files, close: () => browser.close() };
}

/** Adds files to a folder and gives their ids. */
export async function addAll(files: Files, picked: readonly File[], parent = ''): Promise<string[]> {
  const items = picked.map((file) => ({ file, path: [] }));
  const { added } = await files.add(items, { parent, signal: new AbortController().signal });
  return added;
}

interface Staged {
  blob: string;
  size: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A relay at the other end of `fetch`: uploads and files as SPEC W1 and W3 have them, in memory. */
export class FakeRelay {
  readonly blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly staged = new Map<string, Staged>();
  /** Descriptors by file id. */
  readonly files = new Map<string, string>();
  /** Bytes that came in pieces. */
  received = 0;
  limit = Number.MAX_SAFE_INTEGER;
  /** Breaks the connection off when so many bytes have come. */
  breakAfter = Number.POSITIVE_INFINITY;
  /** What `POST files` says instead of taking the file. */
  refusal: { status: number; code: string } | undefined;
  completed: { fileId: string; descriptor: string } | undefined;

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    const [, , resource, id = ''] = pathname.split('/').map(decodeURIComponent);
    const body = init.body instanceof Blob ? init.body : undefined;
    switch (`${init.method ?? 'GET'} ${resource}`) {
      case 'POST uploads':
        return this.begin(JSON.parse(String(init.body)) as { blob: string; size: number });
      case 'PATCH uploads':
        return this.take(id, Number(new Headers(init.headers).get('upload-offset')), body);
      case 'DELETE uploads':
        return this.staged.delete(id) ? answer({}) : refuse(404, 'E-UPLOAD-UNKNOWN');
      case 'DELETE files':
        return this.files.delete(id) ? answer({}) : refuse(404, 'E-CORE-NOTFOUND');
      case 'POST files':
        return this.register(JSON.parse(String(init.body)) as { descriptor: string });
      case 'GET storage':
        return answer({
          ...{ used: this.used, limit: this.limit, left: Math.max(0, this.limit - this.used) },
          ...{ damaged: [], check: { state: 'never', checked: 0, total: 0 } },
        });
      default:
        return refuse(404, 'E-CORE-NOTFOUND');
    }
  };

  get used(): number {
    const kept = [...this.blobs.values()].reduce((sum, { length }) => sum + length, 0);
    return kept + [...this.staged.values()].reduce((sum, { size }) => sum + size, 0);
  }

  private begin({ blob, size }: { blob: string; size: number }): Response {
    if (this.blobs.has(blob)) return answer({ blob, size, offset: size, done: true });
    if (!this.staged.has(blob)) {
      const left = this.limit - this.used;
      if (size > left) return refuse(413, 'E-STORAGE-LIMIT', { limit: this.limit, used: this.used, left });
      this.staged.set(blob, { blob, size, bytes: new Uint8Array() });
    }
    const { bytes } = this.staged.get(blob)!;
    return answer({ id: blob, blob, size, offset: bytes.length, done: false });
  }

  private async take(id: string, offset: number, body: Blob | undefined): Promise<Response> {
    const upload = this.staged.get(id);
    if (!upload || !body) return refuse(404, 'E-UPLOAD-UNKNOWN');
    if (offset !== upload.bytes.length)
      return refuse(409, 'E-UPLOAD-OFFSET', { offset: upload.bytes.length });
    if (this.received + body.size > this.breakAfter) throw new TypeError('Failed to fetch');
    upload.bytes = new Uint8Array(await new Blob([upload.bytes, body]).arrayBuffer());
    this.received += body.size;
    const { blob, size, bytes } = upload;
    if (bytes.length < size) return answer({ id, blob, size, offset: bytes.length, done: false });
    this.staged.delete(id);
    if ((await blobId(bytes)) !== blob) return refuse(400, 'E-BLOB-HASH');
    this.blobs.set(blob, bytes);
    return answer({ id, blob, size, offset: size, done: true });
  }

  private async register({ descriptor }: { descriptor: string }): Promise<Response> {
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal) return refuse(refusal.status, refusal.code);
    this.files.set(await fileId(descriptor), descriptor);
    return answer({ fileId: 'f1~', ...(this.completed && { completed: this.completed }) });
  }
}

function answer(data: unknown): Response {
  return Response.json({ data, time: new Date().toISOString() });
}

function refuse(status: number, code: string, details?: unknown): Response {
  return Response.json({ error: { code, message: `refused: ${code}`, details } }, { status });
}
