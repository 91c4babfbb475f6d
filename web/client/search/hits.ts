import type { Database } from '../store/database.ts';
import { type Excerpt, excerptOf, markBeginnings, markWords } from './excerpt.ts';
import type { Found } from './search-index.ts';
import type { Thing } from './things.ts';
import { fold, readSought } from './words.ts';

/** Something that was found, as lists show it. */
export interface Hit extends Omit<Thing, 'text'> {
  readonly key: string;
  /** Where in the title the words stand. */
  readonly marks: readonly (readonly [from: number, to: number])[];
  /** The place in its words; absent when the title alone answers. */
  readonly excerpt?: Excerpt;
}

/** Shows what was found, with the place of each; texts are read of these few only. */
export async function foundToHits(
  db: Pick<Database, 'texts'>,
  found: readonly Found[],
  things: (key: string) => Thing | undefined,
): Promise<Hit[]> {
  const shown = found.flatMap((one) => {
    const thing = things(one.key);
    return thing ? [{ ...one, thing }] : [];
  });
  const unread = shown.filter(({ thing }) => thing.text === undefined).map(({ thing }) => thing.id);
  const rows = unread.length > 0 ? await db.texts.bulkGet(unread) : [];
  const texts = new Map(rows.map((row) => [row?.id, row?.text]));
  return shown.map(({ key, terms, thing }) =>
    thingToHit(key, thing, { terms, text: thing.text ?? texts.get(thing.id) ?? '' }),
  );
}

function thingToHit(
  key: string,
  { text: _text, ...thing }: Thing,
  { terms, text }: { terms: ReadonlySet<string>; text: string },
): Hit {
  const marks = markWords(thing.title, terms);
  const excerpt = excerptOf(withoutTitle(text, thing.title), terms);
  const says = thing.kind !== 'person' && excerpt.text !== '';
  return { ...thing, key, marks, ...(says && { excerpt }) };
}

/** A document begins with its title, which stands above the excerpt already. */
function withoutTitle(text: string, title: string): string {
  return title !== '' && text.startsWith(title) ? text.slice(title.length).trimStart() : text;
}

/** A thing as it is listed without a search: by its title. */
export function listedToHit(key: string, { text: _text, ...thing }: Thing, sought: string): Hit {
  return { ...thing, key, marks: markBeginnings(thing.title, readSought(sought)) };
}

/** What has a tag that begins so, the newest first; with nothing sought all that has one. */
export function hasTag({ tags }: Thing, sought: string): boolean {
  const wanted = fold(sought.trim());
  return tags.some((tag) => fold(tag).startsWith(wanted));
}
