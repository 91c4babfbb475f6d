/**
 * Judges what a relay did from the logs of those who dealt with it, and from nothing else: it knows no code of the relay, no form of a token
 * or a row, and no database. It says what was promised and not kept.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A line of an actor's log. `at`: milliseconds of one clock for all actors. `store`: where it is to be found again. */
export type Line =
  /** Written before it is sent. The things of a `thread` are numbered from 0 in the order in which they are to stand. */
  | {
      readonly at: number;
      readonly say: 'intend';
      readonly store: string;
      readonly thread: string;
      readonly n: number;
      readonly id: string;
      /** Of the bytes that are sent. */
      readonly hash: string;
    }
  /** The relay has answered that it is there; `effect`: under which name. */
  | {
      readonly at: number;
      readonly say: 'ack';
      readonly store: string;
      readonly id: string;
      readonly effect?: string;
    }
  /** A reading of all of a store begins. */
  | { readonly at: number; readonly say: 'look'; readonly store: string; readonly look: string }
  /** What it has shown, in the order of the relay. */
  | {
      readonly at: number;
      readonly say: 'seen';
      readonly store: string;
      readonly look: string;
      readonly items: readonly Item[];
    };

export interface Item {
  readonly id: string;
  readonly hash: string;
  readonly effect?: string;
}

export interface Verdict {
  /** One sentence for each thing that does not hold. */
  readonly failures: readonly string[];
  readonly intended: number;
  readonly acked: number;
  readonly looks: number;
}

type Intention = Extract<Line, { say: 'intend' }>;
type Ack = Extract<Line, { say: 'ack' }>;

interface Look {
  readonly name: string;
  readonly store: string;
  readonly began: number;
  readonly ended: number;
  readonly items: readonly Item[];
}

interface History {
  readonly intentions: ReadonlyMap<string, Intention>;
  readonly acks: readonly Ack[];
  readonly looks: readonly Look[];
}

const nameOf = ({ store, id }: { store: string; id: string }) => `${store} ${id}`;

/** Reads all logs of a folder. @throws Error when a line is none */
export function readLogs(folder: string): Line[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => parseLine(line, file));
    });
}

function parseLine(text: string, file: string): Line {
  const line = JSON.parse(text) as Partial<Record<string, unknown>>;
  const texts: Record<string, readonly string[]> = {
    intend: ['store', 'thread', 'id', 'hash'],
    ack: ['store', 'id'],
    look: ['store', 'look'],
    seen: ['store', 'look'],
  };
  const wanted = texts[String(line.say)];
  const sound =
    wanted?.every((name) => typeof line[name] === 'string') &&
    typeof line.at === 'number' &&
    (line.say !== 'intend' || typeof line.n === 'number') &&
    (line.say !== 'seen' || Array.isArray(line.items));
  if (!sound) throw new Error(`${file}: this is no line of a log: ${text}`);
  return line as Line;
}

/** What the lines show together, from whichever logs they are and in whatever order. */
export function judge(lines: readonly Line[]): Verdict {
  const failures: string[] = [];
  const history = arrange(lines, failures);
  const { intentions, acks, looks } = history;
  failures.push(...judgeAcks(history), ...judgeEffects(history), ...judgeEnds(history));
  for (const look of looks) failures.push(...judgeItems(look, history), ...judgeMissing(look, history));
  return { failures, intended: intentions.size, acked: new Set(acks.map(nameOf)).size, looks: looks.length };
}

function arrange(lines: readonly Line[], failures: string[]): History {
  const intentions = new Map<string, Intention>();
  const begun = new Map<string, number>();
  const sorted = lines.toSorted((a, b) => a.at - b.at);
  for (const line of sorted) {
    if (line.say === 'look') begun.set(line.look, line.at);
    if (line.say !== 'intend') continue;
    const before = intentions.get(nameOf(line));
    if (before && before.hash !== line.hash) failures.push(`${nameOf(line)} was intended with other bytes`);
    if (!before) intentions.set(nameOf(line), line);
  }
  const looks = sorted.flatMap((line): Look[] => {
    if (line.say !== 'seen') return [];
    const began = begun.get(line.look);
    if (began === undefined) failures.push(`${line.look} ended and has not begun`);
    const { store, items } = line;
    return began === undefined ? [] : [{ name: line.look, store, began, ended: line.at, items }];
  });
  return { intentions, acks: sorted.filter((line): line is Ack => line.say === 'ack'), looks };
}

