import { bytesToBase64url, hashText, type Random } from '../../shared/bytes.ts';
import { IsletError } from '../../shared/errors.ts';
import { type IdTag, isLocalName, parseIdTag } from '../../shared/identity/id-tag.ts';
import type { Database, Executor } from '../store/database.ts';
import { findIdentity } from '../store/identities.ts';
import {
  countNames,
  findInvitation,
  findName,
  insertInvitation,
  insertName,
  updateName,
  useInvitation,
} from '../store/names.ts';
import type { InvitationRow, NameRow } from '../store/tables-names.ts';

export type Registration = 'closed' | 'invite' | 'open';

/** Who asks for a name, and why it may be given. */
export interface NameRequest {
  readonly idTag: IdTag;
  readonly type: NameRow['type'];
  /** The identity that asks: the relay's first one, or one that registers from elsewhere. */
  readonly by?: IdTag | undefined;
  /** The relay's first identity asks: nobody need invite it. */
  readonly isOperator?: boolean;
  readonly invitation?: string | undefined;
  /** Where the identity is, when not here. */
  readonly address?: string;
}

/** Names that this relay gives (SPEC N14–N18). */
export interface Names {
  readonly domain: IdTag;
  /** `here`: under the relay's domain; `own`: of somebody's own domain. @throws IsletError E-VAL-ID-TAG, E-NAME-REFUSED */
  placeOf(idTag: string): 'here' | 'own';
  /** @throws IsletError E-NAME-TAKEN, E-NAME-REFUSED, E-VAL-ID-TAG */
  assertFree(idTag: IdTag): Promise<void>;
  /**
   * Gives the name, or gives it again to who came with the same invitation: the answer may have been lost.
   * @throws IsletError E-NAME-TAKEN, E-NAME-REFUSED, E-INVITE-UNKNOWN
   */
  give(request: NameRequest): Promise<void>;
  /** @throws IsletError E-NAME-REFUSED where nobody is to be invited */
  invite(by: IdTag, note: string): Promise<{ code: string; expiresAt: number }>;
  /** Where an invitation stands. */
  judge(code: string): Promise<'open' | 'used' | 'expired' | 'unknown'>;
  /** A new key with which the owner of a name says where it is. */
  issueKey(idTag: IdTag): Promise<string>;
  /** The name whose key this is. @throws IsletError E-AUTH-UNAUTH */
  readByKey(idTag: IdTag, key: string): Promise<NameRow>;
}

