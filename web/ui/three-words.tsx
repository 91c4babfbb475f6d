import { For } from 'solid-js';
import './pairing.css';

/** The words that two devices show alike. They are English on both. */
export function ThreeWords(props: { label: string; words: readonly string[] }) {
  return (
    <ol role="list" class="three-words" aria-label={props.label} lang="en" translate="no" data-testid="words">
      <For each={props.words}>{(word) => <li>{word}</li>}</For>
    </ol>
  );
}
