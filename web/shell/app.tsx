import { Route, Router } from '@solidjs/router';
import { lazy, onMount } from 'solid-js';
import '../apps/text/editor.css';
import { collectFiles } from '../apps/text/markdown/collect-files.ts';
import { DocumentPage } from '../pages/document/document-page.tsx';
import { setIndexSaved } from '../state/chip.ts';
import { deviceName } from '../pages/enrol/device-name.ts';
import { setRelaySync } from '../state/chip.ts';
import { dropFirstWords } from '../state/first-words.ts';
import { provideJoining } from '../state/joining.ts';
import { openText, provideText } from '../state/text-app.ts';
import { provideVerifyDialog } from '../state/verify-asked.ts';
import { Frame } from './frame.tsx';

provideText({
  text: () => import('./text-chunk.ts').then((chunk) => chunk.openTextApp()),
  preview: (id, element) => import('./text-chunk.ts').then((chunk) => chunk.showPreview(id, element)),
  import: () => import('./markdown-chunk.ts').then((chunk) => chunk.openImport()),
  collect: collectFiles,
});

/** Pages that are not in the first script; fetched when the browser is idle, so that going there is instant. */
const pages = {
  home: () => import('./home-chunk.tsx'),
  files: () => import('../pages/files/files-page.tsx'),
  feed: () => import('../pages/feed/feed-page.tsx'),
  people: () => import('../pages/people/people-page.tsx'),
  messages: () => import('../pages/messages/messages-page.tsx'),
  notices: () => import('../pages/notices/notices-page.tsx'),
  settings: () => import('../pages/settings/settings-page.tsx'),
  others: () => import('./other-pages.tsx'),
};

/** The way to other spaces of this browser comes with them. */
const loadSpaces = () => import('./space-menu.tsx').then((chunk) => chunk.openSpaceMenu());
const Home = lazy(pages.home);
const Files = lazy(pages.files);
const Feed = lazy(pages.feed);
const People = lazy(pages.people);
const Messages = lazy(pages.messages);
const Notices = lazy(pages.notices);
const Settings = lazy(pages.settings);
const Others = lazy(pages.others);

/** Keys, sync and actions: a chunk that nobody waits for who only writes. */
const loadAccount = () => import('../state/account.ts');

provideJoining(async () => {
  const { createJoining } = await loadAccount();
  return createJoining(() => deviceName(navigator.userAgent));
});

provideVerifyDialog(() => import('./verify-chunk.tsx').then((chunk) => chunk.showVerifyDialog()));

/** Speaks for the identity when this browser is enrolled; a failure is told where the words are. */
function resume(): void {
  loadAccount()
    .then(({ resumeAccount }) => resumeAccount())
    .catch((error: unknown) => {
      setRelaySync({ kind: 'attention', message: error instanceof Error ? error.message : String(error) });
    });
}

/** The whole interface. */
export function App() {
  if (!/^\/($|d\/)/.test(location.pathname)) dropFirstWords();
  openText().then(
    ({ documents }) => {
      documents.index.saved.subscribe(setIndexSaved);
      resume();
    },
    (error: unknown) =>
      setIndexSaved({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
  onMount(() => {
    const warm = () => void Promise.allSettled([loadSpaces, ...Object.values(pages)].map((load) => load()));
    if ('requestIdleCallback' in window) requestIdleCallback(warm, { timeout: 4000 });
    else setTimeout(warm, 2000);
  });
  return (
    <Router root={Frame}>
      <Route path={['/', '/d/:id']} component={DocumentPage} />
      <Route path="/home" component={Home} />
      <Route path="/files" component={Files} />
      <Route path="/feed" component={Feed} />
      <Route path="/people" component={People} />
      <Route path="/messages/:with?" component={Messages} />
      <Route path="/notices" component={Notices} />
      <Route path="/settings" component={Settings} />
      <Route path="*" component={Others} />
    </Router>
  );
}
