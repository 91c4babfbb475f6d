import { useNavigate } from '@solidjs/router';
import ChevronDown from 'lucide-solid/icons/chevron-down';
import FilePlus from 'lucide-solid/icons/file-plus';
import FolderPlus from 'lucide-solid/icons/folder-plus';
import LayoutTemplate from 'lucide-solid/icons/layout-template';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import { isReader } from '../../client/rooms/may-write.ts';
import { t } from '../../i18n/library/translate.ts';
import { t as types } from '../../i18n/types/translate.ts';
import { newDocument } from '../../state/documents.ts';
import { showToast } from '../../state/toasts.ts';
import { newTyped, newTypes } from '../../state/typed-documents.ts';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { typeIcons } from '../../ui/type-icon.tsx';

const FolderDialog = lazy(() => import('./folder-dialog.tsx'));
const TemplateDialog = lazy(() => import('./template-dialog.tsx'));

function tellFailure(error: unknown): void {
  showToast(error instanceof Error ? error.message : String(error));
}

/** Everything that can be made new, in a folder (empty: the top); in the sidebar a small arrow beside the pen. */
export function NewMenu(props: { parent?: string; wide?: boolean }) {
  const navigate = useNavigate();
  const [asking, ask] = createSignal<'template' | 'folder'>();
  const parent = () => props.parent ?? '';
  const close = () => ask(undefined);
  const write = () =>
    import('../../state/library.ts')
      .then(({ newDocumentIn }) => newDocumentIn(parent()))
      .then(navigate, tellFailure);
  const items = (): MenuItem[] => [
    {
      label: t('library.newDocument'),
      icon: FilePlus,
      run: () => (parent() === '' ? navigate(newDocument()) : void write()),
    },
    ...newTypes.map((type) => ({
      label: types(`types.${type}`),
      icon: typeIcons[type],
      run: () => void newTyped(type, parent()).then(navigate, tellFailure),
    })),
    { label: t('library.newFromTemplate'), icon: LayoutTemplate, run: () => ask('template') },
    { label: t('library.newFolder'), icon: FolderPlus, run: () => ask('folder') },
  ];
  return (
    <Show when={!isReader()}>
      <MenuButton
        label={t('library.new')}
        items={items()}
        class={props.wide ? 'button primary' : 'icon-button'}
      >
        {props.wide ? t('library.new') : undefined}
        <ChevronDown size={props.wide ? 16 : 18} />
      </MenuButton>
      <Suspense>
        <Show when={asking() === 'template'}>
          <TemplateDialog parent={parent()} onClose={close} />
        </Show>
        <Show when={asking() === 'folder'}>
          <FolderDialog sealed={false} parent={parent()} onClose={close} onCreated={() => undefined} />
        </Show>
      </Suspense>
    </Show>
  );
}
