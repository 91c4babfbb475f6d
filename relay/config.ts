import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { type IdTag, idTagSchema, isLocalName, parseIdTag } from '../shared/identity/id-tag.ts';
import { parseBytes, parseFactor } from './config-values.ts';

/** The folder that holds `relay/`, `dist/` and, unless told otherwise, `.data/`. */
const root = fileURLToPath(new URL('..', import.meta.url));

export interface Listen {
  /** Addresses to listen on, all at the same port. */
  readonly addresses: readonly string[];
  /** 0 takes a free one. */
  readonly port: number;
}

export interface Config {
  readonly mode: 'standalone' | 'proxy';
  readonly idTag: IdTag;
  /** Host name that serves the web app. */
  readonly appHost: string;
  /** What the base identity is to others. */
  readonly identityType: 'person' | 'community';
  /** Our own name is under `.localhost`: plain HTTP, loopback only, no DNS. */
  readonly local: boolean;
  readonly listen: Listen;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Database and secrets, mode 0700. */
  readonly privateDir: string;
  /** Blobs, and uploads that are under way. */
  readonly publicDir: string;
  readonly blobs: BlobSetting;
  /** Bytes that an identity may have here, unless the operator set another limit for it. */
  readonly storageLimit: number;
  /** Where pieces of an upload wait for the rest of it. */
  readonly staging: 'filesystem' | 'memory';
  /** The built web app. */
  readonly distDir: string;
  /** `off`: browsers let go of the one they have, and the app is there online only. */
  readonly serviceWorker: 'on' | 'off';
  /** Where relays of this OS user tell each other their ports. */
  readonly neighboursFolder: string;
  /** Ports given by `--neighbour`; they win over what neighbours left there. */
  readonly neighbours: ReadonlyMap<IdTag, number>;
  /** Private addresses at which neighbours may be, for development. */
  readonly privateAddresses: readonly AddressBlock[];
  readonly keysSecret: string | undefined;
  /** Who gets a name here: the operator alone, who was invited, or everybody. */
  readonly registration: 'closed' | 'invite' | 'open';
  /** Every limit of how much others may ask times this; Infinity: none. */
  readonly rateLimits: number;
  /** Whoever shows it reads `/metrics` from anywhere; without it only this machine does. */
  readonly metricsToken: string | undefined;
  readonly logLevel: LogLevel;
}

/** A network: an address and how many of its bits count. */
export interface AddressBlock {
  readonly address: string;
  readonly prefix: number;
}

/** `local`: in `publicDir`; or a bucket, addressed by path. */
export type BlobSetting =
  | { readonly kind: 'local' }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** What every key begins with; empty, or ends with `/`. */
      readonly prefix: string;
      readonly endpoint: string;
      readonly region: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
    };

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Everything that is wrong with the settings, one line each. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

const hostName = v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,253}$/, 'not a host name'));
const absent = (why: string) => v.optional(v.never(why));

/** Bucket and prefix: letters that stand in a URL as they are. */
const blobsPattern =
  /^(?:local|s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?:([\w-]+(?:\/[\w-]+)*)\/?)?)?)$/;

