import sharp, { type Metadata, type Sharp } from 'sharp';
import { parse } from '../../../shared/parse.ts';
import { isHarmlessExif } from './exif.ts';
import { type Job, jobSchema, type Made, mostBytes, mostPixels, type Said } from './job.ts';

// A process of its own: what a hostile picture does to a decoder, it does here, and the memory goes when this ends.
sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}File`),
});

type Check = Extract<Job, { kind: 'check' }>;
type Render = Extract<Job, { kind: 'render' }>;

/** What sharp calls the formats that descriptors name. */
const formats: Record<string, string> = { jpg: 'jpeg', avif: 'heif', heic: 'heif', tif: 'tiff' };

function open(file: string): Sharp {
  return sharp(file, { limitInputPixels: mostPixels, failOn: 'error' });
}

const sampleSizes: Record<string, number> = {
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
};

/** What a decoder that cannot go row by row would hold at once; of progressive JPEG that is coefficients of two bytes. */
function assertBearable({ format, width, height, channels, depth, isProgressive }: Metadata): void {
  const sample = format === 'jpeg' && isProgressive ? 2 : (sampleSizes[depth] ?? 16);
  if (width * height * channels * sample > mostBytes) throw new Error('pixel limit');
}

async function look(file: string): Promise<Metadata> {
  const seen = await open(file).metadata();
  assertBearable(seen);
  return seen;
}

async function check(job: Check): Promise<Said> {
  const seen = await look(job.file);
  const why = findLie(job, seen) ?? (job.original ? undefined : findMetadata(seen));
  if (why !== undefined) return { kind: 'refused', why };
  // A header may promise what never comes.
  if (!job.original) await open(job.file).resize(8, 8, { fit: 'inside' }).raw().toBuffer();
  return { kind: 'done', made: [] };
}

function findLie({ format, width, height, original }: Check, seen: Metadata): string | undefined {
  const isCompressedSo = format !== 'avif' || seen.compression === 'av1';
  if (seen.format !== (formats[format] ?? format) || !isCompressedSo) return `is not the ${format} it says`;
  const isTrue = seen.width === width && seen.height === height;
  // The size of an original may be told as it is shown.
  const isTurned = original && seen.autoOrient.width === width && seen.autoOrient.height === height;
  return isTrue || isTurned
    ? undefined
    : `is ${seen.width} × ${seen.height} and not ${width} × ${height} pixels`;
}

function findMetadata({ exif, xmp, iptc, comments }: Metadata): string | undefined {
  if (exif && !isHarmlessExif(exif)) return 'carries EXIF metadata';
  if (xmp) return 'carries XMP metadata';
  if (iptc) return 'carries IPTC metadata';
  return comments && comments.length > 0 ? 'carries text' : undefined;
}

/** The picture is decoded once, upright and without metadata; every rendition is made of that. */
async function render({ file, sizes }: Render): Promise<Said> {
  const inside = (edge: number) =>
    ({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true }) as const;
  const largest = Math.max(...sizes.map(({ edge }) => edge));
  await look(file);
  const upright = open(file).autoOrient().resize(inside(largest)).toColourspace('srgb').raw();
  const { data, info } = await upright.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const made: Made[] = [];
  for (const { name, edge, crop, to } of sizes) {
    const side = Math.min(edge, width, height);
    const frame = crop ? ({ width: side, height: side, fit: 'cover' } as const) : inside(edge);
    const rendition = sharp(data, { raw: { width, height, channels } }).resize(frame);
    const done = await rendition.webp({ quality: 80 }).toFile(to);
    made.push({ name, file: to, width: done.width, height: done.height });
  }
  return { kind: 'done', made };
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message.includes('pixel limit')
    ? `has more than ${Math.round(mostPixels / 1e6)} megapixels, or too many bits in them`
    : 'cannot be read: it is damaged or not of this format';
}

async function work(message: unknown): Promise<Said> {
  const job = parse(jobSchema, message);
  try {
    return await (job.kind === 'check' ? check(job) : render(job));
  } catch (error) {
    return { kind: 'unreadable', why: explain(error) };
  }
}

function say(reply: Said): void {
  process.send?.(reply);
}

process.on('message', (message) => void work(message).then(say));
process.on('disconnect', () => process.exit(0));
say({ kind: 'ready' });
