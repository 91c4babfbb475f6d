import { type Accessor, createResource } from 'solid-js';
import type { DocumentRow } from '../client/store/database.ts';
import { openText } from './text-app.ts';
import { newTypes } from './typed-documents.ts';

/** So many pictures are kept: about what two screens show. */
const most = 60;
const drawn = new Map<string, Promise<string | undefined>>();

type Previewed = Pick<DocumentRow, 'id' | 'type' | 'edited'>;

/** A small picture of a document that is no text, as an address; undefined while there is none. Drawn anew after an edit. */
export function createPreview(entry: () => Previewed | undefined): Accessor<string | undefined> {
  const key = () => {
    const { id = '', type = '', edited = 0 } = entry() ?? {};
    return newTypes.some((one) => one === type) ? `${type}/${id}/${edited}` : undefined;
  };
  const [address] = createResource(key, readDrawn);
  return () => (key() === undefined || address.error !== undefined ? undefined : address.latest);
}

function readDrawn(key: string): Promise<string | undefined> {
  const known = drawn.get(key);
  if (known) return known;
  const [type = '', id = ''] = key.split('/');
  const made = draw(type, id);
  drawn.set(key, made);
  const [oldest] = drawn.keys();
  if (drawn.size > most && oldest !== undefined) drawn.delete(oldest);
  // One that failed is tried again the next time.
  made.catch(() => drawn.delete(key));
  return made;
}

async function draw(type: string, id: string): Promise<string | undefined> {
  const [{ documents }, { modelOf }] = await Promise.all([
    openText(),
    import('../client/documents/models.ts'),
  ]);
  const { doc } = await documents.snapshot(id);
  try {
    const svg = modelOf(type)?.preview?.(doc);
    return svg ? `data:image/svg+xml,${encodeURIComponent(svg)}` : undefined;
  } finally {
    doc.destroy();
  }
}
