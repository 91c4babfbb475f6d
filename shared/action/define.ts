import * as v from 'valibot';
import type { OrderName } from '../device/device-log.ts';
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

export type Visibility = NonNullable<ActionPayload['v']>;

export type Field = 'c' | 'p' | 'a' | 'aud' | 'sub';
export type FieldRule = 'required' | 'optional' | 'forbidden';

/** An action that the tenant holds already, as the decisions need it. */
export interface HeldAction {
  readonly actionId: string;
  readonly payload: ActionPayload;
  /** Who may see it, by its token or its type (SPEC A4). */
  readonly visibility: Visibility;
}

/** `asked`: the tenant wants to connect; `asking`: the other one does. */
export type Connection = 'none' | 'asked' | 'asking' | 'connected';

/** How the tenant stands to another identity (SPEC R3). */
export interface Relation {
  readonly following: boolean;
  readonly follower: boolean;
  readonly connected: Connection;
  /** Nothing is taken from it, and nothing is sent to it. */
  readonly blocked: boolean;
}

export const stranger: Relation = { following: false, follower: false, connected: 'none', blocked: false };

/** SPEC R2: somebody that the tenant chose. */
export function isContact({ following, connected }: Relation): boolean {
  return following || connected === 'connected';
}

/** What a subscriber may do in a container, in rising order. */
export const roles = ['observer', 'member', 'moderator', 'admin'] as const;
export type Role = (typeof roles)[number];

export function isAtLeast(role: Role | undefined, least: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(least);
}

/** A conversation that an action belongs to (SPEC M1). */
export interface Container {
  readonly action: HeldAction;
  readonly owner: IdTag;
  /** Anybody may join. */
  readonly open: boolean;
  /** Role of everybody who is in. */
  readonly members: ReadonlyMap<IdTag, Role>;
  /** Who holds an invitation that was not taken yet, with the role it offers. */
  readonly invited: ReadonlyMap<IdTag, Role>;
  /** Who was put out and needs an invitation to come again (SPEC M3). */
  readonly removed: ReadonlySet<IdTag>;
}

/** What the sender's relay knows when it decides to whom an action goes (SPEC R1). */
export interface SendingContext {
  readonly tenant: IdTag;
  readonly followers: readonly IdTag[];
  readonly connected: readonly IdTag[];
  /** How the tenant stands to `aud`. */
  readonly relation: Relation;
  /** The action that `p` or `sub` names, when the tenant holds it. */
  readonly about?: HeldAction | undefined;
  readonly container?: Container | undefined;
}

/** What the receiver knows when an action comes in (SPEC R2). */
export interface ReceivingContext {
  readonly tenant: IdTag;
  /** How the tenant stands to the issuer. */
  readonly relation: Relation;
  readonly about?: HeldAction | undefined;
  readonly container?: Container | undefined;
  /** It came with an approval of the owner of its wall or container, which was taken. */
  readonly approved: boolean;
}

/** What follows from an action that was taken or sent; who carries it out does all of it in one transaction. */
export interface Effects {
  /** The tenant's relation to somebody. Members that are absent stay. */
  readonly relation?: { readonly idTag: IdTag } & Partial<
    Pick<Relation, 'following' | 'follower' | 'connected'>
  >;
  /** The action that is gone from now on. */
  readonly deletes?: string;
  /** Who is in the conversation `container` no longer (SPEC M3). */
  readonly removes?: { readonly container: string; readonly idTag: IdTag };
  /** `confirm`: it waits for a person to decide. */
  readonly state?: 'confirm';
  /** The tenant's counts of this action have changed: say so (STAT). */
  readonly recounts?: string;
}

/** What the relay says by itself when `order` stands (SPEC V2). */
export interface Answer {
  readonly order: OrderName;
  readonly statement: Pick<ActionPayload, 't' | 'aud' | 'sub' | 'p'> & {
    readonly v: Visibility;
  };
}

/** Who may sign an action of a type (SPEC V1): `device` needs a draft, `relay` speaks by itself. */
export type Voice = 'device' | 'relay';

/** One action type: everything that sets it apart, in one folder, without I/O. */
export interface ActionType {
  readonly type: string;
  readonly subtypes: readonly string[];
  /** A subtype of others that is not listed counts as none: stock apps write many. */
  readonly openSubtypes?: true;
  readonly voice: Voice;
  /** The standing order under which the relay may say it too (SPEC V2). */
  readonly order?: (payload: ActionPayload) => OrderName | undefined;
  readonly fields: Readonly<Record<Field, FieldRule>>;
  readonly content: v.GenericSchema;
  /** What fields and content alone do not say: the reason why the form is wrong, or undefined. */
  readonly misfit?: (payload: ActionPayload) => string | undefined;
  /** Whether an issuer that the tenant did not choose may send it. */
  readonly fromStrangers: boolean | ((payload: ActionPayload, context: ReceivingContext) => boolean);
  /** What `v` is when the token does not say (SPEC A4). */
  readonly visibility?: Visibility;
  /** Upserts only: of two actions with the same key the later one holds (SPEC U1). */
  readonly key?: (payload: ActionPayload) => string;
  /** The action that it is about travels with it (`related`). */
  readonly bundles?: true;
  /** Nodes without a device log do not know it and would show it as something else: it is not sent to them. */
  readonly needsLog?: (payload: ActionPayload) => boolean;
  /** Passed on to the devices that are connected, and never stored. */
  readonly passing?: true;
  /** Neither known here nor understood: kept as it came. */
  readonly raw?: true;
  readonly recipients: (payload: ActionPayload, context: SendingContext) => readonly IdTag[];
  /** The reason why the tenant does not say it, or undefined. */
  readonly refusalToSend?: (payload: ActionPayload, context: SendingContext) => string | undefined;
  /** The reason why the tenant does not take it, or undefined. */
  readonly refusal: (payload: ActionPayload, context: ReceivingContext) => string | undefined;
  readonly whenSent?: (payload: ActionPayload, context: SendingContext) => Effects | undefined;
  readonly whenReceived?: (payload: ActionPayload, context: ReceivingContext) => Effects | undefined;
  /** What may be answered at once; `actionId` is of the action itself. */
  readonly answers?: (action: HeldAction, context: ReceivingContext) => readonly Answer[];
}

/** The part of `t` before the colon. */
export function baseType(t: string): string {
  return t.split(':')[0]!;
}

export function subtype(t: string): string | undefined {
  return t.split(':')[1];
}

/** True for the subtype that takes back. */
export function isEnd({ t }: Pick<ActionPayload, 't'>): boolean {
  return subtype(t) === 'DEL';
}

/** The identity an action belongs to: its audience when it has one, else its issuer. */
export function contentOwner({ iss, aud }: ActionPayload): IdTag {
  return aud ?? iss;
}
