import { createUniqueId } from 'solid-js';
import { t } from '../../i18n/ways/translate.ts';

/** What this device is to be called. */
export function DeviceName(props: { value: string; onInput: (name: string) => void }) {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{t('door.device')}</label>
      <input
        id={id}
        class="input"
        maxlength={60}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}
