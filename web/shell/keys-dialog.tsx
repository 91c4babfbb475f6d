import { createUniqueId, For, Show } from 'solid-js';
import { t as tHome } from '../i18n/home/translate.ts';
import { t as tKeys } from '../i18n/keys/translate.ts';
import { t } from '../i18n/translate.ts';
import { Dialog } from '../ui/dialog.tsx';
import { type KeyGroup, listKeys } from './key-list.ts';
import './keys-dialog.css';

/** The list of keys, on `?`. */
export default function KeysDialog(props: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={props.open}
      title={tHome('keys.title')}
      closeLabel={t('keys.close')}
      onClose={() => props.onClose()}
    >
      <div class="key-groups">
        <For each={listKeys()}>{(group) => <Group group={group} />}</For>
      </div>
    </Dialog>
  );
}

function Group(props: { group: KeyGroup }) {
  const heading = createUniqueId();
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading}>{tKeys(`keys.${props.group.id}`)}</h3>
      <dl class="keys">
        <For each={props.group.lines}>
          {({ label, ways }) => (
            <div>
              <dt>{label}</dt>
              <dd>
                <For each={ways}>
                  {(keys, at) => (
                    <>
                      <Show when={at() > 0}>
                        <span class="visually-hidden"> {tKeys('keys.or')} </span>
                      </Show>
                      <span class="key-way">
                        <For each={keys}>{(key) => <kbd>{key}</kbd>}</For>
                      </span>
                    </>
                  )}
                </For>
              </dd>
            </div>
          )}
        </For>
      </dl>
    </section>
  );
}
