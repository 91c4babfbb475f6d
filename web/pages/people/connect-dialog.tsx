import { createSignal, createUniqueId } from 'solid-js';
import { t } from '../../i18n/social/translate.ts';
import { attempt } from '../../state/attempt.ts';
import type { PeopleSource } from '../../state/people.ts';
import { Dialog } from '../../ui/dialog.tsx';

/** Asks somebody to be connected, with words of one's own. */
export function ConnectDialog(props: {
  idTag: string;
  name: string;
  source: PeopleSource;
  onClose: () => void;
}) {
  const [words, setWords] = createSignal('');
  const id = createUniqueId();
  const ask = async () => {
    if (await attempt(props.source.connect(props.idTag, words().trim()))) props.onClose();
  };
  return (
    <Dialog
      open
      title={t('people.connectWith', { name: props.name })}
      closeLabel={t('people.cancel')}
      onClose={() => props.onClose()}
    >
      <form
        class="connect-form"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <p class="quiet-text">{t('people.connectHint')}</p>
        <div class="field">
          <label for={id}>{t('people.words')}</label>
          <textarea
            id={id}
            class="input"
            maxlength={500}
            value={words()}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button primary">
          {t('people.ask')}
        </button>
      </form>
    </Dialog>
  );
}
