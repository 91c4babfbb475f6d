/** What the head of a Markdown file says of it. Times are milliseconds since 1970. */
export interface FrontMatter {
  title?: string;
  tags: string[];
  created?: number;
  edited?: number;
}

/**
 * Reads the lines between `---` at the start of a Markdown file: names with a value, a list in brackets or a list below.
 * Whatever else YAML can say is passed over; the lines themselves stay in the document.
 */
export function readFrontMatter(source: string): FrontMatter {
  const { fields } = readHead(source);
  const first = (...names: string[]) => names.map((one) => fields.get(one)?.[0]).find((value) => value);
  const title = first('title');
  const created = momentOf(first('created', 'created at', 'date created', 'date'));
  const edited = momentOf(
    first('updated', 'modified', 'edited', 'last edited time', 'date modified', 'lastmod'),
  );
  const tags = [...(fields.get('tags') ?? []), ...(fields.get('tag') ?? [])];
  return {
    ...(title !== undefined && { title }),
    tags: tags.length === 1 ? splitTags(tags[0] ?? '') : tags,
    ...(created !== undefined && { created }),
    ...(edited !== undefined && { edited }),
  };
}

/** The fields of the head by their names in small letters, and how long it is. A line that is no field is one without a name. */
function readHead(source: string): { fields: Map<string, string[]>; length: number } {
  const head = /^\ufeff?---\r?\n([^]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(source);
  const fields = new Map<string, string[]>();
  let name = '';
  for (const line of head?.[1]?.split(/\r?\n/) ?? []) {
    const field = readField(line);
    const item = /^\s*-\s+(.*)$/.exec(line);
    if (field) {
      name = field.name.toLowerCase();
      fields.set(name, valuesOf(field.value));
    } else if (item && name !== '') fields.get(name)?.push(bare(item[1] ?? ''));
    else if (line.trim() !== '') fields.set('', [line]);
  }
  return { fields, length: head?.[0].length ?? 0 };
}

/** `name: value`. A name is cut off first: patterns that look for its end read a line of blanks very slowly. */
function readField(line: string): { name: string; value: string } | undefined {
  const at = line.indexOf(':');
  const name = /^["']?([\w -]+)["']?$/.exec(line.slice(0, Math.max(0, at)).trimEnd())?.[1]?.trimEnd();
  const value = line.slice(at + 1);
  return name !== undefined && /^([ \t]|$)/.test(value) ? { name, value: value.trim() } : undefined;
}

/** The words of the first heading, without the signs that may close it. */
function headingOf(body: string): string | undefined {
  const words = /^#{1,6}[ \t](.*)$/m.exec(body)?.[1]?.trim() ?? '';
  let end = words.length;
  while (end > 1 && ' \t#'.includes(words[end - 1] ?? '-')) end -= 1;
  return end === 0 ? undefined : words.slice(0, end);
}

/** What a Markdown file says it is called: the title and the aliases of its head, and its first heading. */
export function headNames(source: string): string[] {
  const { fields, length } = readHead(source);
  const title = fields.get('title')?.[0] ?? '';
  const heading = headingOf(source.slice(length)) ?? '';
  return [title, heading, ...(fields.get('aliases') ?? [])].filter((name) => name !== '');
}

/** Names that an entry keeps as its own fields. */
const KEPT =
  /^(title|tags?|created( at)?|date( created| modified)?|updated|modified|edited|last edited time|lastmod)$/;

/**
 * A Markdown file without its head, when all that the head says is kept in the entry of the document: tags, times, and a
 * title that no heading repeats otherwise. Any other head stays, as written.
 */
export function withoutKeptHead(source: string): string {
  const { fields, length } = readHead(source);
  const body = source.slice(length);
  const heading = headingOf(body);
  const isKept = [...fields].every(([name, values]) => {
    if (name === 'title') return heading === undefined || heading === values[0];
    return (
      KEPT.test(name) && (/^tags?$/.test(name) || values.every((value) => momentOf(value) !== undefined))
    );
  });
  return isKept && body.trim() !== '' ? body : source;
}

/** The head of a Markdown file that says what `readFrontMatter` reads; empty where there is no tag to say. */
export function formatFrontMatter({ tags, created }: { tags: readonly string[]; created: number }): string {
  if (tags.length === 0) return '';
  const lines = tags.map((tag) => `  - ${/^[\p{L}\p{N} _/-]+$/u.test(tag) ? tag : JSON.stringify(tag)}`);
  const day = created > 0 ? [`created: ${new Date(created).toISOString().slice(0, 10)}`] : [];
  return ['---', 'tags:', ...lines, ...day, '---', '', ''].join('\n');
}

/** One line of tags is parted by commas, or as in Obsidian by spaces. */
function splitTags(line: string): string[] {
  return line
    .split(line.includes(',') ? ',' : /\s+/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function valuesOf(text: string): string[] {
  const value = text.trim();
  if (value === '' || value === '|' || value === '>') return [];
  const list = /^\[(.*)\]$/.exec(value)?.[1];
  return list === undefined
    ? [bare(value)]
    : list
        .split(',')
        .map(bare)
        .filter((item) => item !== '');
}

function bare(text: string): string {
  const value = text.trim();
  return (
    /^"(.*)"$|^'(.*)'$/
      .exec(value)
      ?.slice(1)
      .find((inner) => inner !== undefined) ?? value
  );
}

/** Days from 1970 to now and a little beyond; anything else was meant otherwise. */
function momentOf(text: string | undefined): number | undefined {
  const found = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:Z|[+-]\d\d:?\d\d)?)?$/.exec(
    text ?? '',
  );
  const at = found === null ? NaN : Date.parse(found[0].replace(' ', 'T'));
  return Number.isFinite(at) && at > 0 && at < 4e12 ? at : undefined;
}
