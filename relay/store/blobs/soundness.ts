/** What is known of the bytes under a mark: a text that changes whenever the stored bytes may have. */
interface Known {
  readonly mark: string;
  readonly sound: Promise<boolean>;
}

/** Remembers, while the process runs, which stored bytes were found to have their hash. */
export interface Soundness {
  /**
   * True when the bytes have the hash. `check` runs when that is not known under this mark, and once for all who ask at the
   * same time. A mark that is undefined is not remembered.
   */
  ensure(id: string, mark: string | undefined, check: () => Promise<boolean>): Promise<boolean>;
  /** What is known under this mark. */
  recall(id: string, mark: string): Promise<boolean> | undefined;
  note(id: string, mark: string, sound: boolean): void;
  forget(id: string): void;
}

/** Entries that are remembered; the oldest go first. */
const most = 20_000;

export function createSoundness(): Soundness {
  const known = new Map<string, Known>();
  const keep = (id: string, entry: Known) => {
    known.delete(id);
    known.set(id, entry);
    for (const oldest of known.keys()) {
      if (known.size <= most) return;
      known.delete(oldest);
    }
  };
  const recall = (id: string, mark: string) => {
    const entry = known.get(id);
    return entry?.mark === mark ? entry.sound : undefined;
  };
  return {
    recall,
    async ensure(id, mark, check) {
      if (mark === undefined) return check();
      const before = recall(id, mark);
      if (before) return before;
      const entry = { mark, sound: check() };
      keep(id, entry);
      try {
        return await entry.sound;
      } catch (error) {
        if (known.get(id) === entry) known.delete(id);
        throw error;
      }
    },
    note: (id, mark, sound) => keep(id, { mark, sound: Promise.resolve(sound) }),
    forget: (id) => void known.delete(id),
  };
}
