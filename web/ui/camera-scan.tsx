import { onCleanup, onMount } from 'solid-js';

/** Between two looks at the picture, in milliseconds. */
const pause = 150;

/** The picture of the camera; tells the text of every QR code that it sees. Ends with the component. */
export function CameraScan(props: {
  label: string;
  onText: (text: string) => void;
  onError: (error: unknown) => void;
}) {
  let video: HTMLVideoElement | undefined;
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  const start = async (): Promise<void> => {
    const opened = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment', width: { ideal: 1280 } },
    });
    stream = opened;
    if (gone || !video) return stop();
    video.srcObject = opened;
    await video.play();
    look();
  };
  const look = (): void => {
    const again = () => {
      if (!gone) timer = setTimeout(look, pause);
    };
    if (!video || video.videoWidth === 0) return again();
    readCode(video, video.videoWidth, video.videoHeight).then(
      (text) => {
        if (text !== undefined && !gone) props.onText(text);
        again();
      },
      (error: unknown) => props.onError(error),
    );
  };
  const stop = (): void => {
    gone = true;
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  onMount(() => {
    start().catch((error: unknown) => {
      if (!gone) props.onError(error);
    });
  });
  onCleanup(stop);
  return <video ref={video} class="camera-scan" aria-label={props.label} muted playsinline />;
}

/** The QR code in a picture file; undefined when there is none that can be read. Rejects when it is no picture. */
export async function readCodeOf(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file);
  try {
    return await readCode(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}

/** Longest side that is looked through, in pixels: photos of today are many times what a code needs. */
const most = 1600;

async function readCode(
  source: CanvasImageSource,
  width: number,
  height: number,
): Promise<string | undefined> {
  const { decodeQR } = await import('qr/decode.js');
  const scale = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  try {
    const found: unknown = decodeQR({ width: canvas.width, height: canvas.height, data });
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined; // no code, or one that cannot be read: that is what the decoder throws for
  }
}
