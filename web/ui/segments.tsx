import { createUniqueId, For } from 'solid-js';

/** A few exclusive choices side by side; real radio buttons underneath. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  choices: { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  const name = createUniqueId();
  return (
    <fieldset class="segments" aria-label={props.label}>
      <For each={props.choices}>
        {(choice) => (
          <label>
            <input
              class="visually-hidden"
              type="radio"
              name={name}
              checked={props.value === choice.value}
              onChange={() => props.onChange(choice.value)}
            />
            {choice.label}
          </label>
        )}
      </For>
    </fieldset>
  );
}
