import CircleAlert from 'lucide-solid/icons/circle-alert';
import CircleSlash from 'lucide-solid/icons/circle-slash';
import Clock from 'lucide-solid/icons/clock';
import Cloud from 'lucide-solid/icons/cloud';
import CloudDownload from 'lucide-solid/icons/cloud-download';
import CloudUpload from 'lucide-solid/icons/cloud-upload';
import Copies from 'lucide-solid/icons/copy-check';
import HardDrive from 'lucide-solid/icons/hard-drive';
import MonitorSmartphone from 'lucide-solid/icons/monitor-smartphone';
import Pin from 'lucide-solid/icons/pin';
import { type Component, Show } from 'solid-js';
import { t } from '../../i18n/files/translate.ts';
import { type FileItem, fileState } from '../../state/files.ts';
import { placesOf, type WhereKind, whereOf } from './words.ts';

const icons: Record<WhereKind, Component<{ size?: number }>> = {
  here: HardDrive,
  relay: Cloud,
  copies: Copies,
  nowhere: MonitorSmartphone,
  running: CloudUpload,
  fetching: CloudDownload,
  waiting: Clock,
  full: CircleAlert,
  refused: CircleAlert,
  damaged: CircleAlert,
  stopped: CircleSlash,
};

/** Whether an entry has bytes of its own. */
export function hasBytes(item: FileItem): boolean {
  return item.type === 'file' || item.type === 'sealed';
}

/** Where the bytes of a file are: a sign and its word. Folders say only whether they are kept here. */
export function WhereMark(props: { item: FileItem }) {
  const state = () => fileState(props.item);
  const where = () => whereOf(state());
  return (
    <span class="where">
      <Show when={hasBytes(props.item)}>
        <span class="where-word" data-where={where().kind} title={placesOf(state())}>
          {icons[where().kind]({ size: 14 })}
          <span>{where().text}</span>
        </span>
      </Show>
      <Show when={props.item.type !== 'text' && state().kept}>
        <span class="where-kept" role="img" aria-label={t('files.kept')} title={t('files.kept')}>
          <Pin size={12} />
        </span>
      </Show>
    </span>
  );
}
