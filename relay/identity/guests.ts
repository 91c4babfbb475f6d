import { jwtVerify, SignJWT } from 'jose';
import * as v from 'valibot';
import { assertProxy } from '../../shared/access/proxy.ts';
import { ownRoles, rolesOf } from '../../shared/access/roles.ts';
import { formatScope, type Level, lowerLevel, parseScope, type Scope } from '../../shared/access/scope.ts';
import { type ParsedAction, parseAction } from '../../shared/action/action.ts';
import { base64urlToBytes, bytesToBase64url, bytesToText, textToBytes } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, idTagSchema } from '../../shared/identity/id-tag.ts';
import { parse } from '../../shared/parse.ts';
import { insertAssertion } from '../store/access.ts';
import type { Database } from '../store/database.ts';
import { readRelation } from '../store/relations.ts';
import { findShare } from '../store/shares.ts';
import type { Sealer } from './secret.ts';

/** In seconds. */
export const guestLifetime = 3600;
/** Its own, so that it is never taken for a device's. */
const typ = 'guest+jwt';
const sealing = 'the device of a guest token';
/** How long, in milliseconds, and how often a PROXY token is taken again. */
const repeating = { time: 5_000, times: 4 };

/** Who asks with an access token of this identity. */
export interface Guest {
  /** A neighbour; the identity itself when one of its devices asked for a scope. */
  readonly idTag: IdTag;
  /** With a scope, nothing but this. */
  readonly scope?: Scope;
  /** When the token ends, seconds since 1970. */
  readonly exp: number;
  /** The access token of the device that it was made from. */
  readonly device?: string;
}

/** Access of neighbours, and of tokens for one file, to one identity (SPEC O1–O5). */
export interface Guests {
  /** A PROXY token for an access token. @throws IsletError E-ACTION-*, E-TOKEN-*, E-KEY-UNKNOWN, E-NET-FAILED, E-ASSERTION-REPLAYED, E-AUTH-NOPERM */
  exchangeProxy(token: string): Promise<string>;
  /** The same access for one file, at most as much as it is shared. @throws IsletError E-AUTH-NOPERM */
  narrow(guest: Guest, scope: string): Promise<string>;
  /** Whether it is blocked is looked up at every use. @throws IsletError E-AUTH-UNAUTH, E-AUTH-NOPERM (blocked), E-DELEGATION-* */
  verify(token: string): Promise<Guest>;
}

