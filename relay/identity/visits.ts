import { decodeJwt } from 'jose';
import { createProxy } from '../../shared/access/proxy.ts';
import { actionTyp } from '../../shared/action/action.ts';
import { bytesToBase64url, type Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { envelope, guestTokenSchema, routes } from '../../shared/routes.ts';
import { signCompact } from '../../shared/token/compact.ts';
import type { NodeKeys } from './node-keys.ts';
import type { Answer, Ask, SafeFetch } from './safe-fetch.ts';

/** A token is not used in its last minute; one that does not say when it ends is kept so long. In seconds. */
const margin = 60;
const unstated = 300;
const tokenLimit = 64 * 1024;
/** Neighbours whose tokens are kept. */
const most = 2_000;

export type Asking = (idTag: IdTag, path: string, ask: Ask) => Promise<Answer>;

/** The identity as a guest of its neighbours (SPEC O1, O6). */
export interface Visits {
  /** An access token of that neighbour, kept until a minute before its end. @throws IsletError E-AUTH-NOPERM (it lets nobody in), E-NET-* */
  token(idTag: IdTag): Promise<string>;
  /** The same, got anew: the one that is kept was not taken. @throws as `token` */
  renew(idTag: IdTag): Promise<string>;
  /** As `SafeFetch`, with an access token; once more with a new one when that is refused. @throws as `token` */
  ask: Asking;
  /** The same, but with an access token only when it is not given to everybody. @throws IsletError E-NET-* */
  askOpenly: Asking;
}

export interface VisitParts {
  readonly keys: Pick<NodeKeys, 'idTag' | 'k' | 'sign'>;
  readonly fetch: SafeFetch;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Kept {
  readonly token: string;
  /** Seconds since 1970. */
  readonly until: number;
}

export function createVisits({ keys, fetch, random, now }: VisitParts): Visits {
  const kept = new Map<IdTag, Kept>();
  const flights = new Map<IdTag, Promise<string>>();
  const seconds = () => Math.floor(now() / 1000);

  const mint = async (aud: IdTag): Promise<string> => {
    const nonce = bytesToBase64url(random(16));
    const proxy = createProxy({ iss: keys.idTag, k: keys.k, aud, now: seconds(), nonce });
    const shown = await signCompact(actionTyp, proxy, keys.sign);
    const answer = await fetch(aud, `${routes.accessToken}?token=${shown}`, { limit: tokenLimit });
    const token = readToken(aud, answer);
    if (kept.size >= most) kept.clear();
    kept.set(aud, { token, until: endOf(token, seconds()) - margin });
    return token;
  };

  /** One request a neighbour at a time, shared by all who wait for it. */
  const renew = (idTag: IdTag): Promise<string> => {
    const running = flights.get(idTag);
    if (running) return running;
    const flight = mint(idTag).finally(() => flights.delete(idTag));
    flights.set(idTag, flight);
    return flight;
  };

  const token = (idTag: IdTag): Promise<string> => {
    const known = kept.get(idTag);
    return known && known.until > seconds() ? Promise.resolve(known.token) : renew(idTag);
  };

  const ask: Asking = async (idTag, path, options) => {
    const was = kept.get(idTag)?.token;
    const shown = await token(idTag);
    const answer = await fetch(idTag, path, withToken(options, shown));
    // What was got just now is not refused for its age.
    if (!isRefused(answer) || shown !== was) return answer;
    return fetch(idTag, path, withToken(options, await renew(idTag)));
  };

  const askOpenly: Asking = async (idTag, path, options) => {
    const answer = await fetch(idTag, path, options);
    if (!isRefused(answer)) return answer;
    try {
      return await ask(idTag, path, options);
    } catch (error) {
      if (error instanceof IsletError && error.code === 'E-AUTH-NOPERM') return answer;
      throw error;
    }
  };
  return { token, renew, ask, askOpenly };
}

function isRefused({ status }: Answer): boolean {
  return status === 401 || status === 403;
}

function withToken(ask: Ask, token: string): Ask {
  return { ...ask, headers: { ...ask.headers, authorization: `Bearer ${token}` } };
}

function readToken(idTag: IdTag, { status, bytes }: Answer): string {
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    throw new IsletError('E-AUTH-NOPERM', `${idTag} does not let us in`, status);
  if (status >= 300) throw new IsletError('E-NET-FAILED', `${idTag} answered ${status}`, status);
  const { token } = parseJson(envelope(guestTokenSchema), bytes.toString('utf8'), 'E-NET-FAILED').data;
  // It goes into a header and an address.
  if (!/^[\w.~+/=-]{1,8192}$/.test(token))
    throw new IsletError('E-NET-FAILED', `${idTag} gave no access token`);
  return token;
}

/** It is the neighbour's own business what its token is; when it is a JWT, it says when it ends. */
function endOf(token: string, now: number): number {
  try {
    return decodeJwt(token).exp ?? now + unstated;
  } catch {
    return now + unstated;
  }
}
