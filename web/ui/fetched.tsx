import { type Component, createSignal, Show } from 'solid-js';

/**
 * A component whose code is fetched when it is first shown; until then there is nothing of it. Unlike with `lazy`, nothing waits for
 * it: neither what stands around it, nor the change of the address that opened it. While such a change waits, one cannot go elsewhere,
 * and Solid forgets what a memo is to become as soon as all that read it were made anew: a document that was saved meanwhile kept a
 * dialog from ever opening. Code that could not be fetched is an error of what shows it, and is fetched anew the next time.
 */
export function fetched<P extends object>(load: () => Promise<{ default: Component<P> }>): Component<P> {
  let known: Component<P> | undefined;
  return (props) => {
    const [found, setFound] = createSignal(known);
    const [failure, setFailure] = createSignal<{ reason: unknown }>();
    if (!known)
      load().then(
        (chunk) => {
          known = chunk.default;
          setFound(() => chunk.default);
        },
        (reason: unknown) => setFailure({ reason }),
      );
    const component = () => {
      const failed = failure();
      if (failed) throw failed.reason;
      return found();
    };
    return (
      <Show when={component()} keyed>
        {(Found) => <Found {...props} />}
      </Show>
    );
  };
}
