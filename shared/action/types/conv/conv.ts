import * as v from 'valibot';
import {
  type ActionPayload,
  type ActionType,
  type Container,
  contentOwner,
  isAtLeast,
  subtype,
} from '../../define.ts';
import { text, toAudience, toMembers } from '../../rules.ts';

/** `conv` of `UPD` and `DEL`: the conversation they are of. */
export const convSchema = v.looseObject({
  name: text(100),
  description: v.optional(text(500, 0)),
  conv: v.optional(v.pipe(v.string(), v.regex(/^a1~[\w-]{43}$/))),
});

/** The conversation that an `UPD` or `DEL` is of. */
export function namedConversation({ c }: ActionPayload): string | undefined {
  const content = v.safeParse(convSchema, c);
  return content.success ? content.output.conv : undefined;
}

/** SPEC M1: nobody is made to keep one. */
function refusalOfBeginning({ aud, iss }: ActionPayload): string | undefined {
  return aud === undefined || aud === iss ? undefined : 'a conversation is kept by who began it';
}

/** A conversation with members (SPEC M1). Flag `O` opens it for everybody; `UPD` renames it, `DEL` closes it. */
export const conv: ActionType = {
  type: 'CONV',
  subtypes: ['UPD', 'DEL'],
  voice: 'device',
  fields: { c: 'required', p: 'forbidden', a: 'optional', aud: 'optional', sub: 'forbidden' },
  content: convSchema,
  misfit: (payload) =>
    (subtype(payload.t) === undefined) === (namedConversation(payload) === undefined)
      ? undefined
      : 'UPD and DEL name the conversation that they are of, a new one names none',
  fromStrangers: ({ iss }, { approved, container }) => approved || container?.owner === iss,
  visibility: 'S',
  recipients: (payload, context) => {
    const { container, tenant } = context;
    return container?.owner === tenant ? toMembers(container) : toAudience(payload, context);
  },
  refusalToSend: (payload, { container, tenant }) => {
    if (subtype(payload.t) === undefined) return refusalOfBeginning(payload);
    return isAtLeast(container?.members.get(tenant), 'admin') || container?.owner === tenant
      ? undefined
      : 'only its owner changes a conversation';
  },
  refusal: (payload, { container, tenant }) => {
    if (subtype(payload.t) === undefined) return refusalOfBeginning(payload);
    if (!container) return 'the conversation is not known here';
    if (container.owner === payload.iss) return undefined;
    const admin = isAtLeast(container.members.get(payload.iss), 'admin');
    return contentOwner(container.action.payload) === tenant && admin
      ? undefined
      : 'only its owner changes a conversation';
  },
  whenSent: end,
  whenReceived: end,
};

function end({ t }: ActionPayload, { container }: { readonly container?: Container | undefined }) {
  return subtype(t) === 'DEL' && container ? { deletes: container.action.actionId } : undefined;
}
