import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down';
import Plus from 'lucide-solid/icons/plus';
import SlidersHorizontal from 'lucide-solid/icons/sliders-horizontal';
import { Show } from 'solid-js';
import { render } from 'solid-js/web';
import { formatNumber } from '../i18n/translate.ts';
import { t } from '../i18n/spaces/translate.ts';
import { createFace } from '../state/space-faces.ts';
import {
  followSpaces,
  ownSpace,
  type Space,
  spaceName,
  spaces,
  startSpace,
  switchSpace,
} from '../state/spaces.ts';
import { showToast } from '../state/toasts.ts';
import { MenuButton, type MenuItem } from '../ui/menu.tsx';
import { SpaceFace } from '../ui/space-face.tsx';
import { isTyping } from './keys.ts';
import { Mark } from './mark.tsx';
import './space-menu.css';
import { markTab } from './space-sign.ts';

/** Puts the way to other spaces where the frame shows whose space this is, and binds `G` then a number. Call once. */
export function openSpaceMenu(): void {
  followSpaces(() => showToast(t('spaces.gone')));
  bindKeys();
  markTab(() => (spaces().length > 1 ? { name: nameOf(ownSpace()), space: ownSpace() } : undefined));
  const sidebar = document.querySelector('.sidebar-head');
  if (sidebar) render(() => <SpaceSwitch />, sidebar);
  // Before the tools that pages put at the end of the header.
  const slot = document.createElement('div');
  slot.className = 'header-space';
  document.querySelector('.header')?.lastElementChild?.before(slot);
  render(
    () => (
      <Show when={spaces().length > 1}>
        <PhoneSwitch />
      </Show>
    ),
    slot,
  );
}

function nameOf(space: Space): string {
  return spaceName(space, (place) => (place === 1 ? t('spaces.unnamed') : t('spaces.unnamedAt', { place })));
}

function SpaceSwitch() {
  return (
    <div class="space-switch">
      <MenuButton
        class="space-button"
        label={t('spaces.menu', { name: headName() })}
        align="start"
        items={items()}
      >
        <Show when={spaces().length > 1} fallback={<Mark />}>
          <Face space={ownSpace()} />
        </Show>
        <span>{headName()}</span>
        <ChevronsUpDown size={14} />
      </MenuButton>
    </div>
  );
}

/** While there is one space it is called as it always was. */
function headName(): string {
  const { name, idTag } = ownSpace();
  return spaces().length > 1 ? nameOf(ownSpace()) : name || idTag || 'Islet';
}

function PhoneSwitch() {
  return (
    <MenuButton label={t('spaces.menu', { name: nameOf(ownSpace()) })} items={items()}>
      <Face space={ownSpace()} />
    </MenuButton>
  );
}

function Face(props: { space: Space }) {
  const src = createFace(() => props.space);
  return <SpaceFace name={nameOf(props.space)} hue={props.space.hue} src={src()} />;
}

function items(): MenuItem[] {
  const rows = spaces().map((space) => ({
    label: rowLabel(space),
    icon: () => <Face space={space} />,
    run: () => switchSpace(space.id),
  }));
  return [
    ...(rows.length > 1 ? rows : []),
    { label: t('spaces.new'), icon: Plus, run: () => startSpace() },
    { label: t('spaces.settings'), icon: SlidersHorizontal, run: openSettings },
  ];
}

function rowLabel(space: Space): string {
  const name = nameOf(space);
  if (space.id === ownSpace().id) return `${name} · ${t('spaces.here')}`;
  return space.unread > 0 ? t('spaces.unread', { name, count: formatNumber(space.unread) }) : name;
}

/** As a link of the page would: the page stays, and the router goes there. */
function openSettings(): void {
  const link = document.createElement('a');
  link.href = '/settings#spaces';
  document.body.append(link);
  link.click();
  link.remove();
}

/** `G` then a number, as `G` then a letter goes to a page. */
function bindKeys(): void {
  let goUntil = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const to =
      /^[1-9]$/.test(event.key) && event.timeStamp < goUntil ? spaces()[Number(event.key) - 1] : undefined;
    goUntil = event.key.toLowerCase() === 'g' ? event.timeStamp + 1500 : 0;
    if (!to) return;
    event.preventDefault();
    switchSpace(to.id);
  });
}
