import type { IdTag } from '../identity/id-tag.ts';
import {
  type Container,
  contentOwner,
  type HeldAction,
  isAtLeast,
  isEnd,
  type Role,
  roles,
} from './define.ts';
import { offeredRole } from './types/invt/invt.ts';
import { wantedRole } from './types/subs/subs.ts';

/**
 * SPEC M1–M3: who is in a conversation and who may come in, from the `SUBS` and `INVT` that hold there (of each key the last),
 * whatever order they came in.
 */
export function readContainer(conversation: HeldAction, said: readonly HeldAction[]): Container {
  const { payload } = conversation;
  const owner = contentOwner(payload);
  const joined = said.filter((action) => isOf(action, 'SUBS') && !isEnd(action.payload));
  const roleOf = (idTag: IdTag): Role | undefined =>
    idTag === owner ? 'admin' : mostOf(joined.filter((action) => action.payload.iss === idTag));
  const invitations = said.filter(
    (action) => isOf(action, 'INVT') && isAtLeast(roleOf(action.payload.iss), 'moderator'),
  );
  const removed = latest(invitations.filter((action) => isEnd(action.payload)));
  const isStanding = (idTag: IdTag | undefined, { payload: { iat } }: HeldAction) =>
    idTag !== undefined && iat > (removed.get(idTag) ?? -1);

  const members = new Map<IdTag, Role>([[owner, 'admin']]);
  for (const action of joined)
    if (action.payload.iss !== owner && isStanding(action.payload.iss, action))
      members.set(action.payload.iss, wantedRole(action.payload));

  const invited = new Map<IdTag, Role>();
  for (const action of invitations) {
    const { aud, iss } = action.payload;
    if (isEnd(action.payload) || aud === undefined || members.has(aud) || !isStanding(aud, action)) continue;
    const offered = lowerOf(offeredRole(action.payload), roleOf(iss) ?? 'observer');
    invited.set(aud, higherOf(offered, invited.get(aud)));
  }
  const open = payload.f?.includes('O') ?? false;
  const out = new Set([...removed.keys()].filter((idTag) => !members.has(idTag)));
  return { action: conversation, owner, open, members, invited, removed: out };
}

/** What has another subtype has no effect (SPEC A2). */
const effective = { SUBS: ['SUBS', 'SUBS:UPD', 'SUBS:DEL'], INVT: ['INVT', 'INVT:DEL'] };

function isOf({ payload: { t } }: HeldAction, type: keyof typeof effective): boolean {
  return effective[type].includes(t);
}

function mostOf(joined: readonly HeldAction[]): Role | undefined {
  return joined.reduce<Role | undefined>(
    (most, { payload }) => higherOf(wantedRole(payload), most),
    undefined,
  );
}

/** When each was last removed. */
function latest(removals: readonly HeldAction[]): Map<IdTag, number> {
  const times = new Map<IdTag, number>();
  for (const { payload } of removals)
    if (payload.aud) times.set(payload.aud, Math.max(payload.iat, times.get(payload.aud) ?? 0));
  return times;
}

function higherOf(role: Role, other: Role | undefined): Role {
  return other !== undefined && roles.indexOf(other) > roles.indexOf(role) ? other : role;
}

function lowerOf(role: Role, other: Role): Role {
  return roles.indexOf(other) < roles.indexOf(role) ? other : role;
}
