import { zipSync } from 'fflate';
import { type FileSource, RefusedFile } from './file-source.ts';
import { type HtmlContent, readHtml } from './read-html.ts';
import { readArchive } from './unpack.ts';
import type { ZipEntry } from './zip-directory.ts';

/** Largest Word document that is taken, in bytes. */
export const LARGEST_DOCX = 100 * 1024 * 1024;

/** Most XML in one, in bytes unpacked: some 100,000 paragraphs. All of it is read into memory, at many times its size. */
const MOST_XML = 64 * 1024 * 1024;

/** How styles of Word, and those of our own export, are read. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='Code'] => pre:separator('\\n')",
  "p[style-name='HTML Preformatted'] => pre:separator('\\n')",
  "r[style-name='Code Char'] => code",
  "p[style-name='Horizontal Line'] => hr:fresh",
  ...['Note', 'Tip', 'Warning', 'Danger'].map(
    (kind) => `p[style-name='Callout ${kind}'] => div.callout.${kind.toLowerCase()} > p:fresh`,
  ),
  'u => u',
  'strike => s',
  'highlight => mark',
];

/**
 * A Word document: headings, lists, tables, pictures, emphasis, notes. Its archive is unpacked within limits first, and only
 * what came out of it goes on. @throws RefusedFile too-long among others
 */
export async function readDocx(file: FileSource): Promise<HtmlContent> {
  if (file.size > LARGEST_DOCX) throw new RefusedFile('too-large');
  const files = await readArchive(file, refuseLong);
  if (!files.has('[Content_Types].xml')) throw new RefusedFile('broken');
  const safe = zipSync(Object.fromEntries([...files].map(([name, bytes]) => [name, [bytes, { level: 0 }]])));
  const { default: mammoth } = await import('mammoth');
  // One name is read in browsers, the other in Node.
  const input = { arrayBuffer: safe.buffer, buffer: safe };
  try {
    const { value } = await mammoth.convertToHtml(input, { styleMap: STYLES });
    return readHtml(value);
  } catch (error) {
    throw new RefusedFile('broken', error instanceof Error ? error.message : String(error));
  }
}

/** By what the archive says of itself, which nothing that comes out of it exceeds. */
function refuseLong(entries: readonly ZipEntry[]): void {
  const xml = entries.filter(({ name }) => /\.(xml|rels)$/i.test(name));
  if (xml.reduce((sum, { size }) => sum + size, 0) > MOST_XML) throw new RefusedFile('too-long');
}
