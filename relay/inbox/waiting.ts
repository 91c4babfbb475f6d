import type { Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { backoff } from '../delivery/backoff.ts';
import { createLanes } from '../delivery/lanes.ts';
import {
  deleteWaiting,
  findStatement,
  insertAction,
  listWaiting,
  listWaitingIssuers,
} from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import type { AcceptOne } from './accept.ts';
import { findApproval } from './approval.ts';
import { createRow } from './record.ts';
import { tokenToHeld } from './held.ts';
import { parseToken } from './parse.ts';

/** What came along with a taken action, and whose issuer could not be asked for its keys just then (SPEC R7). */
export interface Waiting {
  keep(token: string): Promise<void>;
  /** This issuer has shown itself. */
  wake(issuer: string): void;
  wakeAll(): Promise<void>;
  close(): Promise<void>;
}

export interface WaitingParts {
  readonly db: Database;
  readonly idTag: IdTag;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly acceptOne: AcceptOne;
  readonly report: (error: unknown) => void;
}

/** It is given up after so long, in milliseconds. */
const longest = 7 * 86_400_000;

export function createWaiting(parts: WaitingParts): Waiting {
  const { db, idTag, random, now, report } = parts;
  /** Issuers of whom something waits; 0 tries: asked for at the next look. */
  const issuers = new Map<string, { readonly tries: number; readonly until: number }>();
  const fresh = { tries: 0, until: 0 };

  /** One after another; an issuer that is still away is left alone for a while. */
  const step = async (issuer: string): Promise<number | undefined> => {
    const rest = (issuers.get(issuer)?.until ?? 0) - now();
    if (rest > 0) return rest;
    const [row] = await listWaiting(db, idTag, issuer);
    if (!row) {
      issuers.delete(issuer);
      return undefined;
    }
    const action = await parseToken(row.token);
    const isOver = row.received_at + longest < now();
    if (isOver || (await retry(row.token, parts)) === 'done') await deleteWaiting(db, idTag, action);
    else {
      const tries = (issuers.get(issuer)?.tries ?? 0) + 1;
      issuers.set(issuer, { tries, until: now() + backoff(tries, random) });
    }
    return 0;
  };

  const lanes = createLanes(step, report);
  return {
    async keep(token) {
      const action = await parseToken(token);
      const { iss } = action.payload;
      if (await findStatement(db, { idTag, iss, statementId: action.statementId })) return;
      const incoming = { idTag, action, token, proof: undefined, origin: 'received' as const, now: now() };
      await insertAction(db, await createRow(db, incoming, 'waiting'));
      issuers.set(iss, { tries: 1, until: now() + backoff(1, random) });
      lanes.wake(iss);
    },
    wake(issuer) {
      if (!issuers.has(issuer)) return;
      issuers.set(issuer, fresh);
      lanes.wake(issuer);
    },
    async wakeAll() {
      for (const issuer of await listWaitingIssuers(db, idTag)) {
        if (!issuers.has(issuer)) issuers.set(issuer, fresh);
        lanes.wake(issuer);
      }
    },
    close: lanes.close,
  };
}

/** What brought it may be gone by now. */
async function retry(token: string, { db, idTag, acceptOne }: WaitingParts): Promise<'done' | 'later'> {
  const approval = await findApproval(db, idTag, await tokenToHeld(token));
  if (!approval) return 'done';
  try {
    await acceptOne(token, approval);
    return 'done';
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    return error.code === 'E-NET-FAILED' ? 'later' : 'done';
  }
}
