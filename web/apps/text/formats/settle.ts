import { Fragment, type Mark, type Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { type Attachment, type Shelf, pictureType } from './shelf.ts';

const { nodes, marks: types } = schema;

/** Largest picture that an import takes along, in bytes. */
const LARGEST_PICTURE = 20 * 1024 * 1024;

/** What a document that was read refers to. */
export interface Surroundings {
  shelf: Shelf;
  /** Where its file lies. */
  path: string;
  /** `data:` addresses of its pictures, see `readHtml`. */
  pictures: readonly string[];
  /** Keeps a picture on this device and gives its id `b1~…`. */
  saveBlob(blob: Blob): Promise<string>;
  /** Has a file come along, and gives its address here; absent where files are not taken. */
  attach?: ((file: Attachment) => string) | undefined;
}

/**
 * A document that was read from a file, at home here: links to files that come along lead to the documents they become,
 * `[[names]]` are links, quotes that begin with `[!note]` are callouts, pictures that came along are kept, and files that it
 * links to come along.
 */
export async function settle(content: Node, around: Surroundings): Promise<Node> {
  const linked = mapInline(content, (node) => (node.isText ? linkText(node, around) : [node]));
  return keepPictures(mapBlocks(linked, toCallout), around);
}

/** Rebuilds the lines of a document; code stays as it is. */
export function mapInline(node: Node, change: (inline: Node) => Node[]): Node {
  if (node.isLeaf || node.type === nodes.code_block) return node;
  const children: Node[] = [];
  node.forEach((child) => children.push(...(node.isTextblock ? change(child) : [mapInline(child, change)])));
  return node.copy(Fragment.fromArray(children));
}

function mapBlocks(node: Node, change: (block: Node) => Node): Node {
  if (node.isTextblock || node.isLeaf) return node;
  const children: Node[] = [];
  node.forEach((child) => children.push(change(mapBlocks(child, change))));
  return node.copy(Fragment.fromArray(children));
}

/** `![[picture.png|300]]`, `[[Note]]`, `[[folder/Note#Part|said so]]`. */
const WIKI = /(!?)\[\[([^[\]|#^\n]+)(?:[#^][^[\]|\n]*)?(?:\\?\|([^[\]\n]*))?\]\]/g;

function linkText(node: Node, around: Surroundings): Node[] {
  const link = types.link.isInSet(node.marks);
  if (link !== undefined) return linkToDocument(node, link, around);
  if (types.code.isInSet(node.marks) !== undefined) return [node];
  const text = node.text ?? '';
  const out: Node[] = [];
  let at = 0;
  for (const found of text.matchAll(WIKI)) {
    const [whole, embed, name = '', said = ''] = found;
    const made = wikiNode({ embed: embed === '!', name, said, marks: node.marks }, around);
    if (made === undefined) continue;
    if (found.index > at) out.push(schema.text(text.slice(at, found.index), node.marks));
    out.push(made);
    at = found.index + whole.length;
  }
  if (at === 0) return [node];
  return at < text.length ? [...out, schema.text(text.slice(at), node.marks)] : out;
}

interface Wiki {
  embed: boolean;
  name: string;
  said: string;
  marks: readonly Mark[];
}

function wikiNode({ embed, name, said, marks }: Wiki, { shelf, attach }: Surroundings): Node | undefined {
  if (embed && pictureType(name) !== undefined) {
    const picture = shelf.noted(name);
    const alt = /^\d+(x\d+)?$/.test(said) ? '' : said;
    // Its address is kept as it was written; where it lies is found by it once more.
    return picture && nodes.image.create({ src: `wiki:${name}`, alt });
  }
  const note = shelf.note(name);
  const file = note === undefined && attach ? shelf.attached(name) : undefined;
  if (file && attach) {
    const words = said.trim() === '' ? file.name : said;
    return schema.text(words, types.link.create({ href: attach(file) }).addToSet(marks));
  }
  if (note === undefined) return undefined;
  if (said.trim() === '' || said === note.name)
    return nodes.doc_link.create({ id: note.id, title: note.name });
  return schema.text(said, types.link.create({ href: `/d/${note.id}` }).addToSet(marks));
}

function linkToDocument(node: Node, link: Mark, { shelf, path, attach }: Surroundings): Node[] {
  const target = shelf.document(path, String(link.attrs['href']));
  if (target === undefined) {
    const file = attach && shelf.attachment(path, String(link.attrs['href']));
    const href = file && attach(file);
    return [
      href === undefined ? node : node.mark(types.link.create({ ...link.attrs, href }).addToSet(node.marks)),
    ];
  }
  if (node.text === target.name && node.marks.length === 1)
    return [nodes.doc_link.create({ id: target.id, title: target.name })];
  const here = types.link.create({ ...link.attrs, href: `/d/${target.id}` });
  return [node.mark(here.addToSet(node.marks))];
}

const KINDS: Readonly<Record<string, string>> = {
  tip: 'tip',
  hint: 'tip',
  success: 'tip',
  check: 'tip',
  done: 'tip',
  important: 'warning',
  warning: 'warning',
  caution: 'warning',
  attention: 'warning',
  question: 'note',
  danger: 'danger',
  error: 'danger',
  bug: 'danger',
  failure: 'danger',
  fail: 'danger',
};

/** Obsidian's callouts: a quote that begins with `[!kind] Title`. */
function toCallout(block: Node): Node {
  const first = block.type === nodes.blockquote ? block.firstChild : null;
  const head = first?.type === nodes.paragraph ? first.firstChild : null;
  const found = /^\[!([\w-]+)(?:\|[^\]]*)?\][+-]?[ \t]*/.exec(head?.text ?? '');
  if (!first || !head || !found) return block;
  const kind = KINDS[found[1]?.toLowerCase() ?? ''] ?? 'note';
  const rest = first.content.cut(found[0].length);
  const lead = rest.size === 0 ? [] : [first.copy(rest)];
  const inside: Node[] = [...lead];
  block.forEach((child, _, index) => index > 0 && inside.push(child));
  return nodes.callout.create({ kind }, inside.length === 0 ? [nodes.paragraph.create()] : inside);
}

async function keepPictures(content: Node, around: Surroundings): Promise<Node> {
  const found = new Map<string, string>();
  const keys = new Set<string>();
  content.descendants((node) => void (node.type === nodes.image && keys.add(pictureKey(node))));
  for (const key of keys) {
    const bytes = await readPicture(key, around);
    if (bytes !== undefined && bytes.size <= LARGEST_PICTURE) found.set(key, await around.saveBlob(bytes));
  }
  return mapInline(content, (node) => {
    if (node.type !== nodes.image) return [node];
    const { src, blob } = node.attrs;
    const kept = found.get(pictureKey(node)) ?? (String(blob).startsWith('#') ? '' : String(blob));
    const address = String(src).replace(/^wiki:/, '');
    return [nodes.image.create({ ...node.attrs, src: address, blob: kept })];
  });
}

/** What names the bytes of a picture: the place of its `data:` address, or where it lies. */
function pictureKey({ attrs }: Node): string {
  return String(attrs['blob']).startsWith('#') ? String(attrs['blob']) : String(attrs['src']);
}

async function readPicture(key: string, { shelf, path, pictures }: Surroundings): Promise<Blob | undefined> {
  if (key.startsWith('#')) return parseDataUrl(pictures[Number(key.slice(1))] ?? '');
  const file = key.startsWith('wiki:') ? shelf.noted(key.slice('wiki:'.length)) : shelf.picture(path, key);
  if (file === undefined || file.file.size > LARGEST_PICTURE) return undefined;
  // Files read from a folder carry no type, and without one an SVG is not shown.
  return new Blob([await file.file.arrayBuffer()], { type: pictureType(file.path) ?? file.file.type });
}

/** The bytes of a `data:` address of a picture; undefined when it is none, or malformed. */
export function parseDataUrl(address: string): Blob | undefined {
  const found = /^data:(image\/[\w.+-]+)(?:;[\w=.-]+)*?(;base64)?,/i.exec(address);
  if (found === null) return undefined;
  const content = address.slice(found[0].length);
  try {
    const bytes =
      found[2] === undefined
        ? new TextEncoder().encode(decodeURIComponent(content))
        : Uint8Array.from(atob(content.replace(/\s/g, '')), (char) => char.charCodeAt(0));
    return new Blob([bytes], { type: found[1]?.toLowerCase() ?? '' });
  } catch {
    // Neither base64 nor percent signs: a picture that no browser would show.
    return undefined;
  }
}
