import type * as Docx from 'docx';
import type { Mark, Node } from 'prosemirror-model';
import { isLiveHref, schema } from '../schema.ts';
import type { DocxWords } from './write-docx.ts';

const { nodes, marks: types } = schema;

/** Widest picture on a page, in pixels of 1/96 inch. */
const WIDEST = 600;

type Children = Docx.ParagraphChild[];

/** Writes what stands in a line, and blocks of code. */
export function createDocxLines(
  docx: typeof Docx,
  words: DocxWords,
): { line: (block: Node) => Children; code: (block: Node) => Docx.Paragraph[] } {
  const run = (text: string, marks: readonly Mark[]): Docx.TextRun => {
    const has = (mark: Mark): boolean => mark.isInSet(marks);
    return new docx.TextRun({
      text,
      ...(has(types.strong.create()) && { bold: true }),
      ...(has(types.em.create()) && { italics: true }),
      ...(has(types.strike.create()) && { strike: true }),
      ...(has(types.underline.create()) && { underline: {} }),
      ...(has(types.highlight.create()) && { highlight: 'yellow' as const }),
      ...(has(types.code.create()) && { style: 'CodeChar' }),
    });
  };
  const textNode = (node: Node): Children => {
    const text = run(clean(node.text ?? ''), node.marks);
    const href = String(types.link.isInSet(node.marks)?.attrs['href'] ?? '');
    // An address inside this site leads nowhere from a file.
    const leads = isLiveHref(href) && /^[a-z]+:/i.test(href);
    return leads ? [new docx.ExternalHyperlink({ link: href, children: [text] })] : [text];
  };
  const picture = (node: Node): Children => {
    const found = words.pictures.get(node);
    const { alt, caption } = node.attrs;
    const below =
      caption === '' ? [] : [new docx.TextRun({ text: clean(String(caption)), italics: true, break: 1 })];
    if (found === undefined) return [run(`[${clean(String(alt || node.attrs['src']))}]`, []), ...below];
    const scale = Math.min(1, WIDEST / Math.max(1, found.width));
    const transformation = {
      width: Math.round(found.width * scale),
      height: Math.round(found.height * scale),
    };
    const { type, bytes: data } = found;
    const altText = {
      name: 'picture',
      description: clean(String(alt)),
      title: clean(String(node.attrs['title'])),
    };
    return [new docx.ImageRun({ type, data, transformation, altText }), ...below];
  };
  const atom = (node: Node): Children => {
    if (node.type === nodes.hard_break) return [new docx.TextRun({ break: 1 })];
    if (node.type === nodes.image) return picture(node);
    if (node.type === nodes.date) return [run(words.day(String(node.attrs['date'])), [])];
    return [run(clean(node.type.spec.leafText?.(node) ?? ''), [])];
  };
  return {
    line: (block) => childrenOf(block).flatMap((node) => (node.isText ? textNode(node) : atom(node))),
    code(block) {
      const text = block.type === nodes.raw_block ? String(block.attrs['source']) : block.textContent;
      return clean(text)
        .split('\n')
        .map((one) => new docx.Paragraph({ style: 'Code', children: [new docx.TextRun(one)] }));
    },
  };
}

/** Without the characters that XML does not have. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  node.forEach((child) => children.push(child));
  return children;
}
