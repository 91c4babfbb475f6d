/**
 * Calls `act` in the moments that may be the page's last: hidden, or going away (`leaving`). A phone ends hidden pages
 * without another word. Returns its end; does nothing outside a page.
 */
export function watchPage(act: (leaving: boolean) => void): () => void {
  if (globalThis.document === undefined) return () => undefined;
  const onHide = (): void => act(true);
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') act(false);
  };
  addEventListener('pagehide', onHide);
  document.addEventListener('visibilitychange', onVisibility);
  return () => {
    removeEventListener('pagehide', onHide);
    document.removeEventListener('visibilitychange', onVisibility);
  };
}
