import * as v from 'valibot';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { routes } from '../../shared/routes.ts';
import { assertAllowed } from '../identity/access.ts';
import type { Profiles } from '../identity/profiles.ts';
import type { Database } from '../store/database.ts';
import { findProfile } from '../store/profiles.ts';
import { listRelations } from '../store/relations.ts';
import type { RelationRow } from '../store/tables.ts';
import { answer, createResource, readSession, type Resource } from './context.ts';

export interface PeopleParts {
  readonly db: Database;
  readonly profiles: Profiles;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Whom the identity follows, who follows it, and the profile of any neighbour. */
export function createPeopleResource({ db, profiles, now }: PeopleParts): Resource {
  const resource = createResource();

  resource.get(routes.people, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/read');
    const relations = await listRelations(db, ctx.state.tenant.idTag);
    const kept = relations.filter(({ following, follower }) => following === 1 || follower === 1);
    answer(ctx, { people: await Promise.all(kept.map((relation) => describe(db, relation))) }, now());
  });

  resource.get(`${routes.people}/:idTag`, async (ctx) => {
    const { grant } = await readSession(ctx);
    assertAllowed(grant, 'people/read');
    answer(ctx, await profiles.refresh(parseIdTag(ctx.params.idTag), 'anyway'), now());
  });
  return resource;
}

async function describe(db: Database, { neighbour, following, follower }: RelationRow) {
  const row = await findProfile(db, neighbour);
  return {
    idTag: neighbour,
    name: readName(row?.profile ?? null) ?? neighbour,
    following: following === 1,
    follower: follower === 1,
  };
}

function readName(profile: string | null): string | undefined {
  return profile === null ? undefined : parseJson(v.object({ name: v.string() }), profile).name;
}
