import { render } from 'solid-js/web';
import { type AppDocument, type MountedApp } from '../../state/app-document.ts';
import { BoardView } from './board-view.tsx';

/** Puts a board into `element`. */
export function mountBoard(element: HTMLElement, app: AppDocument): MountedApp {
  const close = render(() => <BoardView app={app} />, element);
  return {
    close,
    focus() {
      const first = app.title() === '' ? '.board-title' : '.board-card, .card-add input';
      element.querySelector<HTMLElement>(first)?.focus({ preventScroll: true });
    },
  };
}