const environmentSchema = v.object({
  MODE: v.optional(v.picklist(['standalone', 'proxy'], 'must be standalone or proxy')),
  BASE_ID_TAG: v.optional(idTagSchema),
  BASE_APP_DOMAIN: v.optional(hostName),
  IDENTITY_TYPE: v.optional(v.picklist(['person', 'community'], 'must be person or community'), 'person'),
  DATA_DIR: v.optional(v.string()),
  PRIVATE_DATA_DIR: v.optional(v.string()),
  PUBLIC_DATA_DIR: v.optional(v.string()),
  LISTEN: v.optional(
    v.pipe(v.string(), v.regex(/^(\[[0-9a-f:]+\]|[\w.-]*)?:?\d{1,5}$/, 'must be a port, or address:port')),
  ),
  TLS_CERT: v.optional(v.string()),
  TLS_KEY: v.optional(v.string()),
  ALLOW_PRIVATE_ADDRESSES: v.optional(v.string(), ''),
  ACME_EMAIL: v.optional(v.string()),
  KEYS_SECRET: v.optional(v.pipe(v.string(), v.check(isStrongSecret, 'must be at least 32 random bytes'))),
  REGISTRATION: v.optional(
    v.picklist(['closed', 'invite', 'open'], 'must be closed, invite or open'),
    'invite',
  ),
  RATE_LIMITS: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => parseFactor(text) !== undefined, 'must be on, off, or a number such as 0.5 or 4'),
    ),
    'on',
  ),
  METRICS_TOKEN: v.optional(
    v.pipe(v.string(), v.regex(/^[\x21-\x7e]{20,200}$/, 'must be 20 to 200 printable characters')),
  ),
  SERVICE_WORKER: v.optional(v.picklist(['on', 'off'], 'must be on or off'), 'on'),
  LOG_LEVEL: v.optional(v.picklist(logLevels, `must be one of ${logLevels.join(', ')}`)),
  DATABASE_URL: absent('this version stores in its data directory only'),
  BLOBS: v.optional(
    v.pipe(v.string(), v.regex(blobsPattern, 'must be local, s3://bucket or s3://bucket/prefix')),
    'local',
  ),
  S3_ENDPOINT: v.optional(
    v.pipe(v.string(), v.check(isOrigin, 'must look like https://s3.example.com or http://127.0.0.1:9000')),
  ),
  S3_REGION: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'not a region')), 'us-east-1'),
  AWS_ACCESS_KEY_ID: v.optional(v.string()),
  AWS_SECRET_ACCESS_KEY: v.optional(v.string()),
  STORAGE_LIMIT: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => parseBytes(text) !== undefined, 'must be a size such as 10GiB'),
    ),
    '10GiB',
  ),
  STAGING: v.optional(v.picklist(['filesystem', 'memory'], 'must be filesystem or memory'), 'filesystem'),
});

/** Refuses short secrets, and samples such as `changemechangeme…` that hold few different characters. */
function isStrongSecret(secret: string): boolean {
  if (Buffer.byteLength(secret) < 32 || new Set(secret).size < 12) return false;
  return !/change.?me|secret.*secret|example|password|01234567/i.test(secret);
}

/**
 * Reads flags and environment; with nothing set: `http://localhost:1443` for `me.localhost`.
 * @throws ConfigError with one line for every bad value
 */
export function parseConfig(args: readonly string[], environment: NodeJS.ProcessEnv): Config {
  const flags = parseFlags(args);
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = v.safeParse(environmentSchema, { ...given, ...flags.environment });
  if (!result.success)
    throw new ConfigError(
      result.issues.map((issue) => `${v.getDotPath(issue) ?? 'environment'}: ${issue.message}`),
    );
  return compose(result.output, flags.neighbours, given);
}

