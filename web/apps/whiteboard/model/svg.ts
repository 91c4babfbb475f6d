import { escapeXml } from '../../../client/documents/escape-xml.ts';
import { type Box, boundsOf, unionOf } from './geometry.ts';
import type { Color, Shown } from './objects.ts';
import { type Paint, type Shape, drawObject, turnOf } from './shapes.ts';

/** What a file looks like: colours on white paper. */
const lines: Record<Color, string> = {
  ...{ ink: '#1d2125', grey: '#5d646c', red: '#b3261e', orange: '#a34700' },
  ...{ yellow: '#7a5f00', green: '#1f7a36', blue: '#0b57c2', purple: '#6a3cc0' },
};
const softs: Record<Color, string> = {
  ...{ ink: '#f1f1ee', grey: '#ecece8', red: '#fbdcd9', orange: '#fde3cc' },
  ...{ yellow: '#fbf0b2', green: '#d6f1da', blue: '#d9e7fc', purple: '#e8dffb' },
};

const margin = 24;

/** A drawing as a file: its size in units, and the SVG. */
export interface Drawing {
  width: number;
  height: number;
  svg: string;
}

/** Objects as an SVG that needs nothing else. `pictures` has `data:` addresses by blob; what is missing is a grey box. */
export function objectsToSvg(objects: readonly Shown[], pictures: ReadonlyMap<string, string>): Drawing {
  const box = unionOf(objects.map(boundsOf)) ?? { x: 0, y: 0, w: 200, h: 100 };
  const [width, height] = [Math.ceil(box.w + 2 * margin), Math.ceil(box.h + 2 * margin)];
  const view = `${Math.floor(box.x - margin)} ${Math.floor(box.y - margin)} ${width} ${height}`;
  const drawn = objects.map((object) => formatObject(object, pictures));
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${view}" font-family="system-ui, sans-serif">`;
  return { width, height, svg: `${open}${drawn.join('')}</svg>` };
}

function formatObject(object: Shown, pictures: ReadonlyMap<string, string>): string {
  const shapes = drawObject(object)
    .map((shape) => formatShape(shape, pictures))
    .join('');
  const turn = turnOf(object);
  return turn === undefined ? shapes : `<g transform="${turn}">${shapes}</g>`;
}

function formatShape(shape: Shape, pictures: ReadonlyMap<string, string>): string {
  if (shape.kind === 'image') return formatImage(shape.box, pictures.get(shape.blob));
  if (shape.kind === 'path') {
    const stroke = shape.stroke
      ? ` stroke="${paint(shape.stroke)}" stroke-width="${shape.width ?? 1}" stroke-linecap="round" stroke-linejoin="round"`
      : '';
    return `<path d="${shape.d}" fill="${shape.fill ? paint(shape.fill) : 'none'}"${stroke}/>`;
  }
  const spans = shape.lines.map(({ text, x, y }) => `<tspan x="${x}" y="${y}">${escapeXml(text)}</tspan>`);
  const anchor = shape.middle ? ' text-anchor="middle"' : '';
  return `<text font-size="${shape.size}"${anchor} fill="${paint(shape.fill)}" xml:space="preserve">${spans.join('')}</text>`;
}

function formatImage({ x, y, w, h }: Box, address: string | undefined): string {
  const place = `x="${x}" y="${y}" width="${w}" height="${h}"`;
  if (address === undefined) return `<rect ${place} fill="#ecece8"/>`;
  return `<image ${place} href="${escapeXml(address)}" preserveAspectRatio="none"/>`;
}

function paint({ color, tone }: Paint): string {
  return (tone === 'line' ? lines : softs)[color];
}
