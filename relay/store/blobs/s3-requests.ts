import { AwsClient } from 'aws4fetch';
import { IsletError } from '../../../shared/errors.ts';
import { describeCause } from '../faults.ts';

/** A bucket, addressed by path. */
export interface S3Place {
  readonly bucket: string;
  /** What every key begins with; empty, or ends with `/`. */
  readonly prefix: string;
  /** Origin of the service, e.g. `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3Ask {
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Key of the object, without the prefix; absent for the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Hex SHA-256 of `body`: signed, and compared by the service with what arrives. */
  readonly hash?: string;
  /** Statuses besides 2xx that are an answer, not a failure. */
  readonly accept?: readonly number[];
}

export type S3Request = (ask: S3Ask) => Promise<Response>;

/** How long an answer may take to begin, in milliseconds; uploads of a piece take theirs on a slow line. */
const patience = { PUT: 300_000, other: 20_000 };
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Requests signed with AWS Signature Version 4. An answer that fails, and none at all, throw E-SYS-UNAVAIL, whose value
 * is an error that says why: nothing in it is for neighbours.
 */
export function createS3Requests(
  place: S3Place,
  { retries, wait = patience }: { retries: number; wait?: typeof patience },
): S3Request {
  const { accessKeyId, secretAccessKey, region } = place;
  const aws = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries });
  return async (ask) => {
    const { method = 'GET', headers, body, hash = emptyHash, accept = [] } = ask;
    const ending = new AbortController();
    const timer = setTimeout(
      () => ending.abort(new Error('no answer in time')),
      method === 'PUT' ? wait.PUT : wait.other,
    );
    try {
      const response = await aws.fetch(urlOf(place, ask), {
        method,
        headers: { ...headers, 'x-amz-content-sha256': hash },
        signal: ending.signal,
        ...(body && { body }),
      });
      if (response.ok || accept.includes(response.status)) return response;
      throw unavailable(new Error(await describeAnswer(response)));
    } catch (error) {
      throw error instanceof IsletError ? error : unavailable(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

function urlOf({ endpoint, bucket, prefix }: S3Place, { key, query = {} }: S3Ask): string {
  const path = key === undefined ? bucket : `${bucket}/${prefix}${key}`;
  const search = Object.entries(query)
    .map((pair) => pair.map(encode).join('='))
    .join('&');
  return `${endpoint}/${path}${search && `?${search}`}`;
}

/** As the signature wants it (RFC 3986: only unreserved characters stay). */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}

function unavailable(cause: unknown): IsletError {
  return new IsletError(
    'E-SYS-UNAVAIL',
    'the store of the blobs cannot be reached now',
    new Error(describeCause(cause), { cause }),
  );
}

async function describeAnswer(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, 4096);
  const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? '';
  return `the service answered ${response.status} ${code}`.trim();
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text of the first element of this name, or undefined: S3's answers are flat enough for that. */
export function readElement(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replaceAll(/&(amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return entities[entity.toLowerCase()] ?? whole;
    const hex = entity[1]?.toLowerCase() === 'x';
    return String.fromCodePoint(Number.parseInt(entity.slice(hex ? 2 : 1), hex ? 16 : 10));
  });
}