function parseFlags(args: readonly string[]) {
  const { values } = readArguments(args);
  const environment = {
    ...(values.name !== undefined && { BASE_ID_TAG: values.name }),
    ...(values.port !== undefined && { LISTEN: values.port }),
  };
  return { environment, neighbours: new Map((values.neighbour ?? []).map(parseNeighbour)) };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        name: { type: 'string' },
        port: { type: 'string' },
        neighbour: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

function parseNeighbour(text: string): [IdTag, number] {
  const [name, port] = text.split('=');
  if (!isPort(Number(port)))
    throw new ConfigError([`--neighbour ${text}: must look like bob.localhost=2443`]);
  return [parseIdTag(name), Number(port)];
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65536;
}

type Environment = v.InferOutput<typeof environmentSchema>;

function compose(set: Environment, neighbours: Map<IdTag, number>, given: NodeJS.ProcessEnv): Config {
  const idTag = set.BASE_ID_TAG ?? parseIdTag('me.localhost');
  const local = isLocalName(idTag);
  const mode = set.MODE ?? 'standalone';
  const dataDir = resolve(set.DATA_DIR ?? join(root, '.data', idTag));
  const shared = given.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
  return {
    mode,
    idTag,
    identityType: set.IDENTITY_TYPE,
    appHost: set.BASE_APP_DOMAIN ?? (idTag === 'me.localhost' ? 'localhost' : idTag),
    local,
    listen: parseListen(set.LISTEN, local, mode),
    tls: parseTls(set, local, mode),
    privateDir: resolve(set.PRIVATE_DATA_DIR ?? join(dataDir, 'private')),
    publicDir: resolve(set.PUBLIC_DATA_DIR ?? join(dataDir, 'public')),
    distDir: join(root, 'dist'),
    neighboursFolder: given.ISLET_NEIGHBOURS_DIR ?? join(shared, 'islet', 'neighbours'),
    neighbours,
    privateAddresses: parsePrivateAddresses(set),
    blobs: parseBlobs(set),
    storageLimit: parseBytes(set.STORAGE_LIMIT) ?? 0,
    staging: set.STAGING,
    keysSecret: set.KEYS_SECRET,
    registration: set.REGISTRATION,
    rateLimits: parseFactor(set.RATE_LIMITS) ?? 1,
    metricsToken: set.METRICS_TOKEN,
    serviceWorker: set.SERVICE_WORKER,
    logLevel: set.LOG_LEVEL ?? 'info',
  };
}

function parseListen(listen: string | undefined, local: boolean, mode: Config['mode']): Listen {
  const standard = local || mode === 'proxy' ? 1443 : 443;
  const at = listen?.lastIndexOf(':') ?? -1;
  const port = listen === undefined ? standard : Number(listen.slice(at + 1));
  if (port > 65535) throw new ConfigError([`LISTEN: ${port} is not a port`]);
  const address = listen?.slice(0, Math.max(at, 0)).replace(/^\[|\]$/g, '');
  if (address) return { addresses: [address], port };
  return { addresses: local ? ['127.0.0.1', '::1'] : mode === 'proxy' ? ['127.0.0.1'] : ['::'], port };
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && (url.origin === text || `${url.origin}/` === text);
}

function parseBlobs(set: Environment): BlobSetting {
  const [, bucket, prefix] = blobsPattern.exec(set.BLOBS) ?? [];
  if (bucket === undefined) return { kind: 'local' };
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, S3_REGION: region } = set;
  if (!accessKeyId || !secretAccessKey)
    throw new ConfigError([`AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: needed for BLOBS=${set.BLOBS}`]);
  const endpoint = new URL(set.S3_ENDPOINT ?? `https://s3.${region}.amazonaws.com`).origin;
  return {
    ...{ kind: 's3', bucket, prefix: prefix === undefined ? '' : `${prefix}/` },
    ...{ endpoint, region, accessKeyId, secretAccessKey },
  };
}

/** Whoever has certificates from a public authority is on the internet, where a neighbour could name what is inside. */
function parsePrivateAddresses(set: Environment): AddressBlock[] {
  const texts = set.ALLOW_PRIVATE_ADDRESSES.split(',').map((text) => text.trim());
  if (set.ALLOW_PRIVATE_ADDRESSES === '') return [];
  if (set.ACME_EMAIL !== undefined)
    throw new ConfigError(['ALLOW_PRIVATE_ADDRESSES: for development, and never together with ACME_EMAIL']);
  return texts.map(parseAddressBlock);
}

/** `127.0.0.2`, `10.1.0.0/16`, `fd12::/48`. */
function parseAddressBlock(text: string): AddressBlock {
  const [, address = '', bits] = /^([\d.]+|[\da-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const most = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const prefix = bits === undefined ? most : Number(bits);
  if (most > 0 && prefix >= 7 && prefix <= most) return { address, prefix };
  throw new ConfigError([
    `ALLOW_PRIVATE_ADDRESSES: ${text} is neither an address nor a network such as 10.1.0.0/16`,
  ]);
}

function parseTls(set: Environment, local: boolean, mode: Config['mode']): Config['tls'] {
  if (local || mode === 'proxy') return undefined;
  if (set.TLS_CERT && set.TLS_KEY) return { cert: set.TLS_CERT, key: set.TLS_KEY };
  throw new ConfigError([
    'TLS_CERT, TLS_KEY: needed for a name on the internet (or MODE=proxy behind a proxy)',
  ]);
}
