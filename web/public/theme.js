// Runs before the first paint, so that neither colours nor columns change afterwards. Kept apart from
// the application because the content security policy allows no inline script.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage is blocked: the page still opens, with its defaults
    }
  };
  const theme = read('islet:theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const width = Number(read('islet:sidebar'));
  if (width >= 180 && width <= 420) root.style.setProperty('--sidebar-width', width + 'px');
  if (!/^\/($|d\/)/.test(location.pathname)) root.dataset.page = 'other';

  // A reload before the editor is here must not lose what was typed into the placeholder.
  addEventListener('pagehide', () => {
    const words = document.getElementById('first-words')?.innerText;
    if (!words || root.dataset.page === 'other') return;
    try {
      localStorage.setItem('islet:first-words', (read('islet:first-words') ?? '') + words);
    } catch {
      return; // full or blocked: nothing more can be done in a page that is going away
    }
  });
})();