export interface GuestParts {
  readonly db: Database;
  readonly idTag: IdTag;
  /** 256 bits of this relay alone. */
  readonly secret: Uint8Array;
  /** The signature of an action of a neighbour. */
  readonly verifyAction: (action: ParsedAction) => Promise<void>;
  /** Hides the access token of a device in what is made from it: whoever gets that holds no more than it says. */
  readonly sealer: Sealer;
  /** By an access token: what an own device may do with documents. @throws IsletError E-AUTH-UNAUTH, E-DELEGATION-* */
  readonly verifyDevice: (token: string) => Promise<Level>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const claimsSchema = v.object({
  sub: idTagSchema,
  exp: v.number(),
  scope: v.optional(v.string()),
  via: v.optional(v.string()),
});

export function createGuests({ db, idTag, secret, sealer, now, ...checks }: GuestParts): Guests {
  const seconds = () => Math.floor(now() / 1000);
  const repeats = createRepeats(now);

  const findWelcome = async (neighbour: IdTag) => {
    const relation = await readRelation(db, idTag, neighbour);
    if (relation.blocked) throw new IsletError('E-AUTH-NOPERM', 'not wanted here', neighbour);
    return relation;
  };

  const sign = async ({ idTag: sub, scope, exp, device }: Guest): Promise<string> => {
    const roles = sub === idTag ? ownRoles : rolesOf(await findWelcome(sub));
    const claims = { r: roles.join(','), ...(scope && { scope: formatScope(scope) }) };
    const via = device && bytesToBase64url(await sealer.seal(textToBytes(device), sealing));
    return new SignJWT({ ...claims, ...(via && { via }) })
      .setProtectedHeader({ alg: 'HS256', typ })
      .setIssuer(idTag)
      .setSubject(sub)
      .setIssuedAt(seconds())
      .setExpirationTime(exp)
      .sign(secret);
  };

  return {
    async exchangeProxy(text) {
      const action = await parseAction(text);
      const exp = assertProxy(action, { tenant: idTag, now: seconds() });
      const { iss } = action.payload;
      await findWelcome(iss);
      await checks.verifyAction(action);
      const shown = { id_tag: idTag, did: `@${iss}`, jti: action.statementId, exp };
      const isFirst = await insertAssertion(db, shown, seconds());
      if (!repeats.allow(action.statementId, isFirst))
        throw new IsletError('E-ASSERTION-REPLAYED', 'this token was used already');
      return sign({ idTag: iss, exp: seconds() + guestLifetime });
    },
    async narrow(guest, text) {
      const asked = parseScope(text);
      if (guest.scope && guest.scope.file !== asked.file)
        throw new IsletError('E-AUTH-NOPERM', 'this access is for another file', asked.file);
      const share = await (guest.device === undefined
        ? findShare(db, idTag, asked.file, guest.idTag)
        : checks.verifyDevice(guest.device));
      if (share === undefined)
        throw new IsletError('E-AUTH-NOPERM', 'this is not shared with you', asked.file);
      const most = lowerLevel(share, guest.scope?.level ?? 'W');
      return sign({ ...guest, scope: { file: asked.file, level: lowerLevel(asked.level, most) } });
    },
    async verify(token) {
      const { sub, exp, scope, via } = await readClaims(token, secret, idTag, new Date(now()));
      const device = via && (await openDevice(via, sealer));
      const most = sub === idTag && device ? await checks.verifyDevice(device) : 'W';
      if (sub === idTag && !device)
        throw new IsletError('E-AUTH-UNAUTH', 'no device asked for this access token');
      if (sub !== idTag) await findWelcome(sub);
      return {
        ...{ idTag: sub, exp },
        ...(scope !== undefined && { scope: atMost(parseScope(scope), most) }),
        ...(device && { device }),
      };
    },
  };
}

/** A device may do less than when it asked (SPEC C11). */
function atMost({ file, level }: Scope, most: Level): Scope {
  return { file, level: lowerLevel(level, most) };
}

/**
 * Nodes that sign without chance make the same token of all that they ask for in one second: for a moment it is taken again, a few times
 * (SPEC O1).
 */
function createRepeats(now: () => number) {
  const recent = new Map<string, { until: number; left: number }>();
  return {
    allow(statementId: string, isFirst: boolean): boolean {
      for (const [id, { until }] of recent) if (until <= now()) recent.delete(id);
      if (isFirst) recent.set(statementId, { until: now() + repeating.time, left: repeating.times });
      const known = recent.get(statementId);
      if (!known || known.left === 0) return isFirst;
      if (!isFirst) known.left -= 1;
      return true;
    },
  };
}

/** @throws IsletError E-AUTH-UNAUTH */
async function openDevice(via: string, sealer: Sealer): Promise<string> {
  try {
    return bytesToText(await sealer.open(base64urlToBytes(via), sealing));
  } catch {
    throw new IsletError('E-AUTH-UNAUTH', 'no device asked for this access token');
  }
}

async function readClaims(token: string, secret: Uint8Array, idTag: IdTag, currentDate: Date) {
  try {
    const options = { algorithms: ['HS256'], typ, issuer: idTag, currentDate };
    const { payload } = await jwtVerify(token, secret, { ...options, requiredClaims: ['exp', 'iat', 'sub'] });
    return parse(claimsSchema, payload, 'E-AUTH-UNAUTH');
  } catch {
    throw new IsletError('E-AUTH-UNAUTH', 'the access token is not valid or has expired');
  }
}
