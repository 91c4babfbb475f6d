import { type Accessor, createEffect, createRoot } from 'solid-js';
import type { Space } from '../state/spaces.ts';
import { hueOf } from '../ui/avatar.tsx';

interface Sign {
  name: string;
  space: Space;
}

/** Says in the browser's tab whose space it shows: its name at the end of every title, and its colour as the icon. */
export function markTab(sign: Accessor<Sign | undefined>): void {
  const plainIcon = iconLink()?.href;
  let wanted: string | undefined;
  const sayTitle = (): void => {
    // Every page ends its title with the name of the app, or is called by it alone.
    const title = document.title;
    if (wanted !== undefined && wanted !== 'Islet' && title.endsWith('Islet'))
      document.title = title.slice(0, -'Islet'.length) + wanted;
  };
  createRoot(() =>
    createEffect(() => {
      const now = sign();
      const before = wanted;
      wanted = now?.name;
      if (before !== undefined && document.title.endsWith(before))
        document.title = `${document.title.slice(0, -before.length)}Islet`;
      sayTitle();
      const link = iconLink();
      if (link) link.href = now ? drawIcon(now) : (plainIcon ?? link.href);
    }),
  );
  const title = document.querySelector('title');
  if (title) new MutationObserver(sayTitle).observe(title, { childList: true });
}

function iconLink(): HTMLLinkElement | null {
  return document.querySelector('link[rel=icon]');
}

function drawIcon({ name, space }: Sign): string {
  const letter = new Option([...name.toUpperCase()][0] ?? '?').innerHTML;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="oklch(0.46 0.09 ${space.hue ?? hueOf(name)})"/><text x="16" y="22" font-family="sans-serif" font-weight="600" font-size="17" fill="#fff" text-anchor="middle">${letter}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
