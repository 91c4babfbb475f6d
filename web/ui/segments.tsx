import { type Component, createUniqueId, For } from 'solid-js';

/** A few exclusive choices side by side; real radio buttons underneath. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  /** With a sign, the word is hidden where the style sheet says so. */
  choices: { value: T; label: string; icon?: Component<{ size?: number }> }[];
  onChange: (value: T) => void;
}) {
  const name = createUniqueId();
  return (
    <fieldset class="segments" aria-label={props.label}>
      <For each={props.choices}>
        {(choice) => (
          <label title={choice.icon && choice.label}>
            <input
              class="visually-hidden"
              type="radio"
              name={name}
              checked={props.value === choice.value}
              onChange={() => props.onChange(choice.value)}
            />
            {choice.icon?.({ size: 18 })}
            <span>{choice.label}</span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
