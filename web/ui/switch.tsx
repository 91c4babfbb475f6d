import { createUniqueId, Show } from 'solid-js';

/** On or off, at once; a real checkbox underneath. */
export function Switch(props: {
  label: string;
  hint?: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}) {
  const hint = createUniqueId();
  return (
    <label class="switch">
      <span class="switch-words">
        <span class="label">{props.label}</span>
        <Show when={props.hint}>
          <span class="quiet-text small" id={hint}>
            {props.hint}
          </span>
        </Show>
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={props.checked}
        disabled={props.disabled}
        aria-label={props.label}
        aria-describedby={props.hint ? hint : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </label>
  );
}
