import { createSignal, onCleanup, type Accessor } from 'solid-js';
import { followQuery } from '../client/store/live-query.ts';

/**
 * A Dexie query as a signal: read again whenever a table it touched changes, in any tab. Call inside an
 * owner (component or root). A failing query is thrown at the reader, never shown as emptiness. The database
 * is opened before the query runs: what is opened inside one stays read-only to everybody who waited for it.
 */
export function createLive<D, T>(opening: Promise<D>, query: (db: D) => Promise<T>, initial: T): Accessor<T> {
  const [value, setValue] = createSignal<{ ok: T } | { error: unknown }>({ ok: initial });
  const fail = (error: unknown): void => void setValue({ error });
  let subscription: { unsubscribe(): void } | undefined;
  let gone = false;
  opening.then((db) => {
    if (gone) return;
    const next = (rows: T): void => void setValue({ ok: rows });
    subscription = followQuery(() => query(db)).subscribe({ next, error: fail });
  }, fail);
  onCleanup(() => {
    gone = true;
    subscription?.unsubscribe();
  });
  return () => {
    const current = value();
    if ('error' in current) throw current.error;
    return current.ok;
  };
}
