import type * as Y from 'yjs';
import type { WrittenFile } from '../../../client/documents/document-model.ts';
import { type DeltaOp, embedName, TEXT_NAME, textOps } from '../model.ts';

interface Line {
  /** The words, as Markdown. */
  words: string;
  /** The words as they are, for code. */
  plain: string;
  formats: Record<string, unknown>;
}

/** A rich-text document as a Markdown file. */
export function writeRichText(doc: Y.Doc): WrittenFile {
  const text = opsToMarkdown(textOps(doc.getText(TEXT_NAME)) ?? []);
  return { ending: '.md', mime: 'text/markdown;charset=utf-8', text };
}

/** The steps of a rich text as Markdown. What Markdown does not know (colours, alignment, sizes) is left out. */
export function opsToMarkdown(ops: DeltaOp[]): string {
  const blocks: { text: string; kind: string }[] = [];
  for (const line of splitLines(ops)) {
    const block = lineToBlock(line);
    if (block.text === '' && block.kind !== 'code') continue;
    const last = blocks.at(-1);
    // Lines of one list, quotation or code stand together.
    if (last !== undefined && last.kind === block.kind && block.kind !== 'paragraph')
      last.text += `\n${block.text}`;
    else blocks.push(block);
  }
  const written = blocks.map(({ text, kind }) => (kind === 'code' ? fence(text) : text));
  return written.length === 0 ? '' : `${written.join('\n\n')}\n`;
}

function splitLines(ops: DeltaOp[]): Line[] {
  const lines: Line[] = [];
  let words = '';
  let plain = '';
  const end = (formats: Record<string, unknown>): void => {
    lines.push({ words, plain, formats });
    words = '';
    plain = '';
  };
  for (const { insert, attributes = {} } of ops) {
    if (typeof insert === 'object') words += embedToMarkdown({ insert });
    if (typeof insert !== 'string') continue;
    insert.split('\n').forEach((part, index) => {
      if (index > 0) end(attributes);
      words += wordsToMarkdown(part, attributes);
      plain += part;
    });
  }
  if (words !== '') end({});
  return lines;
}

function lineToBlock({ words, plain, formats }: Line): { text: string; kind: string } {
  const { header, list, indent } = formats;
  if (formats['code-block']) return { text: plain, kind: 'code' };
  if (words === '') return { text: '', kind: 'paragraph' };
  if (typeof header === 'number' && header >= 1 && header <= 6)
    return { text: `${'#'.repeat(header)} ${words}`, kind: 'paragraph' };
  if (typeof list === 'string') {
    const marks: Record<string, string> = { ordered: '1.', checked: '- [x]', unchecked: '- [ ]' };
    const depth = typeof indent === 'number' ? Math.min(Math.max(indent, 0), 9) : 0;
    return { text: `${'    '.repeat(depth)}${marks[list] ?? '-'} ${words}`, kind: 'list' };
  }
  if (formats['blockquote']) return { text: `> ${words}`, kind: 'quote' };
  const escaped = words.replace(/^(\s*)([#+-])/, '$1\\$2').replace(/^(\s*\d+)([.)])/, '$1\\$2');
  return { text: escaped, kind: 'paragraph' };
}

/** Marks stand close to the words: Markdown does not see them beside a space. */
function wordsToMarkdown(text: string, formats: Record<string, unknown>): string {
  const [, before = '', words = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  if (words === '') return text;
  let marked = formats['code'] ? codeSpan(words) : words.replace(/[\\`*_[\]<>~]/g, '\\$&');
  if (formats['strike']) marked = `~~${marked}~~`;
  if (formats['italic']) marked = `*${marked}*`;
  if (formats['bold']) marked = `**${marked}**`;
  const { link } = formats;
  if (typeof link === 'string' && link !== '') marked = `[${marked}](<${address(link)}>)`;
  return before + marked + after;
}

function embedToMarkdown(op: DeltaOp): string {
  const name = embedName(op) ?? '';
  const value = typeof op.insert === 'object' ? op.insert[name] : undefined;
  if (name === 'formula') return codeSpan(String(value));
  if (name === 'image' && typeof value === 'string') return `![](<${address(value)}>)`;
  return '';
}

function address(link: string): string {
  return link.replace(/[<>\n\r\\]/g, encodeURIComponent);
}

function codeSpan(text: string): string {
  const ticks = '`'.repeat(longestRun(text) + 1);
  const pad = ticks.length > 1 ? ' ' : '';
  return ticks + pad + text + pad + ticks;
}

function fence(text: string): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}\n${text}\n${ticks}`;
}

/** Length of the longest run of backticks. */
function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
