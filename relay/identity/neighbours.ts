import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { type IdTag, idTagSchema } from '../../shared/identity/id-tag.ts';

const portsSchema = v.record(idTagSchema, v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)));
type Ports = v.InferOutput<typeof portsSchema>;

/** A file that is absent or damaged names nobody; the next relay to start writes it anew. */
async function readPorts(file: string): Promise<Ports> {
  try {
    const result = v.safeParse(portsSchema, JSON.parse(await readFile(file, 'utf8')));
    return result.success ? result.output : {};
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** The port of a `.localhost` neighbour that has run under this OS user, as the file says now. */
export async function findNeighbourPort(file: string, idTag: IdTag): Promise<number | undefined> {
  return (await readPorts(file))[idTag];
}

/** Enters our port; written beside and renamed, and looked at again, since several relays may start at once. */
export async function writeOwnPort(file: string, idTag: IdTag, port: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 10; attempt++) {
    const ports = await readPorts(file);
    if (ports[idTag] === port) return;
    const beside = `${file}.${randomUUID()}`;
    await writeFile(beside, `${JSON.stringify({ ...ports, [idTag]: port }, null, 2)}\n`, { mode: 0o600 });
    await rename(beside, file);
  }
  throw new Error(`${file} could not be kept: other relays keep overwriting it`);
}
