import type { Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { routes } from '../../shared/routes.ts';
import type { SafeFetch } from '../identity/safe-fetch.ts';
import { findStatement, renumberAction } from '../store/actions.ts';
import type { Database, Executor } from '../store/database.ts';
import {
  countFailedTry,
  type Delivery,
  listNextDeliveries,
  listWaitingNeighbours,
  renewDeliveries,
  type Sent,
  updateDelivery,
} from '../store/deliveries.ts';
import type { ActionRow } from '../store/tables.ts';
import { type Absences, openAbsences } from './absences.ts';
import { judge, type Later, type Outcome } from './answers.ts';
import { backoff, maxTries } from './backoff.ts';
import { createLanes } from './lanes.ts';
import { createSettle, type Settle } from './settle.ts';
import { doWork, refusalOfWork, type SignAgain } from './work.ts';

/** The durable queue of what goes out. */
export interface Deliveries {
  /** Something new waits for this neighbour. One that is away is not asked for its sake. */
  wake(neighbour: string): void;
  /** It has shown that it is there. */
  seen(neighbour: string): void;
  /** What was refused or set aside of an action is tried again now. @returns how many */
  retry(action: Sent): Promise<number>;
  /** Looks at everything that waits. */
  wakeAll(): Promise<void>;
  close(): Promise<void>;
}

export interface DeliveryParts {
  readonly db: Database;
  readonly fetch: SafeFetch;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For neighbours that demand proof of work. */
  readonly sign: SignAgain;
  /** Tokens that go along with an action, at most `limits.related`. */
  readonly relatedOf: (row: ActionRow) => Promise<readonly string[]>;
  /** A delivery of this identity has another state. */
  readonly changed: (idTag: string) => void;
  /** A try came to this end. */
  readonly tried: (outcome: Outcome['kind']) => void;
  readonly report: (error: unknown) => void;
}

/** Bytes of an answer that are read. */
const answerLimit = 64 * 1024;

/** So many deliveries, and what is done within so many milliseconds, are booked together. A crash before that only delivers again (SPEC Q1). */
const together = { most: 16, longest: 100 };

/** A neighbour's turn. */
interface Round {
  /** It took these, and that is not booked yet. */
  readonly taken: Delivery[];
  readonly signal: AbortSignal;
}

export async function openDeliveries(parts: DeliveryParts): Promise<Deliveries> {
  const { db, now, changed, report } = parts;
  const absences = await openAbsences(db, parts);
  const settle = createSettle(db, changed);
  /** How often in a row neighbours were given up. */
  const hung = new Map<string, number>();

  /** One after another while nobody waits for the place; what the neighbour took meanwhile is booked at the end. */
  const step = async (neighbour: string, signal: AbortSignal): Promise<number | undefined> => {
    const taken: Delivery[] = [];
    const until = now() + together.longest;
    try {
      let pause = await deliverNext(neighbour, { taken, signal });
      while (pause === 0 && mayGoOn(taken) && now() < until && !signal.aborted)
        pause = await deliverNext(neighbour, { taken, signal });
      return pause;
    } finally {
      await bookTaken({ settle, absences }, taken);
    }
  };

  const mayGoOn = ({ length }: readonly Delivery[]) =>
    length > 0 && length < together.most && lanes.waiting() === 0;

  const deliverNext = async (neighbour: string, { taken, signal }: Round): Promise<number | undefined> => {
    const rest = absences.rest(neighbour);
    if (rest > 0) return rest;
    const left = await listNextDeliveries(db, neighbour, taken.length + 2);
    const [delivery, next] = left.filter(({ id }) => !taken.some((each) => each.id === id));
    if (!delivery) return undefined;
    if (delivery.next_at > now()) return delivery.next_at - now();
    const alone = !next && lanes.waiting() > 0;
    const outcome = await send(parts, delivery, { signal, alone });
    parts.tried(outcome.kind);
    if (outcome.kind === 'cut') hung.set(neighbour, (hung.get(neighbour) ?? 0) + 1);
    else hung.delete(neighbour);
    if (outcome.kind === 'delivered') {
      taken.push(delivery);
      return next ? 0 : undefined;
    }
    // What it took before is booked first: it ends an absence, and this may begin one.
    await bookTaken({ settle, absences }, taken);
    const ended = await book(parts, { delivery, outcome, absences, settle });
    return absences.rest(neighbour) || (ended && !next ? undefined : 0);
  };

  const slowness = (key: string) => (absences.isAway(key) ? Infinity : (hung.get(key) ?? 0));
  const lanes = createLanes(step, report, { slowness });
  const seen = (neighbour: string): void => {
    // Everybody who writes is seen; only for who was away is there anything to do.
    if (absences.expect(neighbour)) lanes.wake(neighbour);
  };
  return {
    wake: lanes.wake,
    seen,
    async retry(action) {
      const neighbours = await db.transaction().execute(async (trx) => {
        await renumberAction(trx, action.id_tag, action.statement_id);
        return renewDeliveries(trx, action, now());
      });
      neighbours.forEach((neighbour) => {
        absences.expect(neighbour);
        lanes.wake(neighbour);
      });
      changed(action.id_tag);
      return neighbours.length;
    },
    async wakeAll() {
      for (const neighbour of await listWaitingNeighbours(db)) lanes.wake(neighbour);
    },
    async close() {
      settle.close();
      await lanes.close();
    },
  };
}

/** One try, and the work that a neighbour demands for the next one. */
async function send(
  parts: DeliveryParts,
  delivery: Delivery,
  how: { readonly signal: AbortSignal; readonly alone: boolean },
): Promise<Outcome> {
  const { db, sign } = parts;
  const { id_tag, statement_id } = delivery;
  const row = await findStatement(db, { idTag: id_tag, iss: id_tag, statementId: statement_id });
  if (!row) return { kind: 'quarantined', reason: 'it is no longer here' };
  const related = await readRelated(parts, row);
  if (!related) return { kind: 'quarantined', reason: 'it cannot be read' };
  const outcome = await attempt(parts, { ...how, row, related, delivery });
  if (outcome.kind !== 'work') return outcome;
  const { letters } = outcome;
  const refusal = await refusalOfWork(db, row, letters);
  if (letters === undefined || refusal) return { kind: 'quarantined', reason: refusal ?? outcome.reason };
  await doWork(db, row, { letters, sign, signal: how.signal });
  return outcome;
}

/** A row that came with an archive may be anything: it must not hold up what others have for the same neighbour. */
async function readRelated({ relatedOf }: DeliveryParts, row: ActionRow) {
  try {
    return await relatedOf(row);
  } catch (error) {
    if (error instanceof IsletError) return undefined;
    throw error;
  }
}

interface Attempt {
  readonly row: ActionRow;
  readonly related: readonly string[];
  readonly delivery: Delivery;
  readonly signal: AbortSignal;
  /** There is nothing more for this neighbour, while others wait: its connection is not kept. */
  readonly alone: boolean;
}

async function attempt(
  parts: DeliveryParts,
  { row, related, delivery: { neighbour, tries }, signal, alone }: Attempt,
): Promise<Outcome> {
  const body = { token: row.token, ...(related.length > 0 && { related }) };
  try {
    const answer = await parts.fetch(parseIdTag(neighbour), routes.inbox, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(alone && { connection: 'close' }) },
      body: JSON.stringify(body),
      limit: answerLimit,
      signal,
    });
    return judge(answer, parts.now(), tries);
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    if (signal.aborted) return { kind: 'cut' };
    return { kind: 'later', reason: error.message, reached: false, rest: false };
  }
}

