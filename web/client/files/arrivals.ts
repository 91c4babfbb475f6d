import type { Database } from '../store/database.ts';

/** Where the share target of the manifest posts to, and where it leads. */
export const sharePath = '/share';
const landing = '/files?arrived';

/** Keeps what another application shared until a page takes it in; answers the POST of the share target. */
export async function receiveShare(request: Request, db: Database): Promise<Response> {
  const form = await request.formData();
  const files = form.getAll('files').filter((value) => value instanceof File);
  const words = ['title', 'text', 'url'].flatMap((name) => {
    const value = form.get(name);
    return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
  });
  if (files.length === 0 && words.length > 0)
    files.push(new File([`${words.join('\n\n')}\n`], 'shared.md', { type: 'text/markdown' }));
  await db.arrivals.bulkAdd(
    files.map((file) => ({ name: file.name, bytes: file.slice(0, file.size, file.type) })),
  );
  return Response.redirect(new URL(landing, request.url).href, 303);
}

/**
 * Names of what was shared and not taken in yet. Any page of the web can post to the share target, so a person is asked before
 * any of it becomes a file.
 */
export async function listShared(db: Database): Promise<string[]> {
  return (await db.arrivals.toArray()).map(({ name }) => name);
}

/** Lets go of everything that was shared and not taken in. */
export function forgetShared(db: Database): Promise<void> {
  return db.arrivals.clear();
}

/** What arrived since the last look; `forget` it once it is taken in. */
export async function readArrivals(db: Database): Promise<{ files: File[]; forget: () => Promise<void> }> {
  const rows = await db.arrivals.toArray();
  const shared = rows.map(({ name, bytes }) => new File([bytes], name, { type: bytes.type }));
  const orders = rows.flatMap(({ order }) => order ?? []);
  return {
    files: [...shared, ...(await readLaunch())],
    forget: () => db.arrivals.bulkDelete(orders),
  };
}

/** What the browser hands to an installed app that opens files (File Handling API, not in TypeScript's library). */
interface LaunchQueue {
  setConsumer(consumer: (launch: { files?: readonly FileSystemFileHandle[] }) => void): void;
}

let launched: File[] | undefined;

/** The files that this page was opened with. They are told once, as soon as somebody listens. */
async function readLaunch(): Promise<File[]> {
  const queue = (globalThis as { launchQueue?: LaunchQueue }).launchQueue;
  if (!queue) return [];
  if (launched === undefined) {
    launched = [];
    const handles = await new Promise<readonly FileSystemFileHandle[]>((resolve) => {
      queue.setConsumer(({ files = [] }) => resolve(files));
      // A page that was not opened with a file is told nothing.
      setTimeout(() => resolve([]), 500);
    });
    launched = await Promise.all(handles.map((handle) => handle.getFile()));
  }
  return launched.splice(0);
}
