import * as Y from 'yjs';
import { handedSchema, type QuarantineItem } from '../../../shared/api/quarantine.ts';
import { bytesToBase64url, type Random } from '../../../shared/bytes.ts';
import { signAssertion } from '../../../shared/device/assertion.ts';
import { IsletError } from '../../../shared/errors.ts';
import { routes } from '../../../shared/routes.ts';
import { INDEX_ID, isDocumentId } from '../documents/document-id.ts';
import { createRelayApi } from '../relay/relay-api.ts';
import type { OutboxRow } from '../store/action-rows.ts';
import type { Database } from '../store/database.ts';
import { createLedger } from '../sync/ledger.ts';
import type { DeviceKeys, Membership } from './key-store.ts';

/** What handing over needs of the documents of this device. */
export interface HeldDocuments {
  snapshot(id: string): Promise<{ doc: Y.Doc }>;
  entry(id: string): { title: string; type: string } | undefined;
}

export interface HandOverOptions {
  db: Database;
  documents: HeldDocuments;
  keys: DeviceKeys;
  membership: Membership;
  /** Milliseconds since 1970. */
  now: () => number;
  random: Random;
  onProgress: (progress: { done: number; total: number }) => void;
}

/** `left`: what the relay refused to keep. */
export interface HandedOver {
  documents: number;
  drafts: number;
  left: number;
}

/**
 * SPEC X10: a lost device hands to the relay what nobody else has. The same again is the same, so it may begin anew after it was stopped.
 * @throws RelayUnreachable, IsletError when the relay does not take this device for lost
 */
export async function handOver(options: HandOverOptions): Promise<HandedOver> {
  const { db, membership, onProgress } = options;
  const api = createRelayApi(membership.apiBase, () => createAssertion(options));
  const [dirty, outbox] = await Promise.all([
    createLedger(db).dirtyDocuments(),
    db.outbox.orderBy('order').toArray(),
  ]);
  const works = [
    ...dirty.map((id) => () => describeDocument(id, options)),
    ...outbox.map((row) => () => Promise.resolve(describeDraft(row))),
  ];
  const handed: HandedOver = { documents: 0, drafts: 0, left: 0 };
  for (const [done, describe] of works.entries()) {
    onProgress({ done, total: works.length });
    const item = await describe();
    if (!item) continue;
    if (!(await isTaken(api.post(routes.quarantine, item, handedSchema)))) handed.left++;
    else if (item.kind === 'document') handed.documents++;
    else handed.drafts++;
  }
  onProgress({ done: works.length, total: works.length });
  return handed;
}

/** What is wrong with one item, or too much of all, holds up no wipe; anything else ends it. */
const itemRefusals: readonly string[] = ['E-STORAGE-FULL', 'E-VAL-INVALID', 'E-CORE-TOOLARGE'];

async function isTaken(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof IsletError && itemRefusals.includes(error.code)) return false;
    throw error;
  }
}

function createAssertion({ keys, membership, now, random }: HandOverOptions): Promise<string> {
  const jti = bytesToBase64url(random(16));
  const shown = { did: keys.did, aud: membership.idTag, jti, now: Math.floor(now() / 1000) };
  return signAssertion(shown, keys.sign);
}

/** All of it, not the difference: whoever takes it in may have nothing of it. */
async function describeDocument(
  id: string,
  { db, documents }: HandOverOptions,
): Promise<QuarantineItem | undefined> {
  if (id === INDEX_ID || !isDocumentId(id)) return undefined;
  const { doc } = await documents.snapshot(id);
  try {
    if (!(await createLedger(db).compare(id, doc)).missing) return undefined;
    const { title = '', type = 'text' } = documents.entry(id) ?? {};
    const update = bytesToBase64url(Y.encodeStateAsUpdate(doc));
    return { kind: 'document', doc: id, title: title.slice(0, 255), type, update };
  } finally {
    doc.destroy();
  }
}

/** What was said in words; a reaction or a request says nothing without its subject. */
function describeDraft({ id, statement }: OutboxRow): QuarantineItem | undefined {
  const { c, t, iat, aud } = statement;
  if (typeof c !== 'string' || c.trim() === '') return undefined;
  return {
    ...{ kind: 'draft', nonce: id, t, text: c, written: iat },
    ...(aud !== undefined && { to: aud }),
  };
}
