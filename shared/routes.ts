import * as v from 'valibot';
import { keptProofSchema } from './api/kept-proof.ts';
import { countersignatureSchema, deviceSchema } from './device/device-log.ts';
import { linkRequestSchema } from './device/link.ts';
import { blobIdSchema, fileIdSchema } from './file/blob-id.ts';
import { idTagSchema } from './identity/id-tag.ts';

/**
 * Every path, body, answer and limit of a relay, once (SPEC §9). Paths under `/api` answer at `cl-o.<id tag>`;
 * an answer stands in an envelope `{data, time}`, a refusal is `{error: {code, message}}`.
 */
export const routes = {
  me: '/api/me',
  idTag: '/.well-known/cloudillo/id-tag',
  relay: '/api/relay',
  health: '/healthz',
  enrol: '/api/devices/enrol',
  /** For the identity's devices: who they are, when they were seen, who asks to be let in again. */
  devices: '/api/devices',
  /** New keys in the place of those that sign (SPEC L10). */
  renew: '/api/devices/renew',
  /** A device that was away too long asks to be let in again. */
  readmission: '/api/devices/readmission',
  /** The delegation that a device has now, by an assertion. */
  delegation: '/api/devices/delegation',
  /** An identity that comes to a relay that knows nothing of it yet. */
  restore: '/api/devices/restore',
  /** What lost devices handed over before they were wiped. */
  quarantine: '/api/quarantine',
  /** Passwords and passkeys. */
  ways: '/api/auth/ways',
  verify: '/api/auth/verify',
  identityKeys: '/api/keys',
  linked: '/api/me/linked',
  did: '/.well-known/did.json',
  /** What this relay has pinned and heard of a neighbour, for that neighbour's devices. */
  pinned: '/api/people/me/pinned',
  heard: '/api/people/me/heard',
  /** A neighbour says that its keys or devices are others now. */
  changed: '/api/people/changed',
  adopt: '/api/actions/adopt',
  exports: '/api/exports',
  imports: '/api/imports',
  names: '/api/names',
  idp: '/api/idp',
  deviceLog: '/api/devices/log',
  links: '/api/devices/links',
  token: '/api/auth/token',
  actions: '/api/actions',
  /** The documented alias of `actions`, for one action. */
  action: '/api/action',
  inbox: '/api/inbox',
  /** The same, with what followed from it in the answer. */
  inboxSync: '/api/inbox/sync',
  outbox: '/api/outbox',
  people: '/api/people',
  /** Answers neighbours by a PROXY token, and guests by the token they have with a narrower scope. */
  accessToken: '/api/auth/access-token',
  /** For the identity's devices: an access token of a neighbour (`?idTag=`). */
  proxyToken: '/api/auth/proxy-token',
  appDomain: '/api/me/app-domain',
  blobs: '/api/blobs',
  files: '/api/files',
  variant: '/api/files/variant',
  /** The documented alias of `files`. */
  store: '/api/store',
  uploads: '/api/uploads',
  /** How long the log is; `/<id>/rows`: what a document was made of; `/<id>/base`: what stands for its rows that are forgotten. */
  documents: '/api/documents',
  /** `/<id>`: what is in the one folder of a device that has no other (SPEC C14); the relay tells it `wake` `folder`. */
  folders: '/api/folders',
  storage: '/api/storage',
  profile: '/api/me/full',
  ipfs: '/ipfs',
  /** The documented alias of `files`. */
  file: '/api/file',
  sync: '/ws/sync',
  /** `/ws/crdt/<document id>`: stock y-websocket framing, for neighbours. */
  crdt: '/ws/crdt',
} as const;

/** Paths of the app origin that answer with `index.html`; `/d/<document id>` and `/messages/<with whom>` besides. */
export const appRoutes = [
  '/',
  '/home',
  '/files',
  '/feed',
  '/people',
  '/messages',
  '/notices',
  '/settings',
  '/setup',
  '/enrol',
  '/recover',
  '/authorize',
  '/name',
  '/handover',
] as const;

