import { type ActionType, isEnd } from '../../define.ts';
import {
  deletion,
  needsSubject,
  refusalOfDeletion,
  refusalOfReply,
  text,
  toOwnerOrReaders,
} from '../../rules.ts';

/** A comment on the action that `p` names; `DEL` takes back the comment that `sub` names. */
export const cmnt: ActionType = {
  type: 'CMNT',
  subtypes: ['DEL'],
  voice: 'device',
  needsLog: isEnd,
  fields: { c: 'required', p: 'required', a: 'optional', aud: 'optional', sub: 'optional' },
  content: text(10_000),
  misfit: needsSubject,
  fromStrangers: true,
  recipients: toOwnerOrReaders,
  refusal: (payload, context) => refusalOfReply(payload, context, 'c') ?? refusalOfDeletion(payload, context),
  whenSent: (payload, context) => ({ ...deletion(payload, context), ...recounts(payload.p) }),
  whenReceived: (payload, context) => ({ ...deletion(payload, context), ...recounts(payload.p) }),
};

function recounts(p: string | undefined) {
  return p === undefined ? {} : { recounts: p };
}
