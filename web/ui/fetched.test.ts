import {
  createComponent,
  createRenderEffect,
  createRoot,
  createSignal,
  startTransition,
  Suspense,
} from 'solid-js';
import { expect, test } from 'vitest';
import { fetched } from './fetched.tsx';

/** What is on the screen, as Solid's renderer would read it. */
function flatten(shown: unknown): unknown {
  return typeof shown === 'function' ? flatten(shown()) : shown;
}

/** A place that shows what its chunk brings while `open` says so, beside a page that is chosen in the same way. */
function show(load: () => Promise<{ default: () => string }>) {
  const Late = fetched(load);
  const [open, setOpen] = createSignal(false);
  const seen: { now?: unknown } = {};
  const end = createRoot((dispose) => {
    const place = createComponent(Suspense, {
      fallback: 'waits',
      get children() {
        return [open() ? createComponent(Late, {}) : 'closed'];
      },
    });
    createRenderEffect(() => {
      const shown = flatten(place);
      seen.now = Array.isArray(shown) ? flatten(shown[0]) : shown;
    });
    return dispose;
  });
  return { setOpen, seen, end };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a change of the address that opens something is done before its code is there', async () => {
  let bring: (chunk: { default: () => string }) => void = () => undefined;
  const { setOpen, seen, end } = show(() => new Promise((resolve) => (bring = resolve)));
  let done = false;
  void startTransition(() => setOpen(true)).then(() => (done = true));
  await settled();
  expect(done).toBe(true);
  expect(seen.now).toBeUndefined();
  bring({ default: () => 'the dialog' });
  await settled();
  expect(seen.now).toBe('the dialog');
  end();
});

test('the second time it is there at once', async () => {
  let asked = 0;
  const { setOpen, seen, end } = show(() => {
    asked += 1;
    return Promise.resolve({ default: () => 'the dialog' });
  });
  setOpen(true);
  await settled();
  setOpen(false);
  expect(seen.now).toBe('closed');
  setOpen(true);
  expect(seen.now).toBe('the dialog');
  expect(asked).toBe(1);
  end();
});
