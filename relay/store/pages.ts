import { IsletError } from '../../shared/errors.ts';
import type { Executor } from './database.ts';
import type { ActionRow } from './tables.ts';

/** A place in a list that goes from new to old: behind this row. */
export interface Place {
  readonly iat: number;
  readonly seq: number;
}

/** Which actions are asked for; of those that are absent, all. */
export interface Wanted {
  /** Base types, or types with a subtype. */
  readonly types?: readonly string[];
  readonly issuer?: string;
  /** `aud`, and the issuer of what has none. */
  readonly owner?: string;
  readonly parent?: string;
  readonly subject?: string;
  readonly actionId?: string;
  /** On the identity's own wall, and what it shows again. */
  readonly onWall?: true;
  /** Seconds; not older. */
  readonly since?: number;
}

/** Who asks: what is not for them by its `v` is left out here already; the rest is judged one by one. */
export interface Reader {
  readonly idTag: string | undefined;
  readonly visibilities: readonly string[];
}

/** What is the identity's own or belongs to it, or was said by who asks, and holds; newest first, behind `after`. */
export function listPage(
  db: Executor,
  idTag: string,
  of: {
    readonly wanted: Wanted;
    readonly reader: Reader;
    readonly after: Place | undefined;
    readonly limit: number;
  },
): Promise<ActionRow[]> {
  const { wanted, reader, after, limit } = of;
  const { types, issuer, owner, parent, subject, actionId, onWall, since } = wanted;
  const who = reader.idTag ?? '';
  let rows = db
    .selectFrom('actions')
    .selectAll()
    .where('id_tag', '=', idTag)
    .where('state', '=', 'active')
    .where('type', 'not like', '%:DEL')
    .where(({ or, eb }) => or([eb('iss', '=', idTag), eb('aud', '=', idTag), eb('iss', '=', who)]))
    .where(({ or, eb }) =>
      or([eb('visibility', 'in', reader.visibilities), eb('iss', '=', who), eb('aud', '=', who)]),
    );
  if (types)
    rows = rows.where(({ or, eb }) =>
      or(types.flatMap((type) => [eb('type', '=', type), eb('type', 'like', `${type}:%`)])),
    );
  if (issuer !== undefined) rows = rows.where('iss', '=', issuer);
  if (owner !== undefined)
    rows = rows.where(({ or, and, eb }) =>
      or([eb('aud', '=', owner), and([eb('aud', 'is', null), eb('iss', '=', owner)])]),
    );
  if (parent !== undefined) rows = rows.where('parent', '=', parent);
  if (subject !== undefined) rows = rows.where('subject', '=', subject);
  if (onWall)
    rows = rows.where(({ or, and, eb }) =>
      or([
        eb('aud', '=', idTag),
        and([eb('iss', '=', idTag), or([eb('aud', 'is', null), eb('type', 'like', 'REPOST%')])]),
      ]),
    );
  if (actionId !== undefined) rows = rows.where('action_id', '=', actionId);
  if (since !== undefined) rows = rows.where('iat', '>=', since);
  if (after)
    rows = rows.where(({ or, and, eb }) =>
      or([eb('iat', '<', after.iat), and([eb('iat', '=', after.iat), eb('seq', '<', after.seq)])]),
    );
  return rows.orderBy('iat', 'desc').orderBy('seq', 'desc').limit(limit).execute();
}

export function formatPlace({ iat, seq }: Place): string {
  return `${iat}.${seq}`;
}

/** @throws IsletError E-VAL-INVALID */
export function parsePlace(text: string): Place {
  const [, iat, seq] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? [];
  if (iat === undefined) throw new IsletError('E-VAL-INVALID', 'not a cursor of this relay', text);
  return { iat: Number(iat), seq: Number(seq) };
}
