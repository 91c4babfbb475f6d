/** Small blobs that were read and found sound of late, up to some bytes in all: what is read often costs no disk and no memory again. */
export interface Recent {
  /** @param mark changes whenever the stored bytes may have */
  get(id: string, mark: string): Buffer | undefined;
  keep(id: string, mark: string, bytes: Buffer): void;
  forget(id: string): void;
}

/** @param most bytes in all */
export function createRecent(most: number): Recent {
  const entries = new Map<string, { readonly mark: string; readonly bytes: Buffer }>();
  let sum = 0;
  const forget = (id: string) => {
    sum -= entries.get(id)?.bytes.length ?? 0;
    entries.delete(id);
  };
  return {
    forget,
    get(id, mark) {
      const entry = entries.get(id);
      if (entry?.mark !== mark) return undefined;
      entries.delete(id);
      entries.set(id, entry);
      return entry.bytes;
    },
    keep(id, mark, bytes) {
      forget(id);
      entries.set(id, { mark, bytes });
      sum += bytes.length;
      for (const oldest of entries.keys()) {
        if (sum <= most) return;
        forget(oldest);
      }
    },
  };
}
