import { Plugin } from 'prosemirror-state';

/** Opens a link by Mod-click while editing, and by a plain click while reading, in a tab that learns nothing of us. */
export function openLinks(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        click(view, event) {
          const target = event.target instanceof Element ? event.target.closest('a[href]') : null;
          if (!(target instanceof HTMLAnchorElement) || !view.dom.contains(target)) return false;
          const wanted = event.metaKey || event.ctrlKey || !view.editable;
          event.preventDefault();
          if (!wanted) return false;
          const href = target.getAttribute('href') ?? '';
          if (/^(https?:|mailto:)/i.test(href)) window.open(href, '_blank', 'noopener,noreferrer');
          return true;
        },
      },
    },
  });
}
