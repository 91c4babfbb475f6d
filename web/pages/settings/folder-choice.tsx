import { createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/ways/translate.ts';
import { listFolders } from '../../state/one-folder.ts';

export interface ChosenFolder {
  readonly folder: string;
  readonly write: boolean;
}

/** Which folder a device is to have, and whether it changes it. */
export function FolderChoice(props: { value: ChosenFolder; onChange: (value: ChosenFolder) => void }) {
  const folderId = createUniqueId();
  const mayId = createUniqueId();
  return (
    <Show when={listFolders().length > 0} fallback={<p role="alert">{t('pair.noFolder')}</p>}>
      <div class="field">
        <label for={folderId}>{t('pair.folder')}</label>
        <select
          id={folderId}
          class="input"
          onChange={(event) => props.onChange({ ...props.value, folder: event.currentTarget.value })}
        >
          <For each={listFolders()}>
            {({ id, way }) => (
              <option value={id} selected={id === props.value.folder}>
                {way.join(' › ')}
              </option>
            )}
          </For>
        </select>
      </div>
      <div class="field">
        <label for={mayId}>{t('pair.folderMay')}</label>
        <select
          id={mayId}
          class="input"
          onChange={(event) =>
            props.onChange({ ...props.value, write: event.currentTarget.value === 'write' })
          }
        >
          <option value="write" selected={props.value.write}>
            {t('pair.folderWrite')}
          </option>
          <option value="read" selected={!props.value.write}>
            {t('pair.folderRead')}
          </option>
        </select>
      </div>
    </Show>
  );
}
