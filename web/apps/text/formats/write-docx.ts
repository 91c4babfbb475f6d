import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { createDocxLines } from './docx-lines.ts';
import { docxNumbering, docxStyles } from './docx-styles.ts';
import type * as Docx from 'docx';

const { nodes } = schema;

/** A picture as Word can hold it. */
export interface DocxPicture {
  type: 'png' | 'jpg' | 'gif';
  bytes: Uint8Array;
  width: number;
  height: number;
}

export interface DocxWords {
  title: string;
  /** By the node of the picture; what is missing is named by its words. */
  pictures: ReadonlyMap<Node, DocxPicture>;
  /** A day `YYYY-MM-DD` in the reader's words. */
  day(date: string): string;
}

/** Where blocks stand: inside lists, quotes, callouts. */
interface Place {
  /** Depth of lists, 0 outside. */
  depth: number;
  style?: string;
  /** The list's mark, for the first paragraph of an item. */
  numbering?: { reference: string; level: number; instance: number };
  /** `☐ ` before a task. */
  box?: string;
}

/** A document for Word and its relatives: styles, lists, tables, pictures, code, callouts. */
export async function writeDocx(doc: Node, words: DocxWords): Promise<Blob> {
  const docx = await import('docx');
  const writer = createWriter(docx, words);
  const file = new docx.Document({
    title: words.title,
    creator: 'Islet',
    ...docxStyles(docx),
    numbering: docxNumbering(docx),
    sections: [{ children: writer(childrenOf(doc), { depth: 0 }) }],
  });
  return docx.Packer.toBlob(file);
}

type Blocks = (Docx.Paragraph | Docx.Table)[];

function createWriter(
  docx: typeof Docx,
  words: DocxWords,
): (blocks: readonly Node[], place: Place) => Blocks {
  const { line, code } = createDocxLines(docx, words);
  let lists = 0;

  const paragraph = (block: Node, place: Place, more: Docx.IParagraphOptions = {}): Docx.Paragraph => {
    const indent =
      place.depth > 0 && place.numbering === undefined ? { indent: { left: place.depth * 360 } } : {};
    return new docx.Paragraph({
      ...indent,
      ...(place.style !== undefined && { style: place.style }),
      ...(place.numbering !== undefined && { numbering: place.numbering }),
      ...more,
      children: [...(place.box === undefined ? [] : [new docx.TextRun(place.box)]), ...line(block)],
    });
  };
  const list = (block: Node, place: Place): Blocks => {
    const reference = block.type === nodes.ordered_list ? 'ordered' : 'bullets';
    lists += 1;
    const numbering = { reference, level: Math.min(place.depth, 8), instance: lists };
    return childrenOf(block).flatMap((item) => {
      const box = item.type === nodes.task_item ? { box: item.attrs['checked'] === true ? '☑ ' : '☐ ' } : {};
      const [first, ...rest] = childrenOf(item);
      const inside: Place = { depth: place.depth + 1 };
      const isText = first !== undefined && first.type === nodes.paragraph;
      const lead = isText ? [paragraph(first, { ...inside, numbering, ...box })] : [];
      return [...lead, ...blocks(isText ? rest : childrenOf(item), inside)];
    });
  };
  const table = (block: Node): Docx.Table =>
    new docx.Table({
      width: { size: 100, type: docx.WidthType.PERCENTAGE },
      rows: childrenOf(block).map(
        (row) =>
          new docx.TableRow({
            tableHeader: row.firstChild?.type === nodes.table_header && row === block.firstChild,
            children: childrenOf(row).map(
              (cell) =>
                new docx.TableCell({
                  columnSpan: Number(cell.attrs['colspan']),
                  rowSpan: Number(cell.attrs['rowspan']),
                  children: [new docx.Paragraph({ ...alignment(docx, cell), children: line(cell) })],
                }),
            ),
          }),
      ),
    });
  const one = (block: Node, place: Place): Blocks => {
    switch (block.type) {
      case nodes.heading:
        return [
          paragraph(block, place, {
            style: `Heading${Math.min(6, Math.max(1, Number(block.attrs['level']) || 1))}`,
          }),
        ];
      case nodes.blockquote:
        return blocks(childrenOf(block), { ...place, style: 'Quote' });
      case nodes.callout:
        return blocks(childrenOf(block), {
          ...place,
          style: `Callout${capital(String(block.attrs['kind']))}`,
        });
      case nodes.code_block:
      case nodes.raw_block:
        return code(block);
      case nodes.horizontal_rule:
        return [new docx.Paragraph({ style: 'HorizontalLine' })];
      case nodes.bullet_list:
      case nodes.ordered_list:
      case nodes.task_list:
        return list(block, place);
      case nodes.table:
        // Word runs tables together that stand next to each other.
        return block.firstChild?.childCount === 0 ? [] : [table(block), new docx.Paragraph({})];
      default:
        return [paragraph(block, place)];
    }
  };
  const blocks = (all: readonly Node[], place: Place): Blocks => all.flatMap((block) => one(block, place));
  return blocks;
}

function alignment(docx: typeof Docx, { attrs }: Node): Docx.IParagraphOptions {
  if (attrs['align'] === 'center') return { alignment: docx.AlignmentType.CENTER };
  return attrs['align'] === 'right' ? { alignment: docx.AlignmentType.RIGHT } : {};
}

function capital(kind: string): string {
  return /^(tip|warning|danger)$/.test(kind) ? kind.charAt(0).toUpperCase() + kind.slice(1) : 'Note';
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEach((child) => children.push(child));
  return children;
}
