import { jwtVerify, SignJWT } from 'jose';
import type { Purpose } from '../../shared/api/ways.ts';
import {
  base64urlToBytes,
  bytesToBase64url,
  bytesToText,
  type Random,
  textToBytes,
} from '../../shared/bytes.ts';
import { insertAssertion } from '../store/access.ts';
import type { Database } from '../store/database.ts';

/** In seconds. */
const lifetime = 300;
const typ = 'passkey-challenge+jwt';

/** What a challenge is for; it is good for nothing else. */
export interface ChallengeUse {
  readonly purpose: Purpose;
  /** The device that asked; `door` for one that is not in yet. */
  readonly by: string;
}

/** Challenges of passkeys: nothing is stored of those that nobody answers. */
export interface Challenges {
  /** Base64url. */
  create(use: ChallengeUse): Promise<string>;
  /** True the first time. */
  use(challenge: string, use: ChallengeUse): Promise<boolean>;
}

export interface ChallengeParts {
  readonly db: Database;
  readonly idTag: string;
  /** 256 bits of this relay alone. */
  readonly secret: Uint8Array;
  readonly random: Random;
  readonly now: () => number;
}

export function createChallenges({ db, idTag, secret, random, now }: ChallengeParts): Challenges {
  const seconds = () => Math.floor(now() / 1000);
  return {
    async create({ purpose, by }) {
      const token = await new SignJWT({ purpose })
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer(idTag)
        .setSubject(by)
        .setJti(bytesToBase64url(random(16)))
        .setExpirationTime(seconds() + lifetime)
        .sign(secret);
      return bytesToBase64url(textToBytes(token));
    },
    async use(challenge, { purpose, by }) {
      try {
        const options = {
          typ,
          issuer: idTag,
          subject: by,
          algorithms: ['HS256'],
          requiredClaims: ['exp', 'jti'],
        };
        const { payload } = await jwtVerify(bytesToText(base64urlToBytes(challenge)), secret, {
          ...options,
          currentDate: new Date(now()),
        });
        if (payload.purpose !== purpose || !payload.jti || !payload.exp) return false;
        const used = { id_tag: idTag, did: 'passkey', jti: payload.jti, exp: payload.exp };
        return await insertAssertion(db, used, seconds());
      } catch (error) {
        if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) return false;
        throw error;
      }
    },
  };
}
