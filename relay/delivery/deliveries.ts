import type { Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { errorSchema, routes } from '../../shared/routes.ts';
import * as v from 'valibot';
import type { Answer, SafeFetch } from '../identity/safe-fetch.ts';
import { renumberAction } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import {
  findNextDelivery,
  listWaitingNeighbours,
  updateDelivery,
  type WaitingDelivery,
} from '../store/deliveries.ts';
import { backoff, maxTries, parseRetryAfter } from './backoff.ts';
import { createLanes } from './lanes.ts';

/** The durable queue of what goes out. */
export interface Deliveries {
  /** Something new waits for this neighbour, or it has shown that it is there. */
  wake(neighbour: string): void;
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
  /** A delivery of this identity has another state. */
  readonly changed: (idTag: string) => void;
  readonly report: (error: unknown) => void;
}

type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** `reached` tells a neighbour that answered from one that is away: the second blocks its whole lane. */
  | {
      readonly kind: 'later';
      readonly reason: string;
      readonly reached: boolean;
      readonly after: number | undefined;
    };

interface Absence {
  failures: number;
  until: number;
}

const answerLimit = 64 * 1024;

export function createDeliveries({ db, fetch, random, now, changed, report }: DeliveryParts): Deliveries {
  const absences = new Map<string, Absence>();

  const settle = async (
    delivery: WaitingDelivery,
    change: Parameters<typeof updateDelivery>[2],
  ): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await updateDelivery(trx, delivery.id, change);
      if (change.state) await renumberAction(trx, delivery.id_tag, delivery.statement_id);
    });
    if (change.state) changed(delivery.id_tag);
  };

  const postpone = async (delivery: WaitingDelivery, outcome: Outcome & { kind: 'later' }): Promise<void> => {
    const { neighbour } = delivery;
    const known = absences.get(neighbour) ?? { failures: 0, until: 0 };
    const early = known.until > now();
    const tries = delivery.tries + (early ? 0 : 1);
    if (tries >= maxTries) return settle(delivery, { state: 'quarantined', tries, reason: outcome.reason });
    const failures = outcome.reached ? tries : known.failures + (early ? 0 : 1);
    const until = now() + (outcome.after ?? backoff(failures, random));
    if (!outcome.reached) absences.set(neighbour, { failures, until });
    await settle(delivery, { tries, reason: outcome.reason, ...(outcome.reached && { next_at: until }) });
  };

  const step = async (neighbour: string): Promise<number | undefined> => {
    const delivery = await findNextDelivery(db, neighbour, now());
    if (!delivery) return undefined;
    if (delivery.next_at > now()) return delivery.next_at - now();
    const outcome = await attempt(fetch, delivery, now());
    if (outcome.kind === 'later') await postpone(delivery, outcome);
    else {
      const reason = outcome.kind === 'refused' ? outcome.reason : null;
      await settle(delivery, { state: outcome.kind, tries: delivery.tries + 1, reason });
    }
    if (outcome.kind !== 'later' || outcome.reached) absences.delete(neighbour);
    return Math.max((absences.get(neighbour)?.until ?? 0) - now(), 0);
  };

  const lanes = createLanes(step, report);
  return {
    wake: lanes.wake,
    async wakeAll() {
      for (const neighbour of await listWaitingNeighbours(db)) lanes.wake(neighbour);
    },
    close: lanes.close,
  };
}

async function attempt(fetch: SafeFetch, delivery: WaitingDelivery, now: number): Promise<Outcome> {
  try {
    const answer = await fetch(parseIdTag(delivery.neighbour), routes.inbox, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: delivery.token }),
      limit: answerLimit,
    });
    return judge(answer, now);
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return { kind: 'later', reason: error.message, reached: false, after: undefined };
  }
}

/** Statuses that ask for another try, whatever stands in the body. */
const passing = [408, 425, 429];

/** Delivered is 2xx with JSON; refused is 4xx with JSON; anything else is tried again. */
function judge({ status, headers, bytes }: Answer, now: number): Outcome {
  const after = parseRetryAfter(headers['retry-after'], now);
  const again: Outcome = { kind: 'later', reason: `answered ${status}`, reached: true, after };
  if (!isJson(bytes)) return again;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status < 400 || status >= 500 || passing.includes(status)) return again;
  return { kind: 'refused', reason: readReason(bytes) ?? `answered ${status}` };
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function readReason(bytes: Buffer): string | undefined {
  const parsed = v.safeParse(errorSchema, parseJson(v.unknown(), bytes.toString('utf8')));
  return parsed.success
    ? `${parsed.output.error.code}: ${parsed.output.error.message}`.slice(0, 300)
    : undefined;
}
