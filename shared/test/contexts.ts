import type { ParsedAction } from '../action/action.ts';
import { parseAction, visibilityOf } from '../action/action.ts';
import {
  type ActionPayload,
  type Container,
  type HeldAction,
  type ReceivingContext,
  type Relation,
  type Role,
  type SendingContext,
  stranger,
} from '../action/define.ts';
import type { IdTag } from '../identity/id-tag.ts';
import { formatSigningInput } from '../token/compact.ts';
import { alice, bob, noon } from './log.ts';

/** The action that contexts are about. */
export const subject = `a1~${'A'.repeat(43)}`;
/** The conversation of `containerOf`. */
export const conversation = `a1~${'C'.repeat(43)}`;

/** An action of Bob's, unless it says otherwise, that is well formed; its signature is any. */
export function read(claims: object): Promise<ParsedAction> {
  const stated = { iss: bob, k: '1', iat: noon, ...claims };
  return parseAction(`${formatSigningInput('JWT', stated)}.${'A'.repeat(128)}`);
}

/** A post of Alice's that everybody may see, unless it says otherwise. */
export async function held(claims: Partial<ActionPayload> = {}, actionId = subject): Promise<HeldAction> {
  const action = await read({ iss: alice, t: 'POST', c: 'x', v: 'P', ...claims });
  return { actionId, payload: action.payload, visibility: visibilityOf(action) };
}

export function relation(change: Partial<Relation>): Relation {
  return { ...stranger, ...change };
}

/** What Alice knows when something comes in. */
export function receiving(change: Partial<ReceivingContext> = {}): ReceivingContext {
  return { tenant: alice, relation: stranger, approved: false, ...change };
}

/** What Alice knows when she sends. */
export function sending(change: Partial<SendingContext> = {}): SendingContext {
  return { tenant: alice, followers: [], connected: [], relation: stranger, ...change };
}

/** A conversation that `owner` keeps. */
export async function containerOf(
  owner: IdTag,
  members: readonly (readonly [IdTag, Role])[],
  more: { open?: boolean; invited?: readonly (readonly [IdTag, Role])[] } = {},
): Promise<Container> {
  const action = await held({ iss: owner, t: 'CONV', c: { name: 'Boats' }, v: 'S' }, conversation);
  return {
    ...{ action, owner, open: more.open ?? false },
    members: new Map([[owner, 'admin'], ...members]),
    invited: new Map(more.invited),
    removed: new Set(),
  };
}
