import { Plugin, NodeSelection } from 'prosemirror-state';
import { Show } from 'solid-js';
import { render } from 'solid-js/web';
import { t } from '../../../i18n/companions/translate.ts';
import { formatAgo } from '../../../i18n/translate.ts';
import { faceUrl } from '../../../state/faces.ts';
import { linkTarget } from '../../../state/linked.ts';
import { createPreview } from '../../../state/previews.ts';
import { people } from '../../../state/people.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { placePopup } from '../blocks/place-popup.ts';
import { nameOf } from './links.ts';

/** A pointer that only passes shows no card; one that goes over to the card keeps it. In milliseconds. */
const pauses = { hover: 400, leave: 250, press: 500 };
const TARGET = '[data-doc], [data-mention]';

/** A card about the document or person that the pointer rests on, that is pressed long, or that the caret chose. */
export function cards(): Plugin {
  return new Plugin({
    view(view) {
      const card = createCard(view.dom);
      const listeners = listenToPointer(view.dom, card);
      return {
        update(now) {
          const { selection } = now.state;
          const dom = selection instanceof NodeSelection ? view.nodeDOM(selection.from) : null;
          if (dom instanceof HTMLElement && dom.matches(TARGET) && now.hasFocus()) card.show(dom);
        },
        destroy() {
          listeners.abort();
          card.hide();
        },
      };
    },
  });
}

interface Card {
  show(target: HTMLElement): void;
  hide(): void;
  readonly element: HTMLElement;
}

function createCard(field: HTMLElement): Card {
  const element = document.createElement('div');
  element.className = 'companion-card';
  element.id = 'companion-card';
  element.setAttribute('role', 'tooltip');
  let remove: (() => void) | undefined;
  let described: HTMLElement | undefined;
  const onKey = (event: KeyboardEvent) => (event.key === 'Escape' ? hide() : undefined);
  const hide = () => {
    remove?.();
    remove = undefined;
    element.remove();
    described?.removeAttribute('aria-describedby');
    described = undefined;
    removeEventListener('scroll', hide, true);
    removeEventListener('keydown', onKey, true);
  };
  const show = (target: HTMLElement) => {
    if (described === target) return;
    hide();
    described = target;
    const { doc, mention } = target.dataset;
    remove = render(
      () => (doc === undefined ? <Person idTag={mention ?? ''} /> : <Linked id={doc} />),
      element,
    );
    field.parentElement?.append(element);
    target.setAttribute('aria-describedby', element.id);
    placePopup(element, target.getBoundingClientRect());
    addEventListener('scroll', hide, { capture: true, passive: true });
    addEventListener('keydown', onKey, true);
  };
  return { element, show, hide };
}

function listenToPointer(field: HTMLElement, card: Card): AbortController {
  const listeners = new AbortController();
  const { signal } = listeners;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (run: () => void, pause: number) => {
    clearTimeout(timer);
    timer = setTimeout(run, pause);
  };
  const targetOf = ({ target }: Event) => {
    const found = target instanceof Element ? target.closest(TARGET) : null;
    return found instanceof HTMLElement ? found : undefined;
  };
  const onOver = (event: PointerEvent) => {
    const target = targetOf(event);
    if (event.pointerType !== 'touch' && target) later(() => card.show(target), pauses.hover);
  };
  const onOut = (event: PointerEvent) => {
    if (event.pointerType !== 'touch' && targetOf(event)) later(card.hide, pauses.leave);
  };
  const onDown = (event: PointerEvent) => {
    card.hide();
    const target = event.pointerType === 'touch' ? targetOf(event) : undefined;
    if (target) later(() => card.show(target), pauses.press);
    else clearTimeout(timer);
  };
  field.addEventListener('pointerover', onOver, { signal });
  field.addEventListener('pointerout', onOut, { signal });
  field.addEventListener('pointerdown', onDown, { signal });
  field.addEventListener('pointerup', () => clearTimeout(timer), { signal });
  field.addEventListener('pointercancel', () => clearTimeout(timer), { signal });
  card.element.addEventListener('pointerenter', () => clearTimeout(timer), { signal });
  card.element.addEventListener('pointerleave', () => later(card.hide, pauses.leave), { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  return listeners;
}

function Linked(props: { id: string }) {
  const target = () => linkTarget(props.id);
  const preview = createPreview(() => target().row);
  return (
    <>
      <Show when={target().row} fallback={<p class="quiet-text">{t('link.goneNote')}</p>}>
        {(row) => (
          <>
            <p class="companion-title">{row().title.trim() || t('link.untitled')}</p>
            <Show when={preview()}>{(src) => <img class="companion-drawing" src={src()} alt="" />}</Show>
            <Show when={row().excerpt}>
              <p class="companion-excerpt">{row().excerpt}</p>
            </Show>
            <p class="quiet-text small">
              {target().state === 'trashed'
                ? t('link.trashedNote')
                : t('link.edited', { ago: formatAgo(row().edited, Date.now()) })}
            </p>
          </>
        )}
      </Show>
    </>
  );
}

function Person(props: { idTag: string }) {
  const known = () => people.people.find((person) => person.idTag === props.idTag);
  const standing = () => {
    const person = known();
    if (person?.connected === 'connected') return t('mention.connected');
    return person?.following === true ? t('mention.following') : undefined;
  };
  return (
    <div class="companion-person">
      <Avatar idTag={props.idTag} name={nameOf(props.idTag)} src={faceUrl(props.idTag)} />
      <div>
        <p class="companion-title">{nameOf(props.idTag)}</p>
        <p class="quiet-text small">{props.idTag}</p>
        <Show when={standing()}>{(words) => <p class="quiet-text small">{words()}</p>}</Show>
      </div>
    </div>
  );
}
