import { liveQuery } from 'dexie';
import { createSignal, onCleanup, type Accessor } from 'solid-js';

/**
 * A Dexie query as a signal: read again whenever a table it touched changes, in any tab. Call inside an
 * owner (component or root). A failing query is thrown at the reader, never shown as emptiness.
 */
export function createLive<T>(query: () => T | Promise<T>, initial: T): Accessor<T> {
  const [value, setValue] = createSignal<{ ok: T } | { error: unknown }>({ ok: initial });
  const subscription = liveQuery(query).subscribe({
    next: (next) => setValue({ ok: next }),
    error: (error: unknown) => setValue({ error }),
  });
  onCleanup(() => subscription.unsubscribe());
  return () => {
    const current = value();
    if ('error' in current) throw current.error;
    return current.ok;
  };
}
