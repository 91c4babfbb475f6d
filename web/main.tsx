import { render } from 'solid-js/web';
import './ui/controls.css';
import './shell/frame.css';
import './shell/direction.css';
import './shell/forced-colors.css';
import { App } from './shell/app.tsx';
import { registerServiceWorker } from './shell/service-worker.ts';
import { watchInstall } from './state/install.ts';
import { applyLanguage } from './state/preferences.ts';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
watchInstall();
void applyLanguage().then(() => {
  render(() => <App />, root);
  registerServiceWorker();
});
