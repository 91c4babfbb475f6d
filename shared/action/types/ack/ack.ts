import * as v from 'valibot';
import { type ActionType } from '../../define.ts';

/** The issuer has the action that `sub` names. Nodes do not say it any more: it is kept when it comes and never sent. */
export const ack: ActionType = {
  type: 'ACK',
  subtypes: [],
  voice: 'relay',
  fields: { c: 'forbidden', p: 'forbidden', a: 'forbidden', aud: 'optional', sub: 'required' },
  content: v.undefined(),
  fromStrangers: (_payload, { about, tenant }) => about?.payload.iss === tenant,
  visibility: 'D',
  key: ({ iss, sub }) => `ACK:${iss}:${sub}`,
  recipients: () => [],
  refusal: () => undefined,
};
