import { keyWords } from '../client/device/words.ts';
import { standing } from './standing.ts';

/** The keys by which this browser claims to be its device, as others tell them apart; undefined unless they were used in two places. */
export async function readOwnWords(): Promise<readonly string[] | undefined> {
  const now = standing();
  return now.kind === 'suspended' && now.did !== undefined ? keyWords(now.did) : undefined;
}
