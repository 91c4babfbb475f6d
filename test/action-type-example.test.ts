import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { parseAction } from '../shared/action/action.ts';
import type { formatSigningInput } from '../shared/token/compact.ts';

const root = join(import.meta.dirname, '..');
const vectorsSchema = v.object({
  valid: v.array(v.object({ why: v.string(), payload: v.record(v.string(), v.unknown()) })),
  invalid: v.array(
    v.object({ why: v.string(), code: v.string(), payload: v.record(v.string(), v.unknown()) }),
  ),
});

interface ActionModule {
  parseAction: typeof parseAction;
}
interface TokenModule {
  formatSigningInput: typeof formatSigningInput;
}

/** The protocol with the worked example of docs/action-types.md added as the text says. */
let folder: string;
let vectors: v.InferOutput<typeof vectorsSchema>;

beforeAll(() => {
  const page = readFileSync(join(root, 'docs/action-types.md'), 'utf8');
  const [, type, json, line] =
    /```ts\n([^`]*(?:`[^`]+`[^`]*)*?)```[^]*?```json\n([^`]*)```[^]*?```ts\n([^`]*)```/.exec(page) ?? [];
  if (!type || !json || !line) throw new Error('the page has no worked example');
  // Below the project, so that packages are found.
  mkdirSync(join(root, 'test-results'), { recursive: true });
  folder = mkdtempSync(join(root, 'test-results', 'example-'));
  cpSync(join(root, 'shared'), folder, { recursive: true });
  const own = join(folder, 'action/types/rcmd');
  mkdirSync(own);
  writeFileSync(join(own, 'rcmd.ts'), type);
  const list = join(folder, 'action/types.ts');
  const before = readFileSync(list, 'utf8');
  writeFileSync(list, before.replace(/^\];$/m, '  rcmd,\n];'));
  appendFileSync(list, line);
  vectors = v.parse(vectorsSchema, JSON.parse(json));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(claims: object) {
  const actions = (await import(/* @vite-ignore */ join(folder, 'action/action.ts'))) as ActionModule;
  const tokens = (await import(/* @vite-ignore */ join(folder, 'token/compact.ts'))) as TokenModule;
  const stated = { iss: 'alice.test', k: '261121', iat: 1_795_262_400, ...claims };
  return actions.parseAction(`${tokens.formatSigningInput('JWT', stated)}.${'A'.repeat(128)}`);
}

it('A2: the worked example of a new action type works as it is printed', async () => {
  for (const { payload } of vectors.valid) {
    const { type } = await read(payload);
    expect(type.type).toBe('RCMD');
    expect(type.raw).toBeUndefined();
  }
  for (const { payload, code } of vectors.invalid)
    await expect(read(payload)).rejects.toMatchObject({ code });
  expect(vectors.valid.length + vectors.invalid.length).toBeGreaterThan(3);
});
