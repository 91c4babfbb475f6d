/** The last millisecond that a `Date` can hold. */
const latest = 8.64e15;

const isText = (value: unknown): boolean => typeof value === 'string';
const isMoment = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= latest;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** The flat fields of an entry of the index that a device with one folder is told, each as devices read it (SPEC C14). */
const readers: Readonly<Record<string, (value: unknown) => boolean>> = {
  ...{ title: isText, excerpt: isText, type: isText, parent: isText, links: isText, mime: isText },
  ...{ file: isText, descriptor: isText, stored: isText, size: isCount },
  schema: (value) => typeof value === 'number' && Number.isFinite(value),
  ...{ created: isMoment, edited: isMoment, moved: isMoment, trashed: isMoment },
  ...{ favourite: isMoment, template: isMoment },
};

export type Fields = Readonly<Record<string, string | number>>;

/** One entry of the index. */
export interface EntryFields {
  readonly fields: Fields;
  /** It is sealed, or somebody else's: no device with one folder is told of it, or of what lies in it. */
  readonly hidden: boolean;
}

/** What of these members devices read; anything else counts as not there. */
export function readFields(members: Readonly<Record<string, unknown>>): EntryFields {
  const told = Object.entries(members).filter(([name, value]) => isField(name, value));
  const hidden = ['owner', 'sealed', 'vault'].some((name) => isText(members[name]));
  return {
    fields: Object.fromEntries(told) as Fields,
    hidden: hidden || members['type'] === 'sealed',
  };
}

function isField(name: string, value: unknown): boolean {
  if (/^(tag|kept):./su.test(name)) return isMoment(value);
  return Object.hasOwn(readers, name) && readers[name]!(value);
}
