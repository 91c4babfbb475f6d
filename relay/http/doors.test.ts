import { expect, test } from 'vitest';
import Koa from 'koa';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { createResource, type RelayContext } from './context.ts';
import { gatherDoors } from './doors.ts';

const ask = gatherDoors([
  (() => {
    const first = createResource();
    first.before('/api/*', async (ctx, next) => {
      ctx.set('x-first', 'yes');
      await next();
    });
    first.get('/api/files/:id', (ctx) => (ctx.body = `file ${ctx.params.id}`));
    first.get('/api/me', (_, next) => next());
    return first;
  })(),
  (() => {
    const second = createResource();
    second.get('/api/me', (ctx) => (ctx.body = 'me'));
    second.post('/api/inbox', (ctx) => (ctx.body = 'heard'));
    second.get('/.well-known/did.json', (ctx) => (ctx.body = 'did'));
    return second;
  })(),
]);

/** What is answered, by which door, and whether what stands before it was asked. */
async function knock(method: string, url: string) {
  const request = Object.assign(new IncomingMessage(new Socket()), { method, url });
  const ctx = new Koa().createContext(request, new ServerResponse(request)) as unknown as RelayContext;
  await ask(ctx, () => Promise.resolve());
  return [ctx.body, ctx.state.door as unknown, ctx.res.getHeader('x-first')];
}

test('a door is found by its path, whatever the query says, and GET answers HEAD', async () => {
  expect(await knock('GET', '/api/me?x=/api/inbox')).toEqual(['me', '/api/me', 'yes']);
  expect(await knock('HEAD', '/api/me')).toEqual(['me', '/api/me', 'yes']);
  expect(await knock('GET', '/.well-known/did.json')).toEqual(['did', '/.well-known/did.json', undefined]);
});

test('a name stands for one part of a path, which is decoded where it can be', async () => {
  expect(await knock('GET', '/api/files/a%7Eb')).toEqual(['file a~b', '/api/files/:id', 'yes']);
  expect(await knock('GET', '/api/files/%E0%A4%A')).toEqual(['file %E0%A4%A', '/api/files/:id', 'yes']);
  expect(await knock('GET', '/api/files/a/b')).toEqual([undefined, undefined, 'yes']);
});

test('H3: a path fits to the letter, as the limits read it: no other spelling of a door gets past them', async () => {
  expect(await knock('POST', '/api/inbox')).toEqual(['heard', '/api/inbox', 'yes']);
  for (const other of ['/api/inbox/', '/API/inbox', '/api//inbox', '/api/inbox%20', '/xapi/inbox'])
    expect((await knock('POST', other))[0]).toBeUndefined();
  expect((await knock('GET', '/xwell-known/did.json'))[0]).toBeUndefined();
  expect((await knock('DELETE', '/api/me'))[0]).toBeUndefined();
});