/** True for a path that the app handles. */
export function isAppRoute(path: string): boolean {
  return (
    (appRoutes as readonly string[]).includes(path) ||
    /^\/(d\/[0-9A-Za-z]{24}|messages\/[\w.~-]{1,64})$/.test(path)
  );
}

/** In bytes, but for the counts. */
export const limits = {
  body: 1024 * 1024,
  /** A token and what it is related to, each of at most 256 KiB. */
  inboxBody: 6 * 1024 * 1024,
  /** A blob that is sent in one request. */
  blob: 64 * 1024 * 1024,
  /** A picture that a guest brings into a document. */
  picture: 16 * 1024 * 1024,
  /** One piece of a resumable upload, and the blob that it may become. */
  chunk: 8 * 1024 * 1024,
  upload: 16 * 1024 * 1024 * 1024,
  drafts: 100,
  related: 20,
} as const;

const token = v.pipe(v.string(), v.maxLength(limits.body));

/** 1 to `most` tokens; they are counted before any of them is looked at. */
function tokens(most: number) {
  return v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(most), v.array(token));
}

export const errorSchema = v.object({
  error: v.object({ code: v.string(), message: v.string(), details: v.optional(v.unknown()) }),
});

/** `GET documents/<id>/rows`: rows behind this number of the log. */
export const historyQuery = v.object({
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)), '0'),
});

/** `GET documents`: the log, and the number of its last row. */
export const logHeadSchema = v.object({ log: v.string(), seq: v.pipe(v.number(), v.safeInteger()) });
export type LogHead = v.InferOutput<typeof logHeadSchema>;

/** Bytes that the relay keeps no more. */
export const freedSchema = v.object({ freed: v.number() });

/** `time` is ISO-8601. */
export function envelope<D extends v.GenericSchema>(data: D) {
  return v.object({ data, time: v.pipe(v.string(), v.isoTimestamp()) });
}

export const relaySchema = v.object({
  idTag: idTagSchema,
  apiBase: v.pipe(v.string(), v.url()),
  claimed: v.boolean(),
});

const logSchema = v.array(v.object({ entry: v.string(), countersignature: countersignatureSchema }));
export const deviceLogSchema = v.object({ entries: logSchema });

/** `POST enrol`: the first device, by the one-time setup link of the relay's log. */
export const enrolSchema = v.strictObject({ setup: v.pipe(v.string(), v.maxLength(100)), entry: token });
export const enrolledSchema = v.object({ idTag: idTagSchema, delegation: token, entries: logSchema });

/** `POST links`: a device announces a one-time link. `expiresAt` in seconds. */
export const newLinkSchema = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not a link id')),
  expiresAt: v.pipe(v.number(), v.safeInteger()),
});
/** `POST links/:id/request` takes `linkRequestSchema`; `GET links/:id` answers this. */
export const linkStateSchema = v.variant('state', [
  v.object({ state: v.picklist(['open', 'waiting', 'expired']), idTag: idTagSchema }),
  v.object({
    state: v.literal('enrolled'),
    idTag: idTagSchema,
    did: deviceSchema.entries.did,
    delegation: token,
    entries: logSchema,
    confirmation: v.string(),
  }),
]);
/** `GET links`, for devices that may enrol. */
export const waitingLinksSchema = v.object({
  links: v.array(v.object({ id: v.string(), expiresAt: v.number(), request: v.optional(linkRequestSchema) })),
});

/** `POST log`: a signed entry; for an `add` by link, the link and the confirmation for the new device. */
export const appendSchema = v.strictObject({
  entry: token,
  link: v.optional(
    v.strictObject({ id: v.string(), confirmation: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)) }),
  ),
});

export const tokenRequestSchema = v.strictObject({
  grant_type: v.literal('urn:ietf:params:oauth:grant-type:jwt-bearer'),
  assertion: token,
  /** The chain, the delegation from the identity first. */
  delegation: tokens(4),
});
export const accessTokenSchema = v.object({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  /** Seconds. */
  expires_in: v.number(),
});

