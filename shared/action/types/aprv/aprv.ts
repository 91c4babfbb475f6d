import * as v from 'valibot';
import { type ActionType, contentOwner, isContact } from '../../define.ts';
import { notIn, toMembers, toReaders } from '../../rules.ts';

/**
 * The owner of a wall or of a conversation (`p`) stands by the action that `sub` names, which travels with it. On a wall
 * `aud` is the author.
 */
export const aprv: ActionType = {
  type: 'APRV',
  subtypes: [],
  voice: 'device',
  order: ({ p }) => (p === undefined ? 'approve' : 'vouch'),
  fields: { c: 'forbidden', p: 'optional', a: 'forbidden', aud: 'optional', sub: 'required' },
  content: v.undefined(),
  fromStrangers: ({ iss, aud, p }, { tenant, about, container }) =>
    (p !== undefined && container?.owner === iss) ||
    (aud === tenant && about?.payload.iss === tenant && contentOwner(about.payload) === iss),
  bundles: true,
  recipients: (payload, context) => {
    const { container, tenant, about } = context;
    if (payload.p !== undefined) return container?.owner === tenant ? toMembers(container) : [];
    return [...(about ? [about.payload.iss] : []), ...toReaders(payload, context)];
  },
  refusalToSend: ({ p }, { tenant, about, container }) => {
    if (p !== undefined)
      return container?.owner === tenant ? undefined : 'the conversation is kept by somebody else';
    if (!about) return 'what is approved is not known here';
    return contentOwner(about.payload) === tenant ? undefined : 'it stands on the wall of somebody else';
  },
  refusal: ({ p, iss }, { container, relation, about, tenant }) => {
    if (p !== undefined) {
      if (container?.owner !== iss) return 'its conversation is kept by somebody else';
      return container.members.has(tenant) ? undefined : notIn;
    }
    if (about && contentOwner(about.payload) !== iss) return 'it approves what stands elsewhere';
    return isContact(relation) || about?.payload.iss === tenant
      ? undefined
      : 'from somebody who is not followed here';
  },
};
