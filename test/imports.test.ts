import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../shared/parse.ts';
import { type Edge, packageOf, readEdges } from './edges.ts';
import { isTest, refusal } from './layers.ts';
import { listFiles, readSource } from './source-files.ts';

const sources = ['shared', 'relay', 'web', 'conformance', 'test', 'bench']
  .flatMap((folder) => listFiles(folder))
  .filter((path) => /\.tsx?$/.test(path));
const edges = sources.flatMap((path) => readEdges(path, readSource(path)));

function broken(found: readonly Edge[]): string[] {
  return found.flatMap((edge) => {
    const reason = refusal(edge);
    return reason === undefined ? [] : [`${edge.from} → ${edge.specifier}: ${reason}`];
  });
}

describe('imports run one way', () => {
  it('no import crosses a room or climbs a layer', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(edges.length).toBeGreaterThan(200);
    expect(broken(edges)).toEqual([]);
  });

  it('every package that is imported is stated in package.json', () => {
    const names = v.record(v.string(), v.string());
    const stated = parseJson(
      v.object({ dependencies: names, devDependencies: names }),
      readSource('package.json'),
    );
    const known = (path: string) =>
      /^(shared|relay)\//.test(path) && !isTest(path)
        ? stated.dependencies
        : { ...stated.dependencies, ...stated.devDependencies };
    const missing = edges
      .filter(({ specifier }) => !/^([.?/]|node:|virtual:)/.test(specifier))
      .filter(
        ({ from, specifier }) =>
          !from.startsWith('bench/') && !Object.hasOwn(known(from), packageOf(specifier)),
      )
      .map(({ from, specifier }) => `${from} → ${specifier}`);
    expect(missing).toEqual([]);
  });

  it('relative imports name a file that is there, with its ending', () => {
    const all = new Set(listFiles());
    const lost = edges
      .filter(({ specifier }) => specifier.startsWith('.') && !specifier.endsWith('/'))
      .filter(
        ({ from, specifier }) =>
          !all.has(new URL(specifier.split('?')[0]!, `file:///${from}`).pathname.slice(1)),
      )
      .filter(({ specifier }) => /\.(ts|tsx|css|json)$/.test(specifier))
      .map(({ from, specifier }) => `${from} → ${specifier}`);
    expect(lost).toEqual([]);
  });
});

