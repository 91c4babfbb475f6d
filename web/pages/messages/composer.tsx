import ImagePlus from 'lucide-solid/icons/image-plus';
import SendHorizontal from 'lucide-solid/icons/send-horizontal';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { type MessageView, pictureAlone } from '../../client/actions/chats.ts';
import type { NewMessage } from '../../client/actions/conversations.ts';
import { t } from '../../i18n/messages/translate.ts';
import { attempt } from '../../state/attempt.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { tellTyping } from '../../state/typing.ts';
import { FilePicker } from '../../ui/file-picker.tsx';

/** What was begun and not sent, by chat. */
const begun = new Map<string, string>();

/** One after the other: a picture takes longer than the words after it. */
let sending: Promise<void> = Promise.resolve();

function say({ conversations }: MessagesSource, id: string, message: NewMessage): Promise<string> {
  const { answering: _none, ...direct } = message;
  return id.includes('.') ? conversations.message(id, direct) : conversations.write(id, message);
}

/** The place to write: Enter sends, Shift+Enter begins a line. */
export function Composer(props: {
  id: string;
  source: MessagesSource;
  answering: MessageView | undefined;
  onAnswered: () => void;
}) {
  const [text, setText] = createSignal(begun.get(props.id) ?? '');
  const [pictures, setPictures] = createSignal<readonly File[]>([]);
  let field: HTMLTextAreaElement | undefined;
  const ready = () => text().trim() !== '' || pictures().length > 0;
  const write = (next: string) => {
    setText(next);
    if (next === '') begun.delete(props.id);
    else begun.set(props.id, next);
  };
  createEffect(
    on(
      () => props.answering,
      (message) => message && field?.focus(),
      { defer: true },
    ),
  );

  /** The words go at once, so that the next ones can be written; what did not work comes back. */
  const send = () => {
    if (!ready()) return;
    const [before, chosen, answering] = [text(), pictures(), props.answering];
    write('');
    setPictures([]);
    props.onAnswered();
    field?.focus();
    const { id, source } = props;
    const message = { text: before.trim() || pictureAlone, pictures: chosen };
    sending = sending.then(async () => {
      if (await attempt(say(source, id, { ...message, ...(answering && { answering: answering.id }) })))
        return;
      if (text() === '') write(before);
      setPictures([...chosen, ...pictures()]);
    });
  };

  return (
    <form
      class="message-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Show when={props.answering}>
        {(message) => <Answering message={message()} onEnd={() => props.onAnswered()} />}
      </Show>
      <Previews
        pictures={pictures()}
        onRemove={(gone) => setPictures(pictures().filter((file) => file !== gone))}
      />
      <div class="message-row">
        <FilePicker
          label={t('messages.addPicture')}
          accept="image/*"
          multiple
          onPick={(files) => setPictures([...pictures(), ...files])}
        >
          <ImagePlus size={20} />
        </FilePicker>
        <textarea
          ref={field}
          class="input"
          rows={1}
          aria-label={t('messages.write')}
          placeholder={t('messages.write')}
          value={text()}
          onInput={(event) => {
            write(event.currentTarget.value);
            if (props.id.includes('.')) tellTyping(props.id);
          }}
          onPaste={(event) => setPictures([...pictures(), ...picturesOf(event.clipboardData)])}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button
          type="submit"
          class="icon-button message-send"
          aria-label={t('messages.send')}
          title={t('messages.send')}
          disabled={!ready()}
        >
          <SendHorizontal size={20} />
        </button>
      </div>
    </form>
  );
}

function picturesOf(pasted: DataTransfer | null): File[] {
  return [...(pasted?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
}

function Answering(props: { message: MessageView; onEnd: () => void }) {
  return (
    <div class="message-answering">
      <span>
        <span class="small quiet-text">{t('messages.answering', { name: props.message.name })}</span>
        <span class="message-quoted">{props.message.text || t('messages.picture')}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={t('messages.notAnswering')}
        onClick={() => props.onEnd()}
      >
        <X size={16} />
      </button>
    </div>
  );
}

function Previews(props: { pictures: readonly File[]; onRemove: (file: File) => void }) {
  return (
    <Show when={props.pictures.length > 0}>
      <div class="message-previews">
        <For each={props.pictures}>
          {(file) => <Preview file={file} onRemove={() => props.onRemove(file)} />}
        </For>
      </div>
    </Show>
  );
}

function Preview(props: { file: File; onRemove: () => void }) {
  const url = URL.createObjectURL(props.file);
  onCleanup(() => URL.revokeObjectURL(url));
  return (
    <div class="message-preview">
      <img src={url} alt={props.file.name} />
      <button
        type="button"
        class="icon-button"
        aria-label={t('messages.removePicture')}
        onClick={() => props.onRemove()}
      >
        <X size={16} />
      </button>
    </div>
  );
}
