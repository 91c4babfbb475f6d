import { type Check, describe, selfOf, type Target, type Verdict } from '../check.ts';
import { readEnvelope, readRefusal } from '../json.ts';
import type { Claims } from '../neighbour.ts';
import { actionId } from '../token.ts';
import type { Answer } from '../transport.ts';

export const json = { 'content-type': 'application/json' };

export function post({ ask, inbox }: Target, body: string | Uint8Array): Promise<Answer> {
  return ask(inbox, { method: 'POST', headers: json, body });
}

export function postToken(target: Target, token: string, related?: readonly string[]): Promise<Answer> {
  return post(target, JSON.stringify({ token, ...(related && { related }) }));
}

/** 2xx, JSON and a `time`: what a neighbour needs to see to call it delivered. */
export function isAccepted(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300 && readEnvelope(answer) !== undefined;
}

/** A final no: 4xx in the shape of errors, and not one of those that mean *later*. */
export function isRefused(answer: Answer): boolean {
  const later = [408, 425, 428, 429].includes(answer.status);
  return answer.status >= 400 && answer.status < 500 && !later && readRefusal(answer) !== undefined;
}

export const acceptance = '2xx {data, time}';
export const refusal = '4xx {error: {code, message}}';

/** A token that must be taken. */
export function accepts(name: string, claims: (target: Target) => Claims): Check {
  return {
    ...{ name, expected: acceptance, demand: 'wire', needs: ['neighbour'] },
    async run(target) {
      const answer = await postToken(target, selfOf(target).sign(claims(target)));
      return { ok: isAccepted(answer), seen: describe(answer) };
    },
  };
}

/** How often the owner's list of actions has these; undefined when nobody may look. */
export async function countActions(target: Target, tokens: readonly string[]): Promise<number | undefined> {
  if (target.token === undefined) return undefined;
  const headers = { authorization: `Bearer ${target.token}` };
  const { text } = await target.ask('/api/actions?type=FLLW&limit=100', { headers });
  return tokens.reduce((sum, token) => sum + text.split(`"actionId":"${actionId(token)}"`).length - 1, 0);
}

/** Two deliveries of one statement: both answered alike, one effect. */
export async function checkTwice(target: Target, first: string, second: string): Promise<Verdict> {
  const answers = [await postToken(target, first), await postToken(target, second)];
  const count = await countActions(target, [...new Set([first, second])]);
  const listed = count === undefined ? '' : `; ${count} in the list of actions`;
  return {
    ok: answers.every(isAccepted) && (count ?? 1) <= 1,
    seen: answers.map(({ status }) => status).join(', ') + listed,
  };
}
