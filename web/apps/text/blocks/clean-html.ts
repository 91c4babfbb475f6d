import { flattenCells } from './clean-cells.ts';
import { nestLists, readWordLists } from './clean-lists.ts';
import { STYLE, hideStyles, readCode, readStyles, rename, styleOf, unwrap } from './clean-styles.ts';
import { MOST_NODES } from './too-much.ts';

const BLOCKS = 'p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, blockquote, pre, hr, section, article';
/** Each becomes a node at least. */
const NODES = 'p, h1, h2, h3, h4, h5, h6, li, td, th, br';

/**
 * HTML of the clipboard as the schema's rules understand it: the lists of Word, the wrappers of Google Docs, the check
 * boxes of web pages. Runs in a document of its own, in which nothing is fetched and no script runs. Undefined when it would be too
 * many nodes.
 */
export function cleanHtml(html: string): string | undefined {
  const { body } = new DOMParser().parseFromString(hideStyles(html), 'text/html');
  readCode(body);
  removeNoise(body);
  readWordLists(body);
  nestLists(body);
  readTasks(body);
  flattenCells(body);
  for (const cell of body.querySelectorAll('thead td')) rename(cell, 'th');
  readStyles(body);
  return body.querySelectorAll(NODES).length > MOST_NODES ? undefined : body.innerHTML;
}

function removeNoise(body: HTMLElement): void {
  const comments = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
  const hidden =
    'style, script, meta, link, title, template, noscript, br.Apple-interchange-newline, [hidden]';
  for (const element of body.querySelectorAll(hidden)) element.remove();
  for (const element of body.querySelectorAll(`[${STYLE}]`)) {
    if (styleOf(element, 'display') === 'none' || styleOf(element, 'mso-hide') === 'all') element.remove();
  }
  // Google Docs wraps everything in a bold that is not bold.
  for (const element of body.querySelectorAll(`b[${STYLE}]`)) {
    if (/^(normal|400)$/.test(styleOf(element, 'font-weight'))) unwrap(element);
  }
  for (const element of body.querySelectorAll('*')) if (element.localName.includes(':')) unwrap(element);
  for (const element of body.querySelectorAll('br')) if (standsBetweenBlocks(element)) element.remove();
  // Word writes an empty line as a space that does not break.
  for (const line of body.querySelectorAll('p')) {
    if (/^[\s\u00a0]*$/.test(line.textContent) && line.querySelector('img, input') === null) line.remove();
  }
}

function readTasks(body: HTMLElement): void {
  for (const list of body.querySelectorAll('ul, ol')) {
    const items = [...list.children].filter((child) => child.localName === 'li');
    const states = items.map(taskState);
    if (items.length === 0 || states.includes(undefined)) continue;
    items.forEach((item, index) => {
      item.setAttribute('data-checked', String(states[index]));
      ownBox(item)?.remove();
    });
    const tasks = list.localName === 'ul' ? list : rename(list, 'ul');
    tasks.setAttribute('data-tasks', '');
  }
}

/** Whether an item is a task that is done; undefined for one that is no task. */
function taskState(item: Element): boolean | undefined {
  if (item.getAttribute('role') === 'checkbox') return item.getAttribute('aria-checked') === 'true';
  const box = ownBox(item);
  return box instanceof HTMLInputElement ? box.defaultChecked : undefined;
}

/** The check box of an item itself, not of one in a list inside it. */
function ownBox(item: Element): Element | null {
  if (item.getAttribute('role') === 'checkbox') return item.querySelector(':scope > img');
  const box = item.querySelector('input[type=checkbox]');
  return box?.closest('li') === item ? box : null;
}

function standsBetweenBlocks(element: Element): boolean {
  const beside = [element.previousElementSibling, element.nextElementSibling].filter((one) => one !== null);
  const text = [element.previousSibling, element.nextSibling].some(
    (one) => one?.nodeType === 3 && /\S/.test(one.nodeValue ?? ''),
  );
  return !text && beside.length > 0 && beside.every((one) => one.matches(`${BLOCKS}, br`));
}
