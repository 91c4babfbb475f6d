import Ellipsis from 'lucide-solid/icons/ellipsis';
import Trash from 'lucide-solid/icons/trash';
import VolumeX from 'lucide-solid/icons/volume-x';
import { Show } from 'solid-js';
import type { AnswerableView } from '../../client/actions/feed.ts';
import { t } from '../../i18n/social/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { people } from '../../state/people.ts';
import { showToast } from '../../state/toasts.ts';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { attempt } from '../../state/attempt.ts';

/** What can be done about a post or comment besides answering it. */
export function ItemMenu(props: { item: AnswerableView; source: FeedSource }) {
  const items = (): MenuItem[] => [
    ...(props.item.mayRemove
      ? [
          {
            label: t('feed.delete'),
            icon: Trash,
            danger: true,
            run: () => void remove(props.item, props.source),
          },
        ]
      : []),
    ...(props.item.own
      ? []
      : [
          {
            label: t('feed.mute', { name: props.item.name }),
            icon: VolumeX,
            run: () => void mute(props.item),
          },
        ]),
  ];
  return (
    <Show when={items().length > 0}>
      <MenuButton label={t('feed.menu')} items={items()}>
        <Ellipsis size={16} />
      </MenuButton>
    </Show>
  );
}

/** It is gone at once and goes out a little later, so that it can be taken back. */
async function remove(item: AnswerableView, source: FeedSource): Promise<void> {
  let undo: (() => Promise<boolean>) | undefined;
  const done = await attempt(source.remove(item.id).then((take) => (undo = take)));
  if (!done || !undo) return;
  const take = undo;
  const run = () => void attempt(take().then((back) => back || showToast(t('feed.undoLate'))));
  showToast(deletedWords(item), { label: t('feed.undo'), run }, 7_000);
}

/** Stock nodes keep what they have: whoever deletes should know. */
function deletedWords({ deliveries }: AnswerableView): string {
  const keeps = (name: string) => people.people.find(({ idTag }) => idTag === name)?.trust?.state === 'none';
  const names = deliveries.filter(({ to, state }) => state === 'delivered' && keeps(to)).map(({ to }) => to);
  return names.length > 0 ? t('feed.deletedThere', { names: names.join(', ') }) : t('feed.deleted');
}

async function mute({ author, name }: AnswerableView): Promise<void> {
  const { source } = people;
  if (source && (await attempt(source.mute(author, true)))) showToast(t('feed.muted', { name }));
}
