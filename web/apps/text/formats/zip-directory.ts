import { type FileSource, RefusedFile } from './file-source.ts';

/** An entry of a zip archive as its directory tells it (APPNOTE 4.3.12); nothing in it is to be trusted. */
export interface ZipEntry {
  name: string;
  packed: number;
  size: number;
  /** 0 stored, 8 deflated; others cannot be read. */
  method: number;
  encrypted: boolean;
  /** Where its local header stands. */
  offset: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
/** An archive's comment has at most so many bytes. */
const LONGEST_COMMENT = 0xffff;

/** Reads the directory of an archive of at most `most` entries. @throws RefusedFile broken, too-many */
export async function readZipDirectory(archive: FileSource, most: number): Promise<ZipEntry[]> {
  const end = await readEnd(archive);
  if (end.count > most) throw new RefusedFile('too-many');
  const bytes = await readRange(archive, end.offset, end.length);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < end.count;) {
    if (at + ENTRY_SIZE > bytes.byteLength || bytes.getUint32(at, true) !== ENTRY)
      throw new RefusedFile('broken');
    const lengths = [28, 30, 32].map((field) => bytes.getUint16(at + field, true));
    const [nameLength = 0] = lengths;
    const next = at + ENTRY_SIZE + lengths.reduce((sum, length) => sum + length, 0);
    if (next > bytes.byteLength) throw new RefusedFile('broken');
    entries.push(readEntry(bytes, at, nameLength));
    at = next;
  }
  return entries;
}

function readEntry(bytes: DataView<ArrayBuffer>, at: number, nameLength: number): ZipEntry {
  const flags = bytes.getUint16(at + 8, true);
  const name = new Uint8Array(bytes.buffer, bytes.byteOffset + at + ENTRY_SIZE, nameLength);
  return {
    name: decodeName(name),
    encrypted: (flags & 1) !== 0,
    method: bytes.getUint16(at + 10, true),
    packed: bytes.getUint32(at + 20, true),
    size: bytes.getUint32(at + 24, true),
    offset: bytes.getUint32(at + 42, true),
  };
}

/** Programs of today write UTF-8, whether they say so or not; what is not UTF-8 is read byte by byte. */
function decodeName(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The one thing a fatal decoder reports.
    return new TextDecoder('latin1').decode(bytes);
  }
}

async function readEnd(archive: FileSource): Promise<{ count: number; length: number; offset: number }> {
  const from = Math.max(0, archive.size - END_SIZE - LONGEST_COMMENT);
  const tail = await readRange(archive, from, archive.size - from);
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    const count = tail.getUint16(at + 10, true);
    const length = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    // Larger archives say so here, and tell their numbers elsewhere (zip64).
    if (count === 0xffff || offset === 0xffffffff) throw new RefusedFile('too-many');
    if (offset + length > archive.size) throw new RefusedFile('broken');
    return { count, length, offset };
  }
  throw new RefusedFile('broken');
}

/** Bytes of an archive, without reading the rest where that can be. @throws RefusedFile broken */
export async function readRange(
  archive: FileSource,
  offset: number,
  length: number,
): Promise<DataView<ArrayBuffer>> {
  if (offset < 0 || length < 0 || offset + length > archive.size) throw new RefusedFile('broken');
  if (archive.slice) return new DataView(await archive.slice(offset, offset + length).arrayBuffer());
  return new DataView(await archive.arrayBuffer(), offset, length);
}
