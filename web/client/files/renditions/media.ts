import { type Rendition, renderCover } from './picture.ts';

export interface MediaFacts {
  /** Seconds; absent when the file does not tell. */
  readonly duration?: number;
  readonly width: number;
  readonly height: number;
  readonly renditions: readonly Rendition[];
}

/** Longest wait for a file that may not be playable here, in milliseconds. */
const patience = 15_000;

/**
 * Length and a frame of a video, or the length of a sound, by an element that is never shown. Undefined when this browser does not play it.
 */
export async function readMedia(blob: Blob, kind: 'video' | 'audio'): Promise<MediaFacts | undefined> {
  if (!('document' in globalThis)) return undefined;
  const url = URL.createObjectURL(blob);
  const element = document.createElement(kind);
  element.preload = 'metadata';
  element.muted = true;
  element.src = url;
  try {
    await until(element, 'loadedmetadata');
    const duration = Number.isFinite(element.duration) ? element.duration : await seekLength(element);
    const known = duration !== undefined && duration > 0 ? { duration } : {};
    if (!(element instanceof HTMLVideoElement)) return { ...known, width: 0, height: 0, renditions: [] };
    const { videoWidth: width, videoHeight: height } = element;
    return { ...known, width, height, renditions: await renderFrame(element, duration ?? 0) };
  } catch {
    return undefined; // not playable here: it is kept as it is
  } finally {
    element.removeAttribute('src');
    element.load();
    URL.revokeObjectURL(url);
  }
}

/** What a recorder writes as it goes has no length until somebody looks for its end. */
async function seekLength(element: HTMLMediaElement): Promise<number | undefined> {
  const seeked = until(element, 'durationchange');
  element.currentTime = 1e7;
  await seeked;
  return Number.isFinite(element.duration) ? element.duration : undefined;
}

/** A frame from shortly after the beginning, which often is black. */
async function renderFrame(video: HTMLVideoElement, duration: number): Promise<Rendition[]> {
  if (video.videoWidth === 0) return [];
  const seeked = until(video, 'seeked');
  video.currentTime = Math.min(1, duration / 3);
  await seeked;
  const frame = await createImageBitmap(video);
  try {
    return await renderCover(frame);
  } finally {
    frame.close();
  }
}

function until(element: HTMLMediaElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patience);
    const fail = (): void => reject(new Error(`no ${event}`));
    element.addEventListener(event, () => resolve(), { once: true, signal });
    element.addEventListener('error', fail, { once: true, signal });
    signal.addEventListener('abort', fail);
  });
}