/** Edges that the test above must find: each is a rule of the house broken on purpose. */
const planted: readonly [why: string, path: string, source: string][] = [
  ['shared imports the relay', 'shared/bytes.ts', "import { x } from '../relay/log.ts';"],
  ['shared imports the web', 'shared/action/action.ts', "export { x } from '../../web/client/account.ts';"],
  ['shared imports Node', 'shared/bytes.ts', "import { readFile } from 'node:fs/promises';"],
  ['shared imports a package of its own liking', 'shared/bytes.ts', "import ky from 'ky';"],
  ['shared imports only a type of Node', 'shared/bytes.ts', "import type { Buffer } from 'node:buffer';"],
  ['shared decides at run time', 'shared/bytes.ts', 'const x = await import(name);'],
  ['shared imports what is for tests', 'shared/bytes.ts', "import { seed } from './test/seeded.ts';"],
  [
    'the judge of nodes imports the protocol',
    'conformance/run.ts',
    "import { x } from '../shared/bytes.ts';",
  ],
  ['the judge of nodes imports the relay', 'conformance/run.ts', "import { x } from '../relay/log.ts';"],
  ['the relay imports the web', 'relay/node.ts', "import { x } from '../web/client/account.ts';"],
  ['the web imports the relay', 'web/client/account.ts', "import { x } from '../../relay/log.ts';"],
  [
    'the web imports a type of the relay',
    'web/client/account.ts',
    "let x: import('../../relay/log.ts').Log;",
  ],
  [
    'a page loads the relay when it runs',
    'web/pages/home/home-page.tsx',
    "const x = () => import('../../../relay/log.ts');",
  ],
  [
    'a page imports its sibling',
    'web/pages/home/home-page.tsx',
    "import { x } from '../feed/feed-page.tsx';",
  ],
  ['a page imports the shell', 'web/pages/home/home-page.tsx', "import { x } from '../../shell/app.tsx';"],
  [
    'a page that opens no documents imports an app',
    'web/pages/feed/feed-page.tsx',
    "import '../../apps/text/editor.ts';",
  ],
  ['an app imports another', 'web/apps/sheet/model.ts', "import { x } from '../text/schema.ts';"],
  ['an app imports a page', 'web/apps/text/editor.ts', "import { x } from '../../pages/home/home-page.tsx';"],
  ['the client imports Solid', 'web/client/account.ts', "import { createSignal } from 'solid-js';"],
  ['the client imports the state', 'web/client/account.ts', "import { x } from '../state/account.ts';"],
  ['the client imports Node', 'web/client/account.ts', "import { x } from 'node:crypto';"],
  ['ui imports something of ours', 'web/ui/avatar.tsx', "import { x } from '../i18n/en.ts';"],
  ['ui imports the client', 'web/ui/avatar.tsx', "import { x } from '../client/account.ts';"],
  ['the state imports ui', 'web/state/chip.ts', "import { x } from '../ui/avatar.tsx';"],
  ['the state imports the shell', 'web/state/chip.ts', "import { x } from '../shell/app.tsx';"],
  ['the service worker imports the shell', 'web/sw.ts', "import { x } from './shell/app.tsx';"],
  [
    'a worker is made of the relay',
    'web/client/account.ts',
    "new Worker(new URL('../../relay/main.ts', import.meta.url));",
  ],
  ['http imports socket', 'relay/http/app.ts', "import { x } from '../socket/sync.ts';"],
  ['the store imports the inbox', 'relay/store/actions.ts', "import { x } from '../inbox/accept.ts';"],
  ['identity imports http', 'relay/identity/access.ts', "import { x } from '../http/app.ts';"],
  ['delivery imports the inbox', 'relay/delivery/lanes.ts', "import { x } from '../inbox/accept.ts';"],
  ['the relay imports Dexie', 'relay/store/actions.ts', "import Dexie from 'dexie';"],
  ['a new room in the relay without a place', 'relay/extras/x.ts', "import { x } from '../node.ts';"],
  ['the product imports a scenario', 'relay/node.ts', "import { createNetwork } from './test/network.ts';"],
  ['the relay requires', 'relay/node.ts', "const x = require('../web/main.tsx');"],
  ['a test of the web imports the relay', 'web/client/x.test.ts', "import { x } from '../../relay/node.ts';"],
];

const allowed: readonly [why: string, path: string, source: string][] = [
  [
    'the document page opens apps',
    'web/pages/document/document-page.tsx',
    "import '../../apps/text/editor.ts';",
  ],
  ['a page imports its own parts', 'web/pages/home/home-page.tsx', "import { x } from './trash.tsx';"],
  ['the client imports shared', 'web/client/account.ts', "import { x } from '../../shared/bytes.ts';"],
  ['a test in shared reads files', 'shared/bytes.test.ts', "import { readFileSync } from 'node:fs';"],
  [
    'the shell imports pages',
    'web/shell/app.tsx',
    "const x = lazy(() => import('../pages/home/home-page.tsx'));",
  ],
  [
    'words that look like an import',
    'shared/bytes.ts',
    "/* import '../relay/log.ts' */ const x = \"from '../web/x.ts'\";",
  ],
];

describe('the test of imports finds what it looks for', () => {
  it.each(planted)('refused: %s', (_why, path, source) => {
    expect(broken(readEdges(path, source))).toHaveLength(1);
  });

  it.each(allowed)('allowed: %s', (_why, path, source) => {
    expect(broken(readEdges(path, source))).toEqual([]);
  });
});
