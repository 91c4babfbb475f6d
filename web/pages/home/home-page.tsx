import { useNavigate } from '@solidjs/router';
import Import from 'lucide-solid/icons/import';
import PenLine from 'lucide-solid/icons/pen-line';
import { createSignal, Show } from 'solid-js';
import { t as tHome } from '../../i18n/home/translate.ts';
import { t } from '../../i18n/translate.ts';
import { documentList, newDocument, trashList } from '../../state/documents.ts';
import { importDropped, importFileList } from '../../state/importing.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FileInput } from '../../ui/file-picker.tsx';
import { MenuButton } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { DocumentList } from './document-list.tsx';
import './home.css';
import { ImportPanel } from './import-panel.tsx';
import { Trash } from './trash.tsx';
import { Welcome } from './welcome.tsx';

/** What was written last, how to bring in more, and the first steps. */
export default function HomePage() {
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
      <Page title={tHome('home.title')} tools={<ImportButton />}>
        <ImportPanel />
        <Welcome />
        <Show
          when={documentList().length > 0}
          fallback={
            <EmptyState icon={PenLine} text={tHome('home.empty')}>
              <button type="button" class="button primary" onClick={() => navigate(newDocument())}>
                {t('nav.newDocument')}
              </button>
            </EmptyState>
          }
        >
          <DocumentList title={tHome('home.recent')} rows={documentList()} />
        </Show>
        <Show when={trashList().length > 0}>
          <Trash />
        </Show>
      </Page>
      <div class="home-drop" aria-hidden="true">
        <Import size={28} />
        {tHome('home.drop')}
      </div>
    </div>
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
        accept=".md,.markdown,.txt,text/markdown,text/plain"
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
