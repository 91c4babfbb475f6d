import type { Draw } from './kept.ts';

/** Gives the bytes of a file of the document's owner, by its id; undefined when they cannot be had. */
export type LoadFile = (fileId: string) => Promise<Blob | undefined>;

/** Words in place of what is not shown. */
export interface EmbedLabels {
  /** Button that fetches a picture from another site, e.g. "Image from example.org — show". */
  showImage: (host: string) => string;
  imageMissing: string;
  video: (host: string | undefined) => string;
  /** Another document inside this one. */
  document: string;
  /** An embed that this version knows nothing of. */
  unknown: (name: string) => string;
}

/** How each embed of Quillo is drawn; `unknown` draws all others. Addresses of blobs live as long as the page. */
export interface Drawings {
  image: Draw;
  'cl-image': Draw;
  'cl-document': Draw;
  video: Draw;
  formula: Draw;
  unknown: (name: string) => Draw;
}

/** Draws embeds. A picture on another site is not fetched before the reader asks: that site would learn who reads, and when. */
export function createDrawings(labels: EmbedLabels, loadFile: LoadFile): Drawings {
  return {
    image: (value) => drawPicture(String(value), '', labels),
    'cl-image': (value) => drawFile(value, labels, loadFile),
    'cl-document': () => chip(labels.document),
    video: (value) => chip(labels.video(hostOf(String(value)))),
    formula: (value) => {
      const code = document.createElement('code');
      code.textContent = String(value);
      return code;
    },
    unknown: (name) => () => chip(labels.unknown(name)),
  };
}

function drawPicture(source: string, alt: string, labels: EmbedLabels): Node {
  if (/^data:image\/[a-z0-9.+-]+[;,]/i.test(source)) return picture(source, alt, labels);
  const host = hostOf(source);
  if (host === undefined) return chip(labels.imageMissing);
  const box = document.createElement('span');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'picture-chip';
  button.textContent = labels.showImage(host);
  button.addEventListener('click', () => box.replaceChildren(picture(source, alt, labels)));
  box.append(button);
  return box;
}

function drawFile(value: unknown, labels: EmbedLabels, loadFile: LoadFile): Node {
  const { fileId, alt } = { fileId: '', alt: '', ...(typeof value === 'object' ? value : {}) };
  const words = typeof alt === 'string' ? alt : '';
  const box = document.createElement('span');
  const missing = (): void => box.replaceChildren(chip(labels.imageMissing));
  box.append(chip(words === '' ? '…' : words));
  loadFile(String(fileId))
    .then((blob) => {
      if (blob === undefined) missing();
      else box.replaceChildren(picture(URL.createObjectURL(blob), words, labels));
    })
    .catch(missing);
  return box;
}

function picture(source: string, alt: string, labels: EmbedLabels): HTMLImageElement {
  const image = document.createElement('img');
  const release = (): void => {
    if (source.startsWith('blob:')) URL.revokeObjectURL(source);
  };
  image.alt = alt;
  image.referrerPolicy = 'no-referrer';
  image.decoding = 'async';
  image.addEventListener('load', release);
  image.addEventListener('error', () => {
    release();
    image.replaceWith(chip(labels.imageMissing));
  });
  image.src = source;
  return image;
}

function chip(words: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'picture-chip picture-missing';
  element.textContent = words;
  return element;
}

function hostOf(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  return new URL(address).host;
}
