import * as v from 'valibot';
import { type ActionType, isEnd } from '../../define.ts';
import { text, toAudience } from '../../rules.ts';

/** The issuer follows `aud` and receives its posts from now on; `DEL` ends it. */
export const fllw: ActionType = {
  type: 'FLLW',
  subtypes: ['DEL'],
  voice: 'device',
  fields: { c: 'optional', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'forbidden' },
  content: v.optional(text(500, 0)),
  fromStrangers: true,
  visibility: 'D',
  key: ({ iss, aud }) => `FLLW:${iss}:${aud}`,
  recipients: toAudience,
  refusalToSend: ({ aud }, { tenant }) => (aud === tenant ? 'an identity does not follow itself' : undefined),
  refusal: ({ aud }, { tenant }) => (aud === tenant ? undefined : 'it follows somebody else'),
  whenSent: ({ t, aud }) => (aud ? { relation: { idTag: aud, following: !isEnd({ t }) } } : undefined),
  whenReceived: ({ t, iss }) => ({ relation: { idTag: iss, follower: !isEnd({ t }) } }),
};
