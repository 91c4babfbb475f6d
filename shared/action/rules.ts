import * as v from 'valibot';
import type { IdTag } from '../identity/id-tag.ts';
import {
  type ActionPayload,
  baseType,
  type Container,
  contentOwner,
  type Effects,
  type HeldAction,
  isAtLeast,
  isContact,
  isEnd,
  type ReceivingContext,
  type Relation,
  type SendingContext,
} from './define.ts';

/** Text of `least` to `most` characters. */
export function text(most: number, least = 1) {
  return v.pipe(v.string(), v.minLength(least), v.maxLength(most));
}

/** To `aud` alone. */
export function toAudience({ aud }: ActionPayload, { tenant }: SendingContext): readonly IdTag[] {
  return aud === undefined || aud === tenant ? [] : [aud];
}

/** SPEC R1: to everybody whom its visibility lets see it. */
export function toReaders({ v: visibility }: ActionPayload, context: SendingContext): readonly IdTag[] {
  switch (visibility) {
    case 'D':
      return [];
    case 'C':
      return context.connected;
    case 'S':
      return context.container ? toMembers(context.container) : [];
    default:
      return [...new Set([...context.followers, ...context.connected])];
  }
}

/** To those who are in a conversation of the tenant's own. */
export function toMembers({ members }: Container): readonly IdTag[] {
  return [...members.keys()];
}

/** To the owner of what it is about; about one's own content, to those who may see that (SPEC R1). */
export function toOwnerOrReaders(payload: ActionPayload, context: SendingContext): readonly IdTag[] {
  if (payload.aud !== undefined && payload.aud !== context.tenant) return [payload.aud];
  return toReaders(context.about ? { ...payload, v: context.about.visibility } : payload, context);
}

/** SPEC R2: whether somebody who stands so to the tenant may know of this action. */
export function mayKnow(
  { payload, visibility }: HeldAction,
  who: { readonly idTag: IdTag; readonly relation: Relation; readonly container?: Container | undefined },
): boolean {
  if (payload.iss === who.idTag || payload.aud === who.idTag) return true;
  switch (visibility) {
    case 'P':
    case 'V':
      return true;
    case 'F':
    case '2':
      return who.relation.follower || isContact(who.relation);
    case 'C':
      return who.relation.connected === 'connected';
    case 'S':
      return who.container?.members.has(who.idTag) ?? false;
    default:
      return false;
  }
}

/** A reply is taken by the owner of what it is about, and from that owner by everyone else (SPEC R2). */
export function refusalOfReply(
  payload: ActionPayload,
  { tenant, about, relation, container }: ReceivingContext,
  flag: string,
): string | undefined {
  if (!about) return 'what it is about is not known here';
  const owner = contentOwner(about.payload);
  if (owner !== tenant && owner !== payload.iss) return 'it is about something that belongs to neither of us';
  if (!isEnd(payload) && about.payload.f?.includes(flag)) return 'its author does not want that';
  if (owner === tenant && !mayKnow(about, { idTag: payload.iss, relation, container }))
    return 'what it is about is not shown to its issuer';
  return undefined;
}

/** SPEC R6: what an action that takes back ends: one of its own type, of the same issuer, or on the issuer's own wall. */
export function deletion(
  payload: ActionPayload,
  { about }: { about?: HeldAction | undefined },
): Effects | undefined {
  if (!isEnd(payload) || about === undefined) return undefined;
  const { t, iss, p } = about.payload;
  if (baseType(t) !== baseType(payload.t) || isEnd(about.payload)) return undefined;
  // A message between two stands on nobody's wall.
  const owner = baseType(t) === 'MSG' && p === undefined ? iss : contentOwner(about.payload);
  return [iss, owner].includes(payload.iss) ? { deletes: about.actionId } : undefined;
}

/** A `DEL` of a type that has no database key says by `sub` what it takes back. */
export function needsSubject(payload: ActionPayload): string | undefined {
  return isEnd(payload) && payload.sub === undefined ? 'what is deleted is named by sub' : undefined;
}

/** SPEC R6. */
export function refusalOfDeletion(payload: ActionPayload, { about }: ReceivingContext): string | undefined {
  if (!isEnd(payload)) return undefined;
  if (!about) return 'what it deletes is not known here';
  return deletion(payload, { about }) ? undefined : 'it deletes something of somebody else';
}

/** SPEC M2: who did not join, or has left, hears nothing of a conversation. */
export const notIn = 'nobody here is in that conversation';

/** SPEC M2: writing in a conversation is for members. */
export function refusalOfWords(
  issuer: IdTag,
  { container }: { container?: Container | undefined },
): string | undefined {
  if (!container) return 'the conversation is not known here';
  if (container.owner === issuer) return undefined;
  return isAtLeast(container.members.get(issuer), 'member') ? undefined : 'only members write here';
}
