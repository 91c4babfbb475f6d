import { renumberAction } from '../store/actions.ts';
import type { Database, Executor } from '../store/database.ts';
import type { Sent } from '../store/deliveries.ts';

/** Writes about deliveries; gives the actions whose deliveries have another state now. */
type Write = (trx: Executor) => Promise<readonly Sent[]>;

/** Writes that come while the disk is busy share the next transaction. Each is durable when its promise resolves. */
export interface Settle {
  (write: Write): Promise<void>;
  /** Nobody is told of anything any more. */
  close(): void;
}

interface Waiting {
  readonly write: Write;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Writes of one transaction: nothing else happens while it runs. */
const most = 64;
/** Milliseconds at most between two transactions while there is more to write. */
const longestRest = 50;
/** Devices are told of changes at most this often, in milliseconds: ten thousand deliveries are not ten thousand news. */
const pause = 500;

export function createSettle(db: Database, changed: (idTag: string) => void): Settle {
  const tell = createTell(changed);
  const waiting: Waiting[] = [];
  let running = false;

  const commit = async (): Promise<void> => {
    const batch: Waiting[] = [];
    try {
      const touched = await db.transaction().execute((trx) => {
        // Only now: what came while others had the database is taken along.
        batch.push(...waiting.splice(0, most));
        return writeAll(trx, batch);
      });
      for (const idTag of new Set(touched.map(({ id_tag }) => id_tag))) tell(idTag);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 0) batch.push(...waiting.splice(0, most));
      for (const { reject } of batch) reject(error);
    }
  };

  const run = async (): Promise<void> => {
    running = true;
    let rest = 0;
    while (waiting.length > 0) {
      // Half of the time is for others; meanwhile more comes together.
      await new Promise((resolve) => setTimeout(resolve, rest));
      const began = performance.now();
      await commit();
      rest = Math.min(performance.now() - began, longestRest);
    }
    running = false;
  };

  const settle = (write: Write): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ write, resolve, reject });
      if (!running) void run();
    });
  return Object.assign(settle, { close: tell.close });
}

async function writeAll(trx: Executor, batch: readonly Waiting[]): Promise<Sent[]> {
  const touched = new Map<string, Sent>();
  for (const { write } of batch)
    for (const sent of await write(trx)) touched.set(`${sent.id_tag} ${sent.statement_id}`, sent);
  for (const { id_tag, statement_id } of touched.values()) await renumberAction(trx, id_tag, statement_id);
  return [...touched.values()];
}

/** At once, and then again after the pause when there was more. */
function createTell(changed: (idTag: string) => void) {
  const resting = new Map<string, { again: boolean; readonly timer: NodeJS.Timeout }>();
  const tell = (idTag: string): void => {
    const rest = resting.get(idTag);
    if (rest) rest.again = true;
    else {
      resting.set(idTag, { again: false, timer: setTimeout(wakeUp, pause, idTag) });
      changed(idTag);
    }
  };
  const wakeUp = (idTag: string): void => {
    const again = resting.get(idTag)?.again;
    resting.delete(idTag);
    if (again) tell(idTag);
  };
  const close = () => {
    for (const { timer } of resting.values()) clearTimeout(timer);
  };
  return Object.assign(tell, { close });
}
