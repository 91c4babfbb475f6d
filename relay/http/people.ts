import type * as v from 'valibot';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import { type Profile, profileSchema } from '../../shared/identity/key-set.ts';
import { parseJson } from '../../shared/parse.ts';
import { limits, routes, standingSchema } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Profiles } from '../identity/profiles.ts';
import { pinToTrust } from '../identity/trust.ts';
import { stopDeliveries } from '../store/blocks.ts';
import type { Database } from '../store/database.ts';
import { findFile } from '../store/files.ts';
import { findPin, listPins } from '../store/pins.ts';
import { findProfile } from '../store/profiles.ts';
import { findRelation, listRelations, saveRelation } from '../store/relations.ts';
import type { PinRow, RelationRow } from '../store/tables.ts';
import type { Tenant } from '../tenant.ts';
import { readJson } from './body.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

export interface PeopleParts {
  readonly db: Database;
  readonly profiles: Profiles;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whom the identity has to do with, and the profile of any neighbour. */
export function createPeopleResource(parts: PeopleParts): Resource {
  const { db, now } = parts;
  const resource = createResource();

  resource.get(routes.people, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/read');
    const { idTag, portraits } = ctx.state.tenant;
    const relations = (await listRelations(db, idTag)).filter(isOfInterest);
    const pins = new Map((await listPins(db, idTag)).map((pin) => [pin.neighbour, pin]));
    for (const { neighbour } of relations) portraits.wake(neighbour);
    const people = relations.map((relation) => describe(db, relation, pins.get(relation.neighbour)));
    answer(ctx, { people: await Promise.all(people) }, now());
  });

  resource.get(`${routes.people}/:idTag`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/read');
    const neighbour = parseIdTag(ctx.params.idTag);
    answer(ctx, await preview(ctx.state.tenant, neighbour, parts), now());
    ctx.state.tenant.portraits.wake(neighbour);
  });

  resource.put(`${routes.people}/:idTag`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/write');
    const { idTag, wake } = ctx.state.tenant;
    const neighbour = parseIdTag(ctx.params.idTag);
    if (neighbour === idTag) throw new IsletError('E-VAL-INVALID', 'that is the identity itself', neighbour);
    await change(ctx.state.tenant, neighbour, await readJson(ctx, standingSchema, limits.body), db);
    wake('actions');
    answer(
      ctx,
      await describe(db, await readRow(db, idTag, neighbour), await findPin(db, idTag, neighbour)),
      now(),
    );
  });
  return resource;
}

/** Somebody to whom there is, or was wanted, anything. */
function isOfInterest({ following, follower, connected, blocked, muted }: RelationRow): boolean {
  return connected !== 'none' || [following, follower, blocked, muted].includes(1);
}

async function readRow(db: Database, idTag: IdTag, neighbour: IdTag): Promise<RelationRow> {
  const none = { following: 0, follower: 0, connected: 'none', blocked: 0, muted: 0 } as const;
  return (await findRelation(db, idTag, neighbour)) ?? { id_tag: idTag, neighbour, ...none };
}

/** SPEC Y8: who is blocked neither follows nor is connected any more, and gets nothing that still waits. */
async function change(
  { idTag, trust, standingChanged }: Tenant,
  neighbour: IdTag,
  { blocked, muted, trust: trusted }: v.InferOutput<typeof standingSchema>,
  db: Database,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    if (blocked === undefined && muted === undefined) return;
    await saveRelation(trx, idTag, neighbour, {
      ...(blocked !== undefined && { blocked }),
      ...(blocked === true && { follower: false, connected: 'none' as const }),
      ...(muted !== undefined && { muted }),
    });
    if (blocked === true) await stopDeliveries(trx, idTag, neighbour);
  });
  if (trusted === 'accepted') await trust.accept(neighbour);
  if (blocked !== undefined) standingChanged(neighbour);
}

/** As it says now who it is; of whom the identity has to do with, also whether that fits what was seen before. */
async function preview({ idTag, trust, wake }: Tenant, neighbour: IdTag, { db, profiles }: PeopleParts) {
  const profile = await profiles.refresh(neighbour, 'anyway');
  const row = await readRow(db, idTag, neighbour);
  if (isOfInterest(row) && row.blocked === 0 && (await trust.poll(neighbour, profile).catch(passOver)))
    wake('actions');
  const { profilePic: picture, ...shown } = await describe(db, row, await findPin(db, idTag, neighbour));
  return { ...shown, ...profile, ...(picture && { picture }) };
}

/** Its device log could not be had just now: what is known of it is told. */
function passOver(error: unknown): false {
  if (!(error instanceof IsletError)) throw error;
  return false;
}

async function describe(db: Database, relation: RelationRow, pin: PinRow | undefined) {
  const { id_tag, neighbour, following, follower, connected, blocked, muted } = relation;
  const row = await findProfile(db, neighbour);
  const shown: Profile | undefined = row?.profile ? parseJson(profileSchema, row.profile) : undefined;
  const file = shown?.profilePic ? await findFile(db, id_tag, shown.profilePic) : undefined;
  return {
    idTag: neighbour,
    name: shown?.name ?? neighbour,
    type: shown?.type ?? ('person' as const),
    following: following === 1,
    follower: follower === 1,
    connected,
    blocked: blocked === 1,
    muted: muted === 1,
    ...(pin && { trust: pinToTrust(pin) }),
    ...(file && { profilePic: { id: file.id, descriptor: file.descriptor } }),
  };
}
