import * as v from 'valibot';
import { hashText, type HashText } from '../bytes.ts';
import { IsletError } from '../errors.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { parse } from '../parse.ts';
import { type CompactToken, parseCompact, statementId } from '../token/compact.ts';
import {
  type ActionPayload,
  actionPayloadSchema,
  type ActionType,
  baseType,
  type Field,
  isEnd,
  subtype,
  type Visibility,
} from './define.ts';
import { namedConversation } from './types/conv/conv.ts';
import { actionTypes } from './types.ts';

/** The `typ` of drafts and action tokens: both are the same bytes (SPEC D1). */
export const actionTyp = 'JWT';
/** SPEC A3: how far in the future `iat` may be, in seconds. */
export const futureTolerance = 300;

/** An action whose form is right; its signature has not been looked at. */
export interface ParsedAction {
  readonly token: CompactToken;
  readonly payload: ActionPayload;
  readonly type: ActionType;
  readonly statementId: string;
}

/** SPEC A2: a type or subtype that is not known here is kept and shown as it came. */
export function findActionType(t: string): ActionType {
  const type = actionTypes.find((candidate) => candidate.type === baseType(t));
  return type && (type.openSubtypes || isListed(type, t)) ? type : { ...rawType, type: baseType(t) };
}

/** True for a type and subtype that a device may draft (SPEC A2). */
export function isListed({ type, subtypes }: ActionType, t: string): boolean {
  const sub = subtype(t);
  return baseType(t) === type && (sub === undefined || subtypes.includes(sub));
}

const rawType: Omit<ActionType, 'type'> = {
  subtypes: [],
  voice: 'relay',
  fields: { c: 'optional', p: 'optional', a: 'optional', aud: 'optional', sub: 'optional' },
  content: v.unknown(),
  fromStrangers: false,
  visibility: 'D',
  raw: true,
  recipients: () => [],
  refusal: () => undefined,
};

/**
 * Grammar, type and fields of an action token or draft (SPEC A1, A2).
 * @throws IsletError E-TOKEN-GRAMMAR, E-TOKEN-ALG, E-TOKEN-TYPE, E-ACTION-FIELDS
 */
export async function parseAction(text: unknown, hash: HashText = hashText): Promise<ParsedAction> {
  const token = parseCompact(text);
  if (token.typ !== actionTyp) throw new IsletError('E-TOKEN-TYPE', 'not an action token', token.typ);
  const payload = parse(actionPayloadSchema, token.payload, 'E-ACTION-FIELDS');
  const type = findActionType(payload.t);
  assertFields(type, payload);
  return { token, payload, type, statementId: await statementId(token, hash) };
}

/**
 * What a token says, without judging whether its type has this form: for what was taken before, perhaps under older rules.
 * @throws IsletError E-TOKEN-GRAMMAR, E-ACTION-FIELDS
 */
export function readPayload(text: unknown): ActionPayload {
  return parse(actionPayloadSchema, parseCompact(text).payload, 'E-ACTION-FIELDS');
}

function assertFields(type: ActionType, payload: ActionPayload): void {
  for (const [field, rule] of Object.entries(type.fields) as [Field, string][]) {
    const present = payload[field] !== undefined;
    if (rule === 'required' && !present)
      throw new IsletError('E-ACTION-FIELDS', `${type.type} needs ${field}`);
    if (rule === 'forbidden' && present)
      throw new IsletError('E-ACTION-FIELDS', `${type.type} has no ${field}`);
  }
  if (!v.is(type.content, payload.c))
    throw new IsletError('E-ACTION-FIELDS', `the content of ${type.type} does not fit`);
  const misfit = type.misfit?.(payload);
  if (misfit !== undefined) throw new IsletError('E-ACTION-FIELDS', misfit, payload.t);
}

/**
 * The action that this one is about: what `sub` names when it takes that back, approves it or is a reaction to it, else what `p`
 * names; of a changed conversation, that conversation.
 */
export function aboutReference(payload: ActionPayload): string | undefined {
  const { p, sub, t } = payload;
  if (baseType(t) === 'CONV') return namedConversation(payload);
  return isEnd(payload) || baseType(t) === 'APRV' ? (sub ?? p) : (p ?? sub);
}

/** SPEC A4: what is between two stays so, whatever `v` a stock node writes. */
export function visibilityOf({ payload, type }: Pick<ParsedAction, 'payload' | 'type'>): Visibility {
  if (type.visibility !== 'D') return payload.v ?? type.visibility ?? 'F';
  return payload.p === undefined || payload.v === undefined || payload.v === 'D' ? 'D' : 'S';
}

/** SPEC A3. @throws IsletError E-TOKEN-TIME */
export function assertTimes({ iat, exp }: ActionPayload, now: number): void {
  if (iat > now + futureTolerance) throw new IsletError('E-TOKEN-TIME', 'it is dated in the future', iat);
  if (exp !== undefined && exp < now) throw new IsletError('E-TOKEN-TIME', 'it has expired', exp);
}

export interface Upsert {
  readonly iat: number;
  readonly statementId: string;
}

/** SPEC U1: true when `stored` holds against `incoming`, whatever order they came in. */
export function supersedes(stored: Upsert, incoming: Upsert): boolean {
  if (stored.iat !== incoming.iat) return stored.iat > incoming.iat;
  return stored.statementId > incoming.statementId;
}

/** The members of a token that a device may state (SPEC D1); absent ones are left out. */
export type Statement = Pick<ActionPayload, 't' | 'iat' | 'c' | 'p' | 'a' | 'aud' | 'sub' | 'exp' | 'f'> & {
  readonly v: NonNullable<ActionPayload['v']>;
  readonly _: string;
};

/** SPEC D2: the payload in the order its bytes have. */
export function formatPayload(iss: IdTag, k: string, statement: Statement): object {
  const { t, iat, exp, aud, sub, p, a, c, f, v: visibility, _ } = statement;
  return { iss, k, t, iat, exp, aud, sub, p, a, c, f, v: visibility, _ };
}
