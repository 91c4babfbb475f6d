import { A, useNavigate } from '@solidjs/router';
import Bell from 'lucide-solid/icons/bell';
import Folder from 'lucide-solid/icons/folder';
import House from 'lucide-solid/icons/house';
import MessageSquare from 'lucide-solid/icons/message-square';
import Newspaper from 'lucide-solid/icons/newspaper';
import Plus from 'lucide-solid/icons/plus';
import Settings from 'lucide-solid/icons/settings';
import Users from 'lucide-solid/icons/users';
import { lazy, Suspense, type Component, type JSX } from 'solid-js';
import { t } from '../i18n/translate.ts';
import { newDocument } from '../state/documents.ts';
import { identityState } from '../state/identity.ts';
import { setSidebar, sidebar, sidebarWidth } from '../state/preferences.ts';
import { unreadMessages, unreadNotices } from '../state/unread.ts';
import { Mark } from './mark.tsx';

const parts = () => import('./sidebar-parts.tsx');
const Documents = lazy(parts);
const NewMenu = lazy(() => parts().then((part) => ({ default: part.NewMenu })));

/** The pages and the latest documents, beside the content on wide screens. */
export function Sidebar() {
  const navigate = useNavigate();
  const name = () =>
    identityState.identity.kind === 'claimed' ? identityState.identity.idTag : t('app.name');
  return (
    <nav class="sidebar" aria-label={t('nav.main')}>
      <div class="sidebar-head">
        <Mark />
        <span class="sidebar-name">{name()}</span>
        <div class="search-slot" />
        <button
          type="button"
          class="icon-button"
          aria-label={t('nav.newDocument')}
          title={t('nav.newDocument')}
          onClick={() => navigate(newDocument())}
        >
          <Plus size={18} />
        </button>
        <Suspense fallback={<div class="new-slot" />}>
          <NewMenu />
        </Suspense>
      </div>
      <div class="sidebar-pages">
        <SidebarLink href="/home" icon={House} label={t('nav.home')} />
        <SidebarLink href="/files" icon={Folder} label={t('nav.files')} />
        <SidebarLink href="/feed" icon={Newspaper} label={t('nav.feed')} />
        <SidebarLink href="/people" icon={Users} label={t('nav.people')} />
        <SidebarLink
          href="/messages"
          icon={MessageSquare}
          label={t('nav.messages')}
          count={unreadMessages()}
        />
        <SidebarLink href="/notices" icon={Bell} label={t('nav.notices')} count={unreadNotices()} />
        <SidebarLink href="/settings" icon={Settings} label={t('nav.settings')} />
      </div>
      <Suspense fallback={<div class="sidebar-documents" />}>
        <Documents />
      </Suspense>
      <Resizer />
    </nav>
  );
}

function SidebarLink(props: {
  href: string;
  icon: Component<{ size?: number }>;
  label: string;
  count?: number;
}): JSX.Element {
  return (
    <A class="sidebar-link" href={props.href} activeClass="active" title={props.label}>
      {props.icon({ size: 16 })}
      <span>{props.label}</span>
      {props.count ? <b class="count">{props.count}</b> : undefined}
    </A>
  );
}

/** The edge of the sidebar: drag it, or focus it and use the arrows. */
function Resizer() {
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const handle = event.currentTarget;
    const rtl = getComputedStyle(handle).direction === 'rtl';
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (move) => setSidebar(rtl ? innerWidth - move.clientX : move.clientX);
    handle.onpointerup = handle.onpointercancel = () => (handle.onpointermove = null);
    event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -16, ArrowRight: 16, Home: -1000, End: 1000 }[event.key];
    if (step === undefined) return;
    setSidebar(sidebar() + (document.dir === 'rtl' ? -step : step));
    event.preventDefault();
  };
  return (
    <div
      class="sidebar-resizer"
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label={t('nav.resize')}
      aria-valuemin={sidebarWidth.min}
      aria-valuemax={sidebarWidth.max}
      aria-valuenow={sidebar()}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={() => setSidebar(sidebarWidth.normal)}
    />
  );
}
