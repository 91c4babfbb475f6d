import type { QuillDictionary } from './en.ts';

/** German words of rich-text documents and of those that cannot be shown. */
export const de: QuillDictionary = {
  'quill.cannotEdit':
    'Dieses Dokument enthält etwas, das diese Version beschädigen würde. Sein Text wird gezeigt; geändert wird nichts.',
  'quill.embeddedDocument': 'In Cloudillo steht hier ein anderes Dokument',
  'quill.video': 'Video von {{host}}',
  'quill.videoUnknown': 'Video',
  'quill.unknownEmbed': 'Unverändert aufbewahrt: {{name}}',
  'quill.pictureTooLarge':
    'Dieses Bild passt nicht in das Dokument: Es lässt sich nicht öffnen oder bleibt zu groß.',
  'other.title': 'Diese Art von Dokument lässt sich hier nicht zeigen',
  'other.from': 'Es wurde von {{owner}} geteilt.',
  'other.kind': 'Es ist von der Art {{type}}.',
  'other.kept':
    'Es bleibt unverändert bei deinen Dokumenten und öffnet sich, sobald eine Version von Islet seine Art kennt.',
};
