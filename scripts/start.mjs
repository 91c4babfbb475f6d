// `npm start`: installs and builds what is missing, then runs the relay until it is stopped.
import { spawn } from 'node:child_process';
import {
  build,
  buildRelay,
  environment,
  install,
  node24,
  relayCommand,
  relayEnvironment,
} from './install.mjs';

for (const step of [install, build, buildRelay]) {
  const code = await step();
  if (code !== 0) process.exit(code);
}

const relay = spawn(node24, [...relayCommand, ...process.argv.slice(2)], {
  cwd: process.cwd(),
  stdio: 'inherit',
  // Its own group: a Ctrl-C of the terminal reaches it through us, once, and it can stop in peace.
  detached: true,
  env: { ...relayEnvironment, ...environment() },
});
let asked = 0;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // npm and the terminal may both pass the same signal on; a second one later means: now.
    if (asked === 0) relay.kill(signal);
    else if (Date.now() - asked > 1000) relay.kill('SIGKILL');
    asked ||= Date.now();
  });
}
relay.once('error', (error) => {
  console.error(`The relay could not be started: ${error.message}`);
  process.exit(1);
});
relay.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
