import './pairing.css';
import { onCleanup, onMount } from 'solid-js';

/** Frames are looked at with at most so many pixels on their longer side, and so often (milliseconds). */
const longest = 720;
const pause = 120;

/** The camera, and the QR codes that it sees. It is off as soon as this is gone. */
export function Scanner(props: {
  /** What screen readers say of the picture. */
  label: string;
  /** Every text that is read; true when it is what was looked for. */
  onText: (text: string) => boolean;
  /** There is no camera, or it may not be used. */
  onError: (error: unknown) => void;
}) {
  let video: HTMLVideoElement | undefined;
  let stopped = false;
  let stream: MediaStream | undefined;
  onMount(() => void start().catch((error: unknown) => !stopped && props.onError(error)));
  onCleanup(stop);

  function stop(): void {
    stopped = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
  }

  async function start(): Promise<void> {
    if (!('mediaDevices' in navigator)) throw new Error('This browser gives no camera to this page.');
    const { decodeQR } = await import('qr/decode.js');
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment' },
      audio: false,
    });
    if (stopped || !video) return stop();
    video.srcObject = stream;
    await video.play();
    const canvas = document.createElement('canvas');
    while (!stopped) {
      const text = look(video, canvas, decodeQR);
      if (text !== undefined && props.onText(text)) return stop();
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  return <video class="scanner" ref={video} aria-label={props.label} muted playsinline />;
}

type Decode = (image: { width: number; height: number; data: Uint8ClampedArray }) => string;

/** The text of the code in the picture, if there is one that can be read. */
function look(video: HTMLVideoElement, canvas: HTMLCanvasElement, decode: Decode): string | undefined {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0) return undefined;
  const scale = Math.min(1, longest / Math.max(videoWidth, videoHeight));
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return undefined;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  try {
    return decode(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return undefined; // no code in this one: the next frame may have it
  }
}
