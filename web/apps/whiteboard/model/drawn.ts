import { type Box, boundsOf, overlaps } from './geometry.ts';
import { type Shown, isLine } from './objects.ts';

/** More objects at once are not drawn: each is some elements of the page. */
const most = 1000;

export interface Drawn {
  /** From back to front. */
  objects: Shown[];
  /** How many more could be seen. */
  left: number;
}

/** What is drawn where `seen` is seen: all that lies there or less than its size beside it, and of very many the largest. */
export function drawnIn(objects: readonly Shown[], { x, y, w, h }: Box): Drawn {
  if (w <= 0 || h <= 0) return { objects: [], left: 0 };
  const around = { x: x - w / 2, y: y - h / 2, w: 2 * w, h: 2 * h };
  const near = objects.filter((object) => overlaps(boundsOf(object), around));
  if (near.length <= most) return { objects: near, left: 0 };
  const sizes = near.map(({ box }) => box.w * box.h).sort((a, b) => b - a);
  const least = sizes[most - 1] ?? 0;
  const large = near.filter(({ id, box }) => id === 'draft' || box.w * box.h >= least).slice(-most);
  return { objects: large, left: near.length - large.length };
}

/** What of the drawn gets a frame as it is chosen. Of one line alone the handles say enough. */
export function framedOf(drawn: readonly Shown[], chosen: ReadonlySet<string>): Shown[] {
  return drawn.filter(({ id, kind }) => chosen.has(id) && (chosen.size > 1 || !isLine(kind)));
}
