import type { Fault } from './fault.ts';

/** Faults in the browser's side: what it believes, and what it calls safe. */
export const webFaults: readonly Fault[] = [
  {
    name: 'does not compute the chain itself',
    file: 'web/client/sync/incoming.ts',
    find: 'return (await nextChain(cursor.chain, space, batch)) === place.chain;',
    put: 'return (await nextChain(cursor.chain, space, batch)) !== undefined;',
    tests: ['web/client/sync/incoming.test'],
  },
  {
    name: 'does not notice rows that were left out',
    file: 'web/client/sync/incoming.ts',
    find: 'if (place.seq !== cursor.seq + batch.rows.length) return false;',
    put: 'if (place.seq < cursor.seq) return false;',
    tests: ['web/client/sync/incoming.test'],
  },
  {
    name: 'forgets rows that were shown and not committed',
    file: 'web/client/sync/incoming.ts',
    find: 'const rows = [...shown.values()].flatMap((batch) => batch.rows.filter(isTold));',
    put: 'const rows = [...shown.values()].flatMap(() => []);',
    tests: ['web/client/sync/outgoing'],
  },
  {
    name: 'takes rows for stored that are on their way',
    file: 'web/client/sync/outgoing.ts',
    find: 'const done = sent.filter((batch) => batch.first + batch.rows.length - 1 <= acked);',
    put: 'const done = sent.filter((batch) => batch.first <= acked);',
    tests: ['web/client/sync/outgoing'],
  },
  {
    name: 'finds no gap in a document',
    file: 'web/client/sync/ledger.ts',
    find: 'gap: !isHeldBy(known, doc),',
    put: 'gap: false,',
    tests: ['web/client/sync/ledger', 'web/client/sync/healing'],
  },
  {
    name: 'lets a mass deletion pass',
    file: 'web/client/sync/mass-deletion.ts',
    find: 'const mass = lost.length > 0 && (all > most || (all >= few && all > before.of * share));',
    put: 'const mass = lost.length > 0 && all > 100 * most && all > before.of * share;',
    tests: ['web/client/sync/mass-deletion'],
  },
  {
    name: 'says saved after a write that failed',
    file: 'web/client/documents/saver.ts',
    find: '          fail(second ?? first);\n          return;',
    put: '          done = asked;',
    tests: ['web/client/documents/storage-faults', 'web/client/documents/every-fault'],
  },
  {
    name: 'says saved without looking',
    file: 'web/client/documents/saver.ts',
    find: '    await options.confirm();\n',
    put: '',
    tests: ['web/client/documents/storage-faults', 'web/client/documents/every-fault'],
  },
];
