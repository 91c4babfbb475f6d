import {
  type ActionPayload,
  type ActionType,
  isContact,
  isEnd,
  type ReceivingContext,
} from '../../define.ts';
import { deletion, needsSubject, refusalOfDeletion, text, toReaders } from '../../rules.ts';

/** SPEC R6: whoever holds it by somebody else is told too that its issuer took it back. */
function takesBack(payload: ActionPayload, { about }: ReceivingContext): boolean {
  return about?.payload.iss === payload.iss && deletion(payload, { about }) !== undefined;
}

/** A post to everyone who may see it, or on somebody's wall (`aud`); `DEL` takes back the one that `sub` names. */
export const post: ActionType = {
  type: 'POST',
  subtypes: ['TEXT', 'IMG', 'VID', 'DEL'],
  openSubtypes: true,
  voice: 'device',
  needsLog: isEnd,
  fields: { c: 'required', p: 'optional', a: 'optional', aud: 'optional', sub: 'optional' },
  content: text(50_000),
  misfit: needsSubject,
  fromStrangers: (payload, context) =>
    context.approved || context.relation.follower || takesBack(payload, context),
  recipients: (payload, context) => {
    const { aud } = payload;
    return aud !== undefined && aud !== context.tenant ? [aud] : toReaders(payload, context);
  },
  refusal: (payload, context) => {
    const { aud, iss } = payload;
    if (takesBack(payload, context)) return undefined;
    if ((aud === undefined || aud === iss) && !isContact(context.relation) && !context.approved)
      return 'from somebody who is not followed here';
    if (aud !== undefined && aud !== context.tenant && aud !== iss && !context.approved)
      return 'it stands on the wall of somebody else';
    return refusalOfDeletion(payload, context);
  },
  whenSent: deletion,
  whenReceived: deletion,
  answers: ({ actionId, payload }, { tenant, relation }) => {
    if (payload.aud !== tenant || relation.connected !== 'connected') return [];
    return [{ order: 'approve', statement: { t: 'APRV', sub: actionId, aud: payload.iss, v: 'F' } }];
  },
};
