import ArrowRight from 'lucide-solid/icons/arrow-right';
import FileIcon from 'lucide-solid/icons/file';
import MessageSquare from 'lucide-solid/icons/message-square';
import Newspaper from 'lucide-solid/icons/newspaper';
import Settings from 'lucide-solid/icons/settings';
import User from 'lucide-solid/icons/user';
import { type Component, For, Show } from 'solid-js';
import { findTypeIcon } from '../ui/type-icon.tsx';
import type { Item, ItemKind } from './palette-items.ts';

const icons: Readonly<Partial<Record<ItemKind, Component<{ size?: number }>>>> = {
  person: User,
  post: Newspaper,
  comment: MessageSquare,
  message: MessageSquare,
  action: ArrowRight,
  setting: Settings,
};

function iconOf({ kind, type = kind === 'document' ? 'text' : kind }: Item) {
  return icons[kind] ?? findTypeIcon(type) ?? FileIcon;
}

/** One line of the palette: what it is, what it is called, and where in it the words stand. */
export function PaletteLine(props: {
  item: Item;
  id: string;
  selected: boolean;
  onPoint: () => void;
  onChoose: () => void;
}) {
  return (
    <div
      id={props.id}
      role="option"
      class="palette-line"
      aria-selected={props.selected}
      onPointerMove={() => props.selected || props.onPoint()}
      onClick={() => props.onChoose()}
    >
      {iconOf(props.item)({ size: 16 })}
      <span class="palette-words">
        <span class="palette-title">
          <Marked text={props.item.title} marks={props.item.marks} />
        </span>
        <Show when={props.item.note}>{(note) => <span class="palette-note">{note()}</span>}</Show>
        <Show when={props.item.excerpt}>
          {(excerpt) => (
            <span class="palette-excerpt">
              <Marked text={excerpt().text} marks={excerpt().marks} />
            </span>
          )}
        </Show>
      </span>
      <Show when={props.item.keys}>
        {(keys) => (
          <span class="palette-keys" aria-hidden="true">
            <For each={keys()}>{(key) => <kbd>{key}</kbd>}</For>
          </span>
        )}
      </Show>
    </div>
  );
}

/** A text with words marked in it. */
function Marked(props: { text: string; marks: Item['marks'] }) {
  const parts = () => {
    let last = 0;
    const cut = props.marks.flatMap(([from, to]) => {
      const before = props.text.slice(last, from);
      last = to;
      return [
        { text: before, isMark: false },
        { text: props.text.slice(from, to), isMark: true },
      ];
    });
    return [...cut, { text: props.text.slice(last), isMark: false }];
  };
  return <For each={parts()}>{({ text, isMark }) => (isMark ? <mark>{text}</mark> : <>{text}</>)}</For>;
}
