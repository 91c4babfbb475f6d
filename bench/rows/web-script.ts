import { readFirstScripts, totalSize } from '../../web/e2e/first-scripts.ts';
import { buildApp } from '../browser/app-page.ts';
import type { Row, Samples } from '../row.ts';

async function measure(part: 'shell' | 'editor', limit: number): Promise<Samples> {
  const scripts = await readFirstScripts(await buildApp());
  return { ours: [totalSize(scripts[part]) / 1000], theirs: [limit] };
}

const createRow = (part: 'shell' | 'editor', limit: number): Row => ({
  name: `web-script-${part}`,
  what: `script that the page needs for the caret, compressed: the ${part}`,
  ours: 'the built app',
  theirs: 'its limit',
  unit: 'kB',
  target: { atMost: 1 },
  measure: () => measure(part, limit),
});

export const webScriptShell = createRow('shell', 60);
export const webScriptEditor = createRow('editor', 110);
