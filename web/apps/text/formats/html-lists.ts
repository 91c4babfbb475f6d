import type { Node } from 'prosemirror-model';
import { schema } from '../schema.ts';
import { type HtmlElement, type HtmlNode, hasClass, isElement } from './html-tree.ts';
import type { HtmlReader } from './read-html.ts';

const { nodes } = schema;

interface Item {
  /** Undefined for an item that is no task. */
  checked: boolean | undefined;
  content: HtmlNode[];
}

/** A list with its tasks; tasks among other items make lists of their own. */
export function readList(list: HtmlElement, reader: HtmlReader): Node[] {
  const tight = !list.attrs.has('data-loose');
  const runs: Item[][] = [];
  for (const item of itemsOf(list)) {
    const run = runs.at(-1);
    const isSame = run !== undefined && (run[0]?.checked === undefined) === (item.checked === undefined);
    if (isSame) run.push(item);
    else runs.push([item]);
  }
  let order = Number(list.attrs.get('start') ?? 1);
  if (!Number.isSafeInteger(order) || order < 0) order = 1;
  return runs.map((run) => {
    const first = order;
    order += run.length;
    if (run[0]?.checked !== undefined)
      return nodes.task_list.create(
        { tight },
        run.map((item) => taskItem(item, reader)),
      );
    const items = run.map(({ content }) => nodes.list_item.create(null, reader.blocks(content)));
    return list.tag === 'ol'
      ? nodes.ordered_list.create({ order: first, tight }, items)
      : nodes.bullet_list.create({ tight }, items);
  });
}

function taskItem({ checked, content }: Item, reader: HtmlReader): Node {
  return nodes.task_item.create({ checked: checked === true }, reader.blocks(content));
}

/** Some programs write a list inside a list beside the item it belongs to. */
function itemsOf(list: HtmlElement): Item[] {
  const items: Item[] = [];
  for (const child of list.children) {
    if (!isElement(child)) {
      if (child.trim() !== '') items.push({ checked: undefined, content: [child] });
      continue;
    }
    const last = items.at(-1);
    if (child.tag === 'li') items.push(readItem(child));
    else if (last !== undefined) last.content.push(child);
    else items.push({ checked: undefined, content: [child] });
  }
  return items;
}

/** Word documents have no boxes but these characters. */
const BOX = /^\s*([☐☑☒])\s*/u;

function readItem(item: HtmlElement): Item {
  const [first, ...rest] = item.children;
  const box = typeof first === 'string' ? BOX.exec(first) : null;
  if (item.attrs.has('data-checked') || typeof first !== 'string' || box === null)
    return { checked: stateOf(item), content: [...item.children] };
  return { checked: box[1] !== '☐', content: [first.slice(box[0].length), ...rest] };
}

/** Whether a task is done: as we write it, as a box on a page, or as Notion does. */
function stateOf(item: HtmlElement): boolean | undefined {
  const own = item.attrs.get('data-checked');
  if (own !== undefined) return own === 'true';
  return boxState(item.children, 3);
}

function boxState(children: readonly HtmlNode[], depth: number): boolean | undefined {
  const first = children.find((child) => isElement(child) || child.trim() !== '');
  if (first === undefined || !isElement(first) || depth === 0) return undefined;
  if (first.tag === 'input' && first.attrs.get('type')?.toLowerCase() === 'checkbox')
    return first.attrs.has('checked');
  if (hasClass(first, 'checkbox')) return hasClass(first, 'checkbox-on');
  return /^(label|p|span|div)$/.test(first.tag) ? boxState(first.children, depth - 1) : undefined;
}
