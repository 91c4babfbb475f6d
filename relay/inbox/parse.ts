import { hash } from 'node:crypto';
import { type ParsedAction, parseAction } from '../../shared/action/action.ts';
import type { HashText } from '../../shared/bytes.ts';
import { actionId } from '../../shared/token/compact.ts';

/** To hand so little to another thread and back, as WebCrypto does, takes twenty times as long as to hash it. */
const hashHere: HashText = (text) => hash('sha256', text, 'base64url');

/** `parseAction` for where there are many. @throws IsletError as that */
export function parseToken(text: unknown): Promise<ParsedAction> {
  return parseAction(text, hashHere);
}

/** SPEC I2. */
export function tokenToActionId(token: string): Promise<string> {
  return actionId(token, hashHere);
}
