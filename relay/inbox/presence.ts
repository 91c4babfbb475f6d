import type * as v from 'valibot';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { IsletError } from '../../shared/errors.ts';
import { type presenceSchema, routes } from '../../shared/routes.ts';
import { isContact } from '../../shared/action/define.ts';
import type { SafeFetch } from '../identity/safe-fetch.ts';
import { readRelation } from '../store/relations.ts';
import { findContainer } from './containers.ts';
import { signOwn, type SignParts } from './own.ts';
import type { Database } from '../store/database.ts';

export interface PresenceParts extends SignParts {
  readonly db: Database;
  readonly fetch: SafeFetch;
}

export type Presence = v.InferOutput<typeof presenceSchema>;

/** Tells others that somebody is there or writes; what does not arrive is not said again. */
export type TellPresence = (presence: Presence) => Promise<void>;

/** One person is told at most so often, in milliseconds. */
const pause = 3_000;
const answerLimit = 16 * 1024;

/** SPEC R10. */
export function createTellPresence(parts: PresenceParts): TellPresence {
  const { db, keys, now } = parts;
  const last = new Map<IdTag, number>();

  const isTooSoon = (to: IdTag): boolean => {
    for (const [idTag, at] of last) if (at + pause <= now()) last.delete(idTag);
    if (last.has(to)) return true;
    last.set(to, now());
    return false;
  };

  return async ({ t, about, to }) => {
    const container = await findContainer(db, keys.idTag, about);
    const members = container ? [...container.members.keys()] : [];
    const wanted = to === keys.idTag ? members : [to];
    for (const idTag of wanted.filter((member) => member !== keys.idTag)) {
      const relation = await readRelation(db, keys.idTag, idTag);
      if (relation.blocked || !(isContact(relation) || members.includes(idTag)) || isTooSoon(idTag)) continue;
      const { token } = await signOwn({ t, aud: idTag, sub: about, v: 'D' }, parts);
      await send(parts.fetch, idTag, token);
    }
  };
}

async function send(fetch: SafeFetch, to: IdTag, token: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ token });
  try {
    await fetch(to, routes.inbox, { method: 'POST', headers, body, limit: answerLimit });
  } catch (error) {
    // Who cannot be reached is not there to see it.
    if (!(error instanceof IsletError)) throw error;
  }
}
