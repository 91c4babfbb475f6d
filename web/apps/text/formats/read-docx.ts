import { zipSync } from 'fflate';
import { type FileSource, RefusedFile } from './file-source.ts';
import { type HtmlContent, readHtml } from './read-html.ts';
import { readArchive } from './unpack.ts';

/** Largest Word document that is taken, in bytes. */
export const LARGEST_DOCX = 100 * 1024 * 1024;

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
 * what came out of it goes on. @throws RefusedFile
 */
export async function readDocx(file: FileSource): Promise<HtmlContent> {
  if (file.size > LARGEST_DOCX) throw new RefusedFile('too-large');
  const files = await readArchive(file);
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
