import Ellipsis from 'lucide-solid/icons/ellipsis';
import Redo2 from 'lucide-solid/icons/redo-2';
import Undo2 from 'lucide-solid/icons/undo-2';
import { createMemo, For, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import { formatNumber, plural } from '../../i18n/translate.ts';
import { saveFile } from '../../state/save-file.ts';
import { noteExported } from '../../state/where.ts';
import { showToast } from '../../state/toasts.ts';
import { FileInput } from '../../ui/file-picker.tsx';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import type { BoardState } from './board-state.ts';
import { knownPeople } from './card-people.tsx';
import { boardToCsv, csvToBoard } from './model/csv.ts';
import { boardToMarkdown, markdownToBoard } from './model/markdown.ts';

/** Name, filter, undo, and files in and out. */
export function BoardTools(props: { state: BoardState }) {
  let picker: HTMLInputElement | undefined;
  const { app, setFilter } = props.state;
  const items = (): MenuItem[] => [
    { label: t('board.exportMarkdown'), run: () => exportMarkdown(props.state) },
    { label: t('board.exportCsv'), run: () => exportCsv(props.state) },
    ...(app.writable() ? [{ label: t('board.import'), run: () => picker?.click() }] : []),
  ];
  return (
    <div class="board-head">
      <input
        class="input bare board-title"
        aria-label={t('board.title')}
        placeholder={t('board.title')}
        value={app.title()}
        readonly={!app.writable()}
        onChange={(event) => app.setTitle(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <div class="board-tools">
        <input
          class="input board-filter"
          type="search"
          aria-label={t('board.filter')}
          placeholder={t('board.filter')}
          onInput={(event) => setFilter({ words: event.currentTarget.value })}
        />
        <Filters state={props.state} />
        <Show when={app.writable()}>
          <button
            type="button"
            class="icon-button"
            aria-label={t('board.undo')}
            title={t('board.undo')}
            disabled={!app.canUndo()}
            onClick={() => app.undo()}
          >
            <Undo2 size={17} />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={t('board.redo')}
            title={t('board.redo')}
            disabled={!app.canRedo()}
            onClick={() => app.redo()}
          >
            <Redo2 size={17} />
          </button>
        </Show>
        <MenuButton label={t('board.more')} items={items()}>
          <Ellipsis size={18} />
        </MenuButton>
        <FileInput
          ref={(input) => (picker = input)}
          accept=".md,.markdown,.txt,.csv,text/markdown,text/csv"
          testId="board-file"
          onPick={([file]) => file && importFile(file, props.state).catch(app.onError)}
        />
      </div>
    </div>
  );
}

/** Filters for who and what is on the board. */
function Filters(props: { state: BoardState }) {
  const { board, filter, setFilter } = props.state;
  const names = () => new Map(knownPeople().map(({ idTag, name }) => [idTag, name]));
  const persons = createMemo(() =>
    [...new Set(board.columns.flatMap(({ cards }) => cards.flatMap(({ people }) => people)))].sort(),
  );
  return (
    <>
      <Show when={persons().length > 0}>
        <select
          class="input board-choice"
          aria-label={t('board.filterPerson')}
          onChange={(event) => setFilter({ person: event.currentTarget.value })}
        >
          <option value="">{t('board.anyone')}</option>
          <For each={persons()}>
            {(person) => (
              <option value={person} selected={person === filter.person}>
                {names().get(person) ?? person}
              </option>
            )}
          </For>
        </select>
      </Show>
      <Show when={board.labels.length > 0}>
        <select
          class="input board-choice"
          aria-label={t('board.filterLabel')}
          onChange={(event) => setFilter({ label: event.currentTarget.value })}
        >
          <option value="">{t('board.anyLabel')}</option>
          <For each={board.labels}>
            {(label) => (
              <option value={label.id} selected={label.id === filter.label}>
                {label.name}
              </option>
            )}
          </For>
        </select>
      </Show>
    </>
  );
}

function exportMarkdown({ app, board }: BoardState): void {
  const text = boardToMarkdown(board, app.title());
  saveFile(new Blob([text], { type: 'text/markdown;charset=utf-8' }), app.title(), '.md');
  noteExported([app.open.id]).catch(app.onError);
}

function exportCsv({ app, board }: BoardState): void {
  saveFile(new Blob([boardToCsv(board)], { type: 'text/csv;charset=utf-8' }), app.title(), '.csv');
}

async function importFile(file: File, { board, change }: BoardState): Promise<void> {
  const text = await file.text();
  const read = /\.csv$/i.test(file.name) || file.type === 'text/csv' ? csvToBoard : markdownToBoard;
  const first = board.columns[0]?.name ?? t('column.new');
  const columns = read(text).map(({ name, cards }) => ({ name: name || first, cards }));
  const count = columns.reduce((sum, { cards }) => sum + cards.length, 0);
  if (count === 0) return void showToast(t('board.importNothing'));
  change((its) => its.addAll(columns));
  const key = plural(count, { one: 'board.imported.one', other: 'board.imported.other' } as const);
  showToast(t(key, { count: formatNumber(count) }));
}
