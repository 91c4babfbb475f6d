import type { Node } from 'prosemirror-model';
import type { EditorView, NodeView } from 'prosemirror-view';
import { t } from '../../../i18n/blocks/translate.ts';
import { locale } from '../../../i18n/translate.ts';
import { isDate } from '../inline-atoms.ts';

/** The day of a moment where this device is, as `YYYY-MM-DD`. */
export function dayOf(moment: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${String(moment.getFullYear()).padStart(4, '0')}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** A day in words; what is no day stays as it is. */
export function formatDay(day: string, language: string): string {
  const moment = new Date(`${day}T12:00:00Z`);
  if (!isDate(day) || Number.isNaN(moment.getTime())) return day;
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(moment);
}

/** A day in the text: a press opens the calendar of the browser. */
export function createDateView(node: Node, view: EditorView, getPos: () => number | undefined): NodeView {
  const dom = document.createElement('span');
  const words = document.createElement('span');
  const input = document.createElement('input');
  dom.className = 'date';
  dom.contentEditable = 'false';
  words.setAttribute('aria-hidden', 'true');
  input.type = 'date';
  dom.append(words, input);
  let current = node;
  const render = (): void => {
    const day = String(current.attrs['date']);
    words.textContent = formatDay(day, locale());
    input.value = day;
    input.disabled = !view.editable;
    input.setAttribute('aria-label', t('date.change', { date: words.textContent }));
  };
  input.addEventListener('click', () => input.showPicker());
  input.addEventListener('change', () => {
    const pos = getPos();
    if (pos === undefined || !isDate(input.value)) return render();
    view.dispatch(view.state.tr.setNodeAttribute(pos, 'date', input.value));
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    view.focus();
  });
  render();
  return {
    dom,
    update(next) {
      if (next.type !== current.type) return false;
      current = next;
      render();
      return true;
    },
    stopEvent: (event) => event.target === input,
    ignoreMutation: () => true,
  };
}
