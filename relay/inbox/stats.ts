import type { Statement } from '../../shared/action/action.ts';
import { contentOwner, type HeldAction } from '../../shared/action/define.ts';
import type { Random } from '../../shared/bytes.ts';
import { formatCounts } from '../../shared/action/types/stat/stat.ts';
import { parse } from '../../shared/parse.ts';
import * as v from 'valibot';
import type { Lock } from '../identity/lock.ts';
import type { NodeKeys } from '../identity/node-keys.ts';
import { findAction, findByKey } from '../store/actions.ts';
import { countAnswers, listUncounted } from '../store/counts.ts';
import type { Database } from '../store/database.ts';
import { rowToHeld } from './held.ts';
import { recordOwn, type SaidAction, signOwn } from './own.ts';

/** SPEC R8: tells those who see an action of the identity's how often it was answered. */
export interface Stats {
  /** The counts of this action may have changed. */
  mark(actionId: string): void;
  /** Says what is due by the clock, and what was left when the relay stopped. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

export interface StatsParts {
  readonly db: Database;
  readonly keys: NodeKeys;
  readonly random: Random;
  readonly lock: Lock;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly said: (said: SaidAction) => void;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** Changes are gathered for so long before the first word about them, and between two, in milliseconds. */
const pauses = { first: 10_000, next: 60_000 };

export function createStats(parts: StatsParts): Stats {
  const { db, keys, now, lock, report } = parts;
  /** When the counts of an action are told. */
  const due = new Map<string, number>();
  const told = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  const schedule = (): void => {
    clearTimeout(timer);
    if (due.size === 0) return;
    const pause = Math.max(Math.min(...due.values()) - now(), 0);
    timer = setTimeout(() => void tellDue().catch(report), pause).unref();
  };

  const mark = (id: string): void => {
    if (due.has(id)) return;
    due.set(id, Math.max(now() + pauses.first, (told.get(id) ?? 0) + pauses.next));
    schedule();
  };

  const tellDue = (): Promise<void> => {
    working = working.then(async () => {
      for (const [id, at] of [...due]) {
        if (at > now()) continue;
        due.delete(id);
        if (await lock(() => tell(id, parts))) told.set(id, now());
      }
      for (const [id, at] of [...told]) if (at + pauses.next < now()) told.delete(id);
      schedule();
    });
    return working;
  };

  return {
    mark,
    async wake() {
      for (const id of await listUncounted(db, keys.idTag)) mark(id);
      await tellDue();
    },
    async close() {
      clearTimeout(timer);
      due.clear();
      await working;
      clearTimeout(timer);
    },
  };
}

/** @returns false when there is nothing new to say */
async function tell(subjectId: string, parts: StatsParts): Promise<boolean> {
  const { db, keys, now, said, changed } = parts;
  const { idTag } = keys;
  const row = await findAction(db, idTag, subjectId);
  if (row?.state !== 'active') return false;
  const subject = await rowToHeld(row);
  if (contentOwner(subject.payload) !== idTag) return false;
  const statement = { ...statementOf(subject), c: formatCounts(await countAnswers(db, idTag, subjectId)) };
  const last = await findByKey(db, idTag, `STAT:${idTag}:${subjectId}`);
  if (last && (await isSame(last.token, statement.c))) return false;
  const own = await signOwn(statement, parts);
  said(await db.transaction().execute((trx) => recordOwn(trx, idTag, own, now())));
  changed();
  return true;
}

function statementOf({ actionId, visibility }: HeldAction): Omit<Statement, '_' | 'iat' | 'c'> {
  return { t: 'STAT', p: actionId, v: visibility };
}

async function isSame(token: string, counts: object): Promise<boolean> {
  const { payload } = await rowToHeld({ action_id: '', token });
  return JSON.stringify(parse(v.looseObject({}), payload.c)) === JSON.stringify(counts);
}