/** `POST actions`. */
export const draftsSchema = v.strictObject({ drafts: tokens(limits.drafts) });
/** The receipt, one result a draft in the order sent (SPEC D6). */
export const receiptSchema = v.object({
  results: v.array(
    v.variant('status', [
      v.object({ status: v.literal('accepted'), actionId: v.string(), token, seq: v.number() }),
      v.object({ status: v.literal('superseded'), actionId: v.string() }),
      v.object({ status: v.literal('refused'), code: v.string(), message: v.string() }),
    ]),
  ),
});
export type Receipt = v.InferOutput<typeof receiptSchema>['results'][number];

export const deliverySchema = v.object({
  to: idTagSchema,
  state: v.picklist(['waiting', 'delivered', 'refused', 'quarantined']),
  reason: v.optional(v.string()),
});
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** All deliveries of an action, by where they stand. */
export const deliveryCountsSchema = v.object({
  waiting: count,
  delivered: count,
  refused: count,
  quarantined: count,
});
/** `POST actions/:id/deliveries`: what is not delivered is tried again now. */
export const retrySchema = v.strictObject({ retry: v.literal(true) });
export const retriedSchema = v.object({ retried: count });

/** `GET actions?after=<seq>&limit=<n>`, for the identity's devices: own and received, by `seq`. */
export const actionListSchema = v.object({
  items: v.array(
    v.object({
      seq: v.number(),
      actionId: v.string(),
      token,
      /** Milliseconds, the relay's clock. */
      receivedAt: v.number(),
      /** What is gone is told too, so that devices drop it. `confirm`: a person is to decide. */
      status: v.picklist(['active', 'confirm', 'superseded', 'deleted']),
      /** Of pictures: what the relay has of `a`. */
      files: v.array(v.object({ id: v.string(), descriptor: v.string() })),
      /** At most 50, those that are not delivered first. */
      deliveries: v.array(deliverySchema),
      /** Of own actions that go to somebody. */
      deliveryCounts: v.optional(deliveryCountsSchema),
      /** Of own actions: with it a device can bring them to another relay (SPEC D8). */
      proof: v.optional(keptProofSchema),
    }),
  ),
  /** Ask again with this; the same as asked when there was nothing. */
  next: v.number(),
  more: v.boolean(),
});

/**
 * What is known of a neighbour's keys and devices since the first contact (SPEC L6). `changed`: it lists none of the identity keys
 * that it listed before; `forked`: its device log does not continue the one that was seen first. `none`: it has no device log, as stock nodes.
 * `at`: since when, milliseconds.
 */
export const trustSchema = v.object({
  state: v.picklist(['none', 'pinned', 'changed', 'forked']),
  at: v.number(),
});

/** `PUT people/:idTag`, for devices: what is decided here alone and told to nobody. `trust`: the change was seen and is accepted. */
export const standingSchema = v.strictObject({
  blocked: v.optional(v.boolean()),
  muted: v.optional(v.boolean()),
  trust: v.optional(v.literal('accepted')),
});

export const relationsSchema = v.object({
  people: v.array(
    v.object({
      idTag: idTagSchema,
      name: v.string(),
      type: v.optional(v.picklist(['person', 'community']), 'person'),
      following: v.boolean(),
      follower: v.boolean(),
      /** `asked`: this identity asked; `asking`: the other one does. */
      connected: v.optional(v.picklist(['none', 'asked', 'asking', 'connected']), 'none'),
      /** Nothing is taken from it and nothing is sent to it. */
      blocked: v.optional(v.boolean(), false),
      /** It is taken, and not shown in the feed and notices. */
      muted: v.optional(v.boolean(), false),
      trust: v.optional(trustSchema),
      /** The picture that it shows of itself, once it is here: `vis.pf`, `vis.tn`. */
      profilePic: v.optional(v.object({ id: v.string(), descriptor: v.string() })),
    }),
  ),
});

