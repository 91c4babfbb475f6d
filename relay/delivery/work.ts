import { parseAction } from '../../shared/action/action.ts';
import { baseType } from '../../shared/action/define.ts';
import { actionId } from '../../shared/token/compact.ts';
import type { Database } from '../store/database.ts';
import { countRecipients, replaceToken } from '../store/deliveries.ts';
import type { ActionRow } from '../store/tables.ts';

/** Signs again what an identity of this relay signed before, with the identity key `k`. @param signingInput `header.payload` */
export type SignAgain = (idTag: string, k: string, signingInput: string) => Promise<string>;

/** More letters than this would take minutes. */
const mostLetters = 2;
/** One of 64 signatures ends with a given letter; whoever tries this many times as often finds one. */
const certainty = 20;

/**
 * SPEC Q5: whether the relay does the work that a neighbour demands. It changes the identifier of the action, so that is done
 * only where nobody has it yet and nothing refers to it.
 * @returns the reason why not
 */
export async function refusalOfWork(
  db: Database,
  row: ActionRow,
  letters: number | undefined,
): Promise<string | undefined> {
  if (letters === undefined || letters < 1) return 'it demands proof of work and does not say how much';
  if (letters > mostLetters) return `it demands proof of work of ${letters} letters`;
  if (row.token.endsWith('A'.repeat(letters))) return 'it demands proof of work that it was given';
  if (baseType(row.type) !== 'CONN' || (await countRecipients(db, row)) > 1)
    return 'it demands proof of work for something that others have too';
  return undefined;
}

/**
 * Signs the same bytes again and again until the token ends with so many `A` (ECDSA is randomised), and keeps that token from
 * then on. Gives up when the signal fires: the next try begins anew.
 */
export async function doWork(
  db: Database,
  row: ActionRow,
  { letters, sign, signal }: { letters: number; sign: SignAgain; signal: AbortSignal },
): Promise<void> {
  const { payload, token: before } = await parseAction(row.token);
  const { signingInput } = before;
  const end = 'A'.repeat(letters);
  for (let left = certainty * 64 ** letters; left > 0 && !signal.aborted; left--) {
    const token = await sign(row.id_tag, payload.k, signingInput);
    if (!token.endsWith(end)) continue;
    const action_id = await actionId(token);
    await db.transaction().execute((trx) => replaceToken(trx, row, { token, action_id }));
    return;
  }
}
