import * as v from 'valibot';
import type { ActionType } from '../../define.ts';

/** A post to everyone who follows the issuer, or on somebody's wall (`aud`). */
export const post: ActionType = {
  type: 'POST',
  subtypes: ['TEXT', 'IMG', 'VID', 'DEL'],
  voice: 'device',
  fields: { c: 'required', p: 'optional', a: 'optional', aud: 'optional', sub: 'optional' },
  content: v.pipe(v.string(), v.minLength(1), v.maxLength(50_000)),
  fromStrangers: false,
  recipients: ({ aud }, { tenant, followers }) => (aud !== undefined && aud !== tenant ? [aud] : followers),
  refusal: () => undefined,
};
