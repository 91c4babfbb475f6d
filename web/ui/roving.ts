/**
 * Arrow keys inside a toolbar: one tab stop, the arrows move it (WAI-ARIA toolbar pattern). Call on
 * keydown of the toolbar; buttons that are disabled are skipped. The text direction is honoured.
 */
export function moveFocus(toolbar: HTMLElement, event: KeyboardEvent): void {
  const buttons = [...toolbar.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  const rtl = getComputedStyle(toolbar).direction === 'rtl';
  const [next, previous] = rtl ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
  const to = { [next]: at + 1, [previous]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  const target = buttons[(to + buttons.length) % buttons.length];
  if (!target) return;
  for (const button of toolbar.querySelectorAll<HTMLElement>('button'))
    button.tabIndex = button === target ? 0 : -1;
  target.focus();
  event.preventDefault();
}
