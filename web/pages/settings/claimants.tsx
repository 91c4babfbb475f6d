import { createUniqueId, For } from 'solid-js';
import { t } from '../../i18n/copied/translate.ts';
import { formatDay, formatTime } from '../../i18n/translate.ts';
import { preferDevice, readmitDevice } from '../../state/device-care.ts';
import type { Claimant, DeviceRow } from '../../state/identity.ts';
import { showToast } from '../../state/toasts.ts';
import './claimants.css';
import { tell } from './device-dialogs.tsx';

/** Who claims to be this device, told apart by three words; a person says which is right (SPEC G10). */
export default function Claimants(props: { device: DeviceRow; claimants: readonly Claimant[] }) {
  const titleId = createUniqueId();
  const since = () => Math.max(...props.claimants.map(({ at }) => at));
  return (
    <div class="claimants">
      <p class="small">{t('choose.what', { date: formatDay(since()) })}</p>
      <p class="small">{t('choose.how')}</p>
      <p id={titleId} class="label small">
        {t('choose.list', { name: props.device.name })}
      </p>
      <ul role="list" aria-labelledby={titleId} class="claimant-list">
        <For each={props.claimants}>{(each) => <Keys device={props.device} claimant={each} />}</For>
      </ul>
      <p class="quiet-text small">{t('choose.unsure')}</p>
    </div>
  );
}

function Keys(props: { device: DeviceRow; claimant: Claimant }) {
  const words = () => props.claimant.words.join(' ');
  const when = () => {
    const { first, at, agent } = props.claimant;
    const time = t(first ? 'choose.first' : 'choose.second', { time: formatTime(at, Date.now()) });
    return agent === undefined ? time : `${time}, ${t('choose.agent', { agent })}`;
  };
  const choose = async () => {
    const { device, claimant } = props;
    const act = claimant.first ? readmitDevice(device.did) : preferDevice(device.did, claimant.did);
    const said = words();
    if (await tell(act)) showToast(t('choose.done', { words: said }));
  };
  return (
    <li class="claimant">
      <span class="claimant-who">
        <span class="key-words" lang="en">
          {words()}
        </span>
        <span class="quiet-text small">{when()}</span>
      </span>
      <button
        type="button"
        class="button"
        aria-label={t('choose.rightWords', { words: words() })}
        onClick={() => void choose()}
      >
        {t('choose.right')}
      </button>
    </li>
  );
}
