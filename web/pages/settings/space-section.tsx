import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, createUniqueId, For, onMount, Show } from 'solid-js';
import { t } from '../../i18n/spaces/translate.ts';
import { createFace } from '../../state/space-faces.ts';
import {
  describeSpace,
  ownSpace,
  type Space,
  spaceName,
  spaces,
  startSpace,
  switchSpace,
} from '../../state/spaces.ts';
import { SpaceFace } from '../../ui/space-face.tsx';
import { RemoveSpace } from './remove-space.tsx';
import './space-section.css';

const hues = [15, 55, 95, 145, 195, 245, 295, 340];

/** The spaces of this browser: going there, a new one, and what the one of this page is called. */
export default function SpaceSection() {
  const id = createUniqueId();
  const [removing, setRemoving] = createSignal(false);
  let section: HTMLElement | undefined;
  onMount(() => location.hash === '#spaces' && section?.scrollIntoView());
  return (
    <section ref={section} class="settings-section" id="spaces" aria-labelledby={id}>
      <h2 id={id}>{t('spaces.title')}</h2>
      <div class="card settings-card">
        <p class="quiet-text">{t('spaces.text')}</p>
        <ul role="list" class="spaces">
          <For each={spaces()}>{(space) => <SpaceLine space={space} />}</For>
        </ul>
        <NameField />
        <ColourField />
        <div class="space-buttons">
          <button type="button" class="button" onClick={() => startSpace()}>
            <Plus size={16} />
            {t('spaces.new')}
          </button>
          <A class="button" href="/handover">
            {t('spaces.handover')}
          </A>
          <button type="button" class="button" onClick={() => setRemoving(true)}>
            {t('spaces.remove')}
          </button>
        </div>
      </div>
      <Show when={removing()}>
        <RemoveSpace name={nameOf(ownSpace())} onClose={() => setRemoving(false)} />
      </Show>
    </section>
  );
}

function nameOf(space: Space): string {
  return spaceName(space, (place) => (place === 1 ? t('spaces.unnamed') : t('spaces.unnamedAt', { place })));
}

function SpaceLine(props: { space: Space }) {
  const isOwn = () => props.space.id === ownSpace().id;
  const space = () => (isOwn() ? ownSpace() : props.space);
  const src = createFace(space);
  const name = () => nameOf(space());
  return (
    <li class="space-line">
      <SpaceFace name={name()} hue={space().hue} src={src()} />
      <span class="space-who">
        <span class="label">
          {name()}
          <Show when={isOwn()}>
            <span class="badge">{t('spaces.here')}</span>
          </Show>
        </span>
        <Show when={space().name && space().idTag}>
          {(idTag) => <span class="quiet-text small">{idTag()}</span>}
        </Show>
      </span>
      <Show when={!isOwn()}>
        <button
          type="button"
          class="button"
          aria-label={t('spaces.goTo', { name: name() })}
          onClick={() => switchSpace(props.space.id)}
        >
          {t('spaces.go')}
        </button>
      </Show>
    </li>
  );
}

function NameField() {
  const id = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{t('spaces.name')}</label>
      <input
        id={id}
        class="input"
        maxlength="40"
        value={ownSpace().name}
        placeholder={nameOf({ ...ownSpace(), name: '' })}
        onChange={(event) => describeSpace({ name: event.currentTarget.value.trim() })}
      />
      <p class="quiet-text small">{t('spaces.nameText')}</p>
    </div>
  );
}

function ColourField() {
  const group = createUniqueId();
  const choices = () => [undefined, ...hues];
  const label = (at: number) => (at === 0 ? t('spaces.colour.auto') : t('spaces.colour.at', { place: at }));
  return (
    <fieldset class="space-colours">
      <legend class="label">{t('spaces.colour')}</legend>
      <For each={choices()}>
        {(hue, at) => (
          <label title={label(at())}>
            <input
              class="visually-hidden"
              type="radio"
              name={group}
              aria-label={label(at())}
              checked={ownSpace().hue === hue}
              onChange={() => describeSpace({ hue })}
            />
            <SpaceFace name={nameOf(ownSpace())} hue={hue} />
          </label>
        )}
      </For>
    </fieldset>
  );
}
