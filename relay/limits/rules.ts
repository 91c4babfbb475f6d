/** How much somebody may do: so much at once, and what comes back of it in a minute. */
export interface Rule {
  readonly most: number;
  readonly perMinute: number;
}

const MiB = 1024 * 1024;

/** The first ones count by address, the others by who it is. Bytes are bytes; everything else is a number of times. */
export const rules = {
  /** Anything at all: a browser that opens the app, or a device with ten thousand thumbnails, is far from it. */
  requests: { most: 6_000, perMinute: 3_000 },
  /** What is tried with a secret, a link or a signature of who is not known yet: each costs a hash, a signature or a row. */
  secrets: { most: 200, perMinute: 60 },
  /** Tokens, before anything about them is known. */
  inbox: { most: 3_000, perMinute: 600 },
  /** What makes the relay look up a name and ask a host that it never heard of. */
  strangers: { most: 120, perMinute: 20 },
  /** Sockets that are opened. */
  sockets: { most: 300, perMinute: 120 },
  /** What a neighbour says to one identity, whoever it is; a contact too. */
  issuer: { most: 1_000, perMinute: 300 },
  issuerBytes: { most: 64 * MiB, perMinute: MiB },
  /** Bytes of files that are fetched because a neighbour's actions attach them. */
  fetched: { most: 1024 * MiB, perMinute: 8 * MiB },
  /** Requests with a guest's access token. */
  guest: { most: 3_000, perMinute: 1_200 },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof rules;

/** Sockets that are open at once: of one address, of one device, of one guest, and of all. */
export const seats = { address: 256, device: 16, guest: 64, all: 8_192 } as const;

const inbox = /^\/api\/inbox(\/sync)?$/;
const costly: readonly (readonly [RuleName, RegExp])[] = [
  ['inbox', inbox],
  ['secrets', /^\/api\/auth\/(token|verify|ways\/(challenge|open))$/],
  ['secrets', /^\/api\/devices\/(enrol|renew|delegation|readmission|restore|links(\/.*)?)$/],
  ['secrets', /^\/api\/(names|imports)$/],
  ['strangers', /^\/api\/(people\/changed|names\/check)$/],
];
/** These look up a name whatever the method. */
const asking = /^\/api\/names\/check$/;

/** What a request costs its address beside the request itself. */
export function ruleOf(method: string, path: string): RuleName | undefined {
  if (method === 'OPTIONS') return undefined;
  const isReading = method === 'GET' || method === 'HEAD';
  if (isReading && !asking.test(path)) return undefined;
  return costly.find(([, pattern]) => pattern.test(path))?.[0];
}

/** Refused here without a body: stock nodes take any JSON for delivered (SPEC R4). */
export function isInbox(path: string): boolean {
  return inbox.test(path);
}
