import { For } from 'solid-js';
import { t } from '../i18n/translate.ts';
import { Dialog } from '../ui/dialog.tsx';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The list of keys, on `?`. */
export default function KeysDialog(props: { open: boolean; onClose: () => void }) {
  const mod = isMac ? '⌘' : 'Ctrl';
  const rows = (): [string, string[]][] => [
    [t('keys.help'), ['?']],
    [t('keys.go', { page: t('nav.home') }), ['G', 'H']],
    [t('keys.go', { page: t('nav.files') }), ['G', 'D']],
    [t('keys.go', { page: t('nav.feed') }), ['G', 'F']],
    [t('keys.go', { page: t('nav.people') }), ['G', 'P']],
    [t('keys.go', { page: t('nav.messages') }), ['G', 'M']],
    [t('keys.go', { page: t('nav.notices') }), ['G', 'N']],
    [t('keys.go', { page: t('nav.settings') }), ['G', 'S']],
    [t('keys.new'), [mod, 'Alt', 'N']],
    [t('keys.escape'), ['Esc']],
    [t('keys.toolbar'), ['Alt', 'F10']],
    [t('toolbar.bold'), [mod, 'B']],
    [t('toolbar.italic'), [mod, 'I']],
    [t('toolbar.code'), [mod, 'E']],
    [t('toolbar.heading1'), [mod, 'Alt', '1']],
    [t('toolbar.undo'), [mod, 'Z']],
  ];
  return (
    <Dialog
      open={props.open}
      title={t('keys.title')}
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
