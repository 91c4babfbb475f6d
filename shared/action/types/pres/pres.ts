import * as v from 'valibot';
import { type ActionType } from '../../define.ts';
import { toAudience, toMembers } from '../../rules.ts';

/** Somebody is there, or writes, where `sub` says. It passes by and is not kept. */
export const pres: ActionType = {
  type: 'PRES',
  subtypes: ['TYPING', 'ONLINE', 'AWAY', 'OFFLINE'],
  voice: 'relay',
  fields: { c: 'optional', p: 'optional', a: 'forbidden', aud: 'optional', sub: 'required' },
  content: v.optional(v.looseObject({})),
  fromStrangers: ({ iss }, { container }) => container?.members.has(iss) === true,
  visibility: 'D',
  passing: true,
  recipients: (payload, context) =>
    context.container?.owner === context.tenant ? toMembers(context.container) : toAudience(payload, context),
  refusal: () => undefined,
};
