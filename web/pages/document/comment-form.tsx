import { createSignal, onMount } from 'solid-js';
import { t } from '../../i18n/companions/translate.ts';

/** A few words to say; Ctrl/Cmd+Enter sends them, Escape gives up. The focus is in it at once. */
export function CommentForm(props: {
  label: string;
  send: string;
  onSend: (text: string) => void;
  onCancel: () => void;
}) {
  const [text, setText] = createSignal('');
  let field: HTMLTextAreaElement | undefined;
  onMount(() => field?.focus());
  const send = () => {
    const said = text().trim();
    if (said === '') return field?.focus();
    setText('');
    props.onSend(said);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') props.onCancel();
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
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="comment-buttons">
        <button type="button" class="button quiet" onClick={() => props.onCancel()}>
          {t('comments.cancel')}
        </button>
        <button type="submit" class="button primary" disabled={text().trim() === ''}>
          {props.send}
        </button>
      </div>
    </form>
  );
}
