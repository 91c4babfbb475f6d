import { A } from '@solidjs/router';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { isDocumentType } from '../client/documents/find-entries.ts';
import type { DocumentRow } from '../client/store/database.ts';
import { t as library } from '../i18n/library/translate.ts';
import { t } from '../i18n/translate.ts';
import { documentList } from '../state/documents.ts';
import { carriesEntries, draggedIds, dragEntries } from '../state/dragged.ts';
import { favourites } from '../state/library.ts';
import { TypeIcon } from '../ui/type-icon.tsx';
import './sidebar-parts.css';

export { NewMenu } from '../pages/files/new-menu.tsx';

/** More rows than this are reached from Home: the sidebar stays quick with thousands of documents. */
const shown = 100;

/** The favourites, and the documents that were written last. They can be dragged, and dropped on folders. */
export default function SidebarDocuments() {
  const heading = createUniqueId();
  return (
    <div class="sidebar-documents">
      <Show when={favourites().length > 0}>
        <nav aria-labelledby={heading}>
          <h2 id={heading}>{library('library.favourites')}</h2>
          <ul role="list">
            <For each={favourites()}>{(row) => <Entry row={row} />}</For>
          </ul>
        </nav>
      </Show>
      <nav aria-label={t('nav.documents')}>
        <h2>{t('nav.documents')}</h2>
        <Show when={documentList().length > 0} fallback={<p class="sidebar-none">{t('nav.noDocuments')}</p>}>
          <ul role="list">
            <For each={documentList().slice(0, shown)}>{(row) => <Entry row={row} />}</For>
          </ul>
          <Show when={documentList().length > shown}>
            <A class="sidebar-more" href="/home">
              {t('home.showAll', { count: documentList().length })}
            </A>
          </Show>
        </Show>
      </nav>
    </div>
  );
}

function Entry(props: { row: DocumentRow }) {
  const [over, setOver] = createSignal(false);
  const isFolder = () => props.row.type === 'folder';
  const title = () => props.row.title.trim() || t('document.untitled');
  const onDrop = async (event: DragEvent) => {
    setOver(false);
    const ids = draggedIds(event);
    if (!isFolder() || ids.length === 0) return;
    event.preventDefault();
    const { move } = await import('../pages/files/operations.ts');
    await move(ids, props.row.id);
  };
  return (
    <li
      data-over={over() ? '' : undefined}
      onDragStart={(event) => dragEntries(event, [props.row.id])}
      onDragOver={(event) => {
        if (!isFolder() || !carriesEntries(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void onDrop(event)}
    >
      <Show
        when={isDocumentType(props.row.type)}
        fallback={
          // Its address has the path of all files: it is not the page because of that.
          <a class="sidebar-link" href={pathOf(props.row)} title={title()}>
            <TypeIcon type={props.row.type} size={16} />
            <span>{title()}</span>
          </a>
        }
      >
        <A class="sidebar-link" href={pathOf(props.row)} activeClass="active" title={title()}>
          <TypeIcon type={props.row.type} size={16} />
          <span>{title()}</span>
        </A>
      </Show>
    </li>
  );
}

/** Where an entry is shown. */
function pathOf({ id, type, parent }: DocumentRow): string {
  if (type === 'folder') return `/files?in=${id}`;
  return isDocumentType(type) ? `/d/${id}` : `/files?in=${parent}&open=${id}`;
}
