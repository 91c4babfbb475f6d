import { baseType, type HeldAction } from '../../shared/action/define.ts';
import { IsletError } from '../../shared/errors.ts';
import type { AcceptOne } from './accept.ts';
import { findApproval } from './approval.ts';
import { tokenToHeld } from './held.ts';
import type { Accepted } from './take.ts';
import type { Waiting, WaitingParts } from './waiting.ts';

/** Takes a token with what came along with it (SPEC R7). @throws IsletError as `AcceptOne`, for the token itself only */
export type Accept = (text: string, related?: readonly string[]) => Promise<Accepted>;

export interface RelatedParts extends Pick<WaitingParts, 'db' | 'idTag'> {
  readonly acceptOne: AcceptOne;
  readonly waiting: Waiting;
}

export function createAccept({ acceptOne, ...parts }: RelatedParts): Accept {
  return async (text, related = []) => {
    const accepted = await acceptOne(text);
    // What is known already may have come without its companions being taken: the relay may have stopped in between.
    if (related.length === 0 || accepted.status === 'superseded' || accepted.status === 'passed')
      return accepted;
    const main = await tokenToHeld(text);
    for (const companion of related)
      try {
        await acceptRelated(main, companion, { acceptOne, ...parts });
      } catch (error) {
        // It is judged by itself: whatever is wrong with it is nothing against what it came with.
        if (!(error instanceof IsletError)) throw error;
      }
    return accepted;
  };
}

async function acceptRelated(
  main: HeldAction,
  text: string,
  { db, idTag, acceptOne, waiting }: RelatedParts,
): Promise<void> {
  const brought = await tokenToHeld(text);
  const { payload } = brought;
  const counted = [main.actionId, main.payload.sub];
  if (baseType(payload.t) === 'STAT' && counted.includes(payload.p)) return void (await acceptOne(text));
  if (main.payload.sub !== brought.actionId || payload.iss === idTag) return;
  const approval = await findApproval(db, idTag, brought);
  if (!approval) return;
  try {
    await acceptOne(text, approval);
  } catch (error) {
    if (!(error instanceof IsletError && error.code === 'E-NET-FAILED')) throw error;
    await waiting.keep(text);
  }
}
