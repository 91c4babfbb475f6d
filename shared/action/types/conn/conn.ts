import * as v from 'valibot';
import { type ActionType, isEnd, subtype } from '../../define.ts';
import { text, toAudience } from '../../rules.ts';

/** The issuer wants to be connected with `aud`; `ACC` agrees to what the other one asked, `DEL` ends it or says no. */
export const conn: ActionType = {
  type: 'CONN',
  subtypes: ['ACC', 'DEL'],
  voice: 'device',
  order: ({ t }) => (t === 'CONN:ACC' ? 'connect' : undefined),
  fields: { c: 'optional', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'forbidden' },
  content: v.optional(text(500, 0)),
  fromStrangers: true,
  visibility: 'D',
  key: ({ iss, aud }) => `CONN:${iss}:${aud}`,
  recipients: toAudience,
  refusalToSend: ({ t, aud }, { tenant, relation }) => {
    if (aud === tenant) return 'an identity does not connect with itself';
    if (subtype(t) !== 'ACC') return undefined;
    return relation.connected === 'asking' ? undefined : 'there is no request to accept';
  },
  refusal: ({ t, aud }, { tenant, relation }) => {
    if (aud !== tenant) return 'it is for somebody else';
    if (subtype(t) !== 'ACC') return undefined;
    const open = relation.connected === 'asked' || relation.connected === 'connected';
    return open ? undefined : 'nobody here asked for this connection';
  },
  whenSent: ({ t, aud }, { relation }) => {
    if (!aud) return undefined;
    if (isEnd({ t })) return { relation: { idTag: aud, connected: 'none' } };
    const agreed = subtype(t) === 'ACC' || ['asking', 'connected'].includes(relation.connected);
    return { relation: { idTag: aud, following: true, connected: agreed ? 'connected' : 'asked' } };
  },
  whenReceived: ({ t, iss }, { relation }) => {
    if (isEnd({ t })) return { relation: { idTag: iss, connected: 'none', follower: false } };
    const agreed = subtype(t) === 'ACC' || ['asked', 'connected'].includes(relation.connected);
    if (agreed) return { relation: { idTag: iss, follower: true, connected: 'connected' } };
    return { relation: { idTag: iss, follower: true, connected: 'asking' }, state: 'confirm' };
  },
  answers: ({ payload: { t, iss } }, { relation }) => {
    if (subtype(t) !== undefined || relation.connected === 'asked' || relation.connected === 'connected')
      return [];
    return [{ order: 'connect', statement: { t: 'CONN:ACC', aud: iss, v: 'D' } }];
  },
};
