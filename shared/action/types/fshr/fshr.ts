import * as v from 'valibot';
import { type ActionType, isEnd } from '../../define.ts';
import { text, toAudience } from '../../rules.ts';

/** What is shared: `fileTp` is `CRDT` for a document that several edit. Empty texts are for `DEL` alone. */
export const fshrSchema = v.looseObject({
  contentType: text(255, 0),
  fileName: text(255, 0),
  fileTp: v.picklist(['BLOB', 'CRDT', 'RTDB']),
});

/** The issuer shares its document or file `sub` with `aud`: to read, or as the subtype says. `DEL` revokes. */
export const fshr: ActionType = {
  type: 'FSHR',
  subtypes: ['READ', 'COMMENT', 'WRITE', 'ADMIN', 'DEL'],
  voice: 'device',
  fields: { c: 'required', p: 'forbidden', a: 'forbidden', aud: 'required', sub: 'required' },
  content: fshrSchema,
  misfit: (payload) => {
    const named = v.is(v.looseObject({ contentType: text(255), fileName: text(255) }), payload.c);
    return named || isEnd(payload) ? undefined : 'what is shared has a type and a name';
  },
  fromStrangers: false,
  visibility: 'D',
  key: ({ iss, sub, aud }) => `FSHR:${iss}:${sub}:${aud}`,
  recipients: toAudience,
  refusalToSend: ({ aud }, { tenant }) => (aud === tenant ? 'it is yours already' : undefined),
  refusal: ({ aud }, { tenant }) => (aud === tenant ? undefined : 'it is for somebody else'),
  whenReceived: (payload) => (isEnd(payload) ? undefined : { state: 'confirm' }),
};
