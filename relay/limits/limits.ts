import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { base64urlToBytes, bytesToText } from '../../shared/bytes.ts';
import type { IsletError } from '../../shared/errors.ts';
import { type IdTag, idTagSchema } from '../../shared/identity/id-tag.ts';
import { parseJson } from '../../shared/parse.ts';
import { findProfile } from '../store/profiles.ts';
import { addressOf } from './address.ts';
import { type AllowanceParts, type Allowances, openAllowances } from './allowances.ts';
import { type RuleName, ruleOf } from './rules.ts';

/** How much others may ask of this relay (SPEC H2–H5). What is refused throws E-CORE-RATELIMIT, once that is noted durably. */
export interface Limits extends Pick<Allowances, 'spend' | 'waitOf'> {
  /** Whose address a request has; undefined: nobody's that is limited. */
  addressOf(request: IncomingMessage): string | undefined;
  /** One request, before anything else is done for it. @throws IsletError E-CORE-RATELIMIT */
  admit(request: IncomingMessage, path: string): Promise<void>;
  /** A socket that is to be opened. @throws IsletError E-CORE-RATELIMIT, at once */
  admitSocket(request: IncomingMessage): void;
  /**
   * A token of somebody, before it is judged: its issuer has something left with this identity, and whoever names an issuer that
   * was never heard of pays for looking it up. @returns in whose name it is, if it is a token at all
   * @throws IsletError E-CORE-RATELIMIT
   */
  hear(request: IncomingMessage, idTag: IdTag, token: string): Promise<IdTag | undefined>;
  /** A token in this name was new, and its signature is of its issuer. */
  heard(idTag: IdTag, iss: IdTag, bytes: number): void;
  /** A request with a guest's access token. @throws IsletError E-CORE-RATELIMIT */
  visit(guest: IdTag): Promise<void>;
  close(): Promise<void>;
}

export interface LimitParts extends AllowanceParts {
  readonly trustProxy: boolean;
  /** A request or token was refused, by this rule. */
  readonly refused: (rule: RuleName) => void;
}

export async function openLimits(parts: LimitParts): Promise<Limits> {
  const { db, trustProxy, refused } = parts;
  const allowances = await openAllowances(parts);
  const find = (request: IncomingMessage) =>
    addressOf({
      remote: request.socket.remoteAddress,
      forwarded: String(request.headers['x-forwarded-for'] ?? '') || undefined,
      trustProxy,
    });
  const takeNow = (rule: RuleName, who: string | undefined): void => {
    try {
      if (who !== undefined) allowances.take(rule, who);
    } catch (error) {
      refused(rule);
      throw error;
    }
  };
  const take = async (rule: RuleName, who: string | undefined): Promise<void> => {
    try {
      takeNow(rule, who);
    } catch (error) {
      await allowances.noted();
      throw error;
    }
  };
  return {
    ...{ addressOf: find, spend: allowances.spend, waitOf: allowances.waitOf, close: allowances.close },
    async admit(request, path) {
      const address = find(request);
      if (address === undefined) return;
      await take('requests', address);
      const rule = ruleOf(request.method ?? 'GET', path);
      if (rule) await take(rule, address);
    },
    admitSocket(request) {
      takeNow('sockets', find(request));
    },
    async hear(request, idTag, token) {
      const iss = peekIssuer(token);
      if (iss === undefined) return undefined;
      for (const rule of ['issuer', 'issuerBytes'] as const)
        // Only what proves to be the issuer's own is taken from it: here it is looked at.
        if (allowances.waitOf(rule, `${idTag} ${iss}`) > 0) await take(rule, `${idTag} ${iss}`);
      const address = find(request);
      if (address !== undefined && !(await findProfile(db, iss))) await take('strangers', address);
      return iss;
    },
    heard(idTag, iss, bytes) {
      const who = `${idTag} ${iss}`;
      allowances.spend('issuer', who, 1);
      allowances.spend('issuerBytes', who, bytes);
    },
    visit: (guest) => take('guest', guest),
  };
}

const claimsSchema = v.object({ iss: idTagSchema });

/** In whose name it is, if it is a token at all: what it says is judged later. */
function peekIssuer(token: string): IdTag | undefined {
  try {
    return parseJson(claimsSchema, bytesToText(base64urlToBytes(token.split('.')[1] ?? ''))).iss;
  } catch {
    return undefined;
  }
}

/** Seconds until another try may do, as `Retry-After` says it. */
export function waitOf({ details }: IsletError): string {
  const told = v.safeParse(v.object({ wait: v.number() }), details);
  return String(told.success ? Math.max(told.output.wait, 1) : 30);
}
