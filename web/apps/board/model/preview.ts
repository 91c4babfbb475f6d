import { escapeXml } from '../../../client/documents/escape-xml.ts';
import { type Board, titleOf } from './board.ts';

const shown = { columns: 4, cards: 4 };

/** The first columns and cards as a small SVG in the colour of the text around it. */
export function boardPreview(board: Board): string {
  const columns = board.columns.slice(0, shown.columns).map(({ name, cards }, index) => {
    const x = 4 + index * 60;
    const lane = `<rect x="${x - 3}" y="1" width="58" height="118" rx="4" fill-opacity=".06"/>`;
    const boxes = cards.slice(0, shown.cards).map((card, at) => {
      const y = 20 + at * 24;
      const box = `<rect x="${x}" y="${y}" width="52" height="20" rx="3" fill="none" stroke="currentColor" stroke-opacity=".4"/>`;
      return box + words(titleOf(card), x + 4, y + 12);
    });
    return lane + words(name, x, 13, ' font-weight="600"') + boxes.join('');
  });
  const body = columns.join('');
  // As wide as its columns, so that few of them can be read; never empty, which would be no picture.
  const width = 60 * Math.max(columns.length, 2);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 120" fill="currentColor" font-family="sans-serif" font-size="7">${body}</svg>`;
}

function words(text: string, x: number, y: number, more = ''): string {
  const characters = [...text];
  const short = characters.length > 13 ? `${characters.slice(0, 12).join('')}…` : text;
  return `<text x="${x}" y="${y}"${more}>${escapeXml(short)}</text>`;
}
