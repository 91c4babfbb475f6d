import { IsletError } from '../../shared/errors.ts';
import { deleteAllowance, listAllowances, replaceAllowances } from '../store/allowances.ts';
import type { Database } from '../store/database.ts';
import { type Rule, type RuleName, rules } from './rules.ts';

/**
 * What everybody has left (SPEC H2). It is kept in memory; what is less than half is written with what else there is every few seconds, and
 * before somebody is refused, so that neither a restart nor a crash gives it back.
 */
export interface Allowances {
  /** @throws IsletError E-CORE-RATELIMIT (details: `{wait}`, seconds); nothing is taken then. `noted` before that is told */
  take(rule: RuleName, who: string, cost?: number): void;
  /** Takes what has been used already, even if there is not so much left. */
  spend(rule: RuleName, who: string, cost: number): void;
  /** Milliseconds until there is something left again; 0: there is. */
  waitOf(rule: RuleName, who: string): number;
  /** Resolves when what was refused would be refused after a crash too; never rejects. */
  noted(): Promise<void>;
  close(): Promise<void>;
}

export interface AllowanceParts {
  readonly db: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Every limit times this; Infinity: none. */
  readonly factor: number;
  readonly report: (error: unknown) => void;
}

interface Allowance {
  readonly rule: Rule;
  left: number;
  at: number;
  /** There is a row of it, as of then. */
  writtenAt: number | undefined;
  changed: boolean;
}

/** Pause between two writes, and how old a note of somebody who is refused may be; milliseconds. */
const pause = 5_000;
/** So many are remembered; those with more than half left go first. */
const mostKept = 100_000;

export async function openAllowances({ db, now, factor, report }: AllowanceParts): Promise<Allowances> {
  const kept = new Map<string, Allowance>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  const refresh = (one: Allowance): Allowance => {
    const at = now();
    // A clock that was set back gives nothing, and takes nothing either.
    const passed = Math.max(at - one.at, 0);
    one.left = Math.min(one.rule.most, one.left + (passed * one.rule.perMinute) / 60_000);
    one.at = at;
    return one;
  };
  const find = (name: RuleName, who: string): Allowance => {
    const key = `${name} ${who}`;
    const known = kept.get(key);
    if (known) return refresh(known);
    if (kept.size >= mostKept) makeRoom(kept, refresh);
    const rule = multiply(rules[name], factor);
    const fresh = { rule, left: rule.most, at: now(), writtenAt: undefined, changed: false };
    kept.set(key, fresh);
    return fresh;
  };
  const change = (one: Allowance, cost: number): void => {
    one.left = Math.max(one.left - cost, -one.rule.most);
    one.changed = true;
    timer ??= setTimeout(() => void write(), pause).unref();
  };
  const writeAll = async (): Promise<void> => {
    const changed = [...kept].filter(([, one]) => one.changed || one.writtenAt !== undefined);
    const rows = changed.map(([key, one]) => ({
      key,
      one: refresh(one),
      isLow: one.left < one.rule.most / 2,
    }));
    const low = rows.filter(({ one, isLow }) => isLow && one.changed);
    const well = rows.filter(({ one, isLow }) => !isLow && one.writtenAt !== undefined);
    for (const { one } of rows) one.changed = false;
    for (const { one } of low) one.writtenAt = one.at;
    for (const { one } of well) one.writtenAt = undefined;
    if (low.length + well.length === 0) return;
    await db.transaction().execute(async (trx) => {
      await replaceAllowances(
        trx,
        low.map(({ key, one }) => ({ ...readKey(key), left: one.left, at: one.at })),
      );
      for (const { key } of well) await deleteAllowance(trx, readKey(key));
    });
  };
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll()
      .catch(report)
      .finally(() => {
        writing = undefined;
      });
    return writing;
  };

  for (const row of await listAllowances(db)) {
    if (!Object.hasOwn(rules, row.rule)) continue;
    const rule = multiply(rules[row.rule as RuleName], factor);
    const one = { rule, left: Math.min(row.left, rule.most), at: Math.min(row.at, now()), writtenAt: row.at };
    kept.set(`${row.rule} ${row.who}`, { ...one, changed: false });
  }
  let refused: Allowance[] = [];
  return {
    take(name, who, cost = 1) {
      if (!Number.isFinite(factor)) return;
      const one = find(name, who);
      if (one.left >= cost) return change(one, cost);
      refused.push(one);
      throw tooMuch(name, one, cost);
    },
    spend(name, who, cost) {
      if (Number.isFinite(factor)) change(find(name, who), cost);
    },
    waitOf: (name, who) => (Number.isFinite(factor) ? untilLeft(find(name, who), 1) : 0),
    async noted() {
      const waiting = refused;
      refused = [];
      const isOld = ({ writtenAt = -Infinity }: Allowance) => now() - writtenAt >= pause;
      if (!waiting.some(isOld)) return;
      await writing;
      if (waiting.some(isOld)) await write();
    },
    async close() {
      await writing;
      await write();
    },
  };
}

function multiply({ most, perMinute }: Rule, factor: number): Rule {
  return { most: most * factor, perMinute: perMinute * factor };
}

/** Milliseconds. */
function untilLeft({ left, rule }: Allowance, cost: number): number {
  return left >= cost ? 0 : Math.ceil(((cost - left) * 60_000) / rule.perMinute);
}

function tooMuch(name: RuleName, one: Allowance, cost: number): IsletError {
  const wait = Math.ceil(untilLeft(one, cost) / 1000);
  return new IsletError('E-CORE-RATELIMIT', `too much at once: wait ${wait} s`, name, { wait });
}

function readKey(key: string): { rule: string; who: string } {
  const at = key.indexOf(' ');
  return { rule: key.slice(0, at), who: key.slice(at + 1) };
}

/** Who has more than half left loses nothing by being forgotten; when there are none, a tenth goes that was met first. */
function makeRoom(kept: Map<string, Allowance>, refresh: (one: Allowance) => Allowance): void {
  for (const [key, one] of kept)
    if (refresh(one).left >= one.rule.most / 2 && one.writtenAt === undefined) kept.delete(key);
  if (kept.size < mostKept) return;
  for (const key of [...kept.keys()].slice(0, mostKept / 10)) kept.delete(key);
}
