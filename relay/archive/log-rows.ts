import * as decoding from 'lib0/decoding';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { type Batch, emptyChain, nextChain, readBatch } from '../../shared/sync/row.ts';
import type { TableRow } from '../store/table-rows.ts';

const invalid = (why: string) => new IsletError('E-ARCHIVE-INVALID', why);

/** Goes along the log of documents: every batch follows the one before it, by number and by chain hash (SPEC S5). */
export function decodeLog(idTag: IdTag) {
  let seq = 0;
  let chain = emptyChain;
  return {
    /** @throws IsletError E-ARCHIVE-INVALID */
    async add(row: TableRow): Promise<void> {
      const batch = decode(row.batch);
      seq += batch.rows.length;
      chain = await nextChain(chain, idTag, batch);
      if (row.seq !== seq || row.chain !== chain)
        throw invalid('the history of the documents in the archive has a gap');
    },
  };
}

function decode(bytes: TableRow[string] | undefined): Batch {
  try {
    if (bytes instanceof Uint8Array) return readBatch(decoding.createDecoder(new Uint8Array(bytes)));
  } catch {
    // Whatever is wrong with it, it is no batch.
  }
  throw invalid('the history of the documents in the archive cannot be read');
}
