import * as v from 'valibot';
import { type ActionType } from '../../define.ts';

/** SPEC O1: asks `aud` for an access token. It is shown there and goes to no inbox. */
export const proxy: ActionType = {
  type: 'PROXY',
  subtypes: [],
  voice: 'relay',
  fields: { c: 'forbidden', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'forbidden' },
  content: v.undefined(),
  misfit: ({ exp }) => (exp === undefined ? 'it says when it ends' : undefined),
  fromStrangers: false,
  recipients: () => [],
  refusal: () => 'it is shown for an access token and goes to no inbox',
};
