/** English words of rich-text documents and of those that cannot be shown; fetched with them. Flat keys. */
export const en = {
  'quill.cannotEdit':
    'This document holds something that this version would damage. Its words are shown; nothing is changed.',
  'quill.embeddedDocument': 'Another document is shown here in Cloudillo',
  'quill.video': 'Video from {{host}}',
  'quill.videoUnknown': 'Video',
  'quill.unknownEmbed': 'Kept as it is: {{name}}',
  'quill.pictureTooLarge':
    'This picture cannot be put into the document: it cannot be opened, or stays too large.',
  'other.title': 'This kind of document cannot be shown here',
  'other.from': 'It was shared by {{owner}}.',
  'other.kind': 'Its kind is {{type}}.',
  'other.kept':
    'It stays in your documents as it is, and opens as soon as a version of Islet knows its kind.',
} as const;

export type QuillKey = keyof typeof en;
export type QuillDictionary = Record<QuillKey, string>;
