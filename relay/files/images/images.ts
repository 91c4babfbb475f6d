import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { IsletError } from '../../../shared/errors.ts';
import type { Variant } from '../../../shared/file/descriptor.ts';
import type { Blobs } from '../../store/blobs/blobs.ts';
import { createFolder, StorageError } from '../../store/database.ts';
import { createDecoder, type Decoder } from './decoder.ts';
import type { Job, Reply } from './job.ts';
import type { Size } from './renditions.ts';

/** A rendition that was made: webp, upright, without metadata. */
export interface Rendition {
  readonly name: string;
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
}

/** Pictures, looked at and rendered by a process of their own (SPEC B8); one after another. */
export interface Images {
  /**
   * @returns false when it is an original of a kind that is not opened here
   * @throws IsletError E-FILE-INVALID, E-SYS-UNAVAIL when too many wait
   */
  check(variant: Variant): Promise<boolean>;
  /** None when it takes too long or too much, or is not opened here. @throws as `check` */
  render(variant: Variant, sizes: readonly Size[]): Promise<Rendition[]>;
  close(): Promise<void>;
}

/** Pictures that wait for their turn at most. */
const mostWaiting = 16;

/** @param folder for copies that the process reads; emptied. @throws StorageError */
export async function openImages(
  folder: string,
  blobs: Blobs,
  decoder: Decoder = createDecoder(),
): Promise<Images> {
  await emptyFolder(folder);
  const inTurn = createQueue();

  /** Lets the process look at a copy of the picture. */
  const ask: Ask = (blob, describe) =>
    inTurn(async () => {
      const file = join(folder, randomUUID());
      try {
        await pipeline(await blobs.read(blob), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
        return await decoder.run(describe(file));
      } finally {
        await rm(file, { force: true });
      }
    });

  return {
    check: (variant) => check(variant, ask),
    async render(variant, sizes) {
      const made = join(folder, randomUUID());
      await createFolder(made);
      try {
        return await render(variant, { ask, sizes, folder: made });
      } finally {
        await rm(made, { recursive: true, force: true });
      }
    },
    close: () => decoder.close(),
  };
}

type Ask = (blob: string, describe: (file: string) => Job) => Promise<Reply>;

async function check({ name, blob, format, width, height }: Variant, ask: Ask): Promise<boolean> {
  const original = name === 'vis.orig';
  const reply = await ask(blob, (file) => ({ kind: 'check', file, format, width, height, original }));
  // What the decoder does not know, as HEIC often is, may be kept: nobody is shown it.
  if (original && isUnknown(reply, format)) return false;
  assertDone(name, reply);
  return true;
}

async function render(
  { name, blob, format }: Variant,
  { ask, sizes, folder }: { ask: Ask; sizes: readonly Size[]; folder: string },
): Promise<Rendition[]> {
  const wanted = sizes.map((size) => ({ ...size, to: join(folder, size.name) }));
  const reply = await ask(blob, (file) => ({ kind: 'render', file, sizes: wanted }));
  if (reply.kind === 'broken' || isUnknown(reply, format)) return [];
  const made = assertDone(name, reply);
  return Promise.all(made.map(async ({ file, ...rest }) => ({ ...rest, bytes: await readFile(file) })));
}

/** Formats of originals that no browser shows. */
const hiddenFormats = ['heic', 'heif', 'tiff', 'tif'];

function isUnknown(reply: Reply, format: string): boolean {
  return reply.kind === 'unreadable' && hiddenFormats.includes(format);
}

function assertDone(name: string, reply: Reply) {
  if (reply.kind === 'done') return reply.made;
  const why = reply.kind === 'broken' ? 'takes too long or too much to open' : reply.why;
  throw new IsletError('E-FILE-INVALID', `${name} ${why}`, name, { variant: name });
}

/** One at a time. @throws IsletError E-SYS-UNAVAIL when too many wait already */
function createQueue() {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (waiting > mostWaiting)
      throw new IsletError('E-SYS-UNAVAIL', 'many pictures are being looked at; try again');
    waiting += 1;
    const turn = last.then(work, work);
    last = turn;
    return turn.finally(() => (waiting -= 1));
  };
}

async function emptyFolder(folder: string): Promise<void> {
  try {
    await createFolder(folder);
    const left = await readdir(folder);
    await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true })));
  } catch (error) {
    throw new StorageError(folder, error);
  }
}
