import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * A process that plays a thousand neighbours by the `Host` of a request: it takes everything that comes to an inbox and
 * notes when. Silent ones take the request and never answer. Over IPC it says its port, and when told `report`, what came.
 */
const arrivals: number[] = [];
const answer = JSON.stringify({ data: null, time: '2026-11-21T12:00:00Z' });

/** `cl-o.<identity>.silent-7.test` is at a silent one. */
const isSilent = (host: string) => host.includes('.silent-');

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    if (isSilent(request.headers.host ?? '')) return;
    arrivals.push(performance.timeOrigin + performance.now());
    response.writeHead(201, { 'content-type': 'application/json' }).end(answer);
  });
});

process.on('message', (message) => {
  if (message === 'report') process.send?.({ arrivals });
  if (message === 'forget') arrivals.length = 0;
});
process.on('disconnect', () => process.exit());

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
await once(server, 'listening');
const address = server.address();
process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
