import { cidToBlobId } from '../../shared/file/cid.ts';
import { IsletError } from '../../shared/errors.ts';
import { routes } from '../../shared/routes.ts';
import type { Blobs } from '../store/blobs/blobs.ts';
import type { Database } from '../store/database.ts';
import { isBlobPublic } from '../store/openness.ts';
import { createResource, type RelayContext, type Resource } from './context.ts';
import { sendBlob } from './send-blob.ts';

const raw = 'application/vnd.ipld.raw';

/** SPEC B7: public blobs for IPFS tools, as a trustless gateway that has raw blocks only. */
export function createIpfsResource(db: Database, blobs: Blobs): Resource {
  const resource = createResource();
  resource.get(`${routes.ipfs}/:cid`, async (ctx) => {
    assertRaw(ctx);
    const cid = String(ctx.params.cid);
    const blob = cidToBlobId(cid);
    // Whether a blob that is not public is here is told to nobody.
    if (!(await isBlobPublic(db, ctx.state.tenant.idTag, blob)))
      throw new IsletError('E-CORE-NOTFOUND', 'no such block', cid);
    ctx.vary('Accept');
    await sendBlob(ctx, blobs, {
      blob,
      type: raw,
      disposition: `attachment; filename="${cid}.bin"`,
      cacheControl: 'public, max-age=29030400, immutable',
      etag: `"${cid}.raw"`,
    });
  });
  return resource;
}

/** `format` in the address wins over `Accept`. */
function assertRaw(ctx: RelayContext): void {
  const { format } = ctx.query;
  const isRaw = format === undefined ? ctx.get('accept').includes(raw) : format === 'raw';
  if (!isRaw) throw new IsletError('E-VAL-INVALID', 'blocks are answered as format=raw only', format);
}
