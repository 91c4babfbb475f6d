/**
 * The one error family of Islet. A code never changes its meaning; the message is for people.
 * `status` is the HTTP status a relay answers with (SPEC §9).
 */
const statuses = {
  'E-VAL-INVALID': 400,
  'E-VAL-ID-TAG': 400,
  'E-TOKEN-GRAMMAR': 400,
  'E-TOKEN-ALG': 400,
  'E-TOKEN-TYPE': 400,
  'E-TOKEN-SIGNATURE': 401,
  'E-TOKEN-TIME': 400,
  'E-KEY-UNKNOWN': 401,
  'E-ACTION-TYPE': 400,
  'E-ACTION-FIELDS': 400,
  'E-ACTION-AUDIENCE': 403,
  'E-ACTION-ISSUER': 403,
  'E-ACTION-VOICE': 403,
  'E-ACTION-PERMISSION': 403,
  'E-ACTION-REFERENCE': 409,
  'E-LOG-INVALID': 400,
  'E-LOG-FORK': 409,
  'E-LOG-PERMISSION': 403,
  'E-DELEGATION-INVALID': 401,
  'E-DELEGATION-EXPIRED': 401,
  'E-DELEGATION-REVOKED': 401,
  'E-DELEGATION-SCOPE': 403,
  'E-DELEGATION-SUSPENDED': 401,
  'E-VERIFY-NEEDED': 403,
  'E-VERIFY-FAILED': 401,
  'E-VERIFY-LIMIT': 429,
  'E-KIT-INVALID': 400,
  'E-ARCHIVE-INVALID': 400,
  'E-NAME-TAKEN': 409,
  'E-NAME-REFUSED': 403,
  'E-INVITE-UNKNOWN': 404,
  'E-ASSERTION-INVALID': 401,
  'E-ASSERTION-REPLAYED': 401,
  'E-SETUP-UNKNOWN': 404,
  'E-SETUP-USED': 409,
  'E-LINK-UNKNOWN': 404,
  'E-LINK-USED': 409,
  'E-LINK-EXPIRED': 410,
  'E-ROW-INVALID': 400,
  'E-FRAME-INVALID': 400,
  'E-BLOB-HASH': 400,
  'E-BLOB-SIZE': 413,
  'E-BLOB-DAMAGED': 410,
  'E-UPLOAD-UNKNOWN': 404,
  'E-UPLOAD-OFFSET': 409,
  'E-STORAGE-FULL': 402,
  'E-STORAGE-LIMIT': 413,
  'E-FILE-INVALID': 400,
  'E-SEALED-FORMAT': 400,
  'E-SEALED-KEY': 403,
  'E-SEALED-DAMAGED': 400,
  'E-AUTH-UNAUTH': 401,
  'E-AUTH-NOPERM': 403,
  'E-CORE-NOTFOUND': 404,
  'E-CORE-CONFLICT': 409,
  'E-CORE-TOOLARGE': 413,
  'E-CORE-RATELIMIT': 429,
  'E-CORE-MOVED': 410,
  'E-CORE-HOST': 421,
  'E-NET-ADDRESS': 502,
  'E-NET-FAILED': 502,
  'E-SYS-UNAVAIL': 503,
  'E-SYS-FULL': 507,
} as const;

export type ErrorCode = keyof typeof statuses;

export class IsletError extends Error {
  readonly code: ErrorCode;
  /** The offending value, for logs and tests; never sent to a neighbour. */
  readonly value: unknown;
  /** What whoever asked may do something with, in numbers or names; sent with the refusal. */
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, value?: unknown, details?: unknown) {
    super(message);
    this.name = 'IsletError';
    this.code = code;
    this.value = value;
    this.details = details;
  }

  get status(): number {
    return statuses[this.code];
  }
}

/** True when `code` is one of ours: answers of relays are parsed with it. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(statuses, code);
}
