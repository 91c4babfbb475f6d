import { useNavigate, useSearchParams } from '@solidjs/router';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import FileOutput from 'lucide-solid/icons/file-output';
import HardDrive from 'lucide-solid/icons/hard-drive';
import HistoryIcon from 'lucide-solid/icons/rotate-ccw';
import Share from 'lucide-solid/icons/share-2';
import Trash from 'lucide-solid/icons/trash';
import Undo2 from 'lucide-solid/icons/undo-2';
import { createSignal, Show, Suspense } from 'solid-js';
import { mimeOfType } from '../../client/documents/content-types.ts';
import { documentTypes } from '../../client/documents/types.ts';
import { hasOneFolder, isReader } from '../../client/rooms/may-write.ts';
import type { DocumentRow } from '../../client/store/database.ts';
import { t as past } from '../../i18n/history/translate.ts';
import { t as formats } from '../../i18n/formats/translate.ts';
import { t as sharing } from '../../i18n/sharing/translate.ts';
import { t } from '../../i18n/translate.ts';
import { t as where } from '../../i18n/where/translate.ts';
import { rememberLast } from '../../state/documents.ts';
import { openText } from '../../state/text-app.ts';
import { showToast } from '../../state/toasts.ts';
import { fetched } from '../../ui/fetched.tsx';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { attempt, restoreDocument } from './restore-document.ts';
import { companionItems } from './companion-menu.ts';
import './print.css';
import { libraryItems } from './library-menu.ts';

const ShareDialog = fetched(() => import('./share-dialog.tsx'));
const HistoryDialog = fetched(() => import('./history-dialog.tsx'));
const ExportDialog = fetched(() => import('./export-dialog.tsx'));
const WherePanel = fetched(() => import('./where-panel.tsx'));

/** What can be done with a document, in groups: its words, its place, what is kept of it, and away with it. `?share` in the address opens the dialog. */
export default function DocumentMenu(props: {
  id: string;
  title: string;
  row: DocumentRow | undefined;
  trashed: boolean;
}) {
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams<{ share?: string }>();
  const [historyOpen, setHistoryOpen] = createSignal(false);
  const [exportOpen, setExportOpen] = createSignal(false);
  const [whereOpen, setWhereOpen] = createSignal(false);
  const own = () => (props.row && !props.row.owner && !props.trashed ? props.row : undefined);
  /** Not in the condition itself: there `&&` is a memo, made anew at each edit, and a pending change of the address would forget `share`. */
  const shared = () => (search.share === undefined || hasOneFolder() ? undefined : own());
  const setSharing = (share: string | undefined) => setSearch({ share }, { replace: true, scroll: false });
  const toTrash = async () => {
    const { id, title } = props;
    await attempt(async () => {
      (await openText()).documents.trash(id);
      rememberLast(null);
      navigate('/home');
      showToast(t('document.trashed', { title }), {
        label: t('document.undo'),
        run: () => void restoreDocument(id).then(() => navigate(`/d/${id}`)),
      });
    });
  };
  /** What it is to others, and among one's own. */
  const ordering = (): MenuItem[] => {
    const [first, ...more] = [
      ...(own() && !hasOneFolder()
        ? [{ label: sharing('share.menu'), icon: Share, run: () => setSharing('1') }]
        : []),
      ...(props.row && !props.trashed && props.row.type !== 'other'
        ? libraryItems(props.row, props.title)
        : []),
    ];
    return first ? [{ ...first, apart: true }, ...more] : [];
  };
  const reading = (): MenuItem[] => [
    { label: past('menu'), icon: HistoryIcon, apart: true, run: () => setHistoryOpen(true) },
    { label: formats('export.menu'), icon: FileOutput, run: () => setExportOpen(true) },
    { label: where('where'), icon: HardDrive, run: () => setWhereOpen(true) },
  ];
  const removing = (): MenuItem =>
    props.trashed
      ? { label: t('document.restore'), icon: Undo2, apart: true, run: () => void restoreDocument(props.id) }
      : {
          label: props.row?.owner ? sharing('share.remove') : t('document.trash'),
          icon: Trash,
          ...{ danger: true, apart: true },
          run: () => void toTrash(),
        };
  const items = (): MenuItem[] =>
    isReader()
      ? [...companionItems(), ...reading()]
      : [...companionItems(), ...ordering(), ...reading(), removing()];
  return (
    <>
      <MenuButton label={t('document.menu')} items={items()}>
        <Ellipsis size={18} />
      </MenuButton>
      <Suspense>
        <Show when={shared()}>
          {(row) => (
            <ShareDialog document={toShared(row(), props.title)} onClose={() => setSharing(undefined)} />
          )}
        </Show>
        <Show when={historyOpen()}>
          <HistoryDialog
            id={props.id}
            title={props.title}
            row={props.row}
            onClose={() => setHistoryOpen(false)}
          />
        </Show>
        <Show when={exportOpen()}>
          <ExportDialog id={props.id} type={props.row?.type ?? 'text'} onClose={() => setExportOpen(false)} />
        </Show>
        <Show when={whereOpen()}>
          <WherePanel id={props.id} onClose={() => setWhereOpen(false)} />
        </Show>
      </Suspense>
    </>
  );
}

function toShared({ id, type, mime }: DocumentRow, title: string) {
  const contentType = mime ?? mimeOfType(type) ?? documentTypes.text;
  return { id, title, contentType };
}
