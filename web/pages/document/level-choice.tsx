import { For } from 'solid-js';
import type { ShareLevel } from '../../client/actions/shares.ts';
import { t } from '../../i18n/sharing/translate.ts';

const levels = ['read', 'comment', 'write'] as const;

/** What somebody may do with a document. */
export function LevelChoice(props: {
  label: string;
  level: ShareLevel | 'admin';
  disabled?: boolean;
  onLevel: (level: ShareLevel) => void;
}) {
  const shown = () => (props.level === 'admin' ? 'write' : props.level);
  const choose = (value: string) => {
    const level = levels.find((one) => one === value);
    if (level) props.onLevel(level);
  };
  return (
    <select
      class="input share-level"
      aria-label={props.label}
      disabled={props.disabled}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <For each={levels}>
        {(level) => (
          <option value={level} selected={level === shown()}>
            {t(`share.level.${level}`)}
          </option>
        )}
      </For>
    </select>
  );
}
