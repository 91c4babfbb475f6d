import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Requests, readElement, type S3Request } from './s3-requests.ts';
import { uploadBlob } from './s3-upload.ts';
import { formatBlobId } from '../../../shared/file/blob-id.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const hex = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** AWS Signature Version 4 as its document has it, from what arrived. */
function calculateSignature({ method, url, headers }: Seen): string {
  const [, day, region, signed] =
    /Credential=KEY\/(\d{8})\/([\w-]+)\/s3\/aws4_request, ?SignedHeaders=([\w;-]+)/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [path, query = ''] = url.split('?');
  const canonical = [
    method,
    path,
    query.split('&').sort().join('&'),
    ...(signed ?? '').split(';').map((name) => `${name}:${String(headers[name])}`),
    '',
    signed,
    headers['x-amz-content-sha256'],
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hex(canonical)].join('\n');
  const key = [region!, 's3', 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${secret}`, day!));
  return createHmac('sha256', key).update(text).digest('hex');
}

describe('requests to S3', () => {
  let server: Server;
  let request: S3Request;
  const seen: Seen[] = [];
  let answers: { status: number; body: string }[] = [];

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      void buffer(incoming).then((body) => {
        seen.push({
          method: incoming.method ?? '',
          url: incoming.url ?? '',
          headers: incoming.headers,
          body,
        });
        const { status, body: text } = answers.shift() ?? { status: 200, body: '' };
        response.writeHead(status, { etag: `"tag-${seen.length}"` }).end(text);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const place = {
      ...{ bucket: 'isle', prefix: 'a/b_c/', endpoint: `http://127.0.0.1:${address.port}` },
      ...{ region: 'eu-central-1', accessKeyId: 'KEY', secretAccessKey: secret },
    };
    request = createS3Requests(place, { retries: 1 });
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  test('are signed, with the hash of their body, whatever stands in key and query', async () => {
    const begun =
      '<InitiateMultipartUploadResult><UploadId>x+/=&amp; y~</UploadId></InitiateMultipartUploadResult>';
    const ended = '<CompleteMultipartUploadResult/>';
    answers = [begun, '', '', ended].map((body) => ({ status: 200, body }));
    const bytes = Buffer.alloc(9 * 1024 * 1024, 'island');
    const id = formatBlobId(createHash('sha256').update(bytes).digest());
    await uploadBlob(request, id, { bytes: inOne(bytes), limit: bytes.length }, () => undefined);
    await request({ query: { 'list-type': '2', prefix: 'a/b_c/', 'continuation-token': 'a+b/c== d&e' } });
    await request({ method: 'PUT', key: id, body: new Uint8Array(3), hash: hex(Buffer.alloc(3)) });
    expect(seen.map(({ method }) => method).join(' ')).toBe('POST PUT PUT POST GET PUT');
    for (const one of seen) {
      expect(hex(one.body)).toBe(one.headers['x-amz-content-sha256']);
      expect(one.headers.authorization).toContain(`Signature=${calculateSignature(one)}`);
    }
    expect(seen[1]!.url).toBe(`/isle/a/b_c/${id}?partNumber=1&uploadId=x%2B%2F%3D%26%20y~`);
    expect(seen[3]!.body.toString()).toContain('<ETag>&quot;tag-2&quot;</ETag>');
  });

  test('an upload that S3 ends with 200 and an error has failed, and is given up', async () => {
    const begun = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
    answers = [begun, '', '', '<Error><Code>InternalError</Code></Error>'].map((body) => ({
      status: 200,
      body,
    }));
    const bytes = Buffer.alloc(9 * 1024 * 1024);
    const id = formatBlobId(createHash('sha256').update(bytes).digest());
    const upload = uploadBlob(request, id, { bytes: inOne(bytes), limit: bytes.length }, () => undefined);
    await expect(upload).rejects.toMatchObject({ code: 'E-SYS-UNAVAIL' });
    expect(seen.at(-1)).toMatchObject({ method: 'DELETE', url: `/isle/a/b_c/${id}?uploadId=u` });
  });

  test('are tried again when the service is busy; then they fail, with its reason', async () => {
    const busy = { status: 503, body: '<Error><Code>SlowDown</Code></Error>' };
    answers = [busy];
    expect((await request({ key: 'x' })).status).toBe(200);
    answers = [busy, busy];
    await expect(request({ key: 'x' })).rejects.toMatchObject({
      code: 'E-SYS-UNAVAIL',
      value: { message: 'the service answered 503 SlowDown' },
    });
  });

  test('elements are read with their entities', () => {
    expect(readElement('<a><Key>x &amp;lt; &#65;&#x42;</Key></a>', 'Key')).toBe('x &lt; AB');
    expect(readElement('<Keys>x</Keys>', 'Key')).toBeUndefined();
  });
});

async function* inOne(bytes: Buffer) {
  yield await Promise.resolve(bytes);
}
