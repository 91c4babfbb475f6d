import Focus from 'lucide-solid/icons/focus';
import Link2 from 'lucide-solid/icons/link-2';
import ListTree from 'lucide-solid/icons/list-tree';
import Search from 'lucide-solid/icons/search';
import { t } from '../../i18n/companions/translate.ts';
import { companions, focusMode, setFinding, setFocusMode, setPanel } from '../../state/text-panels.ts';
import type { MenuItem } from '../../ui/menu.tsx';

/** What the menu of a text offers of what stands beside it; nothing for documents of other types. */
export function companionItems(): MenuItem[] {
  if (companions() === undefined) return [];
  return [
    { label: t('menu.find'), icon: Search, run: () => setFinding(true) },
    { label: t('menu.outline'), icon: ListTree, run: () => setPanel('outline') },
    { label: t('menu.links'), icon: Link2, run: () => setPanel('links') },
    {
      label: focusMode() ? t('menu.focusEnd') : t('menu.focus'),
      icon: Focus,
      run: () => setFocusMode(!focusMode()),
    },
  ];
}
