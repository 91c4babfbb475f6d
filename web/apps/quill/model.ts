import * as v from 'valibot';
import type * as Y from 'yjs';

/** Name of the shared text that holds a rich-text document; other shared types of it (`meta`, `settings`) are left alone. */
export const TEXT_NAME = 'doc';

/** One step of Quill's delta, as it lies in a `Y.Text` or is told by its events. */
export interface DeltaOp {
  insert?: string | Record<string, unknown> | undefined;
  retain?: number | undefined;
  delete?: number | undefined;
  attributes?: Record<string, unknown> | undefined;
}

/** Embeds that Quillo puts on a line of their own. */
export const BLOCK_EMBEDS: readonly string[] = ['cl-image', 'cl-document', 'video'];

/** Formats of single lines that are never copied to another line: what they say holds for one line only. */
const OF_ONE_LINE: readonly string[] = ['bid'];

const LONGEST_NAME = 64;
const isName = (name: string): boolean => name !== '' && name.length <= LONGEST_NAME && name !== '__proto__';
const members = v.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const opShape = v.object({
  insert: v.optional(v.union([v.string(), members])),
  retain: v.optional(v.number()),
  delete: v.optional(v.number()),
  attributes: v.optional(members),
});
const opsShape = v.array(opShape);

/**
 * The steps of a delta; undefined when there is one that an editor cannot hold in its place: an embed that is no object
 * with exactly one member, or a name that no format can have. Whoever bound an editor to such a text would count wrong
 * from there on, and damage it.
 */
export function readOps(value: unknown): DeltaOp[] | undefined {
  const read = v.safeParse(opsShape, value);
  return read.success && read.output.every(isHoldable) ? read.output : undefined;
}

/** All of a shared text, or undefined: see readOps. */
export function textOps(text: Y.Text): DeltaOp[] | undefined {
  const delta: unknown = text.toDelta();
  return readOps(delta);
}

/** Name of the embed that a step inserts. */
export function embedName(op: DeltaOp): string | undefined {
  return typeof op.insert === 'object' ? Object.keys(op.insert)[0] : undefined;
}

function isHoldable(op: DeltaOp): boolean {
  const name = embedName(op);
  if (typeof op.insert === 'object') {
    const plain = Object.getPrototypeOf(op.insert) === Object.prototype;
    if (!plain || name === undefined || Object.keys(op.insert).length > 1 || !isName(name)) return false;
  }
  return Object.keys(op.attributes ?? {}).every(isName);
}

/** What a text uses beside what the editor knows. */
export interface Unknowns {
  embeds: string[];
  /** Formats of characters, and of lines. */
  inline: string[];
  lines: string[];
}

/**
 * Names in `ops` that `isKnown` does not know. A format that is on nothing but line ends belongs to lines, any other to
 * characters.
 */
export function findUnknown(ops: DeltaOp[], isKnown: (name: string) => boolean): Unknowns {
  const embeds = new Set<string>();
  const inline = new Set<string>();
  const lines = new Set<string>();
  for (const op of ops) {
    const embed = embedName(op);
    if (embed !== undefined && !isKnown(embed)) embeds.add(embed);
    if (op.insert === undefined) continue;
    const ofLines = typeof op.insert === 'string' && /^\n+$/.test(op.insert);
    for (const [name, value] of Object.entries(op.attributes ?? {})) {
      if (value === null || isKnown(name) || OF_ONE_LINE.includes(name)) continue;
      (ofLines ? lines : inline).add(name);
    }
  }
  return {
    embeds: [...embeds],
    inline: [...inline].filter((name) => !lines.has(name)),
    lines: [...lines],
  };
}

/**
 * Whether every embed that stands on a line of its own does begin a line here. Merged edits can leave one behind other
 * characters; an editor would put in a line end that the text does not have.
 */
export function blocksBeginLines(ops: DeltaOp[]): boolean {
  let beginsLine = true;
  for (const op of ops) {
    const name = embedName(op);
    const isBlock = name !== undefined && BLOCK_EMBEDS.includes(name);
    if (isBlock && !beginsLine) return false;
    beginsLine = isBlock || (typeof op.insert === 'string' && op.insert.endsWith('\n'));
  }
  return true;
}

/** Every character of a delta, an embed as one U+FFFC. */
export function opsToCharacters(ops: DeltaOp[]): string {
  return ops.map(({ insert = '' }) => (typeof insert === 'string' ? insert : '\ufffc')).join('');
}

/** Whether an editor shows exactly the characters of a text; an editor always ends with a line end, a text need not. */
export function isAligned(shown: string, text: string): boolean {
  return shown === text || shown === `${text}\n`;
}
