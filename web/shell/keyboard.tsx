import { createSignal, lazy, onMount, Show, Suspense } from 'solid-js';
import { paletteOpen } from '../state/palette.ts';
import { createKeys } from './keys.ts';

const KeysDialog = lazy(() => import('./keys-dialog.tsx'));
const Palette = lazy(() => import('./palette.tsx'));

/** The keys of every page, and what they open: fetched beside the first page, which needs none of it. */
export default function Keyboard() {
  const keys = createKeys();
  const [warm, setWarm] = createSignal(false);
  onMount(() => {
    const start = () => setWarm(true);
    if ('requestIdleCallback' in window) requestIdleCallback(start, { timeout: 4000 });
    else setTimeout(start, 2000);
  });
  return (
    <>
      <Suspense>
        <Show when={keys.help()}>
          <KeysDialog open onClose={() => keys.setHelp(false)} />
        </Show>
      </Suspense>
      <Suspense>
        <Show when={warm() || paletteOpen()}>
          <Palette onHelp={() => keys.setHelp(true)} />
        </Show>
      </Suspense>
    </>
  );
}
