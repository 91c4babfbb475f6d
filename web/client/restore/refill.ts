import { adoptedSchema, type AdoptItem } from '../../../shared/api/restore.ts';
import { IsletError } from '../../../shared/errors.ts';
import { parseDescriptor } from '../../../shared/file/descriptor.ts';
import { actionListSchema, fileCreatedSchema, limits, routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { ActionRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { readLoss } from './losses.ts';
import { showPicturesAgain } from './pictures.ts';

export interface RefillParts {
  db: Database;
  api: RelayApi;
  idTag: string;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Issuers that cannot be asked are tried again after so long, for so long; in milliseconds. */
const again = 5 * 60_000;
const patience = 14 * 24 * 3_600_000;
/** Refusals of now: this device may not speak, the relay is full, or it was asked too often. */
const passing: readonly number[] = [401, 402, 429];
/** Of one request, in characters. */
const maxRequest = 1_500_000;

/**
 * Brings to a relay that lost them, or is new, what was said and heard, and the pictures of the identity (SPEC X19, D8, D9). Before
 * anything new is sent: it may be about what was there before.
 * @throws RelayUnreachable to be tried again
 */
export async function refillRelay(parts: RefillParts): Promise<void> {
  const { db, now } = parts;
  const loss = await readLoss(db);
  if (!loss || loss.next > now()) return;
  let later = 0;
  try {
    const known = await listKnown(parts.api);
    const rows = await listLacking(db, known);
    await bringFiles(rows, parts);
    later = await bringActions(rows, parts);
    await showPicturesAgain(parts);
  } catch (error) {
    if (!(error instanceof IsletError)) throw error;
    // What this device may never do, another one does.
    if (passing.includes(error.status)) later = 1;
  }
  if (later > 0 && now() - loss.since < patience) await db.cursors.put({ ...loss, next: now() + again });
  else await db.cursors.delete('loss');
}

/** Whatever the relay has, by its identifiers. */
async function listKnown(api: RelayApi): Promise<Set<string>> {
  const known = new Set<string>();
  for (let after = 0; ;) {
    const page = await api.get(`${routes.actions}?after=${after}&limit=500`, actionListSchema);
    for (const { actionId } of page.items) known.add(actionId);
    after = page.next;
    if (!page.more) return known;
  }
}

/** In the order in which the relay had it: what follows from one thing needs the other before. */
async function listLacking(db: Database, known: ReadonlySet<string>): Promise<ActionRow[]> {
  const rows = await db.actions
    .filter(({ token, actionId }) => token !== undefined && actionId !== undefined && !known.has(actionId))
    .toArray();
  return rows.sort((a, b) => a.receivedAt - b.receivedAt || a.iat - b.iat);
}

function toItem(row: ActionRow, idTag: string): AdoptItem {
  const { token = '', receivedAt, proof, iss } = row;
  const deliveries = row.deliveries as AdoptItem['deliveries'];
  return { token, receivedAt, ...(iss === idTag && { deliveries, ...(proof && { proof }) }) };
}

/** @returns how many are to be brought again later */
async function bringActions(
  rows: readonly ActionRow[],
  { api, idTag }: Pick<RefillParts, 'api' | 'idTag'>,
): Promise<number> {
  let later = 0;
  for (const items of toRequests(rows.map((row) => toItem(row, idTag)))) {
    const { results } = await api.post(routes.adopt, { items }, adoptedSchema);
    later += results.filter(({ status }) => status === 'later').length;
  }
  return later;
}

function toRequests(items: readonly AdoptItem[]): AdoptItem[][] {
  const requests: AdoptItem[][] = [];
  let size = Infinity;
  for (const item of items) {
    const length = JSON.stringify(item).length;
    if (size + length > maxRequest || requests.at(-1)!.length >= limits.drafts) {
      requests.push([]);
      size = 0;
    }
    requests.at(-1)!.push(item);
    size += length;
  }
  return requests;
}

/** Pictures of own posts and messages, as far as their bytes are here. */
async function bringFiles(
  rows: readonly ActionRow[],
  { db, api, idTag }: Pick<RefillParts, 'db' | 'api' | 'idTag'>,
): Promise<void> {
  for (const { descriptor } of rows.filter(({ iss }) => iss === idTag).flatMap(({ files }) => files)) {
    const [first] = parseDescriptor(descriptor);
    const file = {
      descriptor,
      contentType: `image/${first?.format ?? 'webp'}`,
      fileName: 'picture',
    };
    await bringFile(file, { db, api });
  }
}

/** The bytes of a file, then its name. What this device does not have whole is left out. @returns whether the relay has it */
export async function bringFile(
  file: { descriptor: string; contentType: string; fileName: string; visibility?: 'P' },
  { db, api }: Pick<RefillParts, 'db' | 'api'>,
): Promise<boolean> {
  const variants = parseDescriptor(file.descriptor);
  const held = await db.blobs.bulkGet(variants.map(({ blob }) => blob));
  if (held.some((row) => row === undefined)) return false;
  try {
    for (const row of held) if (row) await api.put(routes.blobs + segment(row.id), row.bytes);
    await api.post(routes.files, file, fileCreatedSchema);
    return true;
  } catch (error) {
    if (error instanceof IsletError) return false; // refused for good: the action is there without it
    throw error;
  }
}
