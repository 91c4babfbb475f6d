import { getStroke } from 'perfect-freehand';
import { type Box, type Point, middleOf } from './geometry.ts';
import type { Color, Shown } from './objects.ts';
import { type Lines, fitText, lineHeight, wrapText } from './wrap-text.ts';

/** A colour by its name: `line` for strokes and letters, `soft` for what lies behind letters, `note` for notes. */
export interface Paint {
  color: Color;
  tone: 'line' | 'soft' | 'note';
}

/** What an object is drawn with, by the page and by files alike. */
export type Shape =
  | { kind: 'path'; d: string; fill?: Paint; stroke?: Paint; width?: number }
  | {
      kind: 'text';
      lines: { text: string; x: number; y: number }[];
      size: number;
      middle: boolean;
      fill: Paint;
    }
  | { kind: 'image'; box: Box; blob: string };

/** Letters of a text by itself, and the most of those inside a shape. */
export const textSize = 22;
const shapeTextSize = 18;
const padding = 10;
const lineWidth = 2.5;

export function drawObject(object: Shown): Shape[] {
  const { box, color, filled } = object;
  const line: Paint = { color, tone: 'line' };
  const outline = {
    stroke: line,
    width: lineWidth,
    ...(filled && { fill: { color, tone: 'soft' } as const }),
  };
  switch (object.kind) {
    case 'stroke':
      return [{ kind: 'path', d: strokePath(object), fill: line }];
    case 'rect':
      return [{ kind: 'path', d: boxPath(box, 6), ...outline }, ...innerText(object)];
    case 'ellipse':
      return [{ kind: 'path', d: ellipsePath(box), ...outline }, ...innerText(object)];
    case 'note':
      return [{ kind: 'path', d: boxPath(box, 3), fill: { color, tone: 'note' } }, ...innerText(object)];
    case 'line':
      return [{ kind: 'path', d: linePath(object.ends), stroke: line, width: lineWidth }];
    case 'arrow':
      return [{ kind: 'path', d: arrowPath(object.ends), stroke: line, width: lineWidth }];
    case 'text':
      return object.text === '' ? [] : [placeLines(textLines(object), box, { fill: line, middle: false })];
    case 'image':
      return [{ kind: 'image', box, blob: object.blob }];
  }
}

/** What turns the shapes of an object, in SVG; undefined for one that stands upright. */
export function turnOf({ box, turn }: Pick<Shown, 'box' | 'turn'>): string | undefined {
  const { x, y } = middleOf(box);
  return turn === 0 ? undefined : `rotate(${turn} ${round(x)} ${round(y)})`;
}

/** The lines of a text by itself. */
export function textLines({ text, box }: Pick<Shown, 'text' | 'box'>): Lines {
  return { lines: wrapText(text, box.w, textSize), size: textSize };
}

/** How high a text by itself is. */
export function textHeight(text: string, width: number): number {
  return Math.max(1, wrapText(text, width, textSize).length) * textSize * lineHeight;
}

function innerText({ kind, box, text, color }: Shown): Shape[] {
  if (text === '') return [];
  const part = kind === 'ellipse' ? 0.72 : 1;
  const room = { w: Math.max(10, box.w * part - 2 * padding), h: Math.max(10, box.h * part - 2 * padding) };
  const fill: Paint = { color: kind === 'note' ? 'ink' : color, tone: 'line' };
  return [placeLines(fitText(text, room, shapeTextSize), box, { fill, middle: true })];
}

function placeLines({ lines, size }: Lines, box: Box, look: { fill: Paint; middle: boolean }): Shape {
  const height = lines.length * size * lineHeight;
  const top = look.middle ? box.y + (box.h - height) / 2 : box.y;
  const x = look.middle ? box.x + box.w / 2 : box.x;
  const placed = lines.map((text, index) => ({
    text,
    x: round(x),
    y: round(top + size * (index * lineHeight + 1)),
  }));
  return { kind: 'text', lines: placed, size: round(size), ...look };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function boxPath({ x, y, w, h }: Box, corner: number): string {
  const r = Math.min(corner, w / 2, h / 2);
  const [a, b] = [round(w - 2 * r), round(h - 2 * r)];
  const turn = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M${round(x + r)} ${round(y)}h${a}${turn(r, r)}v${b}${turn(-r, r)}h${-a}${turn(-r, -r)}v${-b}${turn(r, -r)}z`;
}

function ellipsePath({ x, y, w, h }: Box): string {
  const [rx, ry] = [round(w / 2), round(h / 2)];
  return `M${round(x)} ${round(y + h / 2)}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

function linePath([a, b]: [Point, Point]): string {
  return `M${round(a.x)} ${round(a.y)}L${round(b.x)} ${round(b.y)}`;
}

function arrowPath([a, b]: [Point, Point]): string {
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const barb = (turn: number): string =>
    `${round(b.x - 14 * Math.cos(angle + turn))} ${round(b.y - 14 * Math.sin(angle + turn))}`;
  return `${linePath([a, b])}M${barb(0.45)}L${round(b.x)} ${round(b.y)}L${barb(-0.45)}`;
}

function strokePath({ box, size, points }: Shown): string {
  const [sx, sy] = [box.w / size.w, box.h / size.h];
  const given: number[][] = [];
  for (let at = 0; at + 2 < points.length; at += 3)
    given.push([box.x + points[at]! * sx, box.y + points[at + 1]! * sy, points[at + 2]!]);
  return pathThrough(getStroke(given, { size: 5, thinning: 0.5, smoothing: 0.5, streamline: 0.4 }));
}

/** A closed curve through the middles of the sides of an outline. */
function pathThrough(outline: number[][]): string {
  const [first, ...rest] = outline;
  if (first === undefined) return '';
  const middles = outline.map((point, index) => {
    const next = outline[(index + 1) % outline.length] ?? first;
    return `Q${round(point[0]!)} ${round(point[1]!)} ${round((point[0]! + next[0]!) / 2)} ${round((point[1]! + next[1]!) / 2)}`;
  });
  const last = rest.at(-1) ?? first;
  return `M${round((last[0]! + first[0]!) / 2)} ${round((last[1]! + first[1]!) / 2)}${middles.join('')}Z`;
}
