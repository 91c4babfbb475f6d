import { DOMSerializer, Node } from 'prosemirror-model';
import { readPreview, writePreview } from '../../client/documents/preview.ts';
import { isLong } from './content-sync.ts';
import type { MountedEditor } from './editor.ts';
import { nextFrame } from './next-frame.ts';
import { schema } from './schema.ts';

const { nodes } = schema;

/** Blocks and characters that fill a screen. */
const MOST = { blocks: 60, size: 8_000 };
/** Pause after which what was written goes into the preview, in milliseconds. */
const PAUSE = 2000;

/** What looks the same without an editor, and fetches nothing. */
const plain = new Set([
  ...[nodes.blockquote, nodes.bullet_list, nodes.code_block, nodes.hard_break, nodes.heading],
  ...[nodes.horizontal_rule, nodes.list_item, nodes.ordered_list, nodes.paragraph, nodes.text],
]);

/** The beginning of a document as far as it is plain; undefined when there is none. */
export function leadOf(doc: Node): Node | undefined {
  let end = 0;
  for (const block of doc.children.slice(0, MOST.blocks)) {
    if (end + block.nodeSize > MOST.size || !isPlain(block)) break;
    end += block.nodeSize;
  }
  return end === 0 ? undefined : doc.cut(0, end);
}

function isPlain(node: Node): boolean {
  return plain.has(node.type) && node.children.every(isPlain);
}

const showing = new WeakMap<HTMLElement, Promise<Node | undefined>>();

/** What was read before anybody asked for the document. */
let ahead: { id: string; lead: Promise<Node | undefined> } | undefined;

/**
 * Reads what is kept of a document that may be opened next: its link is under the pointer, or has the focus. Resolves with whether
 * there is something, as there is of a long one. Never rejects.
 */
export async function readPreviewAhead(id: string): Promise<boolean> {
  if (ahead?.id !== id) ahead = { id, lead: readLead(id) };
  return (await ahead.lead) !== undefined;
}

/**
 * Shows the beginning of a long document, as it was kept, while the rest is loaded; once in an element, and nothing where something
 * stands already. Resolves with what is kept when it is on the screen, or there is nothing to show. Never rejects.
 */
export function showPreview(id: string, element: HTMLElement): Promise<Node | undefined> {
  const known = showing.get(element);
  if (known !== undefined) return known;
  const read = ahead?.id === id ? ahead.lead : readLead(id);
  // What is written from now on is not in it.
  ahead = undefined;
  const shown = read.then(async (lead) => {
    if (lead === undefined || element.childElementCount > 0) return lead;
    element.append(createPreview(lead));
    await nextFrame();
    return lead;
  });
  showing.set(element, shown);
  return shown;
}

/** Of what lies on the disk only what an editor of this build could hold. */
async function readLead(id: string): Promise<Node | undefined> {
  try {
    const lead = Node.fromJSON(schema, await readPreview(id));
    lead.check();
    return leadOf(lead);
  } catch {
    // Not kept, kept by another version, or storage fails: the document itself says what is wrong.
    return undefined;
  }
}

function createPreview(lead: Node): HTMLElement {
  const box = document.createElement('div');
  box.className = 'text-editor text-long text-preview';
  box.inert = true;
  DOMSerializer.fromSchema(schema).serializeFragment(lead.content, { document }, box);
  // An empty line is as high as one with words.
  for (const line of box.querySelectorAll('p:empty')) line.append(document.createElement('br'));
  return box;
}

/**
 * Keeps the beginning of a document, if it is a long one, for when it is opened next; `kept` is what is kept of it now. Returns the
 * end, which writes what is waiting.
 */
export function keepPreview(id: string, editor: MountedEditor, kept: Node | undefined): () => void {
  let last = kept;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const doc = editor.view?.state.doc;
    if (doc === undefined) return;
    const lead = isLong(doc) ? leadOf(doc) : undefined;
    if (lead === last || (lead !== undefined && last?.eq(lead))) return;
    last = lead;
    // Without it the document only comes later.
    writePreview(id, lead?.toJSON()).catch(() => undefined);
  };
  const stop = editor.subscribe(() => {
    timer ??= setTimeout(write, PAUSE);
  });
  return () => {
    stop();
    if (timer !== undefined) write();
  };
}
