import { useSearchParams } from '@solidjs/router';
import ImagePlus from 'lucide-solid/icons/image-plus';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, createUniqueId, For, type JSX, onCleanup, Show } from 'solid-js';
import { t } from '../../i18n/social/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { identityState } from '../../state/identity.ts';
import { people } from '../../state/people.ts';
import { FilePicker } from '../../ui/file-picker.tsx';

const audiences = ['P', 'F', 'C'] as const;
type Audience = (typeof audiences)[number];

/** Writes a post: text, pictures, who may read it and on whose wall it stands. `?wall=<id tag>` chooses the wall. */
export function Composer(props: { source: FeedSource }) {
  const [search, setSearch] = useSearchParams<{ wall?: string }>();
  const [text, setText] = createSignal('');
  const [pictures, setPictures] = createSignal<readonly File[]>([]);
  const [visibility, setVisibility] = createSignal<Audience>('F');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal('');
  const ready = () => !busy() && text().trim() !== '';

  const submit = async () => {
    if (!ready()) return;
    setBusy(true);
    setError('');
    const { wall } = search;
    const draft = { text: text().trim(), pictures: pictures(), visibility: visibility() };
    try {
      await props.source.post({ ...draft, ...(wall && { wall }) });
      setText('');
      setPictures([]);
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
      <Words text={text()} onText={setText} onSubmit={() => void submit()} />
      <Previews
        pictures={pictures()}
        onRemove={(gone) => setPictures(pictures().filter((file) => file !== gone))}
      />
      <div class="composer-foot">
        <FilePicker
          label={t('feed.addPicture')}
          accept="image/*"
          multiple
          onPick={(files) => setPictures([...pictures(), ...files])}
        >
          <ImagePlus size={20} />
        </FilePicker>
        <AudienceChoice value={visibility()} onChange={setVisibility} />
        <WallChoice value={search.wall ?? ''} onChange={(wall) => setSearch({ wall })} />
        <button type="submit" class="button primary composer-post" disabled={!ready()}>
          {t('feed.post')}
        </button>
      </div>
      <Show when={error()}>
        <p class="error-text" role="alert">
          {t('feed.failed', { message: error() })}
        </p>
      </Show>
    </form>
  );
}

function Words(props: { text: string; onText: (text: string) => void; onSubmit: () => void }) {
  const id = createUniqueId();
  return (
    <>
      <label class="visually-hidden" for={id}>
        {t('feed.composer')}
      </label>
      <textarea
        id={id}
        class="composer-text"
        placeholder={t('feed.composer')}
        value={props.text}
        onInput={(event) => props.onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) props.onSubmit();
        }}
      />
    </>
  );
}

function AudienceChoice(props: { value: Audience; onChange: (value: Audience) => void }) {
  const choose = (value: string) => {
    const next = audiences.find((letter) => letter === value);
    if (next) props.onChange(next);
  };
  return (
    <Choice label={t('feed.audience')} onChoose={choose}>
      <For each={audiences}>
        {(letter) => (
          <option value={letter} selected={props.value === letter}>
            {t(`feed.audience.${letter}`)}
          </option>
        )}
      </For>
    </Choice>
  );
}

/** One's own, or that of somebody one is connected with or follows. */
function WallChoice(props: { value: string; onChange: (wall: string) => void }) {
  const own = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : '');
  const walls = () => {
    const near = people.people.filter(({ following, connected }) => following || connected === 'connected');
    const named = near.map(({ idTag, name }) => ({ idTag, name }));
    const asked =
      props.value !== '' && props.value !== own() && named.every(({ idTag }) => idTag !== props.value);
    return asked ? [...named, { idTag: props.value, name: props.value }] : named;
  };
  return (
    <Show when={walls().length > 0}>
      <Choice label={t('feed.wall')} onChoose={(value) => props.onChange(value)}>
        <option value="" selected={props.value === ''}>
          {t('feed.wall.own')}
        </option>
        <For each={walls()}>
          {({ idTag, name }) => (
            <option value={idTag} selected={props.value === idTag}>
              {t('feed.wall.of', { name })}
            </option>
          )}
        </For>
      </Choice>
    </Show>
  );
}

function Choice(props: { label: string; onChoose: (value: string) => void; children: JSX.Element }) {
  return (
    <select
      class="input composer-choice"
      aria-label={props.label}
      title={props.label}
      onChange={(event) => props.onChoose(event.currentTarget.value)}
    >
      {props.children}
    </select>
  );
}

function Previews(props: { pictures: readonly File[]; onRemove: (file: File) => void }) {
  return (
    <Show when={props.pictures.length > 0}>
      <div class="composer-preview">
        <For each={props.pictures}>
          {(file) => <Preview file={file} onRemove={() => props.onRemove(file)} />}
        </For>
      </div>
    </Show>
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
  );
}
