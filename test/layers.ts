import { type Edge, packageOf, resolveEdge } from './edges.ts';

const relayBottom = [
  'relay/inbox',
  'relay/delivery',
  'relay/identity',
  'relay/files',
  'relay/archive',
  'relay/limits',
  'relay/metrics',
  'relay/store',
  'relay/config',
  'relay/origins',
  'relay/log',
  'relay/memory',
];
/** What `node.ts` is put together from. */
const relayParts = [
  'relay/resources',
  'relay/naming',
  'relay/archiving',
  'relay/homes',
  'relay/home',
  'relay/parts',
];
const webLow = ['web/state', 'web/ui', 'web/i18n', 'web/client'];

/** Who may import whom inside a room: the first two parts of a path, each with what it may reach besides itself. */
const reach: Readonly<Record<string, readonly string[]>> = {
  'relay/main': ['relay/node', 'relay/admin', 'relay/config', 'relay/log', 'relay/memory'],
  'relay/admin': ['relay/node', 'relay/tenant', 'relay/config-values', ...relayBottom],
  'relay/node': [
    ...relayParts,
    'relay/storage',
    'relay/tenant',
    'relay/http',
    'relay/socket',
    ...relayBottom,
  ],
  'relay/resources': ['relay/naming', 'relay/homes', 'relay/parts', 'relay/http', ...relayBottom],
  'relay/archiving': ['relay/homes', 'relay/parts', 'relay/http', ...relayBottom],
  'relay/naming': ['relay/homes', 'relay/parts', 'relay/http', ...relayBottom],
  'relay/homes': ['relay/home', 'relay/parts', 'relay/tenant', ...relayBottom],
  'relay/home': ['relay/parts', 'relay/tenant', 'relay/socket', ...relayBottom],
  'relay/parts': ['relay/storage', ...relayBottom],
  'relay/origins': ['relay/config'],
  'relay/storage': ['relay/http', ...relayBottom],
  'relay/http': ['relay/tenant', ...relayBottom],
  'relay/socket': ['relay/tenant', ...relayBottom],
  'relay/tenant': relayBottom,
  'relay/inbox': [
    'relay/delivery',
    'relay/identity',
    'relay/files',
    'relay/limits',
    'relay/store',
    'relay/log',
  ],
  'relay/delivery': ['relay/identity', 'relay/store', 'relay/log'],
  'relay/identity': ['relay/store', 'relay/log'],
  'relay/archive': ['relay/identity', 'relay/files', 'relay/store', 'relay/log'],
  'relay/files': ['relay/store', 'relay/log'],
  'relay/limits': ['relay/store', 'relay/log'],
  'relay/metrics': [],
  'relay/store': [],
  'relay/log': ['relay/config'],
  'relay/config': ['relay/config-values'],
  'relay/config-values': [],
  'web/main': ['web/shell', ...webLow],
  'web/sw': ['web/client', 'web/i18n'],
  'web/shell': ['web/pages', 'web/apps', 'web/actions', ...webLow],
  'web/pages': webLow,
  'web/apps': webLow,
  'web/actions': webLow,
  'web/state': ['web/client', 'web/i18n'],
  'web/ui': [],
  'web/i18n': [],
  'web/client': [],
};

/** Folders whose parts are siblings that do not know each other. */
const siblings = ['web/pages', 'web/apps', 'web/actions'];
/** The page that opens a document of whatever app it is of. */
const opensApps = 'web/pages/document/';

/** The list of document types knows the part of each that needs no screen. */
const listsModels = 'web/client/documents/models.ts';
const model = /^web\/apps\/[\w-]+\/model(\/|\.ts$)/;

