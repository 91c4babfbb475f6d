import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Context, Next } from 'koa';
import { IsletError } from '../../shared/errors.ts';
import { isAppRoute } from '../../shared/routes.ts';
import type { Origins } from '../origins.ts';
import { stopWorker } from './stop-worker.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

interface Asset {
  readonly path: string;
  readonly type: string;
  /** In one form of the two: as the build compressed it, where it did, for those who take nothing else are few. */
  readonly bytes: Buffer;
  readonly isBrotli: boolean;
  readonly etag: string;
  /** Made of plain bytes at the first request that takes it. */
  brotli: Promise<Buffer> | undefined;
}

/**
 * Serves the built web app: a request is looked up in the list of built files, so no path of a request ever reaches the
 * file system.
 */
export async function createStatic(distDir: string, origins: Origins, serviceWorker: 'on' | 'off' = 'on') {
  const assets = await listAssets(distDir);
  if (serviceWorker === 'off') assets.set('/sw.js', createAsset('/sw.js', Buffer.from(stopWorker)));
  const policy = formatPolicy(origins);
  return async (ctx: Context, next: Next): Promise<void> => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (/^\/(api|ws|\.well-known)(\/|$)/.test(ctx.path)) return next();
    const asset = assets.get(isAppRoute(ctx.path) ? '/index.html' : ctx.path);
    if (!asset) throw new IsletError('E-CORE-NOTFOUND', 'no such page or file');
    await send(ctx, asset, policy);
  };
}

async function listAssets(distDir: string): Promise<Map<string, Asset>> {
  const entries = await readdir(distDir, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const files = entries.filter((entry) => entry.isFile() && !/\.(map|br)$/.test(entry.name));
  const assets = await Promise.all(
    files.map((entry) => readAsset(distDir, join(entry.parentPath, entry.name))),
  );
  return new Map(assets.map((asset) => [asset.path, asset]));
}

async function readAsset(distDir: string, file: string): Promise<Asset> {
  const path = `/${relative(distDir, file).split(sep).join('/')}`;
  const built = await readFile(`${file}.br`).catch(() => undefined);
  return built ? createAsset(path, built, true) : createAsset(path, await readFile(file));
}

function createAsset(path: string, bytes: Buffer, isBrotli = false): Asset {
  return {
    path,
    type: types[extname(path)] ?? 'application/octet-stream',
    ...{ bytes, isBrotli },
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`,
    brotli: undefined,
  };
}

/**
 * `connect-src` names the API host: the page and its data live at different origins. Documents of neighbours are edited at their relays,
 * whichever they are, so those are open too: over TLS, or among the names of this machine.
 */
function formatPolicy({ api, ws }: Origins): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: data: https: ${api}`,
    `media-src 'self' blob: ${api}`,
    `connect-src 'self' ${api} ${ws} ${api.startsWith('http:') ? 'http://*.localhost:* ws://*.localhost:*' : 'https: wss:'}`,
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Powers of a browser that the app never uses, and those that it alone may: links are scanned, and people show that it is them. */
const permissions = [
  ...['accelerometer', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'microphone'],
  ...['midi', 'payment', 'serial', 'usb', 'xr-spatial-tracking'],
]
  .map((power) => `${power}=()`)
  .concat(['camera=(self)', 'publickey-credentials-create=(self)', 'publickey-credentials-get=(self)'])
  .join(', ');

async function send(ctx: Context, asset: Asset, policy: string): Promise<void> {
  ctx.set('content-security-policy', policy);
  ctx.set('permissions-policy', permissions);
  ctx.set('cross-origin-resource-policy', 'same-origin');
  ctx.set(
    'cache-control',
    asset.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  ctx.set('etag', asset.etag);
  ctx.vary('Accept-Encoding');
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  ctx.type = asset.type;
  ctx.body = await encode(ctx, asset);
}

async function encode(ctx: Context, asset: Asset): Promise<Buffer> {
  if (asset.isBrotli) {
    if (!ctx.acceptsEncodings('br')) return decompress(asset.bytes);
    ctx.set('content-encoding', 'br');
    return asset.bytes;
  }
  const isText = /^(text|application\/(json|manifest)|image\/svg)/.test(asset.type);
  if (!isText || asset.bytes.length < 1024 || !ctx.acceptsEncodings('br')) return asset.bytes;
  asset.brotli ??= compress(asset.bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: asset.bytes.length },
  });
  ctx.set('content-encoding', 'br');
  return asset.brotli;
}
