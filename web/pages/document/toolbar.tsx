import Bold from 'lucide-solid/icons/bold';
import Code from 'lucide-solid/icons/code';
import Heading1 from 'lucide-solid/icons/heading-1';
import Heading2 from 'lucide-solid/icons/heading-2';
import Heading3 from 'lucide-solid/icons/heading-3';
import ImageIcon from 'lucide-solid/icons/image';
import Italic from 'lucide-solid/icons/italic';
import Link from 'lucide-solid/icons/link';
import List from 'lucide-solid/icons/list';
import ListChecks from 'lucide-solid/icons/list-checks';
import ListOrdered from 'lucide-solid/icons/list-ordered';
import Quote from 'lucide-solid/icons/quote';
import Redo2 from 'lucide-solid/icons/redo-2';
import SquareCode from 'lucide-solid/icons/square-code';
import Strikethrough from 'lucide-solid/icons/strikethrough';
import Undo2 from 'lucide-solid/icons/undo-2';
import { createEffect, createSignal, For, onCleanup, Show, type Component } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import type { EditorCommand, EditorSession, EditorState } from '../../state/text-app.ts';
import { showToast } from '../../state/toasts.ts';
import { FilePicker } from '../../ui/file-picker.tsx';
import { moveFocus } from '../../ui/roving.ts';
import { LinkDialog } from './link-dialog.tsx';

type Icon = Component<{ size?: number }>;

const groups: [EditorCommand, Icon][][] = [
  [
    ['heading1', Heading1],
    ['heading2', Heading2],
    ['heading3', Heading3],
  ],
  [
    ['bold', Bold],
    ['italic', Italic],
    ['strike', Strikethrough],
    ['code', Code],
  ],
  [
    ['bulletList', List],
    ['orderedList', ListOrdered],
    ['taskList', ListChecks],
    ['quote', Quote],
    ['codeBlock', SquareCode],
  ],
];
const history: [EditorCommand, Icon][] = [
  ['undo', Undo2],
  ['redo', Redo2],
];

const nothing: EditorState = {
  editable: false,
  active: new Set(),
  canUndo: false,
  canRedo: false,
  link: undefined,
};

/** Formatting for the mouse, for touch, and for the keyboard (Alt+F10, then arrows). */
export default function Toolbar(props: { session: EditorSession | undefined }) {
  const [state, setState] = createSignal<EditorState>(nothing);
  const [linking, setLinking] = createSignal(false);
  createEffect(() => {
    const session = props.session;
    setState(nothing);
    // Its words are in the document that was left.
    setLinking(false);
    if (session) onCleanup(session.watchState(setState));
  });
  const run = (command: EditorCommand) => props.session?.run(command);
  const image = (file: File) => {
    props.session?.insertImage(file).catch((error: unknown) => {
      showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) }));
    });
  };
  return (
    <Show when={state().editable}>
      <div
        class="toolbar"
        role="toolbar"
        aria-label={t('toolbar.label')}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return moveFocus(event.currentTarget, event);
          event.preventDefault();
          props.session?.focus();
        }}
        onMouseDown={(event) => event.preventDefault()}
      >
        <For each={groups}>
          {(group, index) => (
            <div class="toolbar-group">
              <For each={group}>
                {([command, icon], at) => (
                  <ToolButton
                    command={command}
                    icon={icon}
                    state={state()}
                    run={run}
                    first={index() + at() === 0}
                  />
                )}
              </For>
            </div>
          )}
        </For>
        <div class="toolbar-group">
          <button
            type="button"
            tabindex="-1"
            class="icon-button"
            aria-label={t('toolbar.link')}
            title={t('toolbar.link')}
            aria-pressed={state().link !== undefined}
            onClick={() => setLinking(true)}
          >
            <Link size={17} />
          </button>
          <FilePicker
            label={t('toolbar.image')}
            accept="image/*"
            testId="image-file"
            tabIndex={-1}
            onPick={([file]) => file && image(file)}
          >
            <ImageIcon size={17} />
          </FilePicker>
        </div>
        <div class="toolbar-group">
          <For each={history}>
            {([command, icon]) => (
              <ToolButton command={command} icon={icon} state={state()} run={run} plain />
            )}
          </For>
        </div>
      </div>
      <LinkDialog
        open={linking()}
        href={state().link ?? ''}
        onClose={() => (setLinking(false), props.session?.focus())}
        onLink={(href) => {
          if (props.session?.setLink(href) === false) showToast(t('document.linkRefused'));
        }}
      />
    </Show>
  );
}

function ToolButton(props: {
  command: EditorCommand;
  icon: Icon;
  state: EditorState;
  run: (command: EditorCommand) => void;
  first?: boolean;
  /** A command without an on/off state. */
  plain?: boolean;
}) {
  const label = () => t(`toolbar.${props.command}`);
  return (
    <button
      type="button"
      tabindex={props.first ? 0 : -1}
      class="icon-button"
      aria-label={label()}
      title={label()}
      aria-pressed={props.plain ? undefined : props.state.active.has(props.command)}
      disabled={isIdle(props.command, props.state)}
      onClick={() => props.run(props.command)}
    >
      {props.icon({ size: 17 })}
    </button>
  );
}

function isIdle(command: EditorCommand, state: EditorState): boolean {
  return (command === 'undo' && !state.canUndo) || (command === 'redo' && !state.canRedo);
}
