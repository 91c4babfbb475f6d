import ImagePlus from 'lucide-solid/icons/image-plus';
import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import { t } from '../../i18n/files/translate.ts';
import { pictureUrl, setPicture } from '../../state/file-storage.ts';
import { identityState } from '../../state/identity.ts';
import { showToast } from '../../state/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { FilePicker } from '../../ui/file-picker.tsx';

type Which = 'profilePic' | 'coverPic';

/** The pictures of the identity: beside its name, and wide above it. Shown once the space has a name. */
export function PictureSection() {
  const id = createUniqueId();
  const claimed = () => (identityState.identity.kind === 'claimed' ? identityState.identity : undefined);
  const profile = pictureUrl('profilePic');
  const cover = pictureUrl('coverPic');
  return (
    <Show when={claimed()}>
      {(identity) => (
        <section class="settings-section" aria-labelledby={id}>
          <h2 id={id}>{t('pictures.title')}</h2>
          <div class="card settings-card">
            <PictureSetting which="profilePic" hint={t('pictures.profileHint')} set={profile() !== undefined}>
              <Avatar idTag={identity().idTag} name={identity().name} src={profile()} large />
            </PictureSetting>
            <PictureSetting which="coverPic" hint={t('pictures.coverHint')} set={cover() !== undefined}>
              <span class="cover-picture">
                <Show when={cover()}>{(src) => <img src={src()} alt="" />}</Show>
              </span>
            </PictureSetting>
          </div>
        </section>
      )}
    </Show>
  );
}

function PictureSetting(props: { which: Which; hint: string; set: boolean; children: JSX.Element }) {
  const [busy, setBusy] = createSignal(false);
  const label = () => t(`pictures.${props.which}`);
  const change = async (file: File | null) => {
    setBusy(true);
    try {
      await setPicture(props.which, file);
      showToast(t(file ? 'pictures.saved' : 'pictures.removed'));
    } catch (error) {
      const away = error instanceof Error && error.name === 'RelayUnreachable';
      showToast(away ? t('pictures.away') : t('files.failed', { message: String(error) }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="setting">
      <span class="picture-setting">
        {props.children}
        <span class="storage-part">
          <span class="label">{label()}</span>
          <span class="quiet-text small">{props.hint}</span>
        </span>
      </span>
      <span class="picture-buttons">
        <FilePicker
          class="button"
          label={`${t('pictures.pick')} – ${label()}`}
          accept="image/*"
          testId={`pick-${props.which}`}
          disabled={busy()}
          onPick={([file]) => file && void change(file)}
        >
          <ImagePlus size={16} />
          {t('pictures.pick')}
        </FilePicker>
        <Show when={props.set}>
          <button
            type="button"
            class="button"
            disabled={busy()}
            aria-label={`${t('pictures.remove')} – ${label()}`}
            onClick={() => void change(null)}
          >
            {t('pictures.remove')}
          </button>
        </Show>
      </span>
    </div>
  );
}
