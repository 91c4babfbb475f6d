import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js';
import { readFace, type Space } from './spaces.ts';

/** The picture of a space as an address for `img`; undefined while it has none. Call inside an owner. */
export function createFace(space: Accessor<Space>): Accessor<string | undefined> {
  const [url, setUrl] = createSignal<string>();
  const id = space().id;
  let gone = false;
  const put = (next: string | undefined): void => {
    const before = url();
    if (before !== undefined) URL.revokeObjectURL(before);
    if (gone && next !== undefined) URL.revokeObjectURL(next);
    setUrl(gone ? undefined : next);
  };
  createEffect(() => {
    if (space().id === id) readFace(space()).then(put, () => undefined); // its letter is shown
  });
  onCleanup(() => {
    gone = true;
    put(undefined);
  });
  return url;
}
