import * as v from 'valibot';
import { type ActionType, subtype } from '../../define.ts';

/** The issuer follows `aud` and receives its posts from now on; `DEL` ends it. */
export const fllw: ActionType = {
  type: 'FLLW',
  subtypes: ['DEL'],
  voice: 'device',
  fields: { c: 'optional', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'forbidden' },
  content: v.optional(v.pipe(v.string(), v.maxLength(500))),
  fromStrangers: true,
  key: ({ iss, aud }) => `FLLW:${iss}:${aud}`,
  recipients: ({ aud }, { tenant }) => (aud === undefined || aud === tenant ? [] : [aud]),
  refusal: ({ aud }, { tenant }) => (aud === tenant ? undefined : 'it follows somebody else'),
  whenSent: ({ t, aud }) => (aud ? { idTag: aud, following: subtype(t) !== 'DEL' } : undefined),
  whenReceived: ({ t, iss }) => ({ idTag: iss, follower: subtype(t) !== 'DEL' }),
};
