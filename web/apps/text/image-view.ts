import type { Node } from 'prosemirror-model';
import type { NodeView } from 'prosemirror-view';

/** Gives the bytes of a blob on this device; `undefined` when they are not here. */
export type LoadBlob = (id: string) => Promise<Blob | undefined>;

export interface ImageLabels {
  /** Button that fetches a picture from another site, e.g. "Image from example.org — show". */
  showImage: (host: string) => string;
  /** Said in place of a picture whose bytes are not on this device. */
  imageMissing: string;
}

/** Words may come before their picture: when it is looked for again, in milliseconds, each time after twice as long. */
const firstWait = 1_000;
const lastWait = 100_000;

/**
 * Shows a picture. One kept here is shown from its bytes. One on another site is not fetched before the reader asks:
 * fetching tells that site who reads, and when.
 */
export function createImageView(node: Node, loadBlob: LoadBlob, labels: ImageLabels): NodeView {
  const dom = document.createElement('span');
  dom.className = 'picture';
  let current = node;
  let url: string | undefined;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const release = (): void => {
    if (url !== undefined) URL.revokeObjectURL(url);
    url = undefined;
  };
  const showPicture = (address: string): void => {
    const image = document.createElement('img');
    image.alt = attribute(current, 'alt');
    image.title = attribute(current, 'title');
    image.referrerPolicy = 'no-referrer';
    image.decoding = 'async';
    image.addEventListener('error', () => showMissing());
    image.src = address;
    dom.replaceChildren(image);
  };
  const showMissing = (): void => {
    dom.replaceChildren(chip(attribute(current, 'alt'), labels.imageMissing));
  };
  const showBlob = async (id: string, wait = firstWait): Promise<void> => {
    const blob = await loadBlob(id);
    if (closed || attribute(current, 'blob') !== id) return;
    if (blob === undefined) {
      clearTimeout(timer);
      if (wait < lastWait) timer = setTimeout(() => void showBlob(id, wait * 2).catch(showMissing), wait);
      if (wait === firstWait) showSource();
      return;
    }
    release();
    url = URL.createObjectURL(blob);
    showPicture(url);
  };
  const showSource = (): void => {
    const host = remoteHost(attribute(current, 'src'));
    if (host === undefined) return showMissing();
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'picture-chip';
    button.textContent = labels.showImage(host);
    button.addEventListener('click', () => showPicture(attribute(current, 'src')));
    dom.replaceChildren(button, altText(attribute(current, 'alt')));
  };
  const render = (): void => {
    const id = attribute(current, 'blob');
    if (id === '') showSource();
    else showBlob(id).catch(showMissing);
  };

  render();
  return {
    dom,
    update(next) {
      if (next.type !== current.type) return false;
      const same = current.sameMarkup(next);
      current = next;
      if (!same) render();
      return true;
    },
    stopEvent: (event) => event.target instanceof HTMLButtonElement,
    ignoreMutation: () => true,
    destroy() {
      closed = true;
      clearTimeout(timer);
      release();
    },
  };
}

function attribute(node: Node, name: string): string {
  return String(node.attrs[name] ?? '');
}

function remoteHost(src: string): string | undefined {
  if (!/^(https?:)?\/\//i.test(src)) return undefined;
  try {
    return new URL(src, 'https://invalid.invalid').host;
  } catch {
    // Not an address; its text is shown instead.
    return undefined;
  }
}

function chip(alt: string, missing: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'picture-chip picture-missing';
  element.textContent = alt === '' ? missing : `${alt} — ${missing}`;
  return element;
}

function altText(alt: string): HTMLElement {
  const element = document.createElement('span');
  element.className = 'picture-alt';
  element.textContent = alt;
  return element;
}
