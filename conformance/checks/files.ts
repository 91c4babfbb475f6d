import { type Check, describe, secondsOf, type Target, type Verdict } from '../check.ts';
import { membersOf, readData, readEnvelope } from '../json.ts';
import { hash } from '../token.ts';
import { isRefused } from './post.ts';

interface Variant {
  readonly name: string;
  readonly blob: string;
  readonly size: number;
}

const numbers = /^\d+$/;

/** The entries of a descriptor; throws where it breaks the grammar. */
function readDescriptor(text: string): Variant[] {
  const [version = '', list = ''] = [text.slice(0, 3), text.slice(3)];
  if (version !== 'd2,' && version !== 'd1~') throw new Error(`it begins with ${version}`);
  const entries = list.split(version === 'd2,' ? ';' : ',').filter((entry) => !entry.startsWith('R='));
  return entries.map((entry) => {
    const [name = '', blob = '', ...rest] = entry.split(':');
    const members = new Map(rest.map((member) => [member.slice(0, 2), member.slice(2)]));
    if (!/^b1~[\w-]{43}$/.test(blob)) throw new Error(`${name} has no blob`);
    if (!members.has('f=') || !numbers.test(members.get('s=') ?? '')) throw new Error(`${name} lacks f or s`);
    if (!/^\d+x\d+$/.test(members.get('r=') ?? '')) throw new Error(`${name} lacks r`);
    return { name, blob, size: Number(members.get('s=')) };
  });
}

async function descriptorOf({ ask, file = '' }: Target): Promise<string> {
  const answer = await ask(`/api/files/${file}/descriptor`);
  const data = readEnvelope(answer)?.data;
  // A node of the documentation put it into an object.
  const text = typeof data === 'string' ? data : membersOf(data)['file'];
  if (typeof text !== 'string') throw new Error(describe(answer));
  return text;
}

/** The smallest that is worth a range. */
async function pickVariant(target: Target): Promise<Variant> {
  const variants = readDescriptor(await descriptorOf(target)).toSorted((a, b) => a.size - b.size);
  const found = variants.find(({ size }) => size >= 20);
  if (!found) throw new Error('no variant of 20 bytes or more');
  return found;
}

async function checkDescriptor(target: Target): Promise<Verdict> {
  const text = await descriptorOf(target);
  const id = `f1~${hash(text)}`;
  const names = readDescriptor(text).map(({ name }) => name);
  return {
    ok: id === target.file,
    seen: `${names.join(', ')}; hashes to ${id === target.file ? 'the id' : id}`,
  };
}

async function checkMetadata({ ask, file = '' }: Target): Promise<Verdict> {
  const answer = await ask(`/api/files/${file}/metadata`);
  const { contentType, fileName, createdAt } = readData(answer);
  const dated = Number.isInteger(createdAt) || !Number.isNaN(Date.parse(String(createdAt)));
  const named = typeof contentType === 'string' && typeof fileName === 'string';
  return { ok: answer.status === 200 && named && dated, seen: describe(answer) };
}

async function checkVariant(target: Target): Promise<Verdict> {
  const { blob, size } = await pickVariant(target);
  const { status, bytes } = await target.ask(`/api/files/variant/${blob}`);
  const sound = `b1~${hash(bytes)}` === blob && bytes.length === size;
  return {
    ok: status === 200 && sound,
    seen: `${status}, ${bytes.length} bytes, ${sound ? 'its' : 'another'} hash`,
  };
}

async function checkRange(
  target: Target,
  range: (size: number) => string,
  expected: number,
): Promise<Verdict> {
  const { blob, size } = await pickVariant(target);
  const path = `/api/files/variant/${blob}`;
  const whole = await target.ask(path);
  const part = await target.ask(path, { headers: { range: range(size) } });
  const { 'content-range': told = 'no content-range' } = part.headers;
  const seen = `${part.status}, ${told}`;
  if (expected === 416) return { ok: part.status === 416 && told === `bytes */${size}`, seen };
  const [, from = '', to = ''] = /^bytes (\d+)-(\d+)\//.exec(told) ?? [];
  const same = whole.bytes.subarray(Number(from), Number(to) + 1).equals(part.bytes);
  return {
    ok: part.status === 206 && told.endsWith(`/${size}`) && part.bytes.length === expected && same,
    seen,
  };
}

async function checkShown({ ask, file = '' }: Target): Promise<Verdict> {
  const answer = await ask(`/api/files/${file}?variant=vis.tn`);
  const { 'content-type': type = 'none', 'x-content-type-options': sniffing = 'not told' } = answer.headers;
  const ok = answer.status === 200 && answer.bytes.length > 0 && sniffing === 'nosniff';
  return { ok, seen: `${answer.status}, ${answer.bytes.length} bytes of ${type}, ${sniffing}` };
}

/** Of a file that is not there; one that is not for guests may be told by 401 or 403. */
function missing(name: string, path: (id: string) => string): Check {
  return {
    ...{ name, expected: '404 {error}, or 401, 403', demand: 'wire' },
    async run(target) {
      const answer = await target.ask(path(hash(`nothing at ${secondsOf(target)}`)));
      return { ok: [401, 403, 404].includes(answer.status) && isRefused(answer), seen: describe(answer) };
    },
  };
}

/** What another node, and a browser, gets of a file. */
export const fileChecks: readonly Check[] = [
  missing('file: descriptor of nothing', (id) => `/api/files/f1~${id}/descriptor`),
  missing('file: metadata of nothing', (id) => `/api/files/f1~${id}/metadata`),
  missing('file: variant of nothing', (id) => `/api/files/variant/b1~${id}`),
  missing('file: nothing', (id) => `/api/files/f1~${id}`),
  {
    name: 'file: descriptor',
    expected: '{data: "d2,…"} that hashes to the id; f, s, r of each variant',
    demand: 'wire',
    needs: ['file'],
    run: checkDescriptor,
  },
  {
    name: 'file: metadata',
    expected: '{contentType, fileName, createdAt}',
    demand: 'wire',
    needs: ['file'],
    run: checkMetadata,
  },
  {
    name: 'file: variant',
    expected: '200, the bytes of its hash',
    demand: 'wire',
    needs: ['file'],
    run: checkVariant,
  },
  {
    name: 'file: first ten bytes',
    expected: '206, content-range, these bytes',
    demand: 'wire',
    needs: ['file'],
    run: (target) => checkRange(target, () => 'bytes=0-9', 10),
  },
  {
    name: 'file: last ten bytes',
    expected: '206, content-range, these bytes',
    demand: 'wire',
    needs: ['file'],
    run: (target) => checkRange(target, () => 'bytes=-10', 10),
  },
  {
    name: 'file: bytes beyond its end',
    expected: '416, content-range: bytes */size',
    demand: 'wire',
    needs: ['file'],
    run: (target) => checkRange(target, (size) => `bytes=${size}-`, 416),
  },
  {
    name: 'file: ?variant=vis.tn',
    expected: '200, nosniff',
    demand: 'wire',
    needs: ['file'],
    run: checkShown,
  },
];
