import * as v from 'valibot';
import { type ActionType, recipientsOfReply, refusalOfReply } from '../../define.ts';

/** A comment on the action that `p` names. */
export const cmnt: ActionType = {
  type: 'CMNT',
  subtypes: ['DEL'],
  voice: 'device',
  fields: { c: 'required', p: 'required', a: 'optional', aud: 'optional', sub: 'optional' },
  content: v.pipe(v.string(), v.minLength(1), v.maxLength(10_000)),
  fromStrangers: true,
  recipients: recipientsOfReply,
  refusal: (payload, context) => refusalOfReply(payload, context, 'c'),
};
