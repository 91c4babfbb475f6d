import { type ActionPayload, type ActionType, isContact, isEnd, type SendingContext } from '../../define.ts';
import {
  deletion,
  needsSubject,
  notIn,
  refusalOfDeletion,
  refusalOfWords,
  text,
  toAudience,
  toMembers,
} from '../../rules.ts';

/** SPEC M2: in a conversation `p` names it, or the message in it that is answered. */
const isInConversation = ({ p }: ActionPayload) => p !== undefined;

/** To the owner of the conversation, who passes it on; the owner's own go to all members. */
function recipients(payload: ActionPayload, context: SendingContext) {
  const { container, tenant } = context;
  return isInConversation(payload) && container?.owner === tenant
    ? toMembers(container)
    : toAudience(payload, context);
}

/** A message to one person (`aud`), or in the conversation that `p` names; `DEL` takes back the one that `sub` names. */
export const msg: ActionType = {
  type: 'MSG',
  subtypes: ['TEXT', 'IMG', 'DEL'],
  openSubtypes: true,
  voice: 'device',
  needsLog: isEnd,
  fields: { c: 'required', p: 'optional', a: 'optional', aud: 'optional', sub: 'optional' },
  content: text(50_000),
  misfit: (payload) =>
    needsSubject(payload) ??
    (payload.p === undefined && payload.aud === undefined ? 'it is for nobody' : undefined),
  fromStrangers: ({ iss }, { approved, container }) => approved || container?.members.has(iss) === true,
  visibility: 'D',
  recipients,
  refusalToSend: (payload, context) =>
    isInConversation(payload) ? refusalOfWords(context.tenant, context) : undefined,
  refusal: (payload, context) => {
    const { tenant, container, approved, relation } = context;
    if (!isInConversation(payload)) {
      if (payload.aud !== tenant) return 'it is for somebody else';
      return isContact(relation)
        ? refusalOfDeletion(payload, context)
        : 'from somebody who is not a contact here';
    }
    if (container && container.owner !== tenant && container.owner !== payload.iss && !approved)
      return 'its conversation is kept by somebody else';
    if (container && !container.members.has(tenant)) return notIn;
    // Who joined before the tenant did may not be known here: the owner of the conversation stands by it.
    const words = container && approved ? undefined : refusalOfWords(payload.iss, context);
    return words ?? refusalOfDeletion(payload, context);
  },
  whenSent: deletion,
  whenReceived: deletion,
  answers: ({ actionId, payload }, { tenant, container }) =>
    container?.owner === tenant && isInConversation(payload)
      ? [{ order: 'vouch', statement: { t: 'APRV', sub: actionId, p: container.action.actionId, v: 'S' } }]
      : [],
};
