import { createSignal, onMount } from 'solid-js';
import { t } from '../../i18n/companions/translate.ts';

/** What was begun and neither sent nor given up, by what it is about: a panel that goes for a while takes no words along. */
const begun = new Map<string, string>();

/** A few words to say; Ctrl/Cmd+Enter sends them, Escape gives up. The focus is in it at once. */
export function CommentForm(props: {
  /** The thread that is answered, or the document for a new one. */
  about: string;
  label: string;
  send: string;
  onSend: (text: string) => void;
  onCancel: () => void;
}) {
  const [text, setText] = createSignal(begun.get(props.about) ?? '');
  let field: HTMLTextAreaElement | undefined;
  onMount(() => field?.focus());
  const write = (words: string) => {
    setText(words);
    if (words === '') begun.delete(props.about);
    else begun.set(props.about, words);
  };
  const send = () => {
    const said = text().trim();
    if (said === '') return field?.focus();
    write('');
    props.onSend(said);
  };
  const cancel = () => {
    write('');
    props.onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') cancel();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      class="beside-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        class="input"
        rows="1"
        aria-label={props.label}
        placeholder={props.label}
        value={text()}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="comment-buttons">
        <button type="button" class="button quiet" onClick={cancel}>
          {t('comments.cancel')}
        </button>
        <button type="submit" class="button primary" disabled={text().trim() === ''}>
          {props.send}
        </button>
      </div>
    </form>
  );
}
