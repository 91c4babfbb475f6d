import { Show } from 'solid-js';
import type { DocumentRow } from '../../client/store/database.ts';
import { t } from '../../i18n/sharing/translate.ts';
import { formatDay } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { people } from '../../state/people.ts';
import { roomState } from '../../state/rooms.ts';
import { Avatar } from '../../ui/avatar.tsx';
import './sharing.css';

/** Of a document of somebody else: whose it is, what one may do with it, and where one's words are. */
export default function RoomNotice(props: { row: DocumentRow; owner: string }) {
  const name = () => people.people.find(({ idTag }) => idTag === props.owner)?.name ?? props.owner;
  const isLoud = () => props.row.ended !== undefined || roomState()?.kind === 'refused';
  return (
    <aside
      class="room-notice"
      aria-label={t('room.whose', { name: name() })}
      data-loud={isLoud() ? '' : undefined}
    >
      <Avatar idTag={props.owner} name={name()} src={faceUrl(props.owner)} small />
      <div>
        <p>
          <span class="room-whose">{t('room.whose', { name: name() })}</span>
          <Show when={name() !== props.owner}> · {props.owner}</Show>
          <Show when={props.row.ended === undefined}> · {mayWords(props.row.level)}</Show>
        </p>
        <p role="status">{whereWords(props.row, name())}</p>
      </div>
    </aside>
  );
}

function mayWords(level: string | undefined): string {
  const known = (['read', 'comment', 'write', 'admin'] as const).find((one) => one === level) ?? 'read';
  return t(`room.${known}`);
}

function whereWords({ ended }: DocumentRow, name: string): string {
  if (ended !== undefined) return t('room.ended', { date: formatDay(ended) });
  const state = roomState();
  switch (state?.kind) {
    case undefined:
      return '';
    case 'refused':
      return t('room.refused', { name, reason: state.reason });
    case 'offline':
      return t(state.unsent ? 'room.offlineUnsent' : 'room.offline', { name });
    case 'connecting':
      return t('room.connecting', { name });
    case 'open':
      return t(state.unsent ? 'room.sending' : 'room.open', { name });
  }
}
