import { createEffect, createSignal, on, Show } from 'solid-js';
import { t } from '../../i18n/copied/translate.ts';
import { t as tSpaces } from '../../i18n/spaces/translate.ts';
import { readOwnWords } from '../../state/copied.ts';
import { ownSpace, spaceName } from '../../state/spaces.ts';
import { standing } from '../../state/standing.ts';
import './claimants.css';
import { RemoveSpace } from './remove-space.tsx';

/** On a browser whose keys were used in two places: what happened, by what words it is known elsewhere, and what helps. */
export default function OwnKeys() {
  const [words, setWords] = createSignal<readonly string[]>();
  createEffect(
    on(standing, () => {
      readOwnWords().then(
        (known) => setWords(known),
        () => setWords(),
      ); // without them the text says what to do
    }),
  );
  const [removing, setRemoving] = createSignal(false);
  const name = () => spaceName(ownSpace(), (place) => tSpaces('spaces.unnamedAt', { place: String(place) }));
  return (
    <>
      <p>{t('own.what')}</p>
      <Show when={words()}>
        {(known) => (
          <p class="own-keys">
            {t('own.words')}{' '}
            <span class="key-words" lang="en" data-testid="own-words">
              {known().join(' ')}
            </span>
          </p>
        )}
      </Show>
      <p>{t('own.right')}</p>
      <p class="quiet-text">{t('own.alone')}</p>
      <p class="quiet-text">{t('own.copy')}</p>
      <button type="button" class="button own-remove" onClick={() => setRemoving(true)}>
        {t('own.remove')}
      </button>
      <Show when={removing()}>
        <RemoveSpace name={name()} onClose={() => setRemoving(false)} />
      </Show>
    </>
  );
}
