import { offerSchema, waysRoutes } from '../../shared/api/ways.ts';
import { codeLifetime } from '../../shared/device/pairing.ts';
import { IsletError } from '../../shared/errors.ts';
import { limits, routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Database } from '../store/database.ts';
import {
  countUnusedLinks,
  deleteOldLinks,
  endLink,
  findLink,
  insertLink,
  listOpenLinks,
} from '../store/ways-in.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

export interface PairingParts {
  readonly db: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Anybody may stand at the door: so many at once; and when so many are kept, those whose time is over are not kept any longer. */
const mostOpen = 50;
const mostKept = 200;
const day = 24 * 3_600_000;

/** Codes that a new device shows (SPEC P5), and doors that are shut again. */
export function createPairingResource({ db, now }: PairingParts): Resource {
  const resource = createResource();

  resource.post(waysRoutes.offers, async (ctx) => {
    const { id, expiresAt, request } = await readJson(ctx, offerSchema, limits.body);
    const { idTag, devices } = ctx.state.tenant;
    if (expiresAt * 1000 > now() + (codeLifetime + 60) * 1000)
      throw new IsletError('E-VAL-INVALID', 'a code holds for ten minutes at most');
    if (expiresAt * 1000 <= now()) throw new IsletError('E-LINK-EXPIRED', 'this code has expired', id);
    if (!(await devices.log())) throw new IsletError('E-LINK-UNKNOWN', 'no device is in here yet');
    const isCrowded = (await countUnusedLinks(db, idTag)) >= mostKept;
    await deleteOldLinks(db, idTag, isCrowded ? now() : now() - day);
    const known = await findLink(db, idTag, id);
    const text = JSON.stringify(request);
    if (!known && (await listOpenLinks(db, idTag, now())).length >= mostOpen)
      throw new IsletError('E-VERIFY-LIMIT', 'too many wait at the door: try again later', id, { wait: 60 });
    const row = {
      id,
      id_tag: idTag,
      expires_at: expiresAt * 1000,
      request: text,
      did: null,
      confirmation: null,
    };
    if (known ? known.request !== text : !(await insertLink(db, row)))
      throw new IsletError('E-LINK-USED', 'another device has used this code', id);
    answer(ctx, { state: 'waiting' }, now(), 201);
  });

  resource.delete(`${routes.links}/:id`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'device/enrol');
    const { idTag } = ctx.state.tenant;
    if (!(await endLink(db, idTag, String(ctx.params.id), now())))
      throw new IsletError('E-LINK-UNKNOWN', 'this link is not known here, or was used');
    answer(ctx, {}, now());
  });
  return resource;
}
