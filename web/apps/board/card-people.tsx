import { For, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { identityState } from '../../state/identity.ts';
import { people } from '../../state/people.ts';
import { Avatar } from '../../ui/avatar.tsx';
import type { BoardState } from './board-state.ts';
import type { Card } from './model/board.ts';

/** Oneself, and who one knows or follows. */
export function knownPeople(): { idTag: string; name: string }[] {
  const { identity } = identityState;
  const own = identity.kind === 'claimed' ? [{ idTag: identity.idTag, name: identity.name }] : [];
  const others = people.people.filter(
    ({ following, connected, blocked }) => !blocked && (following || connected === 'connected'),
  );
  return [...own, ...others.map(({ idTag, name }) => ({ idTag, name }))];
}

/** Whose card it is. Who stands on it and is no contact here stays to be taken off. */
export function CardPeople(props: { card: Card; state: BoardState }) {
  const choices = () => {
    const known = knownPeople();
    const strangers = props.card.people.filter((person) => !known.some(({ idTag }) => idTag === person));
    return [...known, ...strangers.map((idTag) => ({ idTag, name: idTag }))];
  };
  return (
    <Show when={choices().length > 0}>
      <fieldset class="card-part">
        <legend class="label">{t('dialog.people')}</legend>
        <div class="card-choices">
          <For each={choices()}>
            {(person) => (
              <label class="card-person">
                <input
                  type="checkbox"
                  checked={props.card.people.includes(person.idTag)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked;
                    props.state.change((change) => change.setPerson(props.card.id, person.idTag, on));
                  }}
                />
                <Avatar idTag={person.idTag} name={person.name} src={faceUrl(person.idTag)} small />
                {person.name}
              </label>
            )}
          </For>
        </div>
      </fieldset>
    </Show>
  );
}
