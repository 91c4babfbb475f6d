import { aboutReference } from '../../shared/action/action.ts';
import type { ActionPayload } from '../../shared/action/define.ts';
import type { ActionRow } from './tables.ts';

/** The columns by which an action is found from what it names. */
export function referencesOf(
  payload: ActionPayload,
): Pick<ActionRow, 'aud' | 'parent' | 'subject' | 'about'> {
  const { aud = null, p = null, sub = null } = payload;
  return { aud, parent: p, subject: sub, about: aboutReference(payload) ?? null };
}
