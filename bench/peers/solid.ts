import { AppRunner } from '@solid/community-server';

/**
 * Community Solid Server with its file backend in the folder `DATA_FOLDER`. Everybody may do everything: no accounts, no access rules,
 * no notifications. It can be told a port only, not an address, so it listens at the socket `SOCKET_PATH`. Over IPC it says when.
 */
const parts = [
  'app/init/static-root',
  'app/main/default',
  'app/variables/default',
  'http/handler/default',
  'http/middleware/default',
  'http/notifications/disabled',
  'http/server-factory/http',
  'http/static/default',
  'identity/access/public',
  'identity/handler/disabled',
  'identity/oidc/disabled',
  'identity/pod/static',
  'ldp/authentication/dpop-bearer',
  'ldp/authorization/allow-all',
  'ldp/handler/default',
  'ldp/metadata-parser/default',
  'ldp/metadata-writer/default',
  'ldp/modes/default',
  'storage/backend/file',
  'storage/key-value/resource-store',
  'storage/location/root',
  'storage/middleware/default',
  'util/auxiliary/empty',
  'util/identifiers/suffix',
  'util/index/default',
  'util/logging/no-logging',
  'util/representation-conversion/default',
  'util/resource-locker/memory',
  'util/variables/default',
];
const app = await new AppRunner().create({
  config: parts.map((part) => `@css:config/${part}.json`),
  shorthand: {
    baseUrl: 'http://localhost/',
    rootFilePath: process.env.DATA_FOLDER ?? '',
    socket: process.env.SOCKET_PATH ?? '',
  },
});
await app.start();
process.on('disconnect', () => process.exit());
process.send?.({ port: 0 });
