import * as v from 'valibot';
import { type ActionPayload, type ActionType, type Effects } from '../../define.ts';
import { refusalOfReply, toOwnerOrReaders } from '../../rules.ts';

const recounts = ({ sub }: ActionPayload): Effects => (sub === undefined ? {} : { recounts: sub });

/** A reaction to the action that `sub` names; one per issuer and subject, `DEL` takes it back. */
export const react: ActionType = {
  type: 'REACT',
  subtypes: ['LIKE', 'LOVE', 'LAUGH', 'WOW', 'SAD', 'ANGRY', 'DEL'],
  voice: 'device',
  fields: { c: 'forbidden', p: 'forbidden', a: 'optional', aud: 'optional', sub: 'required' },
  content: v.undefined(),
  fromStrangers: true,
  key: ({ sub, iss }) => `REACT:${sub}:${iss}`,
  recipients: toOwnerOrReaders,
  refusal: (payload, context) => refusalOfReply(payload, context, 'r'),
  whenSent: recounts,
  whenReceived: recounts,
};
