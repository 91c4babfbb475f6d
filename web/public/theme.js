// Before the first paint: neither colours nor columns change afterwards. Before anything is opened: the page
// lives in one space. A file of its own, since the content security policy allows no inline script.
(() => {
  const root = document.documentElement;
  const read = (key, storage = 'localStorage') => {
    try {
      return window[storage].getItem(key);
    } catch {
      return null; // storage is blocked
    }
  };
  const write = (key, text, storage = 'localStorage') => {
    try {
      window[storage].setItem(key, text);
    } catch {
      return; // full or blocked
    }
  };
  const theme = read('islet:theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const width = Number(read('islet:sidebar'));
  if (width >= 180 && width <= 420) root.style.setProperty('--sidebar-width', width + 'px');
  if (!/^\/($|d\/)/.test(location.pathname)) root.dataset.page = 'other';

  // The space that this tab had, else the last one; not one that was removed.
  const space =
    [read('islet:space', 'sessionStorage'), read('islet:space')].find(
      (id) => id !== null && read('islet:space:' + id) !== null,
    ) ?? '';
  if (space) root.dataset.space = space;
  write('islet:space', space, 'sessionStorage');

  // A first visit is told in its language what this is.
  const before = space && space + '~';
  if (location.pathname === '/' && read(before + 'islet:last') === null) root.dataset.first = '';
  const spoken = [read('islet:language'), ...navigator.languages].find((tag) => /^(en|de)\b/i.test(tag));
  if (spoken) root.lang = spoken.slice(0, 2).toLowerCase();

  // What this device may not do in it.
  root.dataset.no = read(before + 'islet:limits') ?? '';

  // A reload before the editor is here loses no words.
  addEventListener('pagehide', () => {
    const words = document.getElementById('first-words')?.innerText;
    if (!words || root.dataset.page === 'other') return;
    const key = before + 'islet:first-words';
    write(key, (read(key) ?? '') + words);
  });
})();
