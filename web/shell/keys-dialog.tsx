import { For } from 'solid-js';
import { t as tHome } from '../i18n/home/translate.ts';
import { t } from '../i18n/translate.ts';
import { Dialog } from '../ui/dialog.tsx';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The list of keys, on `?`. */
export default function KeysDialog(props: { open: boolean; onClose: () => void }) {
  const mod = isMac ? '⌘' : 'Ctrl';
  const rows = (): [string, string[]][] => [
    [tHome('keys.help'), ['?']],
    [tHome('keys.go', { page: t('nav.home') }), ['G', 'H']],
    [tHome('keys.go', { page: t('nav.files') }), ['G', 'D']],
    [tHome('keys.go', { page: t('nav.feed') }), ['G', 'F']],
    [tHome('keys.go', { page: t('nav.people') }), ['G', 'P']],
    [tHome('keys.go', { page: t('nav.messages') }), ['G', 'M']],
    [tHome('keys.go', { page: t('nav.notices') }), ['G', 'N']],
    [tHome('keys.go', { page: t('nav.settings') }), ['G', 'S']],
    [tHome('keys.space'), ['G', '1 – 9']],
    [tHome('keys.new'), [mod, 'Alt', 'N']],
    [tHome('keys.escape'), ['Esc']],
    [tHome('keys.toolbar'), ['Alt', 'F10']],
    [t('toolbar.bold'), [mod, 'B']],
    [t('toolbar.italic'), [mod, 'I']],
    [t('toolbar.code'), [mod, 'E']],
    [t('toolbar.heading1'), [mod, 'Alt', '1']],
    [t('toolbar.undo'), [mod, 'Z']],
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
