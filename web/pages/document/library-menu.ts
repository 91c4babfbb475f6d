import CopyPlus from 'lucide-solid/icons/copy-plus';
import LayoutTemplate from 'lucide-solid/icons/layout-template';
import Star from 'lucide-solid/icons/star';
import StarOff from 'lucide-solid/icons/star-off';
import type { DocumentRow } from '../../client/store/database.ts';
import { t, tCount } from '../../i18n/library/translate.ts';
import { t as app } from '../../i18n/translate.ts';
import type * as LibraryState from '../../state/library.ts';
import { showToast } from '../../state/toasts.ts';
import type { MenuItem } from '../../ui/menu.tsx';
import { attempt } from './restore-document.ts';

/** What the menu of a document offers of the library: favourite, copy, template. */
export function libraryItems(row: DocumentRow, title: string): MenuItem[] {
  const { id, favourite, template } = row;
  const named = title.trim() || app('document.untitled');
  const does =
    (key: Parameters<typeof tCount>[0], work: (library: Library) => Promise<() => Promise<void>>) => () =>
      void attempt(async () => {
        const undo = await work(await import('../../state/library.ts'));
        showToast(tCount(key, 1, { title: named }), {
          label: app('document.undo'),
          run: () => void attempt(undo),
        });
      });
  return [
    {
      label: t(favourite ? 'library.unfavourite' : 'library.favourite'),
      icon: favourite ? StarOff : Star,
      run: does(favourite ? 'library.unstarred' : 'library.starred', (library) =>
        library.setFavourite([id], !favourite),
      ),
    },
    {
      label: t('library.duplicate'),
      icon: CopyPlus,
      run: does('library.duplicated', async (library) => {
        const { undo } = await library.duplicateDocuments([id], () => t('library.copyOf', { title: named }));
        return undo;
      }),
    },
    {
      label: t(template ? 'library.untemplate' : 'library.template'),
      icon: LayoutTemplate,
      run: does(template ? 'library.untemplated' : 'library.templated', (library) =>
        library.setTemplate([id], !template),
      ),
    },
  ];
}

type Library = typeof LibraryState;
