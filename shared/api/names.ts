import * as v from 'valibot';
import { idTagSchema } from '../identity/id-tag.ts';
import { routes } from '../routes.ts';

/** Bodies and answers of names on a relay (SPEC N14–N22). Times are milliseconds since 1970. */
export const namesRoutes = {
  names: routes.names,
  check: `${routes.names}/check`,
  here: `${routes.names}/here`,
  invitations: `${routes.names}/invitations`,
  available: `${routes.idp}/check-availability`,
  identities: `${routes.idp}/identities`,
  /** On any host, before it is known: shows that a name leads to this relay. */
  reach: '/.well-known/islet/reach',
  /** The same: whether a host is of this relay, for proxies that get certificates when they are needed (`?domain=`). */
  serves: '/.well-known/islet/serves',
} as const;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const identityType = v.picklist(['person', 'community']);
const milliseconds = v.pipe(v.number(), v.safeInteger());
export const invitationCode = v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/, 'not an invitation'));

/** `GET names`, for everybody; with `?invitation=` also whether that one holds. */
export const relayNamesSchema = v.object({
  /** Names on this relay end so. */
  domain: idTagSchema,
  /** `closed`: its operator alone; `invite`: who was invited; `open`: everybody. */
  registration: v.picklist(['closed', 'invite', 'open']),
  /** Names of this relay mean something on this machine only. */
  local: v.boolean(),
  invitation: v.optional(v.picklist(['open', 'used', 'expired', 'unknown'])),
});

/** `POST names`: by an invitation, by a device of the relay's first identity, or by anybody where that is open. */
export const newNameSchema = v.strictObject({
  idTag: idTagSchema,
  type: v.optional(identityType, 'person'),
  invitation: v.optional(invitationCode),
});
/** `setup` opens `<app>/setup#<setup>&<id tag>`. */
export const givenNameSchema = v.object({ idTag: idTagSchema, setup: v.string() });

const recordSchema = v.object({
  type: v.picklist(['A', 'AAAA', 'CNAME']),
  host: v.string(),
  value: v.string(),
});
export type DnsRecord = v.InferOutput<typeof recordSchema>;

/**
 * `none`: there is no such record; `unanswered`: no name server answered; `elsewhere`: it leads to another address;
 * `private`: to one that is not public.
 */
const recordState = v.picklist(['ok', 'none', 'unanswered', 'elsewhere', 'private']);
export type RecordState = v.InferOutput<typeof recordState>;
/** `waits`: for what comes before it; `unreachable`: nobody takes the connection. */
const tlsState = v.picklist(['ok', 'waits', 'unreachable', 'wrong-name', 'expired', 'untrusted']);
/** `another`: something answers, but not this relay. */
const reachState = v.picklist(['ok', 'waits', 'unreachable', 'another']);

/** `GET names/check?idTag=`: what is true now, as this relay sees it. */
export const nameCheckSchema = v.object({
  idTag: idTagSchema,
  /** It can be taken. */
  ok: v.boolean(),
  hosts: v.array(
    v.object({
      host: v.string(),
      /** Neighbours and devices need it; the other one shows who you are to those who type the bare name. */
      required: v.boolean(),
      /** Any one kind of these will do: the alias, or the addresses. */
      records: v.array(recordSchema),
      state: recordState,
      /** Addresses that were found. */
      found: v.array(v.string()),
    }),
  ),
  tls: v.object({ state: tlsState, reason: v.optional(v.string()) }),
  reach: v.object({ state: reachState, reason: v.optional(v.string()) }),
});
export type NameCheck = v.InferOutput<typeof nameCheckSchema>;

/** `POST names/invitations`. `note`: for whom, as the inviter calls them. */
export const newInvitationSchema = v.strictObject({ note: v.optional(text(100), '') });
/** `code` is told once; the link is `<app>/name#<code>`. */
export const invitationSchema = v.object({ code: invitationCode, expiresAt: milliseconds });

/** `GET names/here`, for devices of the relay's first identity: who is here, and who was invited. */
export const namesHereSchema = v.object({
  identities: v.array(
    v.object({
      idTag: idTagSchema,
      type: identityType,
      /** A device is enrolled. */
      claimed: v.boolean(),
      /** Where it is, when not here; and whether its name leads there. */
      address: v.optional(v.string()),
      active: v.optional(v.boolean()),
    }),
  ),
  invitations: v.array(
    v.object({
      id: v.string(),
      note: v.string(),
      expiresAt: milliseconds,
      usedBy: v.optional(idTagSchema),
    }),
  ),
});

/** `GET idp/check-availability?idTag=`. */
export const availableSchema = v.object({
  idTag: v.string(),
  available: v.boolean(),
  reason: v.optional(v.string()),
});

/** What `IDP:REG` is answered at `/api/inbox/sync`. */
export const registeredSchema = v.object({
  success: v.boolean(),
  message: v.string(),
  identityStatus: v.optional(v.picklist(['pending', 'active'])),
  /** Setup link, when the identity is to be here. */
  activationRef: v.optional(v.string()),
  /** With which its owner says where it is. */
  apiKey: v.optional(v.string()),
});

/** `PUT idp/identities/:idTag/address`. `auto`: where the request comes from. */
export const newAddressSchema = v.strictObject({
  address: v.optional(v.pipe(v.string(), v.regex(/^(auto|[0-9a-z.:-]{2,253})$/, 'not an address')), 'auto'),
});
export const addressSchema = v.object({
  idTag: idTagSchema,
  address: v.string(),
  identityStatus: v.picklist(['pending', 'active']),
});
