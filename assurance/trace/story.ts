import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { json, nonce, type TestDevice } from '../../relay/test/device.ts';
import { TestSocket } from '../../relay/test/socket.ts';
import type { StockNode } from '../../relay/test/stock-node.ts';
import { textToBytes } from '../../shared/bytes.ts';
import { formatBlobId } from '../../shared/file/blob-id.ts';
import { parse } from '../../shared/parse.ts';
import { envelope, routes, uploadSchema } from '../../shared/routes.ts';
import type { Told } from './judge.ts';
import { ask, type Asked, createMark } from './scene.ts';

const doc = 'abcdefghijklmnopqrstuvwx';

/** One thing after the other that a relay answers for, and what must be on its disk by each answer. */
export async function tellStory(device: TestDevice, neighbour: StockNode): Promise<Told[]> {
  return [
    await pushRows(device),
    await submitDraft(device),
    await bringToken(device, neighbour),
    await putBlob(device),
    ...(await uploadPieces(device)),
  ];
}

async function pushRows(device: TestDevice): Promise<Told> {
  const mark = createMark();
  const session = nonce();
  const { relay } = device;
  const plain = Promise.withResolvers<Socket>();
  const connect = async () => {
    plain.resolve(await relay.connect());
    return plain.promise;
  };
  const socket = await TestSocket.open({ ...relay, connect });
  const { localPort } = await plain.promise;
  const cursor = { log: '', seq: 0, chain: '' };
  socket.send({ kind: 'hello', token: await device.accessToken(), session, cursor });
  await socket.next('current');
  socket.send({ kind: 'push', batches: [await device.batch(session, 0, [[doc, textToBytes(mark)]])] });
  await socket.next('ack', ({ acked }) => acked === 0);
  socket.close();
  // The first frame with the session in it says that the rows are safe.
  return { name: 'rows', answer: { port: localPort ?? 0, text: session }, record: mark };
}

/** A piece of what a token says, as it is stored. */
const markOf = (token: string): string => (token.split('.')[1] ?? '').slice(-40);

async function submitDraft(device: TestDevice): Promise<Told> {
  const draft = await device.draft({ t: 'POST', c: createMark() });
  const body = JSON.stringify({ drafts: [draft] });
  const answer = answerOf('draft', await ask(device, routes.actions, { method: 'POST', body }));
  return { name: 'draft', answer, record: markOf(draft) };
}

async function bringToken(device: TestDevice, neighbour: StockNode): Promise<Told> {
  const token = await neighbour.sign({ t: 'POST', c: createMark(), v: 'F' });
  const body = JSON.stringify({ token });
  const answer = answerOf('token', await ask(device, routes.inbox, { method: 'POST', body, headers: json }));
  return { name: 'token of a neighbour', answer, record: markOf(token) };
}

function createBlob(...pieces: readonly Uint8Array[]) {
  const bytes = Buffer.concat(pieces);
  return { bytes, name: formatBlobId(createHash('sha256').update(bytes).digest()) };
}

async function putBlob(device: TestDevice): Promise<Told> {
  const text = createMark();
  const { bytes: body, name } = createBlob(Buffer.alloc(30_000, text));
  const asked = await ask(device, `${routes.blobs}/${name}`, { method: 'PUT', body });
  return { name: 'blob', answer: answerOf('blob', asked), record: name, file: { text, name } };
}

async function uploadPieces(device: TestDevice): Promise<Told[]> {
  const [first, last] = [createMark(), createMark()];
  const pieces = [Buffer.alloc(20_000, first), Buffer.alloc(20_000, last)];
  const { bytes, name: blob } = createBlob(...pieces);
  const body = JSON.stringify({ blob, size: bytes.length });
  const begun = await ask(device, routes.uploads, { method: 'POST', body });
  const began = answerOf('upload', begun);
  const { id } = parse(envelope(uploadSchema), JSON.parse(begun.text)).data;
  const send = async (i: number) => {
    const headers = { 'upload-offset': String(i * 20_000) };
    const asked = await ask(device, `${routes.uploads}/${id}`, {
      method: 'PATCH',
      body: pieces[i]!,
      headers,
    });
    return answerOf('piece', asked);
  };
  return [
    { name: 'upload', answer: began, record: blob },
    { name: 'first piece', answer: await send(0), file: { text: first } },
    { name: 'last piece', answer: await send(1), file: { text: last, name: blob } },
  ];
}

function answerOf(name: string, { status, text, port }: Asked): Told['answer'] {
  if (status >= 300) throw new Error(`${name}: ${status} ${text}`);
  return { port, text: 'HTTP/1.1 2' };
}
