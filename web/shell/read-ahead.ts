import { buildAhead } from '../apps/text/content.ts';
import { readPreviewAhead } from '../apps/text/preview.ts';
import type { Documents, OpenDocument } from '../client/documents/documents.ts';

/** How long the pointer rests on a link, or the focus on it, before a long document is loaded; milliseconds. */
const REST = 80;
/** How long it is kept in memory for that; milliseconds. */
const KEPT = 10_000;

/** The long document that is being loaded, or is in memory, because somebody points at it. */
export interface ReadAhead {
  holds(id: string): boolean;
  /** Lets go of it, and of what was about to be loaded. */
  end(): void;
}

/**
 * Whoever points at a document may open it: the beginning that is kept of a long one is read at once, and all of it when the pointer
 * rests. A finger is on its way to something else as often, or scrolls.
 */
export function watchPointing(documents: Pick<Documents, 'readAhead'>): ReadAhead {
  let pointed: string | undefined;
  let ahead: string | undefined;
  let held: OpenDocument | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;
  let keeping: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(resting);
    clearTimeout(keeping);
    pointed = ahead = undefined;
    // Nothing was written into it.
    held?.close().catch(() => undefined);
    held = undefined;
  };
  const load = async (id: string): Promise<void> => {
    if (!(await readPreviewAhead(id)) || pointed !== id) return;
    end();
    pointed = ahead = id;
    const open = await documents.readAhead(id);
    if (ahead !== id) return open?.close();
    held = open;
    keeping = setTimeout(end, KEPT);
    if (open !== undefined) buildAhead(open);
  };
  const point = (event: Event): void => {
    const id = documentOf(event.target);
    if (id === pointed) return;
    clearTimeout(resting);
    pointed = id;
    if (id === undefined || id === ahead) return;
    void readPreviewAhead(id);
    if (event instanceof PointerEvent && event.pointerType === 'touch') return;
    // Opening it says what is wrong.
    resting = setTimeout(() => void load(id).catch(end), REST);
  };
  for (const sign of ['pointerover', 'pointerdown', 'focusin']) addEventListener(sign, point);
  // What is not being loaded when it is opened would stand in the way of its beginning.
  addEventListener('pointerdown', () => clearTimeout(resting));
  return { holds: (id) => ahead === id, end };
}

function documentOf(target: EventTarget | null): string | undefined {
  const link = target instanceof Element ? target.closest('a[href^="/d/"]') : null;
  return link?.getAttribute('href')?.slice(3) || undefined;
}
