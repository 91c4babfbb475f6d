import type { FileHandle } from 'node:fs/promises';

/** Writes to a file while more comes in: one large write at a time, and the disk is kept busy from early on. */
export interface Sink {
  /** Waits while the disk is behind; the chunk must not be changed any more. @throws what an earlier write has met */
  take(chunk: Uint8Array): Promise<void>;
  /** Writes what is left; the file may be closed then. @throws what a write has met */
  end(): Promise<void>;
}

/** Bytes, or chunks when they are small, that are written at once. */
const pieceSize = 1024 * 1024;
const mostChunks = 1000;
/** Bytes after which the disk is told to begin. */
const syncSize = 8 * 1024 * 1024;

export function createSink(handle: FileHandle): Sink {
  let pending: Uint8Array[] = [];
  let size = 0;
  let unsynced = 0;
  let failure: { readonly error: unknown } | undefined;
  let writing = Promise.resolve();
  let syncing = Promise.resolve();
  const fail = (error: unknown) => void (failure ??= { error });

  const write = async (list: readonly Uint8Array[], bytes: number) => {
    if (failure) return;
    const { bytesWritten } = await handle.writev(list);
    if (bytesWritten < bytes) await handle.writeFile(Buffer.concat(list).subarray(bytesWritten));
    unsynced += bytes;
    if (unsynced < syncSize) return;
    unsynced = 0;
    await syncing;
    syncing = handle.datasync().catch(fail);
  };
  const flush = () => {
    const [list, bytes] = [pending, size];
    [pending, size] = [[], 0];
    writing = writing.then(() => write(list, bytes)).catch(fail);
  };

  return {
    async take(chunk) {
      pending.push(chunk);
      size += chunk.length;
      if (size >= pieceSize || pending.length >= mostChunks) {
        await writing;
        flush();
      }
      if (failure) throw failure.error;
    },
    async end() {
      if (size > 0) flush();
      await writing;
      await syncing;
      if (failure) throw failure.error;
    },
  };
}