const sharedPackages = ['jose', 'yjs', 'lib0', 'valibot'];
/** What a headless client, a relay and a page must not know. */
const foreign: Readonly<Record<string, RegExp>> = {
  'web/client':
    /^(solid-js|@solid|@solidjs|@solid-primitives|lucide-solid|prosemirror-|y-prosemirror|@kobalte)/,
  relay: /^(solid-js|@solid|lucide|dexie|idb$|y-indexeddb|prosemirror-|workbox-|vite)/,
  web: /^(node:|koa|@koa|better-sqlite3|kysely|undici|ws$|pino|ipaddr\.js|@peculiar)/,
};

/** Tests and what only they use: fixtures, and the collection of Markdown files that they read. */
export function isTest(path: string): boolean {
  return /\.(test|spec)\.tsx?$|-fixture\.ts$|\/corpus\.ts$|^(shared|relay|web)\/(test|e2e)\/|^test\//.test(
    path,
  );
}

const room = (path: string) => path.split('/')[0]!;
const layer = (path: string) =>
  path
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/\.tsx?$/, '');
const part = (path: string) => path.split('/').slice(0, 3).join('/');

function refusalOfRoom(from: string, to: string): string | undefined {
  const [here, there] = [room(from), room(to)];
  if (here === 'test' || here === there) return undefined;
  // What judges a node from outside knows nothing of how it is made; its test runs one.
  if (here === 'conformance') return isTest(from) ? undefined : `${here} does not import ${there}`;
  if (there === 'shared' && here !== 'shared') return undefined;
  if (here === 'bench' && ['relay', 'web', 'scripts'].includes(there)) return undefined;
  // Tests in the browser run what was built.
  if (from.startsWith('web/e2e/') && there === 'scripts') return undefined;
  return `${here} does not import ${there}`;
}

function refusalOfSibling(from: string, to: string): string | undefined {
  const folder = siblings.find((name) => layer(from) === name && layer(to) === name);
  if (!folder || part(from) === part(to)) return undefined;
  return `${part(from)} does not know its sibling ${part(to)}`;
}

function refusalOfLayer(from: string, to: string): string | undefined {
  // A scenario runs a whole relay; a test of the web stays where it is.
  if (isTest(from) && (room(from) === 'relay' || from.startsWith('web/e2e/'))) return undefined;
  if (isTest(from) && isTest(to)) return undefined;
  if (from.startsWith(opensApps) && layer(to) === 'web/apps') return undefined;
  if (from === listsModels && model.test(to)) return undefined;
  if (model.test(from) && !model.test(to) && layer(to) !== 'web/client') return `${from} knows a screen`;
  const [here, there] = [layer(from), layer(to)];
  if (here === there || reach[here]?.includes(there)) return undefined;
  return reach[here] ? `${here} does not reach ${there}` : `${here} has no place in the layers`;
}

function refusalOfPackage(from: string, specifier: string): string | undefined {
  const name = packageOf(specifier);
  if (isTest(from)) return undefined;
  if (room(from) === 'shared' && !sharedPackages.includes(name)) return `shared does not import ${name}`;
  const headless = model.test(from) ? foreign['web/client'] : undefined;
  const refused = [headless, foreign[layer(from)], foreign[room(from)]];
  return refused.some((pattern) => pattern?.test(specifier))
    ? `${layer(from)} does not import ${name}`
    : undefined;
}

/** Why an import must not be, or undefined. */
export function refusal(edge: Edge): string | undefined {
  const { from, specifier } = edge;
  if (specifier === '?')
    return room(from) === 'shared' ? 'an import that is only known when it runs' : undefined;
  const to = resolveEdge(edge);
  if (to === undefined) return refusalOfPackage(from, specifier);
  // What is measured is a relay as the scenarios run it.
  if (!isTest(from) && isTest(to) && room(from) !== 'bench')
    return 'the product does not import what is for tests';
  const foreignRoom = refusalOfRoom(from, to) ?? refusalOfSibling(from, to);
  if (foreignRoom !== undefined) return foreignRoom;
  return room(from) === room(to) && ['relay', 'web'].includes(room(from))
    ? refusalOfLayer(from, to)
    : undefined;
}
