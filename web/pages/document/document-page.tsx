import { useNavigate, useParams } from '@solidjs/router';
import { createEffect, createSignal, lazy, on, onCleanup, Show, Suspense } from 'solid-js';
import { t } from '../../i18n/translate.ts';
import { setDeviceSaved } from '../../state/chip.ts';
import {
  documentList,
  lastDocumentPath,
  newDocument,
  rememberLast,
  trashList,
} from '../../state/documents.ts';
import { adoptFirstWords, catchWords, takeWords } from '../../state/first-words.ts';
import { headerEnd, headerStart, setPageTitle } from '../../state/frame.ts';
import { identityState } from '../../state/identity.ts';
import { paletteOpen } from '../../state/palette.ts';
import { isCoarse } from '../../state/pointer.ts';
import { openText, previewText, type EditorSession } from '../../state/text-app.ts';
import { showToast } from '../../state/toasts.ts';
import { caretColor } from '../../ui/avatar.tsx';
import { fetched } from '../../ui/fetched.tsx';
import { Into } from '../../ui/page.tsx';
import { placeCaret, readArrival } from './arrival.ts';
import { restoreDocument } from './restore-document.ts';
import './document.css';

/** Needed only once the editor is there, which waits for none of them. */
const Toolbar = fetched(() => import('./toolbar.tsx'));
const DocumentMenu = fetched(() => import('./document-tools.tsx'));
const RoomNotice = lazy(() => import('./room-notice.tsx'));
const FirstStepsCard = lazy(() => import('./first-steps-card.tsx'));

/** One document. */
export function DocumentPage() {
  const params = useParams();
  const navigate = useNavigate();
  const [session, setSession] = createSignal<EditorSession>();
  const [failure, setFailure] = createSignal('');
  const id = () => params['id'];
  const row = () => documentList().find((one) => one.id === id());
  const trashed = () => trashList().find((one) => one.id === id());
  const title = () => (row() ?? trashed())?.title.trim() || t('document.untitled');
  let column: HTMLDivElement | undefined;
  // The first page takes keys and presses before any script runs; what was done on it does not concern the next.
  let first = document.getElementById('first-words') !== null;

  /** The palette gives the focus back, unless what had it was gone before the text was there. */
  const takeFocus = () => {
    if (document.activeElement === document.body && !isCoarse()) session()?.focus();
  };

  createEffect(
    on(id, (now) => {
      if (!now || now === 'new') return navigate(now ? newDocument() : lastDocumentPath(), { replace: true });
      rememberLast(now);
      const since = first ? 0 : performance.now();
      if (!first) catchWords();
      first = false;
      const host = document.createElement('div');
      column?.replaceChildren(host);
      const opened = openSession(now, host);
      let gone = false;
      let left = '';
      const ends: (() => void)[] = [];
      setFailure('');
      opened.then(
        async (ready) => {
          if (gone) {
            if (left !== '') ready.adopt(left);
            return ready.close();
          }
          ends.push(ready.watchSaved(setDeviceSaved), () => ready.close());
          setSession(ready);
          const { wentElsewhere, pressed } = readArrival(since);
          let typed = false;
          await adoptFirstWords((text, hadFocus) => {
            typed = text !== '';
            if (typed) ready.adopt(text);
            if (pressed || (hadFocus && typed) || (!isCoarse() && !wentElsewhere)) ready.focus();
          });
          if (pressed && !typed) placeCaret(host, pressed);
        },
        (error: unknown) => setFailure(error instanceof Error ? error.message : String(error)),
      );
      onCleanup(() => {
        gone = true;
        left = takeWords();
        setSession(undefined);
        setDeviceSaved(undefined);
        for (const end of ends) end();
      });
    }),
  );
  createEffect(on(paletteOpen, (open) => !open && queueMicrotask(takeFocus), { defer: true }));
  createEffect(() => setPageTitle(title()));
  createEffect(() => session()?.setUser(caretUser(id() ?? '', row()?.owner)));

  return (
    <>
      <h1 class="visually-hidden">{title()}</h1>
      <Into slot={headerStart()}>
        <Suspense>
          <Toolbar session={session()} />
        </Suspense>
      </Into>
      <Into slot={headerEnd()}>
        <Suspense>
          {/* Its dialogs are about one document, and go when another comes. */}
          <Show when={id()} keyed>
            {(now) => <DocumentMenu id={now} title={title()} row={row()} trashed={trashed() !== undefined} />}
          </Show>
        </Suspense>
      </Into>
      <div class="document">
        <Show when={trashed()}>
          {(inTrash) => (
            <p class="document-notice">
              {t('document.inTrash')}
              <button type="button" class="button" onClick={() => void restoreDocument(inTrash().id)}>
                {t('document.restore')}
              </button>
            </p>
          )}
        </Show>
        <Suspense>
          <Show when={row()?.owner}>{(owner) => <RoomNotice row={row()!} owner={owner()} />}</Show>
        </Suspense>
        <Show when={failure()}>
          <p class="document-notice error-text" role="alert">
            {t('document.failed', { message: failure() })}
          </p>
        </Show>
        <div class="document-column" ref={column} />
        <Suspense>
          <FirstStepsCard column={() => column} />
        </Suspense>
      </div>
    </>
  );
}

/** Who writes here: at somebody else's a person; on one's other devices carets are told apart by the device. */
function caretUser(id: string, owner?: string): { name: string; color: string } {
  const { identity, deviceId } = identityState;
  const name =
    identity.kind === 'claimed' ? (owner ? identity.name : identity.device) : t('settings.thisDevice');
  return { name, color: caretColor(deviceId ?? id) };
}

async function openSession(id: string, host: HTMLElement): Promise<EditorSession> {
  void previewText(id, host);
  const text = await openText();
  return text.openEditor(id, host, {
    user: caretUser(id),
    onEscape: () => document.getElementById('main')?.focus(),
    onError: (error) =>
      showToast(t('settings.failed', { message: error instanceof Error ? error.message : String(error) })),
    onToolbar: () => document.querySelector<HTMLElement>('.toolbar [tabindex="0"]')?.focus(),
  });
}
