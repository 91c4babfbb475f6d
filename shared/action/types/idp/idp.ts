import * as v from 'valibot';
import { type ActionType } from '../../define.ts';
import { idTagSchema } from '../../../identity/id-tag.ts';
import { text } from '../../rules.ts';

/** What `IDP:REG` asks for (SPEC N18). Members that are not known are passed over. */
export const idpSchema = v.looseObject({
  idTag: idTagSchema,
  ownerIdTag: v.optional(idTagSchema),
  issuer: v.optional(v.picklist(['registrar', 'owner'])),
  email: v.optional(text(254)),
  lang: v.optional(text(35)),
  /** Where the identity is: `auto` is where the question comes from; absent: here. */
  address: v.optional(v.pipe(v.string(), v.regex(/^(auto|[0-9a-z.:-]{2,253})$/, 'not an address'))),
  /** Of this relay, when it asks for one. */
  invitation: v.optional(text(100)),
});

/** Asks a relay that gives names for one. It is answered at once, at `/api/inbox/sync`, and not kept. */
export const idp: ActionType = {
  type: 'IDP',
  subtypes: ['REG'],
  voice: 'relay',
  fields: { c: 'required', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'forbidden' },
  content: idpSchema,
  misfit: ({ t }) => (t === 'IDP:REG' ? undefined : 'it asks for nothing that is known'),
  fromStrangers: true,
  visibility: 'D',
  passing: true,
  recipients: () => [],
  refusal: ({ aud }, { tenant }) => (aud === tenant ? undefined : 'it is for somebody else'),
};