export interface NameParts {
  readonly db: Database;
  readonly domain: IdTag;
  /** Host of the app: whoever had it as a name would answer there for everybody. */
  readonly appHost: string;
  readonly registration: Registration;
  readonly random: Random;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How long an invitation holds, in milliseconds. */
const invitationLifetime = 7 * 24 * 3_600_000;
/** Names that everybody together may take within an hour where that is open. */
const mostOpen = 30;
const hour = 3_600_000;
/** Hosts that people take for the relay's own, or that machines ask by themselves. */
const reserved =
  /^(cl-o|www|api|app|mail|smtp|imap|ftp|ns\d*|mx\d*|dns|admin|root|postmaster|hostmaster|webmaster|abuse|security|support|wpad|isatap|localhost|autoconfig|autodiscover|mta-sts|_.*|xn--.*)$/;

export function createNames(parts: NameParts): Names {
  const { db, domain, appHost, registration, random, now } = parts;
  const placeOf = (idTag: string) => findPlace(parseIdTag(idTag), domain);
  const assertFree = async (idTag: IdTag, executor: Executor = db): Promise<void> => {
    placeOf(idTag);
    if (idTag === appHost) throw new IsletError('E-NAME-TAKEN', 'the app is at this name', idTag);
    if ((await findIdentity(executor, idTag)) || (await findName(executor, idTag)))
      throw new IsletError('E-NAME-TAKEN', 'this name is taken', idTag);
  };
  return {
    domain,
    placeOf,
    assertFree: (idTag) => assertFree(idTag),
    async give(request) {
      const { idTag, type, by, address = null } = request;
      const hash = request.invitation === undefined ? undefined : await hashText(request.invitation);
      await db.transaction().execute(async (trx) => {
        const invitation = hash === undefined ? undefined : await findInvitation(trx, hash);
        if (await isGivenAgain(trx, request, invitation)) return;
        await assertFree(idTag, trx);
        await assertMayTake(trx, request, { ...parts, invitation });
        const given = { id_tag: idTag, type, by_id_tag: by ?? invitation?.by_id_tag ?? null, address };
        await insertName(trx, { ...given, key_hash: null, registered_at: now(), ended_at: null });
        if (hash !== undefined && !request.isOperator) await useInvitation(trx, hash, idTag);
      });
    },
    async invite(by, note) {
      if (registration === 'closed')
        throw new IsletError('E-NAME-REFUSED', 'this relay is closed to others', by);
      const code = bytesToBase64url(random(18));
      const row = { code_hash: await hashText(code), by_id_tag: by, note, used_by: null };
      const expiresAt = now() + invitationLifetime;
      await insertInvitation(db, { ...row, made_at: now(), expires_at: expiresAt });
      return { code, expiresAt };
    },
    judge: async (code) => judgeInvitation(await findInvitation(db, await hashText(code)), now()),
    async issueKey(idTag) {
      const key = `idp_${bytesToBase64url(random(32))}`;
      await updateName(db, idTag, { key_hash: await hashText(key) });
      return key;
    },
    async readByKey(idTag, key) {
      const row = await findName(db, idTag);
      if (row?.ended_at !== null || row.key_hash === null || row.key_hash !== (await hashText(key)))
        throw new IsletError('E-AUTH-UNAUTH', 'this is not the key of that name');
      return row;
    },
  };
}

/** SPEC N14. @throws IsletError E-NAME-REFUSED */
function findPlace(idTag: IdTag, domain: IdTag): 'here' | 'own' {
  const refuse = (why: string) => new IsletError('E-NAME-REFUSED', why, idTag);
  if (idTag === domain) throw new IsletError('E-NAME-TAKEN', 'this is the name of the relay', idTag);
  if (!idTag.endsWith(`.${domain}`)) {
    if (isLocalName(idTag) || isLocalName(domain)) throw refuse(`on this relay names end with .${domain}`);
    return 'own';
  }
  const label = idTag.slice(0, -domain.length - 1);
  if (label.includes('.')) throw refuse('one word before the name of the relay, without dots');
  if (label.length < 2 || label.length > 30) throw refuse('a name has 2 to 30 letters here');
  if (reserved.test(label)) throw refuse('this name is kept for machines');
  return 'here';
}

/** SPEC N15: the same person comes again, and no device was enrolled since. */
async function isGivenAgain(
  trx: Executor,
  request: NameRequest,
  invitation: InvitationRow | undefined,
): Promise<boolean> {
  const known = await findName(trx, request.idTag);
  if (known?.ended_at !== null) return false;
  if ((known.address ?? undefined) !== request.address) return false;
  if (request.by !== undefined && known.by_id_tag === request.by) return true;
  return invitation?.used_by === request.idTag;
}

/** SPEC N15. */
async function assertMayTake(
  trx: Executor,
  request: NameRequest,
  { registration, invitation, now }: NameParts & { invitation: InvitationRow | undefined },
): Promise<void> {
  if (request.isOperator) return;
  if (request.invitation !== undefined && registration !== 'closed') {
    const state = judgeInvitation(invitation, now());
    if (state !== 'open') throw new IsletError('E-INVITE-UNKNOWN', invitationWords[state]);
    return;
  }
  if (registration !== 'open')
    throw new IsletError('E-NAME-REFUSED', 'this relay gives names to those who were invited');
  if ((await countNames(trx, now() - hour)) >= mostOpen)
    throw new IsletError('E-NAME-REFUSED', 'many names were taken in the last hour; try again later');
}

const invitationWords = {
  used: 'this invitation was used already',
  expired: 'this invitation has expired; ask for a new one',
  unknown: 'this invitation is not known here',
};

function judgeInvitation(row: InvitationRow | undefined, now: number) {
  if (!row) return 'unknown';
  if (row.used_by !== null) return 'used';
  return row.expires_at > now ? 'open' : 'expired';
}
