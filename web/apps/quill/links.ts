import Link from 'quill/formats/link.js';

/**
 * Whether a link of a rich-text document may be followed: http, https and mailto. Every other scheme, and what is no
 * whole address, stays text, as others wrote it.
 */
export function isLiveLink(href: string): boolean {
  // Browsers skip control characters and spaces when they read a scheme; so does this.
  return /^(https?:\/\/[^/\\]|mailto:)/i.test(href.replace(/[\u0000-\u0020\u007f-\u009f]/g, ''));
}

const KEPT = 'data-kept-href';

/** A link. Its address is kept to the letter; one that must not be live has no `href`. */
export class KeptLink extends Link {
  static override create(value: string): HTMLElement {
    const node = document.createElement('a');
    writeHref(node, value);
    return node;
  }
  static override formats(node: HTMLElement): string | null {
    return node.getAttribute(KEPT) ?? node.getAttribute('href');
  }
  override format(name: string, value: unknown): void {
    if (name === KeptLink.blotName && typeof value === 'string' && value !== '')
      writeHref(this.domNode, value);
    else super.format(name, value);
  }
}

function writeHref(node: HTMLElement, value: unknown): void {
  const href = String(value);
  node.setAttribute(KEPT, href);
  node.setAttribute('rel', 'noopener noreferrer');
  node.classList.toggle('dead-link', !isLiveLink(href));
  if (isLiveLink(href)) node.setAttribute('href', href);
  else node.removeAttribute('href');
}

/** Opens a link by Mod-click while writing, and by a plain click while reading, in a tab that learns nothing of us. */
export function openLinks(root: HTMLElement, isReading: () => boolean): void {
  root.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null) return;
    event.preventDefault();
    const href = link.getAttribute('href') ?? '';
    if ((event.metaKey || event.ctrlKey || isReading()) && isLiveLink(href))
      window.open(href, '_blank', 'noopener,noreferrer');
  });
}
