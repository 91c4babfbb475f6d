import { readEnvelope, readRefusal } from './json.ts';
import type { Neighbour } from './neighbour.ts';
import type { Answer, Ask, OpenSocket } from './transport.ts';

/**
 * How firmly a check is meant. `wire`: no neighbour can do without it. `strict`: what a careful node adds to it. `alias`: paths of the
 * documentation that nodes of today no longer have.
 */
export type Demand = 'wire' | 'strict' | 'alias';

/** What a check cannot do without. */
export type Need = 'neighbour' | 'token' | 'file' | 'document';

/** The node that is looked at, and what is known of it. */
export interface Target {
  readonly idTag: string;
  /** A request to its API host unless told otherwise. */
  readonly ask: Ask;
  readonly openSocket: OpenSocket;
  /** Who asks; without it the node cannot fetch a key, and what is signed is not tried. */
  readonly self: Neighbour | undefined;
  /** Where actions are posted. */
  readonly inbox: string;
  /** An access token of the node's owner. */
  readonly token?: string | undefined;
  /** Id of a file that anybody may read. */
  readonly file?: string | undefined;
  /** Id of a document that is shared with `self` for writing. */
  readonly document?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly seen: string;
}

export interface Check {
  readonly name: string;
  readonly expected: string;
  readonly demand: Demand;
  readonly needs?: readonly Need[];
  readonly run: (target: Target) => Promise<Verdict>;
}

/** The neighbour that we play. @throws Error when there is none: the check did not say that it needs one */
export function selfOf({ self }: Target): Neighbour {
  if (!self) throw new Error('this check needs a neighbour');
  return self;
}

/** In seconds since 1970. */
export function secondsOf({ now }: Target): number {
  return Math.floor(now() / 1000);
}

/** `403 E-AUTH-NOPERM: …`, `200 null`: what it says, without its envelope, cut where it gets long. */
export function describe(answer: Answer): string {
  const { status, headers, bytes, text } = answer;
  const type = String(headers['content-type'] ?? '');
  if (bytes.length === 0) return `${status}, empty`;
  if (!/json|text/.test(type)) return `${status}, ${bytes.length} bytes of ${type || 'no type'}`;
  const refusal = readRefusal(answer);
  if (refusal) return `${status} ${refusal.code}: ${shorten(refusal.message)}`;
  const envelope = readEnvelope(answer);
  return `${status} ${shorten(envelope ? JSON.stringify(envelope.data) : text)}`;
}

export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
