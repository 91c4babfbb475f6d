import ImagePlus from 'lucide-solid/icons/image-plus';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, createUniqueId, onCleanup, Show } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { FilePicker } from '../../ui/file-picker.tsx';

/** Writes a post: text, and perhaps one picture. */
export function Composer(props: { source: FeedSource }) {
  const [text, setText] = createSignal('');
  const [picture, setPicture] = createSignal<File>();
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal('');
  const textId = createUniqueId();
  const ready = () => !busy() && text().trim() !== '';

  const submit = async () => {
    if (!ready()) return;
    setBusy(true);
    setError('');
    const file = picture();
    try {
      await props.source.post({ text: text().trim(), ...(file && { picture: file }) });
      setText('');
      setPicture(undefined);
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      class="composer card"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label class="visually-hidden" for={textId}>
        {t('feed.composer')}
      </label>
      <textarea
        id={textId}
        class="composer-text"
        placeholder={t('feed.composer')}
        value={text()}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
        }}
      />
      <Show when={picture()} keyed>
        {(file) => <Preview file={file} onRemove={() => setPicture(undefined)} />}
      </Show>
      <div class="composer-foot">
        <FilePicker
          label={t('feed.addPicture')}
          accept="image/*"
          onPick={([file]) => file && setPicture(file)}
        >
          <ImagePlus size={20} />
        </FilePicker>
        <Show when={error()}>
          <p class="error-text" role="alert">
            {t('feed.failed', { message: error() })}
          </p>
        </Show>
        <button type="submit" class="button primary" disabled={!ready()}>
          {t('feed.post')}
        </button>
      </div>
    </form>
  );
}

function Preview(props: { file: File; onRemove: () => void }) {
  const [url, setUrl] = createSignal<string>();
  createEffect(() => {
    const made = URL.createObjectURL(props.file);
    setUrl(made);
    onCleanup(() => URL.revokeObjectURL(made));
  });
  return (
    <div class="composer-preview">
      <div class="composer-picture">
        <img src={url()} alt={props.file.name} />
        <button
          type="button"
          class="icon-button"
          aria-label={t('feed.removePicture')}
          onClick={() => props.onRemove()}
        >
          <X size={18} />
        </button>
      </div>
    </div>
  );
}
