import type { Token } from 'markdown-it';
import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { type MarkdownEnv, meansTheSame, reader } from './parser.ts';
import { serializeBlocks, serializeMarkdown } from './serialize.ts';
import { NoNode, tokensToNodes } from './tokens-to-nodes.ts';

/**
 * Markdown as a document. Prove or keep: a block becomes nodes only when they, written as Markdown again, show the same
 * as its source; otherwise its source is kept verbatim in a raw block. Lines that show nothing, such as reference
 * definitions, are kept in place too.
 */
export function parseMarkdown(source: string): Node {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const { front, body } = splitFrontMatter(text);
  const blocks = front === '' ? [] : [rawBlock(front)];
  const env: MarkdownEnv = {};
  const parts = splitBlocks(body, reader.parse(body, env));
  for (const part of parts) blocks.push(...convert(part, env));
  const doc = toDocument(blocks);
  // Blocks were proved one by one; together they must not run into each other either.
  return meansTheSame(text, serializeMarkdown(doc), {}) ? doc : toDocument(keepApart(front, parts));
}

/** One top-level block: its source lines, and its tokens when markdown-it saw one there. */
interface Part {
  source: string;
  tokens: Token[];
}

function splitFrontMatter(text: string): { front: string; body: string } {
  const found = /^---\n[\w"'-]+[ \t]*:[^\n]*\n(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  return found === null
    ? { front: '', body: text }
    : { front: found[0].trimEnd(), body: text.slice(found[0].length) };
}

function splitBlocks(body: string, tokens: Token[]): Part[] {
  const lines = body.split('\n');
  const parts: Part[] = [];
  let line = 0;
  const keep = (until: number): void => {
    const source = trimLines(lines.slice(line, until));
    if (source !== '') parts.push({ source, tokens: [] });
  };
  for (let at = 0; at < tokens.length;) {
    const end = blockEnd(tokens, at);
    const [from, to] = tokens[at]?.map ?? [line, line];
    keep(from);
    parts.push({ source: trimLines(lines.slice(from, to)), tokens: tokens.slice(at, end) });
    line = Math.max(line, to);
    at = end;
  }
  keep(lines.length);
  return parts;
}

/** Index after the token that closes the block at `at`. */
function blockEnd(tokens: Token[], at: number): number {
  let depth = 0;
  for (let i = at; i < tokens.length; i++) {
    depth += tokens[i]?.nesting ?? 0;
    if (depth === 0) return i + 1;
  }
  return tokens.length;
}

/** Without blank lines at both ends. Indentation of the first line stays: it may mean code. */
function trimLines(lines: string[]): string {
  const filled = lines.map((line) => line.trim() !== '');
  return lines.slice(Math.max(0, filled.indexOf(true)), filled.lastIndexOf(true) + 1).join('\n');
}

function convert(part: Part, env: MarkdownEnv): Node[] {
  if (part.tokens.length === 0 || definesReferences(part)) return [rawBlock(part.source)];
  try {
    const converted = tokensToNodes(part.tokens);
    if (meansTheSame(part.source, serializeBlocks(converted), env)) return converted;
  } catch (error) {
    if (!(error instanceof NoNode)) throw error;
  }
  return [rawBlock(part.source)];
}

/** Definitions inside quotes and lists show nothing, and would be lost with their block's source. */
function definesReferences({ source }: Part): boolean {
  if (!/\]:/.test(source)) return false;
  const own: MarkdownEnv = {};
  reader.parse(source, own);
  return Object.keys(own.references ?? {}).length > 0;
}

/** Every block as its source, for the rare document whose blocks cannot be told apart any other way. */
function keepApart(front: string, parts: Part[]): Node[] {
  const sources = parts.map((part) => part.source);
  return [...(front === '' ? [] : [front]), ...sources].map(rawBlock);
}

function rawBlock(source: string): Node {
  return schema.nodes.raw_block.create({ source });
}

function toDocument(blocks: Node[]): Node {
  const content = blocks.length === 0 ? [schema.nodes.paragraph.create()] : blocks;
  return schema.nodes.doc.create(null, content);
}
