import { useNavigate } from '@solidjs/router';
import Download from 'lucide-solid/icons/download';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import Trash from 'lucide-solid/icons/trash';
import Undo2 from 'lucide-solid/icons/undo-2';
import { t } from '../../i18n/translate.ts';
import { rememberLast } from '../../state/documents.ts';
import { openText, type EditorSession } from '../../state/text-app.ts';
import { showToast } from '../../state/toasts.ts';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { attempt, restoreDocument } from './restore-document.ts';
import { downloadName } from './download-name.ts';

/** Export, and to the trash and back. */
export default function DocumentMenu(props: {
  id: string;
  title: string;
  session: EditorSession | undefined;
  trashed: boolean;
}) {
  const navigate = useNavigate();
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
  const items = (): MenuItem[] => [
    ...(props.session?.exportMarkdown
      ? [
          {
            label: t('document.export'),
            icon: Download,
            run: () => void attempt(() => exportDocument(props)),
          },
        ]
      : []),
    props.trashed
      ? { label: t('document.restore'), icon: Undo2, run: () => void restoreDocument(props.id) }
      : { label: t('document.trash'), icon: Trash, danger: true, run: () => void toTrash() },
  ];
  return (
    <MenuButton label={t('document.menu')} items={items()}>
      <Ellipsis size={18} />
    </MenuButton>
  );
}

async function exportDocument(props: { session: EditorSession | undefined; title: string }): Promise<void> {
  const markdown = await props.session?.exportMarkdown?.();
  if (markdown === undefined) return;
  const blob = new Blob([markdown], { type: 'text/markdown;charset=utf-8' });
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = downloadName(props.title);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
