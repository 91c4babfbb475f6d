import * as v from 'valibot';
import { deviceSchema } from '../device/device-log.ts';
import { linkRequestSchema } from '../device/link.ts';
import { sealedKeySchema } from '../device/sealed-key.ts';
import { idTagSchema } from '../identity/id-tag.ts';
import { routes } from '../routes.ts';

/** Bodies and answers of passwords, passkeys and fresh verification (SPEC P6–P11), and of codes that a new device shows (P5). */
export const waysRoutes = {
  door: routes.ways,
  list: `${routes.ways}/list`,
  challenge: `${routes.ways}/challenge`,
  password: `${routes.ways}/password`,
  passkeys: `${routes.ways}/passkeys`,
  open: `${routes.ways}/open`,
  offers: `${routes.links}/offers`,
} as const;

const did = deviceSchema.entries.did;
const text = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const base64url = (most: number) => v.pipe(text(most), v.regex(/^[\w-]+$/, 'not base64url'));
const bytes16 = v.pipe(v.string(), v.regex(/^[\w-]{22}$/, 'not 16 bytes'));
const bytes32 = v.pipe(v.string(), v.regex(/^[\w-]{43}$/, 'not 32 bytes'));
const name = v.pipe(text(60), v.regex(/^[^\p{Cc}\p{Cf}]+$/u, 'not a name'));
const milliseconds = v.pipe(v.number(), v.safeInteger());

/** `GET ways`, for everybody: by which ways one comes in here. */
export const doorSchema = v.object({
  idTag: idTagSchema,
  password: v.optional(v.object({ salt: bytes16 })),
  passkey: v.boolean(),
});

/** `GET ways/list`, for devices that may enrol. `opens`: it lets a device in; else it only shows that its person is there. */
export const waysSchema = v.object({
  ways: v.array(
    v.object({
      id: text(1400),
      kind: v.picklist(['password', 'passkey']),
      name: v.string(),
      did: v.optional(did),
      createdAt: milliseconds,
      usedAt: v.optional(milliseconds),
    }),
  ),
});
export type Way = v.InferOutput<typeof waysSchema>['ways'][number];

export const purposes = ['open', 'verify', 'register'] as const;
export type Purpose = (typeof purposes)[number];

/** `POST ways/challenge`. `verify` and `register` are for devices. */
export const challengeRequestSchema = v.strictObject({ purpose: v.picklist(purposes) });
export const challengeSchema = v.object({
  /** Base64url; good once and for five minutes. */
  challenge: base64url(2000),
  rpId: text(255),
  /** For `register`: who the passkey is for, and the credentials that exist. */
  user: v.optional(v.object({ id: bytes32, name: v.string() })),
  exclude: v.optional(v.array(base64url(1400))),
});

/** `PUT ways/password`: `auth` is what the browser derives (SPEC P6), `did` a password key of the log. */
export const passwordSchema = v.strictObject({ salt: bytes16, auth: bytes32, did, sealed: sealedKeySchema });

const credential = { id: base64url(1400), rawId: base64url(1400), type: v.literal('public-key') };

/** What `navigator.credentials.create` gives, without the outputs of extensions: they stay in the browser. */
export const registrationSchema = v.object({
  ...credential,
  response: v.object({ clientDataJSON: base64url(8000), attestationObject: base64url(20_000) }),
});
export type RegistrationResponse = v.InferOutput<typeof registrationSchema>;

/** What `navigator.credentials.get` gives, without the outputs of extensions. */
export const presentationSchema = v.object({
  ...credential,
  response: v.object({
    clientDataJSON: base64url(8000),
    authenticatorData: base64url(4000),
    signature: base64url(2000),
    userHandle: v.optional(v.nullable(base64url(100))),
  }),
});
export type Presentation = v.InferOutput<typeof presentationSchema>;

/** `POST ways/passkeys`. */
export const passkeySchema = v.strictObject({
  name,
  response: registrationSchema,
  key: v.optional(v.strictObject({ did, sealed: sealedKeySchema })),
});

/** `POST ways/open` and, with an access token, `POST verify`: a password or a passkey. */
export const waySchema = v.union([
  v.strictObject({ password: bytes32 }),
  v.strictObject({ passkey: presentationSchema }),
]);
export type ShownWay = v.InferOutput<typeof waySchema>;

/** Answer of `open`; without `key` the way opens nothing. */
export const openedSchema = v.object({ key: v.optional(v.object({ did, sealed: sealedKeySchema })) });
/** Answer of `verify`: until when, in milliseconds. */
export const verifiedSchema = v.object({ until: milliseconds });

/** `POST links/offers`: a new device shows a code (SPEC P5). `expiresAt` in seconds. */
export const offerSchema = v.strictObject({
  id: bytes16,
  expiresAt: v.pipe(v.number(), v.safeInteger()),
  request: linkRequestSchema,
});

/** With E-VERIFY-NEEDED: by what the person shows that it is them. With E-VERIFY-LIMIT: seconds to wait. */
export const verifyNeededSchema = v.object({ password: v.boolean(), passkey: v.boolean() });
export const verifyLimitSchema = v.object({ wait: v.number() });
