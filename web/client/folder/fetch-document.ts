import { IsletError } from '../../../shared/errors.ts';
import type { IdTag } from '../../../shared/identity/id-tag.ts';
import { routes } from '../../../shared/routes.ts';
import { type HistoryBatch, isBase, parseHistoryPage } from '../../../shared/sync/history.ts';
import { type Batch, isTold, nextChain, type Row } from '../../../shared/sync/row.ts';
import { type RelayApi, segment } from '../relay/relay-api.ts';

export interface FetchParts {
  api: Pick<RelayApi, 'download'>;
  space: IdTag;
  /** As of verify-author.ts. */
  verify: (batch: Batch) => Promise<void>;
}

/**
 * All rows of one document, from the relay's history of it (SPEC S12), each proved as those of the log are. They stand in the order of the log,
 * what takes the place of forgotten ones before all others. Undefined when this device may not have it, since a moment ago.
 * @throws RelayUnreachable, IsletError
 */
export async function fetchDocument(
  id: string,
  { api, space, verify }: FetchParts,
): Promise<Row[] | undefined> {
  const batches: HistoryBatch[] = [];
  let after = 0;
  for (;;) {
    const blob = await download(`${routes.documents}${segment(id)}/rows?after=${after}`, api);
    if (!blob) return undefined;
    const page = parseHistoryPage(new Uint8Array(await blob.arrayBuffer()));
    for (const at of page.batches) {
      await verify(at.batch);
      if ((await nextChain(at.previous, space, at.batch)) !== at.chain)
        throw new IsletError('E-ROW-INVALID', 'rows of a document do not fit the log', at.seq);
      batches.push(at);
      after = at.seq;
    }
    if (!page.more || page.batches.length === 0) break;
  }
  return batches
    .sort((a, b) => Number(isBase(b.batch)) - Number(isBase(a.batch)) || a.seq - b.seq)
    .flatMap(({ batch }) => batch.rows.filter((row) => row.doc === id && isTold(row)));
}

async function download(path: string, api: FetchParts['api']): Promise<Blob | undefined> {
  try {
    return await api.download(path);
  } catch (error) {
    if (error instanceof IsletError && error.code === 'E-DELEGATION-SCOPE') return undefined;
    throw error;
  }
}
