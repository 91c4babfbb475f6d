import type { TypesDictionary } from './en.ts';

/** German names of the kinds of documents. */
export const de: TypesDictionary = {
  'types.new': 'Neu',
  'types.text': 'Dokument',
  'types.board': 'Tafel',
  'types.whiteboard': 'Zeichenfläche',
  'types.quill': 'Formatierter Text',
  'board.columns': 'Offen|In Arbeit|Erledigt',
};
