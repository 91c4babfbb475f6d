import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { envToCfg, envToSecrets, PDS } from '@atproto/pds';

/** Listens on a free port of loopback. */
async function listen(server: Server): Promise<number> {
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return address.port;
}

/** In place of the public directory of identities, for the account that is made: takes every operation, and tells of nobody. */
const directory = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(request.method === 'POST' ? 200 : 404).end());
});

/** The PDS of ATProto with its defaults, in the folder `DATA_FOLDER`; nobody is told of what is written. Over IPC it says its port. */
const dataDirectory = process.env.DATA_FOLDER ?? '';
const environment = {
  ...{ dataDirectory, blobstoreDiskLocation: `${dataDirectory}/blobs` },
  // Without devMode it wants HTTPS in front of it.
  ...{ hostname: 'localhost', devMode: true, inviteRequired: false, crawlers: [] },
  didPlcUrl: `http://127.0.0.1:${await listen(directory)}`,
  jwtSecret: randomBytes(16).toString('hex'),
  dpopSecret: randomBytes(32).toString('hex'),
  adminPassword: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
};
const { app, ctx } = await PDS.create(envToCfg(environment), envToSecrets(environment));
// Its own `start` does this and listens on every address of the machine.
await ctx.sequencer.start();
process.on('disconnect', () => process.exit());
process.send?.({ port: await listen(createServer(app)) });
