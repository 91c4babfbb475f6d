/** What makes a line of its own in a cell. */
const LINES =
  'p, div, h1, h2, h3, h4, h5, h6, ul, ol, li, table, tbody, thead, tr, td, th, blockquote, pre, hr, section, article';

/** Cells hold words and no blocks: each block in one becomes a line. A table inside a cell is lines of the outer one. */
export function flattenCells(body: HTMLElement): void {
  for (const cell of body.querySelectorAll('td, th')) {
    // What lay in the cell of an inner table is in the outer one by now.
    if (cell.querySelector(LINES) === null) continue;
    const lines = linesOf(cell, { isOpen: false, isDue: false });
    while (isBlank(lines.at(-1))) lines.pop();
    refill(cell, lines);
  }
}

interface Line {
  /** Something stands on the line. */
  isOpen: boolean;
  /** It has ended: the next thing to be seen stands on a new one. */
  isDue: boolean;
}

/**
 * What is in an element without the blocks around it. Each node is looked at and moved once: a cell may hold a whole page that was laid
 * out by tables.
 */
function linesOf(element: Element, line: Line, found: Node[] = []): Node[] {
  for (const node of [...element.childNodes]) {
    if (node instanceof Element && node.matches(LINES)) {
      line.isDue ||= line.isOpen;
      linesOf(node, line, found);
      line.isDue ||= line.isOpen;
      continue;
    }
    if (line.isDue && isSeen(node)) {
      found.push(document.createElement('br'));
      Object.assign(line, { isOpen: false, isDue: false });
    }
    found.push(node);
    if (node instanceof Element && node.hasChildNodes()) refill(node, linesOf(node, line));
    else if (isSeen(node)) line.isOpen = node.nodeName !== 'BR';
  }
  return found;
}

function isSeen(node: Node): boolean {
  return node.nodeName === 'BR' || node.nodeName === 'IMG' || /\S/.test(node.textContent ?? '');
}

/** Breaks and white space, which would show an empty line at the end. */
function isBlank(node: Node | undefined): boolean {
  return node?.nodeName === 'BR' || /^\s+$/.test(node?.nodeValue ?? '');
}

function refill(element: Element, nodes: Node[]): void {
  element.replaceChildren();
  for (const node of nodes) element.append(node);
}
