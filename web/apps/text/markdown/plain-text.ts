import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';

/** Plain text as a document: blank lines part paragraphs, single line ends stay line ends. Nothing is read into it. */
export function plainTextToDocument(text: string): Node {
  const paragraphs = text
    .replace(/^\ufeff/, '')
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*(?:\n[ \t]*)+/)
    .filter((part) => part.trim() !== '')
    .map(paragraph);
  return schema.nodes.doc.create(
    null,
    paragraphs.length === 0 ? [schema.nodes.paragraph.create()] : paragraphs,
  );
}

function paragraph(text: string): Node {
  const content: Node[] = [];
  text
    .replace(/^\n+|\s+$/g, '')
    .split('\n')
    .forEach((line, index) => {
      if (index > 0) content.push(schema.nodes.hard_break.create());
      if (line !== '') content.push(schema.text(line));
    });
  return schema.nodes.paragraph.create(null, content);
}
