import { STYLE } from './clean-styles.ts';

/** Word writes lists as paragraphs that say in their style which list and level they are of. */
const WORD_LEVEL = /mso-list:\s*\S+\s+level(\d+)/i;
const WORD_MARKER = /mso-list:\s*ignore/i;

/** Makes lists of the paragraphs of Word that are items. */
export function readWordLists(body: HTMLElement): void {
  const open: { list: HTMLElement; level: number }[] = [];
  let last: Element | undefined;
  for (const line of body.querySelectorAll('p, h1, h2, h3, h4, h5, h6, div')) {
    const level = Number(WORD_LEVEL.exec(line.getAttribute(STYLE) ?? '')?.[1] ?? 0);
    if (level === 0) continue;
    if (last === undefined || previousBlock(line) !== last) open.length = 0;
    const ordered = takeMarker(line);
    while (open.length > 0 && (open.at(-1)?.level ?? 0) > level) open.pop();
    const current = open.at(-1);
    const name = ordered ? 'ol' : 'ul';
    if (current?.level === level && current.list.localName === name) addItem(current.list, line);
    else {
      if (current?.level === level) open.pop();
      open.push({ list: startList(name, line, open.at(-1)?.list), level });
    }
    last = open[0]?.list;
  }
}

/** Lists inside lists belong to the item before them; Google Docs writes them beside it. */
export function nestLists(body: HTMLElement): void {
  for (const list of body.querySelectorAll('ul > ul, ul > ol, ol > ul, ol > ol')) {
    const item = list.previousElementSibling;
    if (item?.localName === 'li') item.append(list);
    else {
      const made = list.ownerDocument.createElement('li');
      list.replaceWith(made);
      made.append(list);
    }
  }
}

function previousBlock(line: Element): Element | null {
  return line.previousElementSibling;
}

/** Takes the bullet or number away that Word wrote as text; true for a number or letter. */
function takeMarker(line: Element): boolean {
  const markers = [...line.querySelectorAll(`[${STYLE}]`)].filter((part) =>
    WORD_MARKER.test(part.getAttribute(STYLE) ?? ''),
  );
  const text = markers.map((part) => part.textContent).join('');
  for (const part of markers) part.remove();
  return /^[\s\u00a0]*\(?([0-9]+|[a-z]{1,4})[.)]/i.test(text);
}

function startList(name: string, line: Element, outer: HTMLElement | undefined): HTMLElement {
  const list = line.ownerDocument.createElement(name);
  const item = outer?.lastElementChild;
  if (item) item.append(list);
  else line.before(list);
  addItem(list, line);
  return list;
}

function addItem(list: HTMLElement, line: Element): void {
  const item = list.ownerDocument.createElement('li');
  list.append(item);
  const words = list.ownerDocument.createElement('p');
  words.append(...line.childNodes);
  item.append(words);
  line.remove();
}