/** `GET access-token`: a JWT that the asker does not look into but for `exp`. */
export const guestTokenSchema = v.object({ token: v.string() });

/**
 * `GET proxy-token?idTag=`, for devices: an access token of that neighbour and the origin of its API, so that the device goes there
 * itself. With `renew=true` a new one: the last was not taken.
 */
export const proxyTokenSchema = v.object({ token: v.string(), apiBase: v.pipe(v.string(), v.url()) });

/** `GET outbox?since=<seconds>&limit=<n>`, for contacts: newest posts in the order they were made, each with what belongs to it. */
export const outboxSchema = v.object({
  items: v.array(v.object({ token, related: v.optional(v.array(token)) })),
  /** There are older ones: ask again with it. Stock nodes tell the newest only. */
  cursor: v.optional(v.string()),
});

/** `POST people/presence`, for devices: what PRES says. `to` is a person or the owner of the conversation `about`. */
export const presenceSchema = v.strictObject({
  t: v.picklist(['PRES:TYPING', 'PRES:ONLINE', 'PRES:AWAY', 'PRES:OFFLINE']),
  about: v.pipe(v.string(), v.maxLength(100)),
  to: idTagSchema,
});

export const inboxSchema = v.object({
  token,
  related: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(limits.related), v.array(token))),
});

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * `POST uploads`: a blob that is to come in pieces (SPEC W1). `loose`: no file will name it, as with pictures in documents; it
 * is kept until it is taken back.
 */
export const newUploadSchema = v.strictObject({
  blob: blobIdSchema,
  size: v.pipe(bytes, v.maxValue(limits.upload)),
  loose: v.optional(v.boolean(), false),
});
/** Answer of `POST uploads`, and of `GET` and `PATCH uploads/:id`. Without `id` the relay had the bytes already. */
export const uploadSchema = v.object({
  id: v.optional(v.string()),
  blob: blobIdSchema,
  size: bytes,
  /** Bytes that are there; the next piece begins here. */
  offset: bytes,
  done: v.boolean(),
});

/** `GET storage`, in bytes. `POST storage/verify` begins a check and answers the same. */
export const storageSchema = v.object({
  used: bytes,
  limit: bytes,
  left: bytes,
  /** Blobs whose bytes are no longer what they were; a device that has them sends them again. */
  damaged: v.array(blobIdSchema),
  check: v.object({
    state: v.picklist(['never', 'running', 'done']),
    checked: v.number(),
    total: v.number(),
    /** When the last one ended, milliseconds since 1970. */
    endedAt: v.optional(v.number()),
  }),
});

/** Who may read a file by its id: everybody (`P`), or the identity's devices (`D`) and those to whom an action shows it. */
export const fileVisibility = v.picklist(['P', 'D']);

/** `POST files`: names the renditions of an uploaded file. */
export const newFileSchema = v.strictObject({
  descriptor: v.pipe(v.string(), v.maxLength(16_384)),
  contentType: v.pipe(v.string(), v.regex(/^[a-z]+\/[\w.+-]{1,80}$/)),
  fileName: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
  visibility: v.optional(fileVisibility),
});
/** `completed`: the relay made renditions that the descriptor lacked; they are a file of its own. */
export const fileCreatedSchema = v.object({
  fileId: v.string(),
  completed: v.optional(v.object({ fileId: v.string(), descriptor: v.string() })),
});
export const fileMetadataSchema = v.object({
  contentType: v.string(),
  fileName: v.string(),
  createdAt: v.string(),
  /** Not told by every neighbour. */
  visibility: v.optional(fileVisibility),
});

/** `POST me/full`: the pictures of the identity, as files with a `vis.pf`; null takes one away, absent leaves it. */
export const picturesSchema = v.strictObject({
  profilePic: v.optional(v.nullable(fileIdSchema)),
  coverPic: v.optional(v.nullable(fileIdSchema)),
});
