import * as v from 'valibot';
import { bytesToBase64url, type Random } from '../bytes.ts';
import { allows } from '../device/capability.ts';
import { verifyChain } from '../device/delegation.ts';
import {
  continuesPinned,
  countersignatureSchema,
  type DeviceLog,
  findDevice,
  verifyDeviceLog,
  verifyLogCountersignature,
} from '../device/device-log.ts';
import { IsletError } from '../errors.ts';
import { parse } from '../parse.ts';
import { parseCompact, signCompact, verifyCompact } from '../token/compact.ts';
import { type Did, importDeviceKey, type Signer } from './did.ts';
import { type IdTag, idTagSchema } from './id-tag.ts';
import { profileSchema } from './key-set.ts';

export const loginTyp = 'login+jwt';
/** SPEC X6: how long a login token holds, in seconds. */
export const loginLifetime = 120;
/** How far the clocks of device and site may be apart, in seconds. */
export const loginSkew = 60;

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));

const loginSchema = v.strictObject({
  iss: v.pipe(v.string(), v.startsWith('did:key:z'), v.maxLength(200)),
  sub: idTagSchema,
  aud: text(300),
  nonce: text(200),
  iat: seconds,
  exp: seconds,
  jti: v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not a 128-bit identifier')),
  /** The delegations of the device, the one from the identity first. */
  dlg: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(4)),
});

export type Login = v.InferOutput<typeof loginSchema>;

/** SPEC X6: what a site asks for, in the query of `/authorize`. */
export interface LoginRequest {
  /** Origin of the site: `aud` of the token. */
  readonly site: string;
  /** Where the answer goes, in the fragment; of the same origin. */
  readonly redirect: string;
  readonly nonce: string;
  readonly state: string | undefined;
  /** The name that the site was told; another one is not answered. */
  readonly hint: string | undefined;
}

