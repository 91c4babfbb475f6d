import * as v from 'valibot';
import { type IdTag, idTagSchema } from '../identity/id-tag.ts';

const reference = v.pipe(
  v.string(),
  v.regex(/^(a1~[\w-]{43}|f1~[\w-]{43}|[0-9A-Za-z]{24}|@[a-z0-9.-]{5,62})$/, 'not a reference'),
);
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** SPEC A1: the claims of an action token. Members that are not known here are passed over on receipt. */
export const actionPayloadSchema = v.looseObject({
  iss: idTagSchema,
  k: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** `TYPE` or `TYPE:SUBTYPE`. */
  t: v.pipe(v.string(), v.regex(/^[A-Z]{2,12}(:[A-Z]{2,12})?$/, 'not an action type')),
  /** Seconds since 1970. */
  iat: seconds,
  c: v.optional(v.unknown()),
  p: v.optional(reference),
  a: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.regex(/^f1~[\w-]{43}$/, 'not a file id'))), v.maxLength(100)),
  ),
  aud: v.optional(idTagSchema),
  sub: v.optional(reference),
  exp: v.optional(seconds),
  f: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z]{0,16}$/))),
  /** P public, V verified, 2 second degree, F followers, C connected, S subscribers, D direct. */
  v: v.optional(v.picklist(['P', 'V', '2', 'F', 'C', 'S', 'D'])),
  _: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

export type ActionPayload = v.InferOutput<typeof actionPayloadSchema>;

export type Field = 'c' | 'p' | 'a' | 'aud' | 'sub';
export type FieldRule = 'required' | 'optional' | 'forbidden';

/** An action that the tenant holds already, as the decisions need it. */
export interface HeldAction {
  readonly actionId: string;
  readonly payload: ActionPayload;
}

/** What the sender's relay knows when it decides to whom an action goes (SPEC R1). */
export interface SendingContext {
  readonly tenant: IdTag;
  readonly followers: readonly IdTag[];
  /** The action that `p` or `sub` names, when the tenant holds it. */
  readonly about?: HeldAction | undefined;
}

/** What the receiver knows of the issuer (SPEC R2). */
export interface ReceivingContext {
  readonly tenant: IdTag;
  /** The tenant follows the issuer. */
  readonly following: boolean;
  readonly about?: HeldAction | undefined;
}

/** A change of the tenant's relations that follows from an action (SPEC R3). */
export interface RelationEffect {
  readonly idTag: IdTag;
  readonly following?: boolean;
  readonly follower?: boolean;
}

/**
 * Who may sign an action of a type (SPEC V1): `device` needs a draft, `relay` speaks by itself,
 * `ordered` is automatic under a standing order.
 */
export type Voice = 'device' | 'relay' | 'ordered';

/** One action type: everything that sets it apart, in one folder, without I/O. */
export interface ActionType {
  readonly type: string;
  readonly subtypes: readonly string[];
  readonly voice: Voice;
  readonly fields: Readonly<Record<Field, FieldRule>>;
  readonly content: v.GenericSchema;
  /** Whether an issuer that the tenant does not follow may send it. */
  readonly fromStrangers: boolean;
  /** Upserts only: of two actions with the same key the later one holds (SPEC U1). */
  readonly key?: (payload: ActionPayload) => string;
  readonly recipients: (payload: ActionPayload, context: SendingContext) => readonly IdTag[];
  /** The reason why the tenant does not take it, or undefined. */
  readonly refusal: (payload: ActionPayload, context: ReceivingContext) => string | undefined;
  readonly whenSent?: (payload: ActionPayload) => RelationEffect | undefined;
  readonly whenReceived?: (payload: ActionPayload) => RelationEffect | undefined;
}

/** The part of `t` before the colon. */
export function baseType(t: string): string {
  return t.split(':')[0]!;
}

export function subtype(t: string): string | undefined {
  return t.split(':')[1];
}

/** The identity an action belongs to: its audience when it has one, else its issuer. */
export function contentOwner({ iss, aud }: ActionPayload): IdTag {
  return aud ?? iss;
}

/** To the owner of what it is about; about one's own content, to the followers who hold it (SPEC R1). */
export function recipientsOfReply(
  payload: ActionPayload,
  { tenant, followers }: SendingContext,
): readonly IdTag[] {
  if (payload.aud !== undefined && payload.aud !== tenant) return [payload.aud];
  return followers;
}

/** A reply is taken by the owner of what it is about, and from that owner by everyone else (SPEC R2). */
export function refusalOfReply(
  payload: ActionPayload,
  { tenant, about }: ReceivingContext,
  flag: string,
): string | undefined {
  if (!about) return 'what it is about is not known here';
  const owner = contentOwner(about.payload);
  if (owner !== tenant && owner !== payload.iss) return 'it is about something that belongs to neither of us';
  if (about.payload.f?.includes(flag)) return 'its author does not want that';
  return undefined;
}
