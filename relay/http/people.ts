import * as v from 'valibot';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Profiles } from '../identity/profiles.ts';
import type { Portraits } from '../inbox/portraits.ts';
import type { Database } from '../store/database.ts';
import { findFile } from '../store/files.ts';
import { findProfile } from '../store/profiles.ts';
import { listRelations } from '../store/relations.ts';
import type { RelationRow } from '../store/tables.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

export interface PeopleParts {
  readonly db: Database;
  readonly profiles: Profiles;
  readonly portraits: Pick<Portraits, 'wake'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whom the identity follows, who follows it, and the profile of any neighbour. */
export function createPeopleResource({ db, profiles, portraits, now }: PeopleParts): Resource {
  const resource = createResource();

  resource.get(routes.people, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/read');
    const relations = await listRelations(db, ctx.state.tenant.idTag);
    const kept = relations.filter(({ following, follower }) => following === 1 || follower === 1);
    for (const { neighbour } of kept) portraits.wake(neighbour);
    answer(ctx, { people: await Promise.all(kept.map((relation) => describe(db, relation))) }, now());
  });

  resource.get(`${routes.people}/:idTag`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/read');
    const neighbour = parseIdTag(ctx.params.idTag);
    answer(ctx, await profiles.refresh(neighbour, 'anyway'), now());
    portraits.wake(neighbour);
  });
  return resource;
}

const shownSchema = v.object({ name: v.string(), profilePic: v.optional(v.string()) });

async function describe(db: Database, { id_tag, neighbour, following, follower }: RelationRow) {
  const row = await findProfile(db, neighbour);
  const shown = row?.profile ? parseJson(shownSchema, row.profile) : undefined;
  const file = shown?.profilePic ? await findFile(db, id_tag, shown.profilePic) : undefined;
  return {
    idTag: neighbour,
    name: shown?.name ?? neighbour,
    following: following === 1,
    follower: follower === 1,
    ...(file && { profilePic: { id: file.id, descriptor: file.descriptor } }),
  };
}
