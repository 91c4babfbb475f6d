import type * as Docx from 'docx';

const CALLOUTS = { Note: '3b6fb6', Tip: '2f7d4f', Warning: 'a8710b', Danger: 'b3362b' };

/** The styles of an exported document; `read-docx.ts` knows their names. */
export function docxStyles(docx: typeof Docx): Pick<Docx.IPropertiesOptions, 'styles'> {
  const mono = { font: 'Courier New', size: 19 };
  const bar = (color: string) => ({ left: { style: docx.BorderStyle.SINGLE, size: 18, space: 8, color } });
  const callouts = Object.entries(CALLOUTS).map(([kind, color]) => ({
    id: `Callout${kind}`,
    name: `Callout ${kind}`,
    basedOn: 'Normal',
    paragraph: { border: bar(color), indent: { left: 240 }, spacing: { after: 120 } },
  }));
  return {
    styles: {
      default: {
        document: { run: { font: 'Calibri', size: 22 }, paragraph: { spacing: { after: 140, line: 288 } } },
      },
      paragraphStyles: [
        {
          id: 'Quote',
          name: 'Quote',
          basedOn: 'Normal',
          run: { italics: true },
          paragraph: { border: bar('999999'), indent: { left: 240 } },
        },
        { id: 'Code', name: 'Code', basedOn: 'Normal', run: mono, paragraph: { spacing: { after: 0 } } },
        {
          id: 'HorizontalLine',
          name: 'Horizontal Line',
          basedOn: 'Normal',
          paragraph: {
            border: { bottom: { style: docx.BorderStyle.SINGLE, size: 6, space: 1, color: '999999' } },
          },
        },
        ...callouts,
      ],
      characterStyles: [{ id: 'CodeChar', name: 'Code Char', basedOn: 'DefaultParagraphFont', run: mono }],
    },
  };
}

/** Marks of lists, nine levels deep. */
export function docxNumbering(docx: typeof Docx): Docx.INumberingOptions {
  const levels = (format: (level: number) => Pick<Docx.ILevelsOptions, 'format' | 'text'>) =>
    Array.from({ length: 9 }, (_, level) => ({
      level,
      alignment: docx.AlignmentType.LEFT,
      style: { paragraph: { indent: { left: (level + 1) * 360, hanging: 280 } } },
      ...format(level),
    }));
  const { LevelFormat } = docx;
  const bullets = levels((level) => ({ format: LevelFormat.BULLET, text: '•◦▪'.charAt(level % 3) }));
  const ordered = levels((level) => ({ format: LevelFormat.DECIMAL, text: `%${level + 1}.` }));
  return {
    config: [
      { reference: 'bullets', levels: bullets },
      { reference: 'ordered', levels: ordered },
    ],
  };
}
