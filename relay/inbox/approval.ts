import { baseType, type Container, contentOwner, type HeldAction } from '../../shared/action/define.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { listAbout } from '../store/actions.ts';
import type { Executor } from '../store/database.ts';
import { findContainer, findContainerOf } from './containers.ts';
import { rowToHeld } from './held.ts';

/** An action that was taken stands by another one, which needs no contact then (SPEC R7). */
export interface Approval {
  /** The conversation whose owner stands by it. */
  readonly container?: Container;
}

/** The types that bring what they name by `sub`. */
const bundling = ['APRV', 'REPOST', 'INVT'];
/** The types that the owner of a conversation stands by. */
const inConversations = ['MSG', 'SUBS', 'INVT', 'CONV'];

/** What was taken here and stands by this action. */
export async function findApproval(
  db: Executor,
  idTag: IdTag,
  brought: HeldAction,
): Promise<Approval | undefined> {
  const of = { column: 'subject' as const, actionId: brought.actionId, types: bundling };
  for (const row of await listAbout(db, idTag, of)) {
    const main = await rowToHeld(row);
    const container =
      main.payload.p === undefined ? undefined : await findContainer(db, idTag, main.payload.p);
    const own = container ? await findContainerOf(db, idTag, brought.payload) : undefined;
    if (!standsBy(main, brought, { container, own })) continue;
    return container ? { container } : {};
  }
  return undefined;
}

/**
 * Whether `main` may bring `brought`: the owner of a wall what stands there; the owner of a conversation what is said in it; a repost what is
 * public, or of its own issuer; an invitation its conversation.
 * @param container the conversation that `main` names; `own` the one that `brought` names, as far as it is known here
 */
export function standsBy(
  main: HeldAction,
  brought: HeldAction,
  { container, own }: { container: Container | undefined; own: Container | undefined },
): boolean {
  const { iss, p, t, sub } = main.payload;
  const type = baseType(brought.payload.t);
  if (sub !== brought.actionId) return false;
  switch (t) {
    case 'APRV':
      if (p === undefined) return type === 'POST' && contentOwner(brought.payload) === iss;
      if (container?.owner !== iss || !inConversations.includes(type)) return false;
      // A message that answers something that is not held here is of the conversation that its owner says.
      return own ? own.action.actionId === container.action.actionId : type === 'MSG';
    case 'REPOST':
      return type === 'POST' && (brought.visibility === 'P' || brought.payload.iss === iss);
    case 'INVT':
      return brought.payload.t === 'CONV';
    default:
      return false;
  }
}
