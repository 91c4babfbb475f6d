import * as v from 'valibot';
import {
  type ActionPayload,
  type ActionType,
  type Effects,
  isAtLeast,
  isEnd,
  type ReceivingContext,
  type Role,
  roles,
} from '../../define.ts';
import { text, toAudience, toMembers } from '../../rules.ts';

export const invtSchema = v.optional(
  v.looseObject({ role: v.optional(v.picklist(roles)), message: v.optional(text(500, 0)) }),
);

/** The role that an invitation offers. */
export function offeredRole({ c }: ActionPayload): Role {
  const content = v.safeParse(invtSchema, c);
  return (content.success ? content.output?.role : undefined) ?? 'member';
}

/** SPEC M3: an invitation that is taken back also ends the membership that came of it. */
function removal(payload: ActionPayload): Effects | undefined {
  const { sub, aud } = payload;
  return isEnd(payload) && sub !== undefined && aud !== undefined
    ? { removes: { container: sub, idTag: aud } }
    : undefined;
}

/** SPEC M2, M3: by the owner and moderators; nobody puts out somebody who stands higher. */
function refusalOfInvitation(
  payload: ActionPayload,
  { container }: Pick<ReceivingContext, 'container'>,
): string | undefined {
  const { iss, aud } = payload;
  if (!container) return 'the conversation is not known here';
  if (container.owner === iss) return undefined;
  const least = (isEnd(payload) && aud !== undefined && container.members.get(aud)) || 'moderator';
  const has = container.members.get(iss);
  return isAtLeast(has, 'moderator') && isAtLeast(has, least)
    ? undefined
    : 'only its owner and moderators invite';
}

/** `aud` is invited into the conversation that `sub` names, which travels with it. `DEL` takes it back, or puts `aud` out. */
export const invt: ActionType = {
  type: 'INVT',
  subtypes: ['DEL'],
  voice: 'device',
  fields: { c: 'optional', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'required' },
  content: invtSchema,
  fromStrangers: ({ iss }, { tenant, container, approved }) =>
    approved ||
    container?.owner === iss ||
    (container?.owner === tenant && isAtLeast(container.members.get(iss), 'moderator')),
  visibility: 'D',
  key: ({ iss, sub, aud }) => `INVT:${iss}:${sub}:${aud}`,
  bundles: true,
  recipients: (payload, context) => {
    const { container, tenant } = context;
    if (container?.owner !== tenant)
      return [...toAudience(payload, context), ...(container ? [container.owner] : [])];
    return [...toAudience(payload, context), ...(isEnd(payload) ? toMembers(container) : [])];
  },
  refusalToSend: refusalOfInvitation,
  refusal: (payload, context) => {
    const { aud, iss } = payload;
    const { tenant, container, approved } = context;
    // Whoever is invited need not know the conversation yet; who is in it is put out by those alone who may.
    if (aud === tenant && !(isEnd(payload) && container)) return undefined;
    if (container?.owner !== tenant && container?.owner !== iss && aud !== tenant && !approved)
      return 'it is for somebody else';
    return approved ? undefined : refusalOfInvitation(payload, context);
  },
  whenSent: removal,
  whenReceived: (payload, { tenant }) =>
    removal(payload) ?? (payload.aud === tenant && payload.t === 'INVT' ? { state: 'confirm' } : undefined),
  answers: ({ actionId, payload }, { tenant, container }) =>
    container?.owner === tenant && isEnd(payload)
      ? [{ order: 'vouch', statement: { t: 'APRV', sub: actionId, p: container.action.actionId, v: 'S' } }]
      : [],
};
