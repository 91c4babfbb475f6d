import { For } from 'solid-js';
import { t as tHome } from '../i18n/home/translate.ts';
import { t as tSearch } from '../i18n/search/translate.ts';
import { t } from '../i18n/translate.ts';
import { Dialog } from '../ui/dialog.tsx';
import { keyNames, keysOfPlace, places } from './keys.ts';
import { placeName } from './place-names.ts';

/** The list of keys, on `?`. */
export default function KeysDialog(props: { open: boolean; onClose: () => void }) {
  const rows = (): [string, readonly string[]][] => [
    [tHome('keys.help'), keyNames.help],
    [tSearch('search.title'), keyNames.search],
    ...Object.values(places).map((place): [string, string[]] => [
      tHome('keys.go', { page: placeName(place) }),
      keysOfPlace(place),
    ]),
    [tHome('keys.space'), keyNames.space],
    [tHome('keys.new'), keyNames.newDocument],
    [tHome('keys.escape'), keyNames.escape],
    [tHome('keys.toolbar'), keyNames.toolbar],
    [t('toolbar.bold'), keyNames.bold],
    [t('toolbar.italic'), keyNames.italic],
    [t('toolbar.code'), keyNames.code],
    [t('toolbar.heading1'), keyNames.heading1],
    [t('toolbar.undo'), keyNames.undo],
  ];
  return (
    <Dialog
      open={props.open}
      title={tHome('keys.title')}
      closeLabel={t('keys.close')}
      onClose={() => props.onClose()}
    >
      <dl class="keys">
        <For each={rows()}>
          {([label, keys]) => (
            <div>
              <dt>{label}</dt>
              <dd>
                <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </Dialog>
  );
}
