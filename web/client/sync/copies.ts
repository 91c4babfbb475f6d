import type { Awareness } from 'y-protocols/awareness';
import type { DeviceLog } from '../../../shared/device/device-log.ts';
import { IsletError } from '../../../shared/errors.ts';
import type { Did } from '../../../shared/identity/did.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import type { Cursor } from '../../../shared/sync/frame.ts';
import { parseKept, type SaidKept, signKept, verifyKept } from '../../../shared/sync/kept.ts';
import type { DeviceKeys } from '../device/key-store.ts';
import type { Database } from '../store/database.ts';

/** What the devices of a space say to each other of how far they have stored the log (SPEC S15). */
export interface Copies {
  /** Rows and cursor are stored here. Said once when it has rested for a moment. */
  stored(cursor: Cursor): void;
  close(): void;
}

export interface CopiesOptions {
  db: Database;
  space: IdTag;
  /** Of the document `index`. */
  awareness: Awareness;
  keys: Pick<DeviceKeys, 'did' | 'sign'>;
  readLog: () => Promise<DeviceLog>;
  /** Milliseconds since 1970. */
  now: () => number;
  onFailure: (error: unknown) => void;
}

const field = 'kept';
/** Milliseconds. */
const rest = 1_000;

export function createCopies(options: CopiesOptions): Copies {
  const { db, space, awareness, keys, readLog, now, onFailure } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let log: DeviceLog | undefined;
  let hearing: Promise<void> = Promise.resolve();

  async function say({ log: name, seq }: Cursor): Promise<void> {
    if (name === '') return;
    const word = { device: keys.did, log: name, seq, time: now() };
    awareness.setLocalStateField(field, await signKept(space, word, keys.sign));
  }

  async function isTrue(said: SaidKept): Promise<boolean> {
    const device = said.device as Did;
    if (!log?.devices.has(device)) log = await readLog();
    const found = log.devices.get(device);
    if (found === undefined || found.removedAt !== undefined) return false;
    try {
      await verifyKept(space, said, found.jwk);
      return true;
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
      return false; // nobody's word
    }
  }

  async function hear(said: SaidKept): Promise<void> {
    if (said.device === keys.did) return;
    const before = await db.copies.get(said.device);
    if (before !== undefined && (before.log === said.log ? before.seq >= said.seq : before.time >= said.time))
      return;
    if (!(await isTrue(said))) return;
    const { device, log: name, seq, time } = said;
    await db.copies.put({ device, log: name, seq, time });
  }

  const onChange = ({ added, updated }: { added: number[]; updated: number[] }): void => {
    for (const client of [...added, ...updated]) {
      const said =
        client === awareness.clientID ? undefined : parseKept(awareness.getStates().get(client)?.[field]);
      if (said) hearing = hearing.then(() => hear(said)).catch(onFailure);
    }
  };
  awareness.on('change', onChange);
  return {
    stored(cursor) {
      clearTimeout(timer);
      timer = setTimeout(() => void say(cursor).catch(onFailure), rest);
    },
    close() {
      clearTimeout(timer);
      awareness.off('change', onChange);
    },
  };
}
