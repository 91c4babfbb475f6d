import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { isOnlyPicture, looksLikeMarkdown } from '../paste.ts';
import { readFrontMatter, withoutKeptHead } from './front-matter.ts';
import type { RefusedFile } from './file-source.ts';
import { parseCsv, rowsToTable, textCell } from './read-csv.ts';
import { readDocx } from './read-docx.ts';
import { readHtml } from './read-html.ts';
import { unpackArchives } from './unpack.ts';

/** Enough that work which grows with the square does not end within the time of a test. */
const many = 300_000;

test('a head of blanks, or a heading of signs, is read in one go', () => {
  const blanks = `---\nname${' '.repeat(many)}x\n${' '.repeat(many)}\ntags: [a, b]\n---\ntext`;
  expect(readFrontMatter(blanks).tags).toEqual(['a', 'b']);
  const signs = `---\ntitle: T\n---\n# a${' '.repeat(many)}b${'#'.repeat(many)}c\n`;
  expect(withoutKeptHead(signs)).toBe(signs);
  expect(withoutKeptHead('---\ntitle: T\n---\n# T ##\nmore')).toBe('# T ##\nmore');
});

test('pasted text of whatever signs is looked at in one go', () => {
  for (const sign of ['\n', '[', '[a](', '|', ' \n', '- \n', '1. \n'])
    expect(looksLikeMarkdown(sign.repeat(many))).toBe(false);
  expect(looksLikeMarkdown('see [that](https://example.org)')).toBe(true);
  expect(looksLikeMarkdown('- one\n\n  - two')).toBe(true);
  expect(isOnlyPicture(`<img>${'<'.repeat(many)}`)).toBe(false);
  expect(isOnlyPicture('<html><body><img src="a"></body></html>')).toBe(true);
});

test('styles without end and pages of very many elements are read', () => {
  const { doc } = readHtml(`<p style="${'text-decoration '.repeat(many / 5)}">words</p>`);
  expect(doc.textContent).toBe('words');
  const deep = '<div>'.repeat(200) + 'x<br>'.repeat(many);
  expect(readHtml(deep).doc.textContent).toHaveLength(many);
});

test('a table that is wide in one row and long in others is none', () => {
  const source = `${','.repeat(15_000)}\n${'a\n'.repeat(15_000)}`;
  expect(() => rowsToTable(parseCsv(source), textCell)).toThrow(
    expect.objectContaining({ reason: 'too-large' }),
  );
});

test('folders in folders without end are no place for a file', async () => {
  const zip = zipSync({
    ['a/'.repeat(5000) + 'deep.md']: new Uint8Array([65]),
    'b/near.md': new Uint8Array([65]),
  });
  const { files, refused } = await unpackArchives([{ path: 'notes.zip', file: new Blob([zip]) }]);
  expect(files.map(({ path }) => path)).toEqual(['notes/b/near.md']);
  expect(refused).toMatchObject([{ reason: 'bad-path' }]);
});

test('a Word document that says it holds very much XML is refused before any of it is unpacked', async () => {
  const empty = new Uint8Array();
  const zip = zipSync({
    '[Content_Types].xml': empty,
    'word/document.xml': empty,
    'word/media/a.png': empty,
  });
  const view = new DataView(zip.buffer);
  const claim = (name: string, size: number): void => {
    const at = new TextDecoder('latin1').decode(zip).lastIndexOf(name) - 46;
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    view.setUint32(at + 20, size, true);
    view.setUint32(at + 24, size, true);
  };
  const reason = () => readDocx(new Blob([zip])).catch((error: RefusedFile) => error.reason);
  claim('word/media/a.png', 300 * 1024 * 1024);
  expect(await reason()).toBe('broken');
  claim('word/document.xml', 100 * 1024 * 1024);
  expect(await reason()).toBe('too-long');
});
