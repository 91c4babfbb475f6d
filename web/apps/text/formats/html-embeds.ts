import type { Mark } from 'prosemirror-model';
import { isDocumentId } from '../../../client/documents/document-id.ts';
import { schema } from '../schema.ts';
import type { BlockSink } from './block-sink.ts';
import { type HtmlElement, findElement, hasClass, textOf } from './html-tree.ts';
import type { HtmlReader } from './read-html.ts';

const { nodes, marks: types } = schema;

/** Reads pictures, and what stands in a line of our own exports. False for any other element. */
export function readEmbedded(
  element: HtmlElement,
  marks: readonly Mark[],
  sink: BlockSink,
  reader: HtmlReader,
): boolean {
  const { tag, attrs } = element;
  if (tag === 'img') {
    readPicture(element, { marks, sink, reader, caption: '' });
    return true;
  }
  if (tag === 'figure') return readFigure(element, marks, sink, reader);
  if (!reader.own) return false;
  const idTag = attrs.get('data-mention');
  const date = attrs.get('data-date');
  const target = attrs.get('data-doc');
  if (idTag !== undefined) sink.inline(nodes.mention.create({ idTag }));
  else if (date !== undefined && /^\d{4}-\d\d-\d\d$/.test(date)) sink.inline(nodes.date.create({ date }));
  else if (target !== undefined && isDocumentId(target))
    sink.inline(nodes.doc_link.create({ id: target, title: textOf(element) }));
  // The caption stands on its picture too.
  else return hasClass(element, 'picture-caption');
  return true;
}

function readFigure(
  element: HtmlElement,
  marks: readonly Mark[],
  sink: BlockSink,
  reader: HtmlReader,
): boolean {
  const pictures: HtmlElement[] = [];
  const picture = findElement(element, (one) => one.tag === 'img' && pictures.push(one) > 1);
  const [only] = pictures;
  const words = findElement(element, ({ tag }) => tag === 'figcaption');
  // Only a figure that is a picture with its caption is read as one.
  if (picture !== undefined || only === undefined || hasClass(element, 'callout')) return false;
  const said = textOf(element).replace(/\s+/g, ' ').trim();
  const caption = words === undefined ? '' : textOf(words).replace(/\s+/g, ' ').trim();
  if (said !== caption) return false;
  sink.endLine();
  const link = findElement(element, ({ tag }) => tag === 'a')?.attrs.get('href');
  const around = link === undefined ? marks : types.link.create({ href: link }).addToSet(marks);
  readPicture(only, { marks: around, sink, reader, caption });
  sink.endLine();
  return true;
}

interface Place {
  marks: readonly Mark[];
  sink: BlockSink;
  reader: HtmlReader;
  caption: string;
}

function readPicture({ attrs }: HtmlElement, { marks, sink, reader, caption }: Place): void {
  const shown = attrs.get('src') ?? '';
  const held = /^data:image\//i.test(shown) ? reader.pictures.push(shown) - 1 : undefined;
  const src = reader.own ? (attrs.get('data-src') ?? '') : held === undefined ? shown : '';
  // No other address of this kind is anything that a document could show.
  if (/^(data|blob|file|javascript):/i.test(src.trim())) return;
  const known = reader.own ? (attrs.get('data-blob') ?? '') : '';
  const blob = held === undefined ? (/^b1~[\w-]{43}$/.test(known) ? known : '') : `#${held}`;
  if (src === '' && blob === '' && !reader.own) return;
  sink.inline(
    nodes.image.create({
      src,
      alt: attrs.get('alt') ?? '',
      title: attrs.get('title') ?? '',
      blob,
      href: String(types.link.isInSet(marks)?.attrs['href'] ?? ''),
      caption: attrs.get('data-caption') ?? caption,
    }),
  );
}