/** Nothing is acknowledged before somebody wanted it. */
function judgeAcks({ intentions, acks }: History): string[] {
  return acks
    .filter((ack) => !((intentions.get(nameOf(ack))?.at ?? Infinity) <= ack.at))
    .map((ack) => `${nameOf(ack)} was acknowledged and nobody had intended it`);
}

/** One thing has one effect, whenever it is told or seen, and no two have the same. */
function judgeEffects({ acks, looks }: History): string[] {
  const told = [
    ...acks,
    ...looks.flatMap(({ store, items }) => items.map((item) => ({ store, ...item }))),
  ].filter(({ effect }) => effect !== undefined);
  const effects = new Map<string, string>();
  const owners = new Map<string, string>();
  const failures = new Set<string>();
  for (const one of told) {
    const name = nameOf(one);
    const effect = `${one.store} ${one.effect}`;
    if ((effects.get(name) ?? effect) !== effect) failures.add(`${name} has two effects`);
    if ((owners.get(effect) ?? name) !== name)
      failures.add(`${name} and ${owners.get(effect)} have the same effect`);
    effects.set(name, effect);
    owners.set(effect, name);
  }
  return [...failures];
}

/** Somebody has looked after the last acknowledgement, or nothing is known. */
function judgeEnds({ acks, looks }: History): string[] {
  const stores = [...new Set(acks.map(({ store }) => store))];
  return stores
    .filter((store) => {
      const last = acks.findLast((ack) => ack.store === store)!.at;
      return !looks.some((look) => look.store === store && look.began >= last);
    })
    .map((store) => `nobody looked at ${store} after the last acknowledgement`);
}

/** Everything that is there was intended, is there once, unchanged, and in the order of its thread without a gap. */
function judgeItems({ name, store, ended, items }: Look, { intentions }: History): string[] {
  const failures: string[] = [];
  const next = new Map<string, number>();
  const seen = new Set<string>();
  for (const item of items) {
    const intention = intentions.get(nameOf({ store, id: item.id }));
    if (!intention || intention.at > ended) {
      failures.push(`${name}: ${store} ${item.id} is there and nobody intended it`);
      continue;
    }
    if (intention.hash !== item.hash) failures.push(`${name}: ${store} ${item.id} has other bytes`);
    if (seen.has(item.id)) {
      failures.push(`${name}: ${store} ${item.id} is there twice`);
      continue;
    }
    seen.add(item.id);
    const expected = next.get(intention.thread) ?? 0;
    if (intention.n !== expected)
      failures.push(`${name}: ${store} ${item.id} is ${intention.n} of its thread, behind ${expected - 1}`);
    next.set(intention.thread, intention.n + 1);
  }
  return failures;
}

/** What was acknowledged, or shown by a reading that had ended, is there in every later reading. */
function judgeMissing({ name, store, began, items }: Look, { acks, looks }: History): string[] {
  const here = new Set(items.map(({ id }) => id));
  const acked = acks.filter((ack) => ack.store === store && ack.at <= began).map(({ id }) => id);
  const shown = looks
    .filter((look) => look.store === store && look.ended <= began)
    .flatMap((look) => look.items.map(({ id }) => id));
  const lost = (ids: readonly string[]) => [...new Set(ids)].filter((id) => !here.has(id));
  const promised = new Set(acked);
  return [
    ...lost(acked).map((id) => `${name}: ${store} ${id} was acknowledged and is lost`),
    ...lost(shown.filter((id) => !promised.has(id))).map(
      (id) => `${name}: ${store} ${id} was seen before and is gone`,
    ),
  ];
}
