import { once } from 'node:events';
import { createServer } from 'node:http';
import { setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';

/** The server of y-websocket: in memory, or in a LevelDB in the folder that `YPERSISTENCE` names. Over IPC it says its port. */
const server = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, socket, head) =>
  sockets.handleUpgrade(request, socket, head, (connection) => void setupWSConnection(connection, request)),
);
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
await once(server, 'listening');
process.on('disconnect', () => process.exit());
const address = server.address();
process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
