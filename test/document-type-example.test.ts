import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { typeOfMime } from '../web/client/documents/content-types.ts';
import type { modelOf } from '../web/client/documents/models.ts';

const root = join(import.meta.dirname, '..');

interface Models {
  modelOf: typeof modelOf;
}
interface ContentTypes {
  typeOfMime: typeof typeOfMime;
}
interface Counter {
  countUp(doc: Y.Doc): void;
}

/** The documents of the browser with the worked example of docs/document-types.md added as the text says. */
let folder: string;

/** Puts a line into a list, behind the line of whiteboards. */
function addLine(file: string, line: string): void {
  const path = join(folder, 'web/client/documents', file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(/^ {2}whiteboard\b.*$/m, (found) => `${found}\n${line}`);
  if (after === before) throw new Error(`no list in ${file}`);
  writeFileSync(path, after);
}

beforeAll(() => {
  const page = readFileSync(join(root, 'docs/document-types.md'), 'utf8');
  const [model, type, entry] = [...page.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1]);
  if (!model || !type || !entry) throw new Error('the page has no worked example');
  // Below the project, so that packages are found.
  mkdirSync(join(root, 'test-results'), { recursive: true });
  folder = mkdtempSync(join(root, 'test-results', 'example-'));
  for (const part of ['shared', 'web/client', 'web/apps/board', 'web/apps/quill', 'web/apps/whiteboard'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'web/apps/counter'));
  writeFileSync(join(folder, 'web/apps/counter/model.ts'), model);
  addLine('types.ts', type.trimEnd());
  addLine('models.ts', entry.trimEnd());
  const list = join(folder, 'web/client/documents/models.ts');
  const more = "import { counter } from '../../apps/counter/model.ts';\n";
  writeFileSync(list, more + readFileSync(list, 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('J14: the worked example of a new document type works as it is printed', async () => {
  const own = (path: string): string => join(folder, 'web', path);
  const models = (await import(/* @vite-ignore */ own('client/documents/models.ts'))) as Models;
  const types = (await import(/* @vite-ignore */ own('client/documents/content-types.ts'))) as ContentTypes;
  const { countUp } = (await import(/* @vite-ignore */ own('apps/counter/model.ts'))) as Counter;
  const counter = models.modelOf('counter');
  const [one, two] = [new Y.Doc(), new Y.Doc()];
  countUp(one);
  countUp(one);
  countUp(two);
  Y.applyUpdate(one, Y.encodeStateAsUpdate(two));
  expect(counter?.describe(one)).toEqual({ excerpt: '3' });
  expect(counter?.write?.(one, 'Boats')).toMatchObject({ ending: '.txt', text: 'Boats: 3\n' });
  expect(types.typeOfMime('example/counter')).toBe('counter');
  expect(types.typeOfMime('example/unknown')).toBe('other');
  expect(models.modelOf('board')?.mime).toBe('islet/board');
});

it('J14: every type has a model with the content type that the list of types gives it', async () => {
  const { documentModels } = await import('../web/client/documents/models.ts');
  const { documentTypes } = await import('../web/client/documents/types.ts');
  expect(Object.keys(documentModels).sort()).toEqual(Object.keys(documentTypes).sort());
  for (const [id, mime] of Object.entries(documentTypes))
    expect(documentModels[id as keyof typeof documentTypes].mime).toBe(mime);
});
