import type * as v from 'valibot';
import { parseAction } from '../../shared/action/action.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { IsletError } from '../../shared/errors.ts';
import { parseJson } from '../../shared/parse.ts';
import { envelope, outboxSchema, routes } from '../../shared/routes.ts';
import type { Visits } from '../identity/visits.ts';
import type { Accept } from './related.ts';

const pageSize = 100;
const mostPosts = 500;
/** Bytes of one page. */
const pageLimit = 16 * 1024 * 1024;

export interface HistoryParts {
  readonly visits: Visits;
  readonly accept: Accept;
}

/**
 * SPEC Y5: brings in what a contact said before; each item is judged like one that is delivered.
 * @returns how many were told
 * @throws IsletError E-AUTH-NOPERM (it does not let us), E-NET-* and E-SYS-*: another time
 */
export async function pullHistory(neighbour: IdTag, { visits, accept }: HistoryParts): Promise<number> {
  let told = 0;
  let cursor: string | undefined;
  do {
    const page = await readOutbox(neighbour, visits, cursor);
    for (const item of page.items.slice(0, mostPosts - told)) {
      await take(neighbour, item, accept);
      told += 1;
    }
    cursor = page.items.length > 0 && page.cursor !== cursor ? page.cursor : undefined;
  } while (cursor !== undefined && told < mostPosts);
  return told;
}

type Item = v.InferOutput<typeof outboxSchema>['items'][number];

async function readOutbox(neighbour: IdTag, visits: Visits, cursor: string | undefined) {
  const behind = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const path = `${routes.outbox}?limit=${pageSize}${behind}`;
  const { status, bytes } = await visits.ask(neighbour, path, { limit: pageLimit });
  if (status === 401 || status === 403 || status === 404)
    throw new IsletError('E-AUTH-NOPERM', `${neighbour} does not show its outbox`, status);
  if (status !== 200) throw new IsletError('E-NET-FAILED', `${neighbour} answered ${status}`, status);
  return parseJson(envelope(outboxSchema), bytes.toString('utf8'), 'E-NET-FAILED').data;
}

/** What is refused is left out; when a key cannot be had just now, all is asked for again later. */
async function take(neighbour: IdTag, item: Item, accept: Accept): Promise<void> {
  try {
    const { payload } = await parseAction(item.token);
    if (payload.iss === neighbour) await accept(item.token, item.related);
  } catch (error) {
    if (!(error instanceof IsletError) || error.code === 'E-NET-FAILED') throw error;
  }
}
