import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { PDS, envToCfg, envToSecrets } from '@atproto/pds';

/**
 * An ATProto PDS with its defaults, everything in the folder `DATA_FOLDER`, for whoever signs up; nobody crawls it and nothing
 * is shown elsewhere. Over IPC it says its port.
 */
const loopback = { host: '127.0.0.1', port: 0 };

async function listen(server: Server): Promise<number> {
  server.listen(loopback);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return address.port;
}

/** In place of the public directory of identities: takes every operation, and knows nobody. */
const directory = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(request.method === 'POST' ? 200 : 404).end());
});
const dataDirectory = process.env.DATA_FOLDER ?? '';
const environment = {
  hostname: 'localhost',
  devMode: true,
  inviteRequired: false,
  dataDirectory,
  blobstoreDiskLocation: `${dataDirectory}/blobs`,
  didPlcUrl: `http://127.0.0.1:${await listen(directory)}`,
  crawlers: [],
  jwtSecret: randomBytes(16).toString('hex'),
  dpopSecret: randomBytes(32).toString('hex'),
  adminPassword: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
};
const { app, ctx } = await PDS.create(envToCfg(environment), envToSecrets(environment));
// What its `start` does, which would listen on every address.
await ctx.sequencer.start();
process.on('disconnect', () => process.exit());
process.send?.({ port: await listen(createServer(app)) });
