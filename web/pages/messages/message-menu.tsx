import Copy from 'lucide-solid/icons/copy';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import Reply from 'lucide-solid/icons/reply';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import Trash from 'lucide-solid/icons/trash';
import type { MessageView } from '../../client/actions/chats.ts';
import { t } from '../../i18n/messages/translate.ts';
import { attempt } from '../../state/attempt.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { showToast } from '../../state/toasts.ts';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';

/** What can be done about a message. */
export function MessageMenu(props: {
  message: MessageView;
  source: MessagesSource;
  onProof: () => void;
  onAnswer?: (message: MessageView) => void;
}) {
  const items = (): MenuItem[] => {
    const { message, source, onAnswer, onProof } = props;
    const list: MenuItem[] = [];
    if (onAnswer) list.push({ label: t('messages.answer'), icon: Reply, run: () => onAnswer(message) });
    if (message.text !== '') {
      const run = () => void attempt(navigator.clipboard.writeText(message.text));
      list.push({ label: t('messages.copy'), icon: Copy, run });
    }
    list.push({ label: t('messages.proof'), icon: ShieldCheck, run: onProof });
    if (message.mayRemove)
      list.push({
        label: t('messages.delete'),
        icon: Trash,
        danger: true,
        run: () => void remove(message, source),
      });
    return list;
  };
  return (
    <MenuButton
      label={t('messages.menu')}
      items={items()}
      class="icon-button message-dots"
      align={props.message.own ? 'end' : 'start'}
    >
      <Ellipsis size={16} />
    </MenuButton>
  );
}

/** It is gone at once and goes out a little later, so that it can be taken back. */
async function remove({ id }: MessageView, source: MessagesSource): Promise<void> {
  let undo: (() => Promise<boolean>) | undefined;
  const done = await attempt(source.remove(id).then((take) => (undo = take)));
  if (!done || !undo) return;
  const take = undo;
  const run = () => void attempt(take().then((back) => back || showToast(t('messages.undoLate'))));
  showToast(t('messages.deleted'), { label: t('messages.undo'), run }, 7_000);
}
