/** How long a page may take until what is looked for stands on it, in milliseconds. */
const patience = 8000;
let end: (() => void) | undefined;

/** Brings an element into view and gives it the focus, as soon as `find` finds it on the page that is coming. */
export function showOnPage(find: () => HTMLElement | undefined): void {
  end?.();
  const show = (): boolean => {
    const element = find();
    if (!element) return false;
    if (!element.matches('a, button, input, [tabindex]')) element.tabIndex = -1;
    element.scrollIntoView({ block: 'center' });
    element.focus({ preventScroll: true });
    return true;
  };
  if (show()) return;
  const watching = new MutationObserver(() => show() && end?.());
  const timer = setTimeout(() => end?.(), patience);
  end = () => {
    watching.disconnect();
    clearTimeout(timer);
    end = undefined;
  };
  watching.observe(document.body, { childList: true, subtree: true });
}

/** What shows the row of that id. */
export function findById(id: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`main [data-id="${CSS.escape(id)}"]`) ?? undefined;
}
