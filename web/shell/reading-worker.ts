import { type ReadRequest, answerRead } from '../apps/text/formats/reading.ts';

addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  void answerRead(data).then((answer) => postMessage(answer));
});
