import type { ActionRow } from '../store/action-rows.ts';

/** Actions by what they name, without those that do not hold any more. */
export interface History {
  /** What holds, in no order. */
  readonly rows: readonly ActionRow[];
  /** By id of a row or by action id. */
  find(name: string | undefined): ActionRow | undefined;
  /** What names the row by `p`. */
  answers(row: ActionRow, type: string): readonly ActionRow[];
  /** What names the row by `sub`; of upserts the last word of each issuer, those that take back too. */
  words(row: ActionRow, type: string): readonly ActionRow[];
  /** What the same issuer had last said of the same, up to `at` (seconds). */
  before(word: ActionRow, at: number): ActionRow | undefined;
}

/** An action is called by its action id once it has one. */
export function nameOfRow({ id, actionId }: ActionRow): string {
  return actionId ?? id;
}

export function isEnd({ t }: ActionRow): boolean {
  return t.endsWith(':DEL');
}

/** What was taken back by `DEL`, also while the relay does not know of it. */
function findEnded(rows: readonly ActionRow[]): Set<string> {
  const byName = new Map(rows.map((row) => [nameOfRow(row), row]));
  const ended = new Set<string>();
  for (const row of rows) {
    const named =
      isEnd(row) && !row.raw && row.state !== 'refused' && row.sub !== undefined
        ? byName.get(row.sub)
        : undefined;
    if (named && named.type === row.type && [named.iss, named.aud].includes(row.iss))
      ended.add(nameOfRow(named));
  }
  return ended;
}

/** Pure: rows of the table in. */
export function createHistory(all: readonly ActionRow[]): History {
  const ended = findEnded(all);
  const rows = all.filter(
    (row) => row.state !== 'superseded' && row.state !== 'deleted' && !ended.has(nameOfRow(row)),
  );
  const byName = new Map(rows.flatMap((row) => [[row.id, row] as const, [nameOfRow(row), row] as const]));
  // What is of an unknown type or subtype is kept and has no effect (SPEC A2).
  const effective = rows.filter(({ raw }) => !raw);
  const byParent = Map.groupBy(effective, ({ p }) => p ?? '');
  const bySubject = Map.groupBy(effective, ({ sub }) => sub ?? '');
  const said = Map.groupBy(
    all.filter(({ sub, state, raw }) => sub !== undefined && state !== 'refused' && !raw),
    ({ iss, type, sub }) => `${iss} ${type} ${sub}`,
  );
  const named = (by: Map<string, ActionRow[]>, row: ActionRow, type: string) =>
    [...new Set([row.id, nameOfRow(row)])].flatMap((name) =>
      (by.get(name) ?? []).filter((answer) => answer.type === type),
    );
  return {
    rows,
    find: (name) => (name === undefined ? undefined : byName.get(name)),
    answers: (row, type) => named(byParent, row, type).filter((answer) => !isEnd(answer)),
    words: (row, type) => lastWords(named(bySubject, row, type)),
    before: ({ iss, type, sub }, at) =>
      lastWords((said.get(`${iss} ${type} ${sub}`) ?? []).filter(({ iat }) => iat <= at))[0],
  };
}

/** The last word of each issuer that was not refused. */
export function lastWords(rows: readonly ActionRow[]): ActionRow[] {
  const last = new Map<string, ActionRow>();
  for (const row of rows) {
    const before = last.get(row.iss);
    if (row.state !== 'refused' && (!before || row.iat > before.iat)) last.set(row.iss, row);
  }
  return [...last.values()];
}
