import { type DocumentModel, cutText } from '../../client/documents/document-model.ts';
import { orderAt } from '../../client/documents/fractional-order.ts';
import { documentTypes } from '../../client/documents/types.ts';
import * as Y from 'yjs';
import { mapOf, readBoard, titleOf } from './model/board.ts';
import { boardToMarkdown } from './model/markdown.ts';
import { boardPreview } from './model/preview.ts';

/** Boards: columns of cards. */
export const board: DocumentModel = {
  mime: documentTypes.board,
  schema: 1,
  create(doc, words) {
    let order = '';
    words.forEach((name, index) => {
      order = orderAt([order], 1);
      // Known names: a board that two devices make at once is two boards.
      mapOf(doc, 'columns').set(`c${index}`, new Y.Map<unknown>(Object.entries({ name, order })));
    });
  },
  describe(doc) {
    const titles = readBoard(doc).columns.flatMap(({ cards }) => cards.slice(0, 20).map(titleOf));
    return { excerpt: cutText(titles.filter(Boolean).join(' · '), 160) };
  },
  searchText(doc) {
    const { columns, labels } = readBoard(doc);
    const cards = columns.flatMap((column) => [
      column.name,
      ...column.cards.flatMap((card) => [card.text, ...card.people, ...card.checks.map(({ text }) => text)]),
    ]);
    return [...cards, ...labels.map(({ name }) => name)].filter(Boolean).join('\n');
  },
  write: (doc, title) => ({
    ending: '.md',
    mime: 'text/markdown;charset=utf-8',
    text: boardToMarkdown(readBoard(doc), title),
  }),
  preview: (doc) => boardPreview(readBoard(doc)),
};
