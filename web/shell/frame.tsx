import { A, useLocation, type RouteSectionProps } from '@solidjs/router';
import SettingsIcon from 'lucide-solid/icons/settings';
import { ErrorBoundary, lazy, onCleanup, Show, Suspense } from 'solid-js';
import { t } from '../i18n/translate.ts';
import { setHeaderEnd, setHeaderStart } from '../state/frame.ts';
import { bindPaletteKeys } from '../state/palette.ts';
import { BottomBar } from './bottom-bar.tsx';
import { Sidebar } from './sidebar.tsx';
import { SyncChip } from './sync-chip.tsx';
import { Toasts } from './toasts.tsx';
import { followKeyboard } from './viewport.ts';

const Keyboard = lazy(() => import('./keyboard.tsx'));

/** What stands around every page: sidebar or bottom bar, the header with the chip, messages. */
export function Frame(props: RouteSectionProps) {
  const location = useLocation();
  const onDocument = () => /^\/(d\/|$)/.test(location.pathname);
  onCleanup(followKeyboard());
  onCleanup(bindPaletteKeys());
  return (
    <>
      <a class="skip" href="#main" onClick={focusMain}>
        {t('app.skip')}
      </a>
      <div class="frame" data-document={onDocument() ? '' : undefined}>
        <Sidebar />
        <div class="pane">
          <header class="header">
            <div class="header-start" ref={setHeaderStart} />
            <SyncChip />
            <div class="search-slot" />
            <Show when={!onDocument()}>
              <A class="icon-button header-settings" href="/settings" aria-label={t('nav.settings')}>
                <SettingsIcon size={20} />
              </A>
            </Show>
            <div ref={setHeaderEnd} />
          </header>
          <main id="main" tabindex="-1">
            <ErrorBoundary fallback={(error) => <Broken error={error} />}>
              <Suspense>{props.children}</Suspense>
            </ErrorBoundary>
          </main>
        </div>
        <BottomBar />
      </div>
      <Suspense>
        <Keyboard />
      </Suspense>
      <Toasts />
    </>
  );
}

function focusMain(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** A page that failed says why, and the frame around it goes on. */
function Broken(props: { error: unknown }) {
  return (
    <div class="page" role="alert">
      <h1>{t('app.failed.title')}</h1>
      <p class="quiet-text">{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      <p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t('app.failed.reload')}
        </button>
      </p>
    </div>
  );
}
