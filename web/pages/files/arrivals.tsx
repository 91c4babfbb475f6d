import { createEffect, createSignal, For, Show } from 'solid-js';
import { t, tCount } from '../../i18n/files/translate.ts';
import { refuseShared, sharedNames, takeArrivals } from '../../state/file-transfers.ts';
import { filesReady } from '../../state/files.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import type { Choosing } from './choosing.ts';
import './dialogs.css';
import { attempt } from './operations.ts';
import type { Place } from './place.ts';

/** Names that are shown; more are counted. */
const shown = 8;

/**
 * What came by the share target is asked for first: any page of the web can post there. What a person opened with the app is
 * taken in at once.
 */
export function Arrivals(props: { place: Place; choosing: Choosing | undefined }) {
  const [names, setNames] = createSignal<string[]>([]);
  const take = () =>
    attempt(async () => {
      setNames([]);
      const ids = await takeArrivals();
      if (ids.length === 0) return;
      showToast(tCount('files.arrived', ids.length));
      props.choosing?.set({ chosen: new Set(ids), active: ids[0], anchor: ids[0] });
    });
  const refuse = () => {
    if (names().length === 0) return;
    setNames([]);
    void attempt(refuseShared);
  };
  createEffect(() => {
    if (!props.place.arrived() || !filesReady()) return;
    props.place.forgetArrival();
    void attempt(async () => {
      const shared = await sharedNames();
      if (shared.length > 0) setNames(shared);
      else await take();
    });
  });
  return (
    <Show when={names().length > 0}>
      <Dialog open title={t('files.arrivedTitle')} closeLabel={t('files.close')} onClose={refuse}>
        <p>{tCount('files.arrivedAsk', names().length)}</p>
        <ul>
          <For each={names().slice(0, shown)}>
            {(name) => (
              <li>
                <bdi>{name}</bdi>
              </li>
            )}
          </For>
        </ul>
        <div class="dialog-foot">
          <button type="button" class="button" autofocus onClick={refuse}>
            {t('files.arrivedRefuse')}
          </button>
          <button type="button" class="button primary" onClick={() => void take()}>
            {t('files.add')}
          </button>
        </div>
      </Dialog>
    </Show>
  );
}
