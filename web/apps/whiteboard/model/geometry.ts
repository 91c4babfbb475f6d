export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  w: number;
  h: number;
}

export function middleOf({ x, y, w, h }: Box): Point {
  return { x: x + w / 2, y: y + h / 2 };
}

/** The smallest box with all points in it, at least 1 × 1. */
export function boxAround(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const least = (all: number[]): number => all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = (all: number[]): number => all.reduce((a, b) => Math.max(a, b), -Infinity);
  const [x, y] = [least(xs), least(ys)];
  return { x, y, w: Math.max(1, most(xs) - x), h: Math.max(1, most(ys) - y) };
}

/** The smallest box around boxes; undefined without any. */
export function unionOf(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return boxAround(
    boxes.flatMap(({ x, y, w, h }) => [
      { x, y },
      { x: x + w, y: y + h },
    ]),
  );
}

/** What lies turned: a box as it would stand upright, and by how many degrees it is turned around its middle, with the clock. */
export interface Turned {
  box: Box;
  turn: number;
}

/** A point after a turn around another by degrees, with the clock. */
export function turnAround({ x, y }: Point, middle: Point, degrees: number): Point {
  if (degrees === 0) return { x, y };
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [x - middle.x, y - middle.y];
  return { x: middle.x + dx * cos - dy * sin, y: middle.y + dx * sin + dy * cos };
}

/** Degrees from 0 to below 360, to a tenth. */
export function roundTurn(degrees: number): number {
  return (((Math.round(degrees * 10) % 3600) + 3600) % 3600) / 10;
}

/** The smallest upright box around what lies turned. */
export function boundsOf({ box, turn }: Turned): Box {
  if (turn === 0) return box;
  const { x, y, w, h } = box;
  const corners = [
    { x, y },
    { x: x + w, y },
    { x, y: y + h },
    { x: x + w, y: y + h },
  ];
  return boxAround(corners.map((corner) => turnAround(corner, middleOf(box), turn)));
}

/** Whether a point is in what lies turned. */
export function holdsPoint({ box, turn }: Turned, point: Point): boolean {
  const { x, y } = turnAround(point, middleOf(box), -turn);
  return overlaps(box, { x, y, w: 0, h: 0 });
}

/** Another size of what lies turned: `next` is said as if it stood upright, and what the two boxes share stays where it is seen. */
export function resized({ box, turn }: Turned, next: Box): Box {
  const { x, y } = turnAround(middleOf(next), middleOf(box), turn);
  return turn === 0 ? next : { ...next, x: x - next.w / 2, y: y - next.h / 2 };
}

/** Where the way from the middle of what lies turned (or its ellipse) to a point leaves it; a little outside. */
export function edgeOf({ box, turn }: Turned, toward: Point, round: boolean): Point {
  const middle = middleOf(box);
  return turnAround(uprightEdge(box, turnAround(toward, middle, -turn), round), middle, turn);
}

function uprightEdge(box: Box, toward: Point, round: boolean): Point {
  const middle = middleOf(box);
  const [dx, dy] = [toward.x - middle.x, toward.y - middle.y];
  if (dx === 0 && dy === 0) return middle;
  const [rx, ry] = [box.w / 2 + 4, box.h / 2 + 4];
  const scale = round ? 1 / Math.hypot(dx / rx, dy / ry) : Math.min(rx / Math.abs(dx), ry / Math.abs(dy));
  const part = Math.min(1, scale);
  return { x: middle.x + dx * part, y: middle.y + dy * part };
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x <= b.x + b.w && b.x <= a.x + a.w && a.y <= b.y + b.h && b.y <= a.y + a.h;
}

/** The box between two corners, in any direction. */
export function boxBetween(a: Point, b: Point): Box {
  return boxAround([a, b]);
}

/** How far to move a box so that an edge or its middle meets one of another, and the lines that show it. */
export interface Snap {
  dx: number;
  dy: number;
  /** Where a vertical (x) and a horizontal (y) line stand. */
  x?: number;
  y?: number;
}

/** The nearest alignment within `reach` units, in each direction by itself. */
export function snapBox(box: Box, others: readonly Box[], reach: number): Snap {
  const across = nearest([box.x, box.x + box.w / 2, box.x + box.w], others.map(linesX), reach);
  const down = nearest([box.y, box.y + box.h / 2, box.y + box.h], others.map(linesY), reach);
  return {
    dx: across?.by ?? 0,
    dy: down?.by ?? 0,
    ...(across && { x: across.at }),
    ...(down && { y: down.at }),
  };
}

const linesX = ({ x, w }: Box): number[] => [x, x + w / 2, x + w];
const linesY = ({ y, h }: Box): number[] => [y, y + h / 2, y + h];

function nearest(own: number[], others: number[][], reach: number): { by: number; at: number } | undefined {
  let best: { by: number; at: number } | undefined;
  for (const at of others.flat())
    for (const line of own)
      if (Math.abs(at - line) <= Math.min(reach, Math.abs(best?.by ?? Infinity)))
        best = { by: at - line, at };
  return best;
}
