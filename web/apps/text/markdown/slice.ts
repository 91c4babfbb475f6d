import { Slice } from 'prosemirror-model';
import { MOST_MARKDOWN, TooMuch, isTooMuch } from '../blocks/too-much.ts';
import { schema } from '../schema.ts';
import { parseMarkdown } from './parse.ts';

/** Markdown as it is put into a text, at a place that is so deep: one paragraph becomes part of the line. @throws TooMuch */
export function markdownSlice(text: string, depth: number): Slice {
  if (text.length > MOST_MARKDOWN) throw new TooMuch();
  const { content } = parseMarkdown(text);
  const open = content.childCount === 1 && content.firstChild?.type === schema.nodes.paragraph ? 1 : 0;
  const slice = new Slice(content, open, open);
  if (isTooMuch(slice, depth)) throw new TooMuch();
  return slice;
}
