import Cloud from 'lucide-solid/icons/cloud-check';
import Download from 'lucide-solid/icons/download';
import HardDrive from 'lucide-solid/icons/hard-drive';
import Laptop from 'lucide-solid/icons/laptop-minimal';
import type { JSX } from 'solid-js';
import type { CopyRow } from '../../client/store/database.ts';
import { formatTime } from '../../i18n/translate.ts';
import { t } from '../../i18n/where/translate.ts';
import { chip } from '../../state/chip.ts';
import { documentList } from '../../state/documents.ts';
import { identityState } from '../../state/identity.ts';
import { createSavedAt, createWhere, findCopies, type Where } from '../../state/where.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './where.css';

/** Where one document is: this device, the relay, a second copy, a file. Says what is known, and when it is not. */
export default function WherePanel(props: { id: string; onClose: () => void }) {
  const where = createWhere(props.id);
  const savedAt = createSavedAt(props.id);
  const now = Date.now();
  const row = () => documentList().find(({ id }) => id === props.id);
  const title = () => row()?.title.trim() ?? '';
  return (
    <Dialog
      open
      title={title() === '' ? t('titleNone') : t('title', { title: title() })}
      closeLabel={t('close')}
      onClose={() => props.onClose()}
    >
      <dl class="where">
        <Place icon={<HardDrive size={16} />} name={t('thisDevice')}>
          {deviceWords(savedAt(), now)}
        </Place>
        <Place icon={<Cloud size={16} />} name={t('theRelay')}>
          {relayWords(where(), now)}
        </Place>
        <Place icon={<Laptop size={16} />} name={t('second')}>
          {copyWords(where(), row()?.owner, now)}
        </Place>
        <Place icon={<Download size={16} />} name={t('file')}>
          {fileWords(where(), now)}
        </Place>
      </dl>
    </Dialog>
  );
}

function Place(props: { icon: JSX.Element; name: string; children: JSX.Element }) {
  return (
    <div>
      <dt>
        {props.icon}
        {props.name}
      </dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function deviceWords(savedAt: number | undefined, now: number): string {
  const { device } = chip;
  if (device?.kind === 'failed') return t('saveFailed', { message: device.message });
  if (device?.kind === 'saving') return t('savingSince', { time: formatTime(device.since, now) });
  return savedAt === undefined ? t('neverSaved') : t('savedAndRead', { time: formatTime(savedAt, now) });
}

function relayWords(where: Where | undefined, now: number): string {
  if (identityState.identity.kind === 'unclaimed') return t('unclaimed');
  const { since, stored } = where?.sync ?? {};
  const time = (at: number) => formatTime(at, now);
  if (since !== undefined)
    return stored === undefined
      ? t('storedNever', { time: time(since) })
      : t('storedNot', { time: time(since), stored: time(stored) });
  return stored === undefined ? t('storedUnknown') : t('storedAt', { time: time(stored) });
}

function copyWords(where: Where | undefined, owner: string | undefined, now: number): string {
  if (owner !== undefined && where?.room)
    return where.room.unsent === 1
      ? t('secondOwnerWaits', { name: owner })
      : t('secondOwner', { name: owner, time: formatTime(where.room.at, now) });
  const { whole, older } = where ? findCopies(where) : {};
  const words = ({ device, time }: CopyRow) => ({ name: nameOf(device), time: formatTime(time, now) });
  if (whole) return t('secondOn', words(whole));
  return older ? t('secondPart', words(older)) : t('secondNone');
}

function nameOf(did: string): string {
  const name = identityState.devices.find((device) => device.did === did)?.name;
  return name ? t('named', { name }) : t('anotherDevice');
}

function fileWords(where: Where | undefined, now: number): string {
  const at = where?.sync?.exported;
  return at === undefined ? t('exportedNever') : t('exportedAt', { time: formatTime(at, now) });
}
