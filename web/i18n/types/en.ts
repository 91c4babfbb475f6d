/** English names of the kinds of documents. Flat keys. */
export const en = {
  'types.new': 'New',
  'types.text': 'Document',
  'types.board': 'Board',
  'types.whiteboard': 'Whiteboard',
  'types.quill': 'Rich text',
  'board.columns': 'To do|Doing|Done',
} as const;

export type TypesKey = keyof typeof en;
export type TypesDictionary = Record<TypesKey, string>;