interface Books {
  readonly absences: Absences;
  readonly settle: Settle;
}

/** What one neighbour took; empties the list. */
async function bookTaken({ absences, settle }: Books, taken: Delivery[]): Promise<void> {
  const [first, ...more] = taken.splice(0);
  if (!first) return;
  await settle(async (trx) => {
    await absences.end(trx, first.neighbour);
    for (const { id, tries, next_at } of [first, ...more])
      await updateDelivery(trx, id, { state: 'delivered', tries: tries + 1, next_at, reason: null });
    return [first, ...more];
  });
}

interface Tried extends Books {
  readonly delivery: Delivery;
  readonly outcome: Exclude<Outcome, { readonly kind: 'delivered' }>;
}

/** @returns true when nothing more is to be done about this delivery */
async function book(parts: DeliveryParts, { delivery, outcome, absences, settle }: Tried): Promise<boolean> {
  const { id, neighbour, next_at } = delivery;
  if (outcome.kind === 'cut' || outcome.kind === 'work') return false;
  if (outcome.kind === 'later') {
    await settle((trx) => postpone(parts, trx, { delivery, outcome, absences }));
    return false;
  }
  const change = { state: outcome.kind, tries: delivery.tries + 1, next_at, reason: outcome.reason };
  await settle(async (trx) => {
    await absences.end(trx, neighbour);
    await updateDelivery(trx, id, change);
    return [delivery];
  });
  return true;
}

/** A neighbour that was not reached counts for everything that waits for it; one that answered, for what it did not take. */
async function postpone(
  { now, random }: DeliveryParts,
  trx: Executor,
  { delivery, outcome, absences }: { delivery: Delivery; outcome: Later; absences: Absences },
): Promise<readonly Sent[]> {
  const { reason, reached, after = 0 } = outcome;
  if (!(await absences.fail(trx, delivery, outcome))) return [];
  // Why it waits is news the first time.
  const news = delivery.tries === 0 ? [delivery] : [];
  if (!reached)
    return [...news, ...(await countFailedTry(trx, delivery.neighbour, { reason, most: maxTries }))];
  const tries = delivery.tries + 1;
  const next_at = now() + Math.max(after, backoff(tries, random));
  const state = tries >= maxTries ? ('quarantined' as const) : ('waiting' as const);
  await updateDelivery(trx, delivery.id, { state, tries, next_at, reason });
  return state === 'waiting' ? news : [delivery];
}
