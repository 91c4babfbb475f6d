import * as v from 'valibot';
import {
  type ActionPayload,
  type ActionType,
  isAtLeast,
  isEnd,
  type Role,
  roles,
  subtype,
} from '../../define.ts';
import { text, toAudience, toMembers } from '../../rules.ts';

export const subsSchema = v.optional(
  v.looseObject({
    role: v.optional(v.picklist(roles)),
    invitedBy: v.optional(text(255, 0)),
    message: v.optional(text(500, 0)),
  }),
);

/** The role that who joins wants to have. */
export function wantedRole({ c }: ActionPayload): Role {
  const content = v.safeParse(subsSchema, c);
  return (content.success ? content.output?.role : undefined) ?? 'member';
}

/** The issuer joins the conversation that `sub` names; `aud` is its owner. `DEL` leaves, `UPD` changes what one said of oneself. */
export const subs: ActionType = {
  type: 'SUBS',
  subtypes: ['UPD', 'DEL'],
  voice: 'device',
  fields: { c: 'optional', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'required' },
  content: subsSchema,
  fromStrangers: true,
  visibility: 'S',
  key: ({ sub, iss }) => `SUBS:${sub}:${iss}`,
  recipients: (payload, context) => {
    const { container, tenant } = context;
    return container?.owner === tenant ? toMembers(container) : toAudience(payload, context);
  },
  refusal: (payload, { container, tenant, approved }) => {
    const { iss, t } = payload;
    if (!container) return 'the conversation is not known here';
    if (container.owner !== tenant && container.owner !== iss && !approved)
      return 'its conversation is kept by somebody else';
    if (isEnd(payload) || iss === container.owner || approved) return undefined;
    const [has, offered] = [container.members.get(iss), container.invited.get(iss)];
    if (subtype(t) === 'UPD' || has !== undefined)
      return isAtLeast(has, wantedRole(payload)) ? undefined : 'nobody gives a higher role to themselves';
    if (offered !== undefined)
      return isAtLeast(offered, wantedRole(payload)) ? undefined : 'the invitation is for another role';
    const mayJoin = container.open && !container.removed.has(iss) && isAtLeast('member', wantedRole(payload));
    return mayJoin ? undefined : 'joining needs an invitation';
  },
  answers: ({ actionId }, { tenant, container }) =>
    container?.owner === tenant
      ? [{ order: 'vouch', statement: { t: 'APRV', sub: actionId, p: container.action.actionId, v: 'S' } }]
      : [],
};
