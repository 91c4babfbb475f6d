import { findActionType } from '../../../shared/action/action.ts';
import { type ProvenBy, proofSchema, verifyProof } from '../../../shared/action/proof.ts';
import { IsletError } from '../../../shared/errors.ts';
import { profileSchema } from '../../../shared/identity/key-set.ts';
import { routes } from '../../../shared/routes.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';
import type { ActionRow } from '../store/action-rows.ts';

/** What can be said of who spoke. */
export type Verdict =
  | ({ kind: 'device' } & Required<Pick<ProvenBy, 'device' | 'grant'>>)
  /** The relay said it, as a device had ordered. */
  | ({ kind: 'order' } & Required<Pick<ProvenBy, 'order'>>)
  /** Only relays say this. */
  | { kind: 'relay' }
  /** Signed here, not countersigned yet. */
  | { kind: 'pending' }
  | { kind: 'unproven' }
  | { kind: 'failed'; message: string };

/** Checks the proof of an action in this browser: the relay only fetches the parts (SPEC F2, F3). */
export async function readVerdict(
  row: Pick<ActionRow, 'token' | 'actionId' | 't' | 'iss'>,
  api: Pick<RelayApi, 'get'>,
  idTag: string,
): Promise<Verdict> {
  if (row.token === undefined || row.actionId === undefined) return { kind: 'pending' };
  const type = findActionType(row.t);
  if (type.voice === 'relay' && !type.raw) return { kind: 'relay' };
  const proof = await api
    .get(`${routes.actions}${segment(row.actionId)}/proof`, proofSchema)
    .catch((error: unknown) => {
      if (error instanceof IsletError && error.code === 'E-CORE-NOTFOUND') return undefined;
      throw error;
    });
  if (!proof) return { kind: 'unproven' };
  const path = row.iss === idTag ? routes.me : routes.people + segment(row.iss);
  const { keys } = await api.get(path, profileSchema);
  try {
    return toVerdict(await verifyProof(row.token, proof, keys));
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

function toVerdict({ device, grant, order }: ProvenBy): Verdict {
  if (order !== undefined) return { kind: 'order', order };
  return device && grant ? { kind: 'device', device, grant } : { kind: 'unproven' };
}
