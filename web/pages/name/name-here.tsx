import { createResource, createSignal, createUniqueId, Show } from 'solid-js';
import { isIdTag } from '../../../shared/identity/id-tag.ts';
import { t } from '../../i18n/names/translate.ts';
import { type Naming, refusalOfName } from '../../state/names.ts';

/** Milliseconds without a key before the relay is asked. */
const pause = 300;

/** A name under that of the relay. */
export function NameHere(props: { naming: Naming; busy: boolean; onTake: (idTag: string) => void }) {
  const id = createUniqueId();
  const [text, setText] = createSignal('');
  const idTag = () => `${text().trim().toLowerCase()}.${props.naming.relay.domain}`;
  const isName = () => text().trim() !== '' && isIdTag(idTag());
  const [refusal] = createResource(
    () => (isName() ? idTag() : undefined),
    async (asked) => {
      await new Promise((resolve) => setTimeout(resolve, pause));
      return { asked, reason: asked === idTag() ? await refusalOfName(props.naming, asked) : undefined };
    },
  );
  const answer = () => (refusal.state === 'ready' && refusal().asked === idTag() ? refusal() : undefined);
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isName() && !props.busy) props.onTake(idTag());
      }}
    >
      <div class="field">
        <label for={id}>{t('name.label')}</label>
        <div class="name-field">
          <input
            id={id}
            class="input"
            maxlength={30}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <span class="name-suffix">.{props.naming.relay.domain}</span>
        </div>
        <p class="small quiet-text" role="status">
          <Show when={isName() && answer()}>
            {(known) => (
              <Show
                when={known().reason === undefined}
                fallback={<span class="error-text">{t('name.taken', { reason: known().reason ?? '' })}</span>}
              >
                {t('name.full', { idTag: idTag() })} {t('name.free')}
              </Show>
            )}
          </Show>
        </p>
      </div>
      <button
        type="submit"
        class="button primary"
        disabled={!isName() || props.busy || answer()?.reason !== undefined}
      >
        {t(props.busy ? 'name.taking' : 'name.take')}
      </button>
    </form>
  );
}
