import * as v from 'valibot';
import { guestTokenSchema, proxyTokenSchema, routes } from '../../shared/routes.ts';
import { dataOf, type TestDevice } from './device.ts';
import type { TestAnswer, TestRelay } from './network.ts';

/** An access token of `at` for the identity of a device, as its own relay gets it. */
export async function visit(device: TestDevice, at: TestRelay, renew = false): Promise<string> {
  const path = `${routes.proxyToken}?idTag=${at.idTag}${renew ? '&renew=true' : ''}`;
  return dataOf(await device.ask(path), proxyTokenSchema).token;
}

/** A request as somebody from outside; without a token as nobody. */
export function askAs(relay: TestRelay, token: string | undefined, path: string): Promise<TestAnswer> {
  return relay.ask(path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
}

/** A token for one file. */
export async function narrow(relay: TestRelay, token: string, scope: string): Promise<string> {
  return dataOf(await askAs(relay, token, `${routes.accessToken}?scope=${scope}`), guestTokenSchema).token;
}

/** What a listing for guests has of each action. */
export const listedSchema = v.object({
  data: v.array(v.looseObject({ actionId: v.string(), type: v.string(), token: v.string() })),
  time: v.string(),
  cursorPagination: v.object({ nextCursor: v.nullable(v.string()), hasMore: v.boolean() }),
});
