/** Yjs, and documents as this browser keeps them; the shell has the files that are left out. */
const documentParts =
  /node_modules\/(yjs|lib0|y-protocols|y-indexeddb)\/|client\/documents\/(?!document-id|types)|client\/store\/(?!database|upgrade|live-query)|client\/rooms\/may-write|state\/blobs/;

/** Later modules by their layer, so that no chunk needs one above it. */
const laterChunks = [
  ['words-en', /\/i18n\/\w+\/en\.ts$/],
  ['words-de', /\/i18n\/\w+\/de\.ts$/],
  ['upkeep', /\/web\/pages\/(settings|setup|enrol|recover|authorize|name|handover)\//],
  // Without style sheets: with them the first script would wait for the chunk.
  ['pages', /\/web\/(pages|ui)\/.*\.tsx?$|\/lucide-solid\//],
  // Without what opens a PDF: all of pdf.js would come with it.
  ['state', /\/(shared|web\/(client(?!\/files\/renditions\/open-pdf)|state|i18n))\//],
] as const;

interface ModuleGraph {
  getModuleInfo(
    id: string,
  ): { readonly importedIds: readonly string[]; readonly dynamicImporters: readonly string[] } | null;
}

/**
 * The chunk of a module; null leaves it to the bundler.
 *
 * What the first page needs stays as small as it can be. Our own modules that come later go into a few chunks: cut up by
 * who uses what they were 150 files, most of them under two kilobytes. The service worker fetches one after the other, so
 * the app worked offline that much later.
 */
export function createChunks(web: string): (id: string, graph: ModuleGraph) => string | null {
  const entries = [`${web}/main.tsx`, `${web}/shell/text-chunk.ts`];
  let first: Set<string> | undefined;
  return (id, graph) => {
    first ??= collectImports(entries, graph);
    if (first.has(id)) return documentParts.test(id) ? 'documents' : null;
    const module = graph.getModuleInfo(id);
    // Rolldown 1.2 loses the namespace of what is imported dynamically into a shared chunk.
    if (module === null || module.dynamicImporters.length > 0) return null;
    return laterChunks.find(([, pattern]) => pattern.test(id))?.[0] ?? null;
  };
}

/** All that is reached from modules by imports that wait for nothing. */
function collectImports(ids: readonly string[], graph: ModuleGraph, found = new Set<string>()): Set<string> {
  for (const id of ids) {
    if (found.has(id)) continue;
    found.add(id);
    collectImports(graph.getModuleInfo(id)?.importedIds ?? [], graph, found);
  }
  return found;
}
