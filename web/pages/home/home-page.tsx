import { A, useNavigate, useSearchParams } from '@solidjs/router';
import Import from 'lucide-solid/icons/import';
import PenLine from 'lucide-solid/icons/pen-line';
import Trash from 'lucide-solid/icons/trash';
import { type Component, createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import { t as tHome } from '../../i18n/home/translate.ts';
import { t as library } from '../../i18n/library/translate.ts';
import { t, tCount } from '../../i18n/translate.ts';
import { documentList, newDocument, trashList } from '../../state/documents.ts';
import { importDropped, importFileList } from '../../state/importing.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FileInput } from '../../ui/file-picker.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { DocumentList } from './document-list.tsx';
import './home.css';
import { ImportPanel } from './import-panel.tsx';
import { Welcome } from './welcome.tsx';

/** What Home shows: what was written last, the favourites, or everything in its folders. */
const sights = ['recent', 'favourites', 'all'] as const;
type Sight = (typeof sights)[number];

/** What was written last, how to bring in more, the first steps, and the library that it is given. */
export function HomePage(props: {
  library: Component<{ favourites: boolean }>;
  newMenu: Component<{ parent: string; wide: boolean }>;
}) {
  const [params, setParams] = useSearchParams<{ in?: string; show?: string }>();
  const sight = (): Sight =>
    params.in === undefined ? (sights.find((each) => each === params.show) ?? 'recent') : 'all';
  const see = (next: Sight) =>
    setParams({ in: undefined, show: next === 'recent' ? undefined : next }, { scroll: false });
  const navigate = useNavigate();
  const [over, setOver] = createSignal(0);
  const drop = (event: DragEvent) => {
    setOver(0);
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    void importDropped(event.dataTransfer);
  };
  return (
    <div
      class="home"
      data-over={over() > 0 ? '' : undefined}
      onDragEnter={() => setOver(over() + 1)}
      onDragLeave={() => setOver(Math.max(0, over() - 1))}
      onDragOver={(event) => event.dataTransfer?.types.includes('Files') && event.preventDefault()}
      onDrop={drop}
    >
      <Page
        title={tHome('home.title')}
        tools={
          <div class="home-tools">
            <ImportButton />
            <props.newMenu parent={params.in ?? ''} wide />
          </div>
        }
      >
        <ImportPanel />
        <Show when={sight() === 'recent'}>
          <Welcome />
        </Show>
        <Sights sight={sight()} onSee={see} />
        <Switch fallback={<props.library favourites={sight() === 'favourites'} />}>
          <Match when={sight() === 'recent' && documentList().length > 0}>
            <DocumentList title={tHome('home.recent')} rows={documentList()} />
          </Match>
          <Match when={sight() === 'recent'}>
            <EmptyState icon={PenLine} text={tHome('home.empty')}>
              <button type="button" class="button primary" onClick={() => navigate(newDocument())}>
                {t('nav.newDocument')}
              </button>
            </EmptyState>
          </Match>
        </Switch>
        <TrashLink />
      </Page>
      <div class="home-drop" aria-hidden="true">
        <Import size={28} />
        {tHome('home.drop')}
      </div>
    </div>
  );
}

function Sights(props: { sight: Sight; onSee: (sight: Sight) => void }): JSX.Element {
  return (
    <div class="home-sights">
      <Segments
        label={library('library.show')}
        value={props.sight}
        choices={sights.map((value) => ({ value, label: library(`library.${value}`) }))}
        onChange={(sight) => props.onSee(sight)}
      />
    </div>
  );
}

/** What was thrown away lies with everything else that was. */
function TrashLink() {
  return (
    <Show when={trashList().length > 0}>
      <A class="home-trash" href="/files?in=trash">
        <Trash size={16} />
        {library('library.toTrash')}
        <span class="quiet-text small">{tCount('home.count', trashList().length)}</span>
      </A>
    </Show>
  );
}

function ImportButton() {
  let files: HTMLInputElement | undefined;
  let folder: HTMLInputElement | undefined;
  return (
    <div class="import-button">
      <span class="import-hint quiet-text small">{tHome('home.importHint')}</span>
      <MenuButton
        class="button"
        label={tHome('home.import')}
        items={[
          { label: tHome('home.importFiles'), run: () => files?.click() },
          { label: tHome('home.importFolder'), run: () => folder?.click() },
        ]}
      >
        <Import size={16} />
        {tHome('home.import')}
      </MenuButton>
      <FileInput
        ref={(input) => (files = input)}
        multiple
        accept=".md,.markdown,.txt,.html,.htm,.docx,.csv,.zip,text/markdown,text/plain,text/html,application/zip"
        testId="import-files"
        onPick={(list) => void importFileList(list)}
      />
      <FileInput
        ref={(input) => (folder = input)}
        multiple
        folder
        testId="import-folder"
        onPick={(list) => void importFileList(list)}
      />
    </div>
  );
}
