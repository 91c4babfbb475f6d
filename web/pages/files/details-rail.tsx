import { createSignal, onCleanup, Show } from 'solid-js';
import X from 'lucide-solid/icons/x';
import { t } from '../../i18n/files/translate.ts';
import type { FileItem } from '../../state/files.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Details } from './details.tsx';
import { type Look, wide } from './look.ts';

/** The details beside the list where there is room, else as a sheet over it. */
export function DetailsRail(props: { items: FileItem[]; look: Look }) {
  const [beside, setBeside] = createSignal(wide.matches);
  const onChange = () => setBeside(wide.matches);
  wide.addEventListener('change', onChange);
  onCleanup(() => wide.removeEventListener('change', onChange));
  const close = () => props.look.setDetails(false);
  return (
    <Show when={props.look.details()}>
      <Show
        when={beside()}
        fallback={
          <Dialog open title={t('files.details')} closeLabel={t('files.close')} onClose={close}>
            <Details items={props.items} />
          </Dialog>
        }
      >
        <aside class="files-rail" aria-label={t('files.details')}>
          <div class="rail-head">
            <h2>{t('files.details')}</h2>
            <button type="button" class="icon-button" aria-label={t('files.close')} onClick={close}>
              <X size={18} />
            </button>
          </div>
          <Details items={props.items} />
        </aside>
      </Show>
    </Show>
  );
}
