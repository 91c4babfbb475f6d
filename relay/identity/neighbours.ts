import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IsletError } from '../../shared/errors.ts';
import { apiHost, type IdTag, isLocalName } from '../../shared/identity/id-tag.ts';

/** The port of a `.localhost` neighbour that has run under this OS user, as its file says now. A damaged file names nobody. */
export async function findNeighbourPort(folder: string, idTag: IdTag): Promise<number | undefined> {
  try {
    const port = Number(await readFile(join(folder, idTag), 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Leaves our port where neighbours look; a file for each relay, so that several may start at once. */
export async function writeOwnPort(folder: string, idTag: IdTag, port: number): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `.${randomUUID()}`);
  await writeFile(beside, `${port}\n`, { mode: 0o600 });
  await rename(beside, join(folder, idTag));
}

/** Neighbours do not find it here any more. */
export async function forgetOwnPort(folder: string, idTag: IdTag): Promise<void> {
  await rm(join(folder, idTag), { force: true });
}

/** Origin at which browsers reach the API of a neighbour (SPEC N2, N3). @throws IsletError E-NET-FAILED */
export async function findApiBase(
  idTag: IdTag,
  findPort: (idTag: IdTag) => Promise<number | undefined>,
): Promise<string> {
  if (!isLocalName(idTag)) return `https://${apiHost(idTag)}`;
  const port = await findPort(idTag);
  if (port === undefined)
    throw new IsletError('E-NET-FAILED', `no relay for ${idTag} has run on this machine`, idTag);
  return `http://${apiHost(idTag)}:${port}`;
}
