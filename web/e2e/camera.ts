import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, test } from '@playwright/test';
import encodeQR from 'qr';

/** What a camera sees that a code is held in front of: two frames of YUV4MPEG2. */
function filmCode(text: string): Buffer {
  const size = 960;
  const rows = encodeQR(text, 'raw', { border: 6 });
  const scale = size / rows.length;
  const luma = Buffer.alloc(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      luma[y * size + x] = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? 20 : 230;
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, Buffer.alloc((size * size) / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${size} H${size} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

/** A browser whose camera sees this code. */
export async function openCamera(text: string, folder: string): Promise<Browser> {
  const film = join(folder, 'camera.y4m');
  await writeFile(film, filmCode(text));
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  const { executablePath } = test.info().project.use.launchOptions ?? {};
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...camera, `--use-file-for-fake-video-capture=${film}`],
  });
}
