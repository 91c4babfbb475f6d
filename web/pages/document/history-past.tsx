import { For, Match, Show, Switch } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { PastNode, PastText } from '../../client/history/past-view.ts';
import { t } from '../../i18n/history/translate.ts';
import type { Author } from './history-view.ts';

interface Looks {
  /** Who brought a step. */
  author: (step: number | undefined) => Author | undefined;
  /** What is left out: beside each other each side shows only its own. */
  without?: 'added' | 'removed';
}

/** How blocks of the editor are shown; what is not known here is a plain block. */
const elements: Readonly<Record<string, string>> = {
  ...{ paragraph: 'p', bullet_list: 'ul', ordered_list: 'ol', task_list: 'ul' },
  ...{ list_item: 'li', task_item: 'li', blockquote: 'blockquote', callout: 'blockquote' },
  ...{ code_block: 'pre', raw_block: 'pre', table: 'table', table_row: 'tr' },
  ...{ table_cell: 'td', table_header: 'td' },
};

/** A document as it was, to read; `ins` and `del` are what differs. */
export function PastDocument(props: Looks & { nodes: readonly PastNode[] }) {
  return (
    <Children
      children={props.nodes.flatMap(({ children }) => children)}
      author={props.author}
      {...(props.without && { without: props.without })}
    />
  );
}

function Children(props: Looks & { children: readonly (PastNode | PastText)[] }) {
  return (
    <For each={props.children.filter(({ change }) => change !== props.without)}>
      {(child) =>
        child.kind === 'text' ? (
          <Words text={child} author={props.author} />
        ) : (
          <Block node={child} author={props.author} {...(props.without && { without: props.without })} />
        )
      }
    </For>
  );
}

function Words(props: { text: PastText; author: Looks['author'] }) {
  const author = () => props.author(props.text.step);
  return (
    <Dynamic
      component={{ same: 'span', added: 'ins', removed: 'del' }[props.text.change]}
      class={['past-words', ...props.text.marks.map((mark) => `past-${mark.split('--')[0] ?? ''}`)].join(' ')}
      style={{ '--author': author()?.color ?? 'transparent' }}
      title={author()?.name}
    >
      {props.text.text}
    </Dynamic>
  );
}

function Block(props: Looks & { node: PastNode }) {
  const word = () => wordOf(props.node);
  const inner = () => (
    <Children
      children={props.node.children}
      author={props.author}
      {...(props.without && { without: props.without })}
    />
  );
  return (
    <Switch
      fallback={
        <Dynamic
          component={elements[props.node.name] ?? 'div'}
          class={`past-block past-${props.node.name || 'block'} past-is-${props.node.change}`}
          data-level={typeof props.node.attrs['level'] === 'number' ? props.node.attrs['level'] : undefined}
          data-checked={props.node.attrs['checked'] === true ? '' : undefined}
        >
          <Show when={!(props.node.name in elements) && props.node.children.length > 0 && isKey(props.node)}>
            <span class="past-key">{props.node.name}: </span>
          </Show>
          {inner()}
        </Dynamic>
      }
    >
      <Match when={props.node.name === ''}>{inner()}</Match>
      <Match when={props.node.name === 'hard_break'}>
        <br />
      </Match>
      <Match when={props.node.name === 'horizontal_rule'}>
        <hr />
      </Match>
      <Match when={word()}>
        {(text) => (
          <Words
            text={{ kind: 'text', text: text(), marks: [], change: props.node.change, step: props.node.step }}
            author={props.author}
          />
        )}
      </Match>
    </Switch>
  );
}

/** Entries of boards and drawings have the name of their key. */
function isKey({ name }: PastNode): boolean {
  return name !== 'heading' && name !== 'doc';
}

/** What stands within a line and is no text. */
function wordOf({ name, attrs }: PastNode): string | undefined {
  const of = (key: string): string => {
    const value = attrs[key];
    return typeof value === 'string' ? value : '';
  };
  switch (name) {
    case 'image':
      return t('image', { alt: of('alt') === '' ? '' : ` ${of('alt')}` });
    case 'mention':
      return `@${of('idTag')}`;
    case 'doc_link':
      return of('title');
    case 'date':
      return of('date');
    default:
      return undefined;
  }
}