/** Sites are reached over TLS, or are on this machine. */
function isSite({ protocol, hostname }: URL): boolean {
  const isHere = /(^|\.)localhost$|^127\.0\.0\.1$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

/** SPEC X6. @throws IsletError E-VAL-INVALID, with a reason for people */
export function parseLoginRequest(query: URLSearchParams): LoginRequest {
  const read = (name: string) => query.get(name) ?? undefined;
  const redirect = URL.parse(read('redirect_uri') ?? '');
  const nonce = read('nonce');
  if (read('response_type') !== 'id_token') throw refusal('response_type must be id_token');
  if (
    !redirect ||
    !isSite(redirect) ||
    redirect.username + redirect.password !== '' ||
    redirect.href.includes('#')
  )
    throw refusal('redirect_uri must be an https address without a fragment');
  if (read('client_id') !== redirect.origin) throw refusal('client_id must be the origin of redirect_uri');
  if (!nonce || nonce.length < 16 || nonce.length > 200)
    throw refusal('nonce must have 16 to 200 characters');
  const [state, hint] = [read('state'), read('login_hint')];
  if ((state?.length ?? 0) > 500) throw refusal('state is longer than 500 characters');
  return { site: redirect.origin, redirect: redirect.href, nonce, state, hint };
}

function refusal(message: string): IsletError {
  return new IsletError('E-VAL-INVALID', message);
}

/** SPEC X7: the resource of `identity/login` for a site, by its host. */
export function loginResource(site: string): string {
  return `site:${new URL(site).host}`;
}

export interface LoginSource {
  readonly idTag: IdTag;
  readonly did: Did;
  readonly delegations: readonly string[];
  readonly sign: Signer;
  readonly random: Random;
  /** Seconds since 1970. */
  readonly now: number;
}

/** SPEC X6: the device's answer to a site. */
export function signLogin(request: LoginRequest, source: LoginSource): Promise<string> {
  const { idTag, did, delegations, sign, random, now } = source;
  const login: Login = {
    ...{ iss: did, sub: idTag, aud: request.site, nonce: request.nonce },
    ...{ iat: now, exp: now + loginLifetime, jti: bytesToBase64url(random(16)), dlg: [...delegations] },
  };
  return signCompact(loginTyp, login, sign);
}

/** Where the browser goes with the answer: in the fragment, which no server writes into its log. */
export function formatLoginAnswer(
  request: LoginRequest,
  answer: { token: string } | { error: string },
): string {
  const state = request.state === undefined ? {} : { state: request.state };
  const said = 'token' in answer ? { id_token: answer.token } : { error: answer.error };
  return `${request.redirect}#${new URLSearchParams({ ...said, ...state }).toString()}`;
}

/** Form only: whose login it says to be, so that the site knows whom to ask for keys and device log. @throws IsletError */
export function parseLogin(token: string): Login {
  const compact = parseCompact(token);
  if (compact.typ !== loginTyp) throw new IsletError('E-TOKEN-TYPE', 'not a login token', compact.typ);
  return parse(loginSchema, compact.payload, 'E-ASSERTION-INVALID');
}

/** What the identity's own host says now: `data` of `/api/me` and of `/api/devices/log`. Other members are passed over. */
export const loginEvidenceSchema = v.object({
  profile: profileSchema,
  entries: v.pipe(
    v.array(v.object({ entry: v.string(), countersignature: countersignatureSchema })),
    v.minLength(1),
    v.maxLength(500),
  ),
});

/** The device log as the site saw it at an earlier login of the same name. */
export interface PinnedLog {
  readonly head: string;
  readonly length: number;
}

export interface LoginCheck {
  /** Origin of the site. */
  readonly audience: string;
  /** Asked once, when all else fits: whether the site gave this nonce out and it was not used; it is used from then on. */
  readonly takeNonce: (nonce: string) => Promise<'fresh' | 'used' | 'unknown'> | 'fresh' | 'used' | 'unknown';
  /** As `loginEvidenceSchema`. */
  readonly evidence: unknown;
  readonly pinned?: PinnedLog | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

export interface LoggedIn {
  readonly idTag: IdTag;
  /** The device that answered. */
  readonly did: Did;
  readonly deviceName: string;
  /** To be kept, and given as `pinned` at the next login. */
  readonly pinned: PinnedLog;
}

/**
 * SPEC X7: whether a device of the identity says now, to this site, that its person is there. The relay of the identity cannot say
 * it: the device log names the devices, and a site that pins its head sees when it is rewritten.
 * @throws IsletError E-ASSERTION-INVALID (for another site or nonce), E-ASSERTION-REPLAYED, E-TOKEN-*, E-LOG-*, E-DELEGATION-*,
 * E-KEY-UNKNOWN
 */
export async function verifyLogin(token: string, check: LoginCheck): Promise<LoggedIn> {
  const login = parseLogin(token);
  assertMeant(login, check);
  const { profile, entries } = parse(loginEvidenceSchema, check.evidence, 'E-LOG-INVALID');
  if (profile.idTag !== login.sub)
    throw new IsletError('E-ASSERTION-INVALID', 'these are the keys of another identity', profile.idTag);
  const log = await readLog(login.sub, entries, check.pinned);
  const from = check.pinned?.length ?? 0;
  for (const { entry, countersignature } of entries.slice(from))
    await verifyLogCountersignature(entry, countersignature, profile.keys);
  const context = { idTag: login.sub, keys: profile.keys, log, at: check.now };
  const { did, jwk, cap } = await verifyChain(login.dlg, context);
  if (did !== login.iss)
    throw new IsletError('E-ASSERTION-INVALID', 'the delegation is of another device', login.iss);
  if (!allows(cap, 'identity/login', loginResource(login.aud)))
    throw new IsletError('E-DELEGATION-SCOPE', 'this device may not log in elsewhere');
  await verifyCompact(parseCompact(token), loginTyp, await importDeviceKey(jwk));
  await assertNonce(login.nonce, check);
  const deviceName = findDevice(log, did)?.name ?? '';
  return { idTag: login.sub, did, deviceName, pinned: { head: log.head, length: log.length } };
}

function assertMeant({ aud, iat, exp }: Login, { audience, now }: LoginCheck): void {
  if (aud !== audience)
    throw new IsletError('E-ASSERTION-INVALID', 'the login is meant for another site', aud);
  if (exp - iat > loginLifetime || exp < iat)
    throw new IsletError('E-ASSERTION-INVALID', 'a login lasts two minutes at most', exp - iat);
  if (iat > now + loginSkew || exp + loginSkew < now)
    throw new IsletError('E-TOKEN-TIME', 'the login has expired, or a clock is wrong', iat);
}

async function readLog(
  idTag: IdTag,
  entries: readonly { entry: string }[],
  pinned: PinnedLog | undefined,
): Promise<DeviceLog> {
  const log = await verifyDeviceLog(
    idTag,
    entries.map(({ entry }) => entry),
  );
  if (pinned && !continuesPinned(log, pinned))
    throw new IsletError('E-LOG-FORK', 'the identity shows another device log than at the last login');
  return log;
}

async function assertNonce(nonce: string, { takeNonce }: LoginCheck): Promise<void> {
  const state = await takeNonce(nonce);
  if (state === 'used') throw new IsletError('E-ASSERTION-REPLAYED', 'this login was used already');
  if (state !== 'fresh')
    throw new IsletError('E-ASSERTION-INVALID', 'the login answers a question of somebody else', nonce);
}
