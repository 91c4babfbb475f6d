import { SQLite } from '@hocuspocus/extension-sqlite';
import { Server } from '@hocuspocus/server';

/** hocuspocus with its defaults, documents in the SQLite file `DATA_FILE`. Over IPC it says its port. */
const server = new Server({
  quiet: true,
  stopOnSignals: false,
  address: '127.0.0.1',
  port: 0,
  extensions: [new SQLite({ database: process.env.DATA_FILE ?? '' })],
});
await server.listen();
process.on('disconnect', () => process.exit());
process.send?.({ port: server.address.port });
