import type { Check, Need, Target, Verdict } from './check.ts';
import { checks } from './checks/checks.ts';
import type { Ask } from './transport.ts';

export interface Row {
  readonly check: Pick<Check, 'name' | 'expected' | 'demand'>;
  readonly seen: string;
  /** `lax`: not as strict as it could be, which was not asked for. */
  readonly result: 'pass' | 'FAIL' | 'lax' | 'skipped';
}

const missing: Readonly<Record<Need, (target: Target) => string | false>> = {
  neighbour: ({ self }) => !self && 'no neighbour (--name)',
  token: ({ token }) => !token && 'no access token (--token)',
  file: ({ file }) => !file && 'no public file (--file)',
  document: ({ document }) => !document && 'no shared document (--document)',
};

/** Every answer is looked at for a cookie: the API has none. */
function watchCookies(ask: Ask): { ask: Ask; row: () => Row } {
  const found: string[] = [];
  const watched: Ask = async (path, options) => {
    const answer = await ask(path, options);
    if (answer.headers['set-cookie']) found.push(path.split('?')[0] ?? path);
    return answer;
  };
  const check = { name: 'cookies', expected: 'none in any answer', demand: 'wire' } as const;
  const row = (): Row => ({
    check,
    seen: found.join(', ') || 'none',
    result: found.length > 0 ? 'FAIL' : 'pass',
  });
  return { ask: watched, row };
}

async function runCheck(check: Check, target: Target, lax: boolean): Promise<Row> {
  const lacking = check.needs?.map((need) => missing[need](target)).find((reason) => reason !== false);
  if (lacking) return { check, seen: lacking, result: 'skipped' };
  const { ok, seen } = await check.run(target).catch((error: unknown): Verdict => ({
    ok: false,
    seen: error instanceof Error ? error.message : String(error),
  }));
  const excused = lax && check.demand !== 'wire';
  return { check, seen, result: ok ? 'pass' : excused ? 'lax' : 'FAIL' };
}

/**
 * Looks at a node from outside, one check after the other.
 * @param lax what is not `wire` may be otherwise
 */
export async function runChecks(target: Target, { lax = false, list = checks } = {}): Promise<Row[]> {
  const cookies = watchCookies(target.ask);
  const rows: Row[] = [];
  for (const check of list) rows.push(await runCheck(check, { ...target, ask: cookies.ask }, lax));
  return [...rows, cookies.row()];
}

/** The table, in Markdown. */
export function formatTable(rows: readonly Row[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/[\n\r]/g, ' ');
  const lines = rows.map(({ check, seen, result }) =>
    [check.name, check.demand, check.expected, seen, result].map(cell).join(' | '),
  );
  const head = ['check | demand | expected | seen | result', '--- | --- | --- | --- | ---'];
  return [...head, ...lines].map((line) => `| ${line} |`).join('\n');
}

/** `91 passed, 0 failed, …` */
export function formatCounts(rows: readonly Row[]): string {
  const count = (result: Row['result']) => rows.filter((row) => row.result === result).length;
  return `${count('pass')} passed, ${count('FAIL')} failed, ${count('lax')} lax, ${count('skipped')} skipped`;
}
