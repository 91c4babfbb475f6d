import * as v from 'valibot';
import {
  type ActionPayload,
  type ActionType,
  baseType,
  contentOwner,
  type Effects,
  isEnd,
} from '../../define.ts';
import { text, toReaders } from '../../rules.ts';

const recounts = ({ sub }: ActionPayload): Effects => (sub === undefined ? {} : { recounts: sub });

/** Shows the post that `sub` names to one's own readers, or on a wall (`aud`); the post travels with it. */
export const repost: ActionType = {
  type: 'REPOST',
  subtypes: ['DEL'],
  voice: 'device',
  fields: { c: 'optional', p: 'forbidden', a: 'forbidden', aud: 'optional', sub: 'required' },
  content: v.optional(text(1000, 0)),
  fromStrangers: (_payload, { about, tenant }) =>
    about !== undefined && contentOwner(about.payload) === tenant && about.visibility === 'P',
  key: ({ sub, iss, aud }) => `REPOST:${sub}:${iss}:${aud ?? ''}`,
  bundles: true,
  recipients: (payload, context) => {
    const readers =
      payload.aud && payload.aud !== context.tenant ? [payload.aud] : toReaders(payload, context);
    const owner = context.about ? [contentOwner(context.about.payload), context.about.payload.iss] : [];
    return [...readers, ...owner];
  },
  refusalToSend: (payload, { about, tenant }) => {
    if (isEnd(payload)) return undefined;
    if (!about) return 'what is to be shown is not known here';
    if (baseType(about.payload.t) !== 'POST') return 'only posts are shown again';
    // It travels along: to one's own readers what they may see anyway.
    const forReaders = about.payload.iss === tenant && ['V', '2', 'F'].includes(about.visibility);
    return about.visibility === 'P' || (forReaders && payload.aud === undefined)
      ? undefined
      : 'only what is public is shown to others';
  },
  refusal: ({ aud }, { tenant, about }) => {
    const mine = about !== undefined && [about.payload.iss, contentOwner(about.payload)].includes(tenant);
    return aud !== undefined && aud !== tenant && !mine
      ? 'it stands on the wall of somebody else'
      : undefined;
  },
  whenSent: recounts,
  whenReceived: recounts,
};
