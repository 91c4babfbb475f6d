import { type DefaultTreeAdapterTypes, parse } from 'parse5';

/** An element of a page that was read: never part of a live page, so that nothing in it runs or loads. */
export interface HtmlElement {
  readonly tag: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly children: readonly HtmlNode[];
}

export type HtmlNode = HtmlElement | string;

/** Elements below this depth are read as their words. */
const DEEPEST = 150;

/** Reads a page as browsers do, whatever is wrong with it; comments are left out. */
export function parseHtml(source: string): HtmlElement {
  const page = parse(source, { scriptingEnabled: false });
  return { tag: 'page', attrs: new Map(), children: page.childNodes.flatMap((node) => toNode(node, 0)) };
}

function toNode(node: DefaultTreeAdapterTypes.ChildNode, depth: number): HtmlNode[] {
  if (node.nodeName === '#text') return 'value' in node ? [node.value] : [];
  if (!('tagName' in node)) return [];
  const attrs = new Map(node.attrs.map(({ name, value }) => [name, value]));
  // What a template holds is not shown.
  const children =
    depth < DEEPEST ? node.childNodes.flatMap((child) => toNode(child, depth + 1)) : wordsOf(node);
  return [{ tag: node.tagName, attrs, children }];
}

function wordsOf(element: DefaultTreeAdapterTypes.Element): string[] {
  const words: string[] = [];
  const waiting: DefaultTreeAdapterTypes.ChildNode[] = [element];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.nodeName === '#text' && 'value' in node) words.push(node.value);
    else if ('tagName' in node && !/^(script|style)$/.test(node.tagName))
      for (const child of node.childNodes.toReversed()) waiting.push(child);
  }
  return [words.join('')];
}

export function isElement(node: HtmlNode): node is HtmlElement {
  return typeof node !== 'string';
}

/** The text of an element and all below it, as it stands there. */
export function textOf(node: HtmlNode): string {
  return isElement(node) ? node.children.map(textOf).join('') : node;
}

/** The first element, from the top, that fits. */
export function findElement(
  node: HtmlElement,
  fits: (element: HtmlElement) => boolean,
): HtmlElement | undefined {
  for (const child of node.children) {
    if (!isElement(child)) continue;
    const found = fits(child) ? child : findElement(child, fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether an element has a class. */
export function hasClass(element: HtmlElement, name: string): boolean {
  return (element.attrs.get('class') ?? '').split(/\s+/).includes(name);
}
