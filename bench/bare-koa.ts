import { once } from 'node:events';
import { createServer } from 'node:http';
import Koa from 'koa';

/** A process with one route of Koa, whose answer is put together once. Over IPC it is told the answer, and says its port. */
const [said] = (await once(process, 'message')) as [unknown];
const body = String(said);
const app = new Koa();
app.use((ctx) => {
  if (ctx.path !== '/api/me') return;
  ctx.set('etag', '"WzZLr9Ft0Bqg0m4h2wCqE9QmZ8I"');
  ctx.set('cache-control', 'no-cache');
  if (ctx.get('if-none-match').includes('WzZLr9Ft0Bqg0m4h2wCqE9QmZ8I')) ctx.status = 304;
  else {
    ctx.type = 'application/json';
    ctx.body = body;
  }
});
const handle = app.callback();
const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
process.on('disconnect', () => process.exit());
await once(server, 'listening');
const address = server.address();
process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
