import { render } from 'solid-js/web';
import type { AppDocument, MountedApp } from '../../state/app-document.ts';
import { WhiteboardView } from './whiteboard-view.tsx';

/** Puts a whiteboard into `element`. */
export function mountWhiteboard(element: HTMLElement, app: AppDocument): MountedApp {
  const close = render(() => <WhiteboardView app={app} />, element);
  const named = app.title() !== '';
  return {
    close,
    focus: () =>
      element.querySelector<HTMLElement>(named ? '.white' : '.white-title')?.focus({ preventScroll: true }),
  };
}
