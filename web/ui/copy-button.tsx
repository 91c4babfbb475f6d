import Check from 'lucide-solid/icons/check';
import Copy from 'lucide-solid/icons/copy';
import { createSignal, Show } from 'solid-js';

/** Puts `value` on the clipboard and says so for two seconds. */
export function CopyButton(props: {
  value: string;
  label: string;
  doneLabel: string;
  /** Only the sign; the words are its name. */
  compact?: boolean;
  onError: (error: unknown) => void;
}) {
  const [done, setDone] = createSignal(false);
  const words = () => (done() ? props.doneLabel : props.label);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.value);
      setDone(true);
      setTimeout(() => setDone(false), 2000);
    } catch (error) {
      props.onError(error);
    }
  };
  return (
    <button
      type="button"
      class={props.compact ? 'icon-button' : 'button'}
      aria-label={props.compact ? words() : undefined}
      title={props.compact ? words() : undefined}
      onClick={() => void copy()}
      aria-live="polite"
    >
      <Show when={done()} fallback={<Copy size={16} />}>
        <Check size={16} />
      </Show>
      {props.compact ? '' : words()}
    </button>
  );
}
